"""A support bundle names nobody, whatever was on record, typed, or quoted by an error; and says what works."""

import io
import json
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from refpad.cli import app
from refpad.ops.support.bundle import Bundle, make_bundle
from refpad.ops.support.redaction import program_words
from refpad.services.intake.process_file import process_next
from refpad.services.studios.changes import add_studio
from refpad.services.studios.registry import all_settings
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.errors import UsageError
from schemas.limits import Limits
from schemas.office import Office
from schemas.studio import Studio
from schemas.users import Role
from store.audit import AuditQuery, latest_lines
from store.database import Store
from store.directory import offices
from store.intake.taking_in.take_in import take_in
from store.users import users
from tests.fake_reader import example_rules
from tests.flows.canary_life import CanaryReader
from tests.schemas.examples import RECEIVED_ON

# A name like no other, and one that is a word of the program too, as it stands in a log with a capital.
WORD, COMMON = "Quillfeather", "Page"
PHONE = "(312) 555-0177"
LOG = f"""\
2026-11-29 14:08:33,217 INFO file 12 was read in 2.6 s
ValueError: cannot read '{WORD.upper()}, {COMMON}' of {PHONE}, born 3/9/1958, in /home/{WORD.lower()}/scan-{WORD}.pdf
"""


def fill(store: Store, inbox: Path) -> None:
    """Slips that were accepted, and some in doubt, of somebody of that name; an office and a user called so too."""
    inbox.mkdir(parents=True)
    for number in (1, 3, 10):
        scan = inbox / f"{WORD}-{number}.jpg"
        scan.write_bytes(f"scan {number}".encode())
        take_in(store, scan, Limits())
    while process_next(store, CanaryReader(f"{COMMON} {WORD}"), example_rules(), "worker", Limits()):
        pass
    office = Office(id="lake", name=f"{WORD} Clinic", contact=WORD, phone=PHONE, address=f"7 {WORD} Road, 60677")
    offices.add(store, office, "kim")
    users.add(store, WORD.lower(), Role.ADMIN, "kim")


def texts(bundle: Bundle) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(bundle.content)) as archive:
        return {name: archive.read(name).decode("latin-1") for name in archive.namelist()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Bundle, Settings]:
    """The bundle of a studio called so, in a folder called so, whose log quotes the name."""
    folder = tmp_path_factory.mktemp(WORD)
    settings = Settings(
        folder=folder / "data", today=RECEIVED_ON, studio=Studio(name=f"{WORD} Exercise", address=f"7 {WORD} Road")
    )
    with closing(open_record(settings)) as store:
        fill(store, settings.inbox)
    (settings.folder / "logs").mkdir()
    (settings.folder / "logs" / f"watcher-{WORD.lower()}.log").write_text(LOG)
    return make_bundle(settings, WORD, slip=1), settings


def test_nobody_is_found_in_it(made: tuple[Bundle, Settings]) -> None:
    """The canary: planted in the record, the settings, the path and a log's error, it is in no part and in no name."""
    bundle, settings = made
    with closing(open_record(settings)) as store, store.read() as connection:
        rows = connection.exec_driver_sql("SELECT record FROM referral").fetchall()
    assert WORD in str(rows), "the canary was never planted"
    told = texts(bundle)
    everything = f"{told}"
    assert COMMON.lower() in program_words(), "a name that is a word of the program is what the record is asked for"
    assert [part for part in (COMMON, "555-0177", "60677", "1958") if part in everything] == []
    assert WORD.lower() not in everything.lower()
    assert "INFO file 12 was read in 2.6 s" in told["logs/1-watcher-[word].log"]
    assert "ValueError: cannot read" in told["logs/1-watcher-[word].log"]


def test_it_says_what_a_bug_report_needs(made: tuple[Bundle, Settings]) -> None:
    """Versions, the doctor's findings, counts and seconds: the first five questions that are asked."""
    bundle, settings = made
    assert bundle.problems == ()
    told = texts(bundle)
    assert set(told) == set(bundle.names)
    assert {one["part"] for one in json.loads(told["doctor.json"])} >= {"Tesseract", "database", "disk space"}
    assert json.loads(told["versions.json"])["refpad"]
    assert json.loads(told["settings.json"])["studio.name"] == "set"
    assert 'refpad_slips{state="review"}' in told["metrics.txt"]
    assert json.loads(told["slip/measured.json"])["pad"] == "one of the studio's own"
    assert {row["slips"] for row in json.loads(told["timings.json"])} == {1}
    with closing(open_record(settings)) as store:
        assert latest_lines(store, AuditQuery(about="support bundle"))[0].what == "export"


def test_a_record_that_cannot_be_opened_is_a_problem_told_beside_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bundle is asked for when something is broken; that must not be why there is none. It is private."""
    folder, out = tmp_path / WORD, tmp_path / "bundle.zip"
    (folder / "store").mkdir(parents=True)
    (folder / "store" / "refpad.sqlite").write_bytes(b"no database" * 1000)
    monkeypatch.setenv("REFPAD_FOLDER", str(folder))
    told = CliRunner().invoke(app, ["support-bundle", "--slip", "s12", "--out", str(out)])
    assert (told.exit_code, out.stat().st_mode & 0o777) == (0, 0o600)
    assert "Left out: record: The database is damaged" in told.stderr
    assert "Left out: slip: Without the record no slip is found" in told.stderr
    assert isinstance(CliRunner().invoke(app, ["support-bundle", "--slip", "twelve"]).exception, UsageError)
    with zipfile.ZipFile(out) as archive:
        assert {"doctor.json", "versions.json", "problems.json"} <= set(archive.namelist())
        assert json.loads(archive.read("problems.json"))[-1].endswith("then make the bundle anew.")
        assert WORD.lower() not in f"{[archive.read(name) for name in archive.namelist()]}".lower()


@pytest.mark.parametrize(("damaged", "left_out"), [(1, "record of studio 2"), (0, "record")])
def test_of_several_studios_one_record_that_does_not_open_hides_no_other(
    damaged: int, left_out: str, tmp_path: Path
) -> None:
    """The logs are of all of them: whom the studio behind the broken one knows is named in none either."""
    first = Settings(folder=tmp_path / "data", today=RECEIVED_ON)
    with closing(open_record(first)) as store:
        for key in ("north", "south"):
            add_studio(store, first, key, key.title(), "kim")
    studios = all_settings(first)
    with closing(open_record(studios[2])) as store:
        users.add(store, COMMON.lower(), Role.ADMIN, "kim")
    (studios[damaged].store_folder / "refpad.sqlite").write_bytes(b"no database" * 1000)
    (first.folder / "logs").mkdir()
    (first.folder / "logs" / "watcher.log").write_text(f"ValueError: cannot read {COMMON}")
    bundle = make_bundle(first, "kim")
    assert [problem.partition(":")[0] for problem in bundle.problems] == [left_out]
    assert ("health.json" in bundle.names) is (damaged != 0), "the parts are of this studio, never of another"
    assert texts(bundle)["logs/1-watcher.log"] == "ValueError: cannot read [word]"
