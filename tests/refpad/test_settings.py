"""Settings come from the environment over a file, and none is passed over without a word."""

from pathlib import Path

import pytest

from refpad.settings import RENAMED, Settings
from schemas.errors import UsageError


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_a_group_by_its_old_name_is_refused_with_the_new_one(
    old: str, new: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A limit that somebody set long ago and that no longer holds would be noticed by its harm only."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "refpad.toml").write_text(f"[{old}]\nport = 4190\n")
    with pytest.raises(UsageError, match=rf"\[{old}\] are called \[{new}\] now"):
        Settings()


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_a_variable_by_its_old_name_is_refused_with_the_new_one(
    old: str, new: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pydantic does not look at variables it does not know, so that the old one would change nothing."""
    monkeypatch.setenv(f"REFPAD_{old.upper()}__PORT", "4190")
    with pytest.raises(UsageError, match=f"is called REFPAD_{new.upper()}__PORT now"):
        Settings()


def test_every_new_name_is_a_group_of_settings() -> None:
    """The sentence must not lead to a name that is gone too."""
    assert set(RENAMED.values()) <= set(Settings.model_fields)
    assert not set(RENAMED) & set(Settings.model_fields)
