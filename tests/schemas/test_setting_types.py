"""What a path in the settings is."""

from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from schemas.setting_types import SettingPath


def test_a_path_may_begin_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A shell expands `~` where it is typed; in a file and in a unit of systemd nobody does."""
    monkeypatch.setenv("HOME", str(tmp_path))
    paths = TypeAdapter(SettingPath)
    assert paths.validate_python("~/backups") == tmp_path / "backups"
    assert paths.validate_python("here/~") == Path("here/~")
    assert paths.validate_python(Path("~/backups")) == tmp_path / "backups"
    assert paths.validate_json('"~/backups"') == tmp_path / "backups"


@pytest.mark.parametrize("empty", ["", "  ", "~nobody-of-this-name/x"])
def test_nothing_is_no_path(empty: str) -> None:
    """It would be the folder that refpad happens to be started in."""
    with pytest.raises(ValidationError, match="no path of this machine"):
        TypeAdapter(SettingPath).validate_python(empty)
