"""Settings made on a page: checked, on record without secrets, private, and in force at the next reading."""

import io
import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from refpad.services.saved_settings import SettingError, remove_logo, save, save_logo, value_of
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.errors import UsageError
from store import audit
from store.database import Store

STUDIO = {
    "studio.name": ["Harborview Exercise"],
    "studio.specialist": ["Kim Ortega, MES"],
    "studio.address": ["3 Quay Street, Anytown, NY"],
    "studio.phone": ["(646) 555-0160"],
    "studio.fax": [""],
    "studio.email": ["desk@harborview.example"],
}
SECRET = "as typed,  twice spaced"  # noqa: S105 - invented


@pytest.fixture(autouse=True)
def nothing_fixed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' own studio is set in the environment, where no page could change it."""
    for name in ("NAME", "SPECIALIST", "PHONE", "FAX", "EMAIL", "ADDRESS"):
        monkeypatch.delenv(f"REFPAD_STUDIO__{name}")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(open_record(Settings())) as opened:
        yield opened


def lines(store: Store) -> list[object]:
    return [line["detail"] for line in audit.lines_about(store, ["settings"])]


def test_a_studio_is_set_up_when_nothing_of_the_invented_one_is_left(store: Store) -> None:
    """A pad with the right name and an invented telephone number is as useless as one without either."""
    assert len(Settings().studio.invented) == 6
    save(store, Settings(), {"studio.name": STUDIO["studio.name"]}, "ada")
    assert "specialist" in str(Settings().studio_problem)
    assert sorted(save(store, Settings(), STUDIO, "ada")) == sorted(set(STUDIO) - {"studio.name"})
    assert (Settings().studio.fax, Settings().studio_problem) == ("", None)


def test_a_password_is_kept_as_typed_in_a_private_file_and_nowhere_else(store: Store) -> None:
    """Not in the audit, not in what the settings print of themselves; and an empty field leaves it."""
    mail = {
        "delivery.smtp_host": ["mail.example"],
        "delivery.smtp_password": [SECRET],
        "delivery.sender": ["a@b.example"],
    }
    save(store, Settings(), mail, "ada")
    kept = Settings().delivery.smtp_password
    assert kept is not None
    assert kept.get_secret_value() == SECRET
    assert Settings().saved_file.stat().st_mode & 0o777 == 0o600
    assert "delivery.smtp_password" in str(lines(store))
    assert SECRET not in str(lines(store)) + repr(Settings())
    assert save(store, Settings(), {"delivery.smtp_password": [""]}, "ada") == []
    assert Settings().delivery.smtp_password == kept


def test_the_record_says_who_set_what_to_what_and_only_what_changed(store: Store) -> None:
    """Six months later somebody asks why reports are late."""
    save(store, Settings(), {"follow_ups.report_every_days": ["45"], "follow_ups.book_within_days": ["7"]}, "ada")
    assert lines(store) == [{"settings": {"follow_ups.report_every_days": 45}}]
    save(store, Settings(), {"follow_ups.report_every_days": ["45"]}, "ada")
    assert len(lines(store)) == 1


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("studio.name", [""]),
        ("studio.name", ["A" * 61]),
        ("studio.name", ["Harborview 運動"]),
        ("studio.name", ["  \u00a0\u200b "]),
        ("studio.specialist", ["--"]),
        ("studio.phone", []),
        ("studio.phone", ["12"]),
        ("studio.phone", ["banana"]),
        ("studio.fax", ["(999) 555-0101"]),
        ("studio.email", ["notanemail"]),
        ("studio.email", ["desk@lakeside"]),
        ("time_zone", ["America/Nowhere"]),
        ("follow_ups.working_days", []),
        ("follow_ups.working_days", ["Funday"]),
        ("follow_ups.working_days", ["Mon", "Tue"]),
        ("follow_ups.holidays", ["usa"]),
        ("follow_ups.holidays", ["ZQ"]),
        ("follow_ups.report_every_days", ["often"]),
        ("policy.typed_signature", ["maybe"]),
        ("delivery.smtp_port", ["70000"]),
        ("delivery.sender", ["nobody"]),
        ("delivery.unreleased", ["love_letter"]),
    ],
)
def test_what_cannot_be_is_said_of_its_field_and_nothing_is_saved(name: str, typed: list[str], store: Store) -> None:
    """The page shows the sentence beside the field."""
    with pytest.raises(SettingError) as caught:
        save(store, Settings(), {name: typed}, "ada")
    assert list(caught.value.problems) == [name]
    assert not re.search(r"String|Tuple|Input|validation|pattern", str(caught.value))  # pydantic's words
    assert not Settings().saved_file.exists()
    assert lines(store) == []


