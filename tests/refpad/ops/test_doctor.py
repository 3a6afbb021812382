"""The doctor finds what is broken and says what to type."""

import json
import os
import shutil
import socket
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from ocr.recognizers.inference import openvino_network
from refpad.cli import app
from refpad.ops.checkup import Checkup
from refpad.ops.doctor import CHECKS, examine
from refpad.ops.supervisor import only_one
from refpad.services.intake.inbox_entries import MARKER
from refpad.services.intake.watcher import prepare_inbox
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.acceptance import Policy
from schemas.errors import RefpadError
from schemas.exit_codes import ExitCode
from schemas.front_desk import FrontDeskSettings
from schemas.inference_engine import InferenceEngine
from schemas.studio import Studio
from schemas.text_model import TextModel
from store.directory.offices import reserve_serials
from store.intake.taking_in.take_in import TakeIn, take_in

PAGE = 4096


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        desk = FrontDeskSettings(port=other.getsockname()[1])
        return Settings(folder=tmp_path / "data", prefect_port=one.getsockname()[1], front_desk=desk)


OWN = dict.fromkeys(("name", "specialist", "phone", "fax", "email", "address"), "x")


def test_a_logo_that_cannot_be_printed_is_named_and_no_package_for_it(settings: Settings, tmp_path: Path) -> None:
    """Whoever installs Pango for it has the same doctor's word afterwards."""
    found = checkup(settings.model_copy(update={"studio": Studio(logo=tmp_path / "none.png")}), "letters")
    assert (found.ok, found.remedy) == (False, "mend what it names")
    assert "none.png is no PNG or JPEG" in found.found


def test_printed_pads_whose_design_is_gone_are_told_of(settings: Settings) -> None:
    """Their slips come back for years, and nothing of them can be read."""
    with closing(open_record(settings)) as store:
        reserve_serials(store, None, "met", 1, 50)
        assert checkup(settings, "pads and fonts").remedy == ""
        reserve_serials(store, None, "knee", 1, 50)
    found = checkup(settings, "pads and fonts")
    assert (found.ok, found.found.endswith("; not knee-1, of which numbered slips are out")) == (True, True)
    assert found.remedy == f"put knee-1.toml back into {settings.designs}"


def test_a_target_or_bar_looser_than_shipped_is_told_of(settings: Settings) -> None:
    """It works, and somebody has chosen it; whoever looks after the machine learns of it all the same."""
    looser = settings.model_copy(update={"policy": Policy(text_confidence=0.9)})
    found = checkup(looser, "target")
    assert (found.ok, found.found) == (True, "from a confidence of 0.9")
    assert "REFPAD_POLICY__TEXT_CONFIDENCE to 0.97" in found.remedy
    assert checkup(settings, "target").remedy == ""


def test_weights_that_the_bars_were_not_set_on_are_told_of(settings: Settings) -> None:
    """They may be compared; a studio that works with them must know that its target is not known to hold."""
    found = checkup(settings.model_copy(update={"text_model": TextModel.OWN}), "text readers")
    assert (found.ok, found.found) == (True, "refpad, tesseract; the bars were set on other weights")
    assert "REFPAD_TEXT_MODEL to both" in found.remedy
    calibrated = checkup(settings, "text readers")
    assert (calibrated.found, calibrated.remedy) == ("ppocr, refpad, tesseract", "")


