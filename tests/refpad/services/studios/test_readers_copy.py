"""What a reader that shares no folder knows of a studio: the same as one beside its inbox, and no password."""

import zipfile
from io import BytesIO
from pathlib import Path
from threading import Event

import pytest

from refpad.services.intake.watcher import prepare_inbox
from refpad.services.studios.readers_copy import NAME, bring, packed, share_until, unpack
from refpad.services.studios.registry import Registry, all_settings, changing, keep_registry, read_registry
from refpad.services.wiring import file_place
from refpad.settings import Settings
from schemas.errors import MachineError
from tests.refpad.services.studios.test_registry import MAIN, NORTH
from tests.s3_server import S3Server

SAVED = """{"policy": {"typed_signature": "accept"}, "follow_ups": {"contact_business_days": 9},
 "delivery": {"smtp_host": "mail.example", "smtp_user": "kim", "smtp_password": "open sesame"}}"""


@pytest.fixture
def s3_settings(s3: S3Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("REFPAD_FILES", s3.new_address())
    monkeypatch.setenv("REFPAD_FILES_ENDPOINT", s3.endpoint)
    return tmp_path


def share_once(settings: Settings) -> None:
    """As the watcher does at its start."""
    stop = Event()
    stop.set()
    share_until(settings, stop)


def test_a_reader_elsewhere_reads_and_judges_by_each_studios_own(
    s3_settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a slip would pass by another bar, or wait as one of an unknown pad, wherever chance has it read."""
    monkeypatch.setenv("REFPAD_FOLDER", str(s3_settings / "home"))
    with changing(Settings()):
        keep_registry(Settings(), Registry(studios=(MAIN, NORTH)))
    for home in all_settings(Settings()):
        prepare_inbox(home.inbox, home.store_folder / "inbox-made")
    home, home_north = all_settings(Settings())
    home_north.saved_file.write_text(SAVED)
    home.words.mkdir()
    (home.words / "added.txt").write_text("metformin\n")
    home_north.designs.mkdir()
    (home_north.designs / "own.toml").write_text("[pad]")
    for studio in all_settings(Settings()):
        share_once(studio)
        bring(studio)  # at home nothing is brought
        assert not (studio.store_folder / "readers-copy").exists()

    monkeypatch.setenv("REFPAD_FOLDER", str(s3_settings / "elsewhere"))
    bring(Settings())
    assert read_registry(Settings()) == Registry(studios=(MAIN, NORTH))
    assert (Settings().words / "added.txt").read_text() == "metformin\n"
    bring(all_settings(Settings())[1])
    main, north = all_settings(Settings())
    assert north.policy == all_settings(home)[1].policy
    assert (north.policy.typed_signature, main.policy.typed_signature) == ("accept", "ask")
    assert north.follow_ups.contact_business_days == 9
    assert (north.designs / "own.toml").read_text() == "[pad]"
    assert not main.designs.exists()
    told = b"".join(path.read_bytes() for path in main.folder.rglob("*") if path.is_file())
    assert b"sesame" not in told
    assert b"mail.example" not in told

    monkeypatch.setenv("REFPAD_FOLDER", str(home.folder))
    (home_north.designs / "own.toml").unlink()
    share_once(all_settings(Settings())[1])
    monkeypatch.setenv("REFPAD_FOLDER", str(s3_settings / "elsewhere"))
    bring(north)
    assert not (north.designs / "own.toml").exists()


def test_where_nothing_is_shared_yet_it_is_said(s3_settings: Path) -> None:
    """A reader that judged by its defaults meanwhile would judge otherwise than all others."""
    with pytest.raises(MachineError, match=r"Nothing for readers is in s3://.*start refpad up"):
        bring(Settings(folder=s3_settings / "elsewhere"))


def test_the_same_is_the_same_bytes_and_nothing_else_is_unpacked(s3_settings: Path) -> None:
    """What is written once a change is read once a change; a name that leads elsewhere is passed over."""
    settings = Settings(folder=s3_settings / "data")
    assert packed(settings) == packed(settings)
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        for name in ("designs/../../gone", "/etc/gone", "designs/a.toml", "store/refpad.sqlite"):
            zipped.writestr(name, "x")
    unpack(settings.folder, out.getvalue())
    assert [path.name for path in s3_settings.rglob("*") if path.is_file()] == ["a.toml"]
    bucket = file_place(settings)
    assert bucket is not None
    assert bucket.stamp_of_named(NAME) is None