@pytest.mark.parametrize(
    ("folder", "why"),
    [
        ("backups", "Write its whole path"),
        ("{data}/backups", "choose another disk"),
        ("{here}/nowhere/backups", "There is no folder"),
        ("{here}/a-file", "a file is in its place"),
        ("/proc/backups", "cannot write into /proc/backups"),
    ],
)
def test_a_folder_that_takes_no_backup_is_refused_in_a_sentence(
    folder: str, why: str, store: Store, tmp_path: Path
) -> None:
    """Whoever names it sits there and can connect the disk; the first night nobody does."""
    (tmp_path / "a-file").touch()
    typed = folder.format(data=Settings().folder.absolute(), here=tmp_path)
    with pytest.raises(SettingError, match=why) as caught:
        save(store, Settings(), {"backup.folder": [typed], "backup.keep": ["30"]}, "ada")
    assert list(caught.value.problems) == ["backup.folder"]
    assert Settings().backup.folder is None


def test_a_folder_for_backups_is_made_put_on_record_and_holds_at_once(store: Store, tmp_path: Path) -> None:
    """And the file that it is saved in is still one that refpad reads, also when the folder is taken back."""
    disk = tmp_path / "disk"
    assert save(store, Settings(), {"backup.folder": [str(disk)], "backup.keep": ["30"]}, "ada") == ["backup.folder"]
    assert (Settings().backup.folder, disk.is_dir()) == (disk, True)
    assert lines(store) == [{"settings": {"backup.folder": str(disk)}}]
    save(store, Settings(), {"backup.folder": [""], "backup.keep": ["30"]}, "ada")
    assert Settings().backup.folder is None


def test_letters_by_mail_need_a_sender(store: Store) -> None:
    """Otherwise the first letter would find it out."""
    save(store, Settings(), {**STUDIO, "studio.email": [""]}, "ada")
    with pytest.raises(SettingError, match="need a sender"):
        save(store, Settings(), {"delivery.smtp_host": ["mail.example"], "delivery.sender": [""]}, "ada")


def test_what_file_or_environment_set_is_said_to_be_set_there(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """They win, so that saving would change nothing."""
    monkeypatch.setenv("REFPAD_TIME_ZONE", "America/Chicago")
    Path("refpad.toml").write_text('[studio]\nphone = "(646) 555-0161"\n')
    with pytest.raises(UsageError, match="time_zone is set in the env"):
        save(store, Settings(), {"time_zone": ["America/Denver"]}, "ada")
    with pytest.raises(UsageError, match=r"studio\.phone is set in refpad\.toml"):
        save(store, Settings(), STUDIO, "ada")


def test_practice_is_not_set_up(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its studio is invented, whatever is set: nobody is misled by its letters."""
    save(store, Settings(), {**STUDIO, "delivery.smtp_host": ["mail.example"]}, "ada")
    monkeypatch.setenv("REFPAD_PRACTICE", "true")
    settings = Settings()
    assert (len(settings.studio.invented), settings.delivery.smtp_host) == (6, None)
    assert settings.writes_letters
    with pytest.raises(UsageError, match="practice"):
        settings.require_pads()
    with pytest.raises(UsageError, match="In practice"):
        save(store, settings, STUDIO, "ada")


def test_a_logo_is_kept_beside_the_settings_as_a_picture_of_its_own(store: Store, tmp_path: Path) -> None:
    """Only its pixels, no larger than they are printed, and still found when the data folder is moved."""
    drawn = io.BytesIO()
    Image.new("RGB", (3000, 900), "navy").save(drawn, "JPEG", exif=b"Exif\x00\x00" + b"x" * 40)
    save_logo(store, Settings(), drawn.getvalue(), "ada")
    logo = Settings().studio.logo
    assert logo is not None
    with Image.open(logo) as kept:
        assert (kept.format, kept.size, kept.info.get("exif")) == ("PNG", (1200, 360), None)
    Settings().folder.rename(tmp_path / "moved")
    moved = Settings(folder=tmp_path / "moved")
    assert moved.studio.logo is not None
    assert moved.studio.logo.is_file()
    remove_logo(store, moved, "ada")
    assert Settings(folder=tmp_path / "moved").studio.logo is None


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n cut off", b"x" * 5_000_001])
def test_what_is_no_logo_is_refused(content: bytes, store: Store) -> None:
    """With a sentence; pads must not find it out."""
    with pytest.raises(UsageError, match="choose"):
        save_logo(store, Settings(), content, "ada")
    assert value_of(Settings(), "studio.logo") is None


def test_a_saved_file_that_is_none_is_named(store: Store) -> None:
    """Half a file cannot come about; a hand in it can."""
    Settings().saved_file.write_text("{")
    with pytest.raises(UsageError, match=r"settings.json is no file of saved settings"):
        Settings()
    Settings.model_fields["folder"].default.joinpath("settings.json").write_text(
        json.dumps({"time_zone": "Europe/Rome"})
    )
    assert Settings().time_zone == "Europe/Rome"