@pytest.mark.parametrize("quick", [True, False], ids=["bfloat16", "without"])
def test_what_computes_the_networks_is_told_of(
    settings: Settings, quick: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OpenVINO takes 180 MB, for nothing where the processor computes in single precision alone."""
    monkeypatch.setattr(openvino_network, "computes_in_bfloat16", lambda: quick)
    found = checkup(settings.model_copy(update={"inference_engine": InferenceEngine.OPENVINO}), "text readers")
    said = "ppocr, refpad, tesseract, computed by openvino in bfloat16" if quick else "this processor has no bfloat16"
    assert (found.ok, said in found.found) == (True, True)
    assert ("unset REFPAD_INFERENCE_ENGINE" in found.remedy) is not quick


def test_an_engine_that_is_not_installed_is_told_of(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no part of `make run`."""
    monkeypatch.setitem(sys.modules, "openvino", None)
    found = checkup(settings.model_copy(update={"inference_engine": InferenceEngine.OPENVINO}), "text readers")
    assert (found.ok, "pip install openvino" in found.found, found.remedy) == (False, True, "")


def test_a_tesseract_that_starts_anew_for_each_slip_is_told_of(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It reads the same, and slower, so that nobody would ever look for the cause."""
    monkeypatch.setattr("ocr.tesseract_library.NAME", "libnothing.so.5")
    found = checkup(settings, "text readers")
    assert (found.ok, found.remedy) == (True, "apt install tesseract-ocr")
    assert "starts anew each time" in found.found


def checkup(settings: Settings, part: str) -> Checkup:
    return next(check for check in examine(settings) if check.part == part)


def test_on_a_machine_with_everything_all_checks_pass(settings: Settings) -> None:
    """The tests need the same parts as refpad itself."""
    assert [check for check in examine(settings) if not check.ok] == []
    prepare_inbox(settings.inbox, settings.store_folder / "inbox-made")
    open_record(settings).close()
    settings.folder.chmod(0o700)
    assert [check for check in examine(settings) if not check.ok] == []


@pytest.mark.parametrize(
    ("part", "remedy"),
    [("Tesseract", "tesseract-ocr"), ("Tesseract's English", "tesseract-ocr"), ("pdftoppm", "poppler-utils")],
)
def test_a_missing_program_is_named_with_its_package(
    settings: Settings, part: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Debian's package names differ from the programs' names."""
    monkeypatch.setenv("PATH", "")
    found = checkup(settings, part)
    assert not found.ok
    assert f"apt install {remedy}" in found.remedy


def test_a_program_without_its_language_is_found(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tesseract installs without English on some systems, and fails only at the first scan."""
    shim = tmp_path / "tesseract"
    shim.write_text("#!/bin/sh\necho 'List of available languages: osd'\n")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert "tesseract-ocr-eng" in checkup(settings, "Tesseract's English").remedy


def test_a_port_that_practice_has_is_not_broken(settings: Settings) -> None:
    """Whoever tries refpad out asks the doctor as well: nothing is to be mended, only practice to be stopped."""
    practice = settings.folder.with_name("refpad-practice")
    with socket.create_server(("127.0.0.1", settings.front_desk.port)), only_one(practice / "refpad.lock"):
        found = checkup(settings, "front desk's port")
    said = f"{settings.front_desk.port} is held by refpad's practice (process {os.getpid()})"
    assert (found.ok, found.found) == (True, said)
    assert "before `refpad up`" in found.remedy
    assert "practice" not in checkup(settings, "front desk's port").found


def test_a_port_of_somebody_else_is_broken_and_our_own_is_not(settings: Settings) -> None:
    """A doctor who calls a running refpad ill is not asked twice."""
    with socket.create_server(("127.0.0.1", settings.prefect_port)):
        assert f"REFPAD_PREFECT_PORT={settings.prefect_port + 1}" in checkup(settings, "Prefect's port").remedy
        with only_one(settings.folder / "refpad.lock"):
            assert checkup(settings, "Prefect's port").ok
    with socket.create_server(("127.0.0.1", settings.front_desk.port)):
        assert (
            f"REFPAD_FRONT_DESK__PORT={settings.front_desk.port + 1}" in checkup(settings, "front desk's port").remedy
        )


def test_an_inbox_without_its_marker_is_an_unmounted_disk(settings: Settings) -> None:
    """An empty mount point looks like a quiet day."""
    prepare_inbox(settings.inbox, settings.store_folder / "inbox-made")
    (settings.inbox / MARKER).unlink()
    assert "mount its disk" in checkup(settings, "inbox").remedy


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o711, 0o777])
def test_a_data_folder_open_to_others_works_and_is_warned_of(settings: Settings, mode: int, tmp_path: Path) -> None:
    """It holds patients' scans, so say what to type; but nothing is broken."""
    settings.folder.mkdir()
    settings.folder.chmod(mode)
    with closing(open_record(settings)) as store:
        scan = tmp_path / "scan.pdf"
        scan.write_bytes(b"a scan")
        assert take_in(store, scan, settings.limits).outcome is TakeIn.TAKEN
    found = checkup(settings, "data folder")
    assert found.ok
    assert found.remedy == f"chmod 700 {settings.folder}"


def test_a_data_folder_that_nobody_may_write_to_is_broken(tmp_path: Path) -> None:
    """There nothing works."""
    (tmp_path / "data").write_bytes(b"a file, not a folder")
    assert not checkup(Settings(folder=tmp_path / "data"), "data folder").ok


def test_a_warning_is_seen_and_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The exit code stays 0, so that `refpad doctor && refpad up` goes on."""
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o755)  # whatever the umask of the tests before
    monkeypatch.setenv("REFPAD_FOLDER", str(folder))
    monkeypatch.setenv("REFPAD_PREFECT_URL", "http://prefect.example:4200")
    monkeypatch.setenv("REFPAD_FRONT_DESK__WITH_UP", "false")
    ran = CliRunner().invoke(app, ["doctor"])
    assert ran.exit_code == 0
    assert "warning" in ran.stdout
    assert "chmod" in ran.stdout
    assert "broken" not in ran.stdout


@pytest.mark.parametrize(
    ("values", "found", "warns"),
    [({}, "still invented", True), ({"studio": OWN}, "set up", False), ({"practice": True}, "practice", False)],
)
def test_an_invented_studio_is_named_before_pads_carry_it(
    values: dict[str, object], found: str, warns: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All works, and still nothing may be printed for others."""
    for name in ("NAME", "SPECIALIST", "PHONE", "FAX", "EMAIL", "ADDRESS"):
        monkeypatch.delenv(f"REFPAD_STUDIO__{name}")
    told = checkup(Settings(folder=tmp_path / "data", **values), "studio")  # type: ignore[arg-type]
    assert told.ok
    assert found in told.found
    assert ("Settings" in told.remedy) == warns


def test_a_database_that_does_not_answer_is_named_in_a_sentence(settings: Settings) -> None:
    """A damaged file must not end in a traceback."""
    settings.store_folder.mkdir(parents=True)
    (settings.store_folder / "refpad.sqlite").write_bytes(b"no database at all" * 100)
    found = checkup(settings, "database")
    assert not found.ok
    assert "backup" in found.remedy


def zero(settings: Settings, tmp_path: Path, number: int) -> Settings:
    """The same settings over a copy of their folder, one page of whose database is nothing but zeros."""
    folder = tmp_path / f"page-{number}"
    shutil.copytree(settings.folder, folder)
    with (folder / "store" / "refpad.sqlite").open("r+b") as file:
        file.seek(number * PAGE)
        file.write(bytes(PAGE))
    return settings.model_copy(update={"folder": folder})


def test_any_page_of_zeros_in_the_database_is_found_here_as_by_verify(settings: Settings, tmp_path: Path) -> None:
    """A disk that lost one block: "all accounted for" would have somebody go on with it for weeks."""
    open_record(settings).close()
    with closing(sqlite3.connect(settings.store_folder / "refpad.sqlite")) as direct:
        count, free = (direct.execute(f"PRAGMA {what}_count").fetchone()[0] for what in ("page", "freelist"))
    for number in range(0, count - free, 5):
        damaged = zero(settings, tmp_path, number)
        with pytest.raises(RefpadError, match=r"damaged|gone or empty"):
            CHECKS["database"](damaged)


def test_status_counts_nothing_in_a_damaged_database(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told to look first, it ends with 3, whichever table the damage is in; also one of which it counts nothing."""
    open_record(settings).close()
    with closing(sqlite3.connect(settings.store_folder / "refpad.sqlite")) as direct:
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'login_device'"
        [root] = direct.execute(query).fetchone()
    monkeypatch.setenv("REFPAD_FOLDER", str(zero(settings, tmp_path, root - 1).folder))
    with pytest.raises(RefpadError, match="damaged") as told:
        CliRunner().invoke(app, ["status", "--check"], catch_exceptions=False)
    assert told.value.exit_code == ExitCode.BROKEN


def test_the_command_ends_with_3_when_a_part_is_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scripts and containers ask for the exit code, people read the table."""
    monkeypatch.setenv("REFPAD_FOLDER", str(tmp_path / "data"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("REFPAD_PREFECT_PORT", str(taken.getsockname()[1]))
        monkeypatch.setenv("REFPAD_FRONT_DESK__WITH_UP", "false")
        ran = CliRunner().invoke(app, ["doctor", "--json"])
        table = CliRunner().invoke(app, ["doctor"])
    assert (ran.exit_code, table.exit_code) == (3, 3)
    assert [load["part"] for load in json.loads(ran.stdout) if not load["ok"]] == ["Prefect's port"]
    assert "REFPAD_PREFECT_PORT" in table.stdout


def test_a_database_that_is_away_is_not_mended_by_installing_refpad_anew(settings: Settings) -> None:
    """Its reader is sent to what is away, and not to install what is there."""
    away = settings.model_copy(update={"database_url": SecretStr("postgresql+psycopg://refpad@127.0.0.1:1/refpad")})
    found = checkup(away, "webhooks")
    assert "gives no connection" in found.found
    assert found.remedy == "mend the database first"
