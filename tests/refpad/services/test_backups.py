"""A studio's backups: daily where a folder is set, and nothing overwritten when one is put back."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from refpad.services.backups import (
    DUE_AFTER,
    backup_problem,
    backup_target,
    is_backup_due,
    last_backup,
    restore_backup,
    write_backup,
    write_backup_if_due,
)
from refpad.services.practice import prepare_practice
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.backup import BackupSettings
from schemas.errors import MachineError, UsageError

WHO = "kim"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    return Settings(folder=tmp_path / "data", backup=BackupSettings(folder=tmp_path / "disk"))


def test_a_day_has_one_backup(settings: Settings) -> None:
    """However often it is asked for; the first is made by a person, and without a folder there is none."""
    with closing(open_record(settings)) as store:
        with pytest.raises(MachineError, match="connect its disk"):
            write_backup_if_due(settings, store)
        made = write_backup(settings, store, backup_target(settings), WHO)
        assert write_backup_if_due(settings, store) is None
        assert last_backup(settings) == made
        assert is_backup_due(settings, made.manifest.made_at + DUE_AFTER)
        assert not is_backup_due(settings, made.manifest.made_at + DUE_AFTER - timedelta(minutes=1))
        assert write_backup_if_due(settings.model_copy(update={"backup": BackupSettings()}), store) is None


def test_what_somebody_should_see_to_is_a_sentence(settings: Settings, tmp_path: Path) -> None:
    """No folder, no first backup, one that failed, an old one; none of practice, whose patients are invented."""
    now = datetime(2026, 11, 20, 15, tzinfo=UTC)
    none = backup_problem(settings.model_copy(update={"backup": BackupSettings()}), now)
    assert none is not None
    assert none.needs_folder
    assert backup_problem(settings.model_copy(update={"practice": True}), now) is None
    assert "connect its disk, then make the first one" in str(backup_problem(settings, now))
    with closing(open_record(settings)) as store:
        made = write_backup(settings, store, tmp_path / "disk", WHO)
        assert backup_problem(settings, made.manifest.made_at) is None
        assert "is 5 days old" in str(backup_problem(settings, made.manifest.made_at + timedelta(days=5)))
        (tmp_path / "disk" / "lock").unlink()
        (tmp_path / "disk" / "lock").mkdir()
        with pytest.raises(MachineError):
            write_backup(settings, store, tmp_path / "disk", WHO)
        assert "The last backup failed" in str(backup_problem(settings, made.manifest.made_at))
        (tmp_path / "disk" / "lock").rmdir()
        write_backup(settings, store, tmp_path / "disk", WHO)
        assert backup_problem(settings, made.manifest.made_at) is None


def test_what_is_the_studios_own_comes_back_where_nothing_is(settings: Settings, tmp_path: Path) -> None:
    """And what is there stays: it may be newer for a reason."""
    settings.folder.mkdir()
    for path in (
        tmp_path / "refpad.toml",
        settings.saved_file,
        settings.folder / "logo-12ab34cd.png",
        settings.words / "names.txt",
        settings.designs / "mine.toml",
        settings.studios_file,
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("old")
    with closing(open_record(settings)) as store:
        made = write_backup(settings, store, backup_target(settings), WHO)
    (tmp_path / "refpad.toml").unlink()
    elsewhere = settings.model_copy(update={"folder": tmp_path / "elsewhere"})
    (elsewhere.words / "names.txt").parent.mkdir(parents=True)
    (elsewhere.words / "names.txt").write_text("new")
    _, others = restore_backup(elsewhere, made, WHO, replace=False)
    assert others == ["refpad.toml", "settings.json", "designs", "studios.json", "logo-12ab34cd.png"]
    assert (elsewhere.designs / "mine.toml").read_text() == "old"
    assert (elsewhere.words / "names.txt").read_text() == "new"


def test_practice_stays_practice_and_real_work_real(settings: Settings, tmp_path: Path) -> None:
    """Letters about invented people, or patients of a studio in a folder that `refpad practice --reset` empties."""
    practice = settings.model_copy(update={"folder": tmp_path / "refpad-practice", "practice": True})
    prepare_practice(practice.folder)
    (settings.saved_file.parent).mkdir(parents=True)
    settings.saved_file.write_text("{}")
    with closing(open_record(practice)) as store:
        of_practice = write_backup(practice, store, tmp_path / "practice-disk", WHO)
    with closing(open_record(settings)) as store:
        of_work = write_backup(settings, store, backup_target(settings), WHO)
    with pytest.raises(UsageError, match="is of practice"):
        restore_backup(settings, of_practice, WHO, replace=True)
    with pytest.raises(UsageError, match="is of real work"):
        restore_backup(practice, of_work, WHO, replace=True)
    new = settings.model_copy(update={"folder": tmp_path / "new"})
    restore_backup(new, of_practice, WHO, replace=False)
    assert Settings(folder=new.folder).practice
    restore_backup(practice, of_practice, WHO, replace=True)


def test_backups_need_a_folder_outside_the_data(settings: Settings) -> None:
    """Within it they would go with it."""
    with pytest.raises(UsageError, match="REFPAD_BACKUP__FOLDER"):
        backup_target(settings.model_copy(update={"backup": BackupSettings()}))
    with pytest.raises(UsageError, match="choose another disk"):
        backup_target(settings, settings.folder / "backups")


def test_the_state_lies_outside_the_data_too(settings: Settings) -> None:
    """What is restored with the record cannot tell that it was restored."""
    with pytest.raises(MachineError, match="set REFPAD_STATE_FOLDER"):
        open_record(settings.model_copy(update={"state_folder": settings.folder / "state"}))
