"""A practice folder: beside the studio's own, known as practice by every command, and reset without harm."""

from contextlib import closing
from pathlib import Path

import pytest

from refpad.services.practice import practice_folder, prepare_practice
from refpad.services.wiring import open_record
from refpad.settings import Settings, stamp_of
from schemas.errors import UsageError


def test_practice_is_known_by_its_folder_and_reaches_neither_record_nor_mail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the studio's own settings say: a database, a mail server, a name."""
    monkeypatch.setenv("REFPAD_DATABASE_URL", "postgresql+psycopg://refpad@nowhere.example/refpad")
    monkeypatch.setenv("REFPAD_DELIVERY__SMTP_HOST", "mail.example")
    folder = practice_folder(Settings(folder=tmp_path / "refpad-data"))
    assert folder == tmp_path / "refpad-practice"
    prepare_practice(folder)
    monkeypatch.setenv("REFPAD_FOLDER", str(folder))
    settings = Settings()
    assert settings.practice
    assert settings.url.startswith("sqlite:")
    assert settings.delivery.smtp_host is None
    assert settings.studio.name == "Harbor Medical Exercise"


def test_a_reset_forgets_what_was_done(tmp_path: Path) -> None:
    """And twice is once."""
    folder = tmp_path / "refpad-practice"
    prepare_practice(folder, reset=True)
    with closing(open_record(Settings(folder=folder))):
        pass
    prepare_practice(folder)
    assert (folder / "store").is_dir()
    prepare_practice(folder, reset=True)
    assert [path.name for path in folder.iterdir()] == ["settings.json"]
    open_record(Settings(folder=folder)).close()  # in practice, a record that is gone is no loss


def test_a_second_start_changes_nothing_for_those_who_work_there(tmp_path: Path) -> None:
    """`refpad practice`, typed again, made the running one say that its settings had changed, and begin anew."""
    folder = tmp_path / "refpad-practice"
    prepare_practice(folder)
    stamp = stamp_of(folder / "settings.json")
    prepare_practice(folder)
    prepare_practice(folder, reset=True)
    assert stamp_of(folder / "settings.json") == stamp


def test_what_is_no_practice_is_left_alone(tmp_path: Path) -> None:
    """Somebody's real work may have that name."""
    folder = tmp_path / "refpad-practice"
    with closing(open_record(Settings(folder=folder))):
        pass
    for reset in (False, True):
        with pytest.raises(UsageError, match="something else than practice"):
            prepare_practice(folder, reset=reset)
    assert (folder / "store").is_dir()
