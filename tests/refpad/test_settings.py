"""Settings come from the environment over a file, and none is passed over without a word."""

import re
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


@pytest.mark.parametrize(
    ("content", "place"),
    [(b'folder = "a"\nfolder 3\n', "line 2"), (b"folder = [", "its last line"), (b"\n\nfolder = '\xff'\n", "line 3")],
)
def test_a_settings_file_that_is_no_toml_is_told_by_its_line(
    content: bytes, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever mistyped must see where, and nothing of a library's."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "refpad.toml").write_bytes(content)
    with pytest.raises(UsageError) as caught:
        Settings()
    assert str(caught.value) == f"refpad.toml cannot be understood at {place}: mend that line."


@pytest.mark.parametrize("zone", ["Foo", "", "America", "../../etc/passwd"])
def test_a_time_zone_that_is_none_is_named(zone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the environment or from the file, it is the same slip of the pen."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "refpad.toml").write_text(f'time_zone = "{zone}"\n')
    with pytest.raises(UsageError, match=f'There is no time zone "{re.escape(zone)}": write REFPAD_TIME_ZONE'):
        Settings()
    (tmp_path / "refpad.toml").unlink()
    monkeypatch.setenv("REFPAD_TIME_ZONE", zone)
    with pytest.raises(UsageError, match="There is no time zone"):
        Settings()
