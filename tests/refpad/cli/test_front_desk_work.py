"""What the front desk's pages do, typed: group check, undo, codes, search, taking back, putting away."""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import cv2
import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from refpad.cli import app
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.errors import UsageError
from store.tables import example
from tests.audit import audit_lines
from web.routes import ENDPOINTS

# What can be changed on a page, and what is typed for it; None: only a browser needs it.
TYPED = {
    "/login": None,
    "/first/{word}": "users link",
    "/logout": None,
    "/stay": None,
    "/me": "users link",
    "/tasks/{task}": "tasks done",
    "/letters/make": "chase",
    "/letters/print": "letters print",
    "/letters/{letter}": "letters settle",
    "/batches/{batch}": "letters posted",
    "/review/{item}/edit": "review accept",
    "/review/{item}/undo": "review undo",
    "/review/{item}/accept": "review accept",
    "/review/{item}/reject": "review reject",
    "/review/{item}/duplicate": "review duplicate",
    "/review/{item}/missing": "letters missing",
    "/review/{item}/office": "review office",
    "/review/{item}/code": "review codes",
    "/codes": "review codes",
    "/review/{item}/here": None,
    "/groups/{key}": "groups settle",
    "/quality/reset": "quality reset",
    "/set-aside/back": "review restore",
    "/set-aside/{file}/again": "set-aside retry",
    "/set-aside/{file}/settle": "set-aside settle",
    "/search": "search",
    "/referrals/{referral}/visit": "course visit",
    "/referrals/{referral}/correct": "referrals correct",
    "/referrals/{referral}/office": "referrals office",
    "/referrals/{referral}/enter/{kind}": "course enter",
    "/referrals/{referral}/enter/{kind}/preview": "letters preview",
    "/referrals/{referral}/enter/{kind}/keep": "course enter",
    "/referrals/{referral}/enter/{kind}/discard": "course discard",
    "/sessions": "sessions log",
    "/appointments/{appointment}": "sessions mark",
    "/slips/{slip}/withdraw": "referrals withdraw",
    "/offices": "offices add",
    "/offices/{office}": "offices edit",
    "/offices/{office}/merge": "offices merge",
    "/offices/{office}/unmerge": "offices unmerge",
    "/patients/{patient}/merge": "patients merge",
    "/patients/{patient}/unmerge": "patients unmerge",
    "/patients/{patient}/apart": "patients keep-apart",
    "/patients/{patient}/ask": "patients ask-again",
    "/patients": "patients list",
    "/providers/{provider}/merge": "offices merge-providers",
    "/providers/{provider}/unmerge": "offices unmerge-provider",
    "/offices/{office}/outreach": "outreach log",
    "/outreach/{outreach}/cancel": "outreach cancel",
    "/offices/{office}/pads": "pad print",
    "/offices/{office}/letters/{kind}": "letters office",
    "/providers/{provider}": "offices edit-provider",
    "/inbox/upload": "intake",
    "/backups/write": "backup",
    "/backups/acknowledge": "restore",
    "/retention/purge": "purge",
    "/referrals/{referral}/hold": "referrals hold",
    "/referrals/{referral}/lift": "referrals lift-hold",
    "/calendar": "calendar add",
    "/calendar/{calendar}/revoke": "calendar revoke",
    "/programs/tokens": "tokens add",
    "/programs/tokens/{number}/revoke": "tokens revoke",
    "/programs/webhooks": "webhooks add",
    "/programs/webhooks/{number}": "webhooks again",
    "/people/add": "users add",
    "/people/link": "users link",
    "/people/remove": "users remove",
    "/settings/{section}": "settings set",
    "/settings/logo/upload": "settings logo",
    "/settings/mail/test": "settings test-mail",
    "/support-bundle": "support-bundle",
}
SAMPLES = Path(__file__).parents[3] / "samples"


@pytest.fixture(scope="module")
def read_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A record with an accepted slip (s1) and one that waits (s2); reading costs more than all that is done with it."""
    folder = tmp_path_factory.mktemp("read") / "data"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder.parent)
        at_desk(patch, folder)
        assert refpad("intake", str(SAMPLES / "neat-slip.png"), str(SAMPLES / "not-signed.tif")).exit_code == 1
        yield folder


def at_desk(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.setenv("REFPAD_FOLDER", str(folder))
    patch.setenv("REFPAD_TODAY", "2026-11-20")
    patch.setenv("REFPAD_FRONT_DESK__SAMPLE_SHARE", "0")


@pytest.fixture(autouse=True)
def studio(read_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of that record of one's own."""
    shutil.copytree(read_once, tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    at_desk(monkeypatch, tmp_path / "data")


def refpad(*words: str) -> Result:
    return CliRunner().invoke(app, words, catch_exceptions=False)


def told(*words: str):  # noqa: ANN201 - JSON, as the command printed it
    return json.loads(refpad(*words, "--json").stdout)


def waiting() -> list[str]:
    return [item["id"] for item in told("review", "list")]


def rows() -> int:
    return len(Path("data/exports/referrals.csv").read_text("utf-8-sig").splitlines()) - 1


def test_whatever_a_page_changes_can_be_typed() -> None:
    """README says so; a page that gets a new form needs its command."""
    assert {page.path for page in ENDPOINTS if page.method == "POST"} == TYPED.keys()
    for command in filter(None, TYPED.values()):
        assert refpad(*command.split(), "--help").exit_code == 0, command


def test_a_referral_is_searched_for_shown_and_taken_back() -> None:
    """A wrong letter does no harm; what is taken back waits for a person and leaves the spreadsheet."""
    [newest] = told("referrals", "search")
    family = newest["patient_name"].split()[-1]
    [found] = told("referrals", "search", family[:-1] + "x")
    assert found == newest
    assert told("referrals", "search", "nobody", "of", "that", "name") == []
    assert family in refpad("referrals", "search", family).stdout
    number = str(found["id"])
    story = told("referrals", "show", number)
    assert (story["slip_id"], story["accepted_by"]) == (1, "machine")
    shown = refpad("referrals", "show", number).stdout
    assert family in shown
    assert "{" not in shown, "what the pad itself asks stands there value by value"
    assert rows() == 1
    assert refpad("referrals", "withdraw", number).exit_code == 0
    assert (rows(), waiting()) == (0, ["s1", "s2"])
    with pytest.raises(UsageError, match="There is no referral 1"):
        refpad("referrals", "withdraw", number)


def test_searching_leaves_no_name_in_the_audit() -> None:
    """That somebody searched is on record; for whom is not."""
    refpad("referrals", "search", "Quill")
    with closing(open_record(Settings())) as store:
        line = audit_lines(store)[-1]
    assert (line["what"], line["detail"]) == ("search", {"count": 0})


def test_the_last_word_is_taken_back() -> None:
    """A slip of the finger costs nothing, and what was in doubt before is in doubt again."""
    before = told("review", "show", "s2")
    assert refpad("review", "accept", "s2", "--set", "signature=present").exit_code == 1
    assert told("review", "show", "s2")["draft"] != before["draft"]
    left = told("review", "undo", "s2")
    assert told("review", "show", "s2")["draft"] == before["draft"]
    assert left["why"]
    with pytest.raises(UsageError, match="nothing to undo"):
        refpad("review", "undo", "s2")


def test_undoing_an_accepted_slip_names_the_command_that_takes_it_back() -> None:
    """Whoever accepted too early types undo, and must not be left with "it is accepted"."""
    with pytest.raises(
        UsageError, match="accepted automatically, as referral 1: `refpad referrals withdraw 1` takes it back"
    ):
        refpad("review", "undo", "s1")
    assert refpad("referrals", "withdraw", "1").exit_code == 0


def test_codes_are_found_confirmed_and_dropped() -> None:
    """Only what a person confirms is kept, and only what is a code."""
    found = told("review", "codes", "s2", "--find", "osteoarthritis of knee")["suggested"]
    assert any(code["code"].startswith("M17") for code in found)
    kept = told("review", "codes", "s2", "--add", "M17.11")["confirmed"]
    assert [code["code"] for code in kept] == ["M17.11"]
    assert "confirmed by" in refpad("review", "codes", "s2").stdout
    with pytest.raises(UsageError, match="no such code"):
        refpad("review", "codes", "s2", "--add", "M17.12", "--add", "Z99.999")
    assert [code["code"] for code in told("review", "codes", "s2")["confirmed"]] == ["M17.11"]
    assert told("review", "codes", "s2", "--drop", "M17.11")["confirmed"] == []


def test_a_group_is_looked_at_and_its_wrong_one_waits(tmp_path: Path) -> None:
    """One picture, one command; a group that changed meanwhile is no longer the one that was looked at."""
    groups = told("groups", "list")
    group = next(each for each in groups if each["field"] == "signature" and "s1" in each["slips"])
    sheet = tmp_path / "sheet.jpg"
    assert told("groups", "show", group["key"], "--out", str(sheet)) == group
    assert cv2.imread(str(sheet)) is not None
    assert group["key"] in refpad("groups", "list").stdout
    with pytest.raises(UsageError, match="s77 is not in group"):
        refpad("groups", "settle", group["key"], "--wrong", "s77")
    assert "1 crop settled, 1 called wrong" in refpad("groups", "settle", group["key"], "--wrong", "s1").output
    assert "s1" in waiting()
    with pytest.raises(UsageError, match="There is no group"):
        refpad("groups", "show", group["key"])
    shares = {share["of"]: share for share in told("groups", "quality")}
    assert (shares["crops in group checks"]["wrong"], shares["crops in group checks"]["seen"]) == (1, 1)
    assert shares["slips"]["seen"] == 0
    assert "crops in group checks" in refpad("groups", "quality").stdout


def test_what_is_settled_of_a_slip_that_was_read_moves_a_bar() -> None:
    """From a scan to a doubt, settled by a person, to examples, to a stricter bar by the next that is settled."""
    earlier = {"slip_id": 1, "kind": "phrase", "reader": "ppocr", "channel": "fax", "confidence": 0.95, "chance": 1.0}
    with closing(open_record(Settings())) as store, store.write() as connection:
        rows = [
            earlier | {"field": f"f{at}", "source": "doubt", "is_right": at % 2 == 0, "at": store.clock.now()}
            for at in range(39)
        ]
        connection.execute(example.insert(), rows)
    said = ("--confirm", "all", "--set", "precautions=no kneeling", "--set", "signature=present")
    assert refpad("review", "accept", "s2", *said).exit_code == 0
    shown = told("quality", "show")
    kinds = {kind["kind"]: kind for kind in shown["kinds"]}
    [change] = shown["changes"]
    assert (change["kind"], change["cause"], change["by"]) == ("phrase", "tightened", "machine")
    assert kinds["phrase"]["bar"] == change["bar"] > kinds["name"]["bar"]
    with closing(open_record(Settings())) as store, store.read() as connection:
        read = connection.execute(sa.select(example).where(example.c.slip_id == 2)).all()
    assert kinds["phrase"]["examples"] == 39 + sum(row.kind == "phrase" for row in read)
    found = {row.field: (row.source, row.is_right, row.channel) for row in read}
    assert found["goals"] == ("doubt", True, "black_and_white")
    assert found["precautions"] == ("doubt", False, "black_and_white")


def test_target_and_bars_are_shown_and_reset(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the page of reading accuracy shows and does."""
    monkeypatch.setenv("REFPAD_POLICY__ONE_WRONG_IN_OF__DATE", "3000")
    kinds = {kind["kind"]: kind for kind in told("quality", "show")["kinds"]}
    assert (kinds["date"]["one_wrong_in"], kinds["name"]["one_wrong_in"]) == (3000, 300)
    assert kinds["date"]["bar"] > kinds["name"]["bar"]
    assert "1 in 3000" in refpad("quality", "show").stdout
    assert "as shipped" in refpad("quality", "reset").output
    assert {change["cause"] for change in told("quality", "show")["changes"]} == {"reset"}
    assert "date: 0.997 to as shipped, reset" in refpad("quality", "show").stdout


def test_what_was_rejected_comes_back() -> None:
    """Nothing that a person settles is settled for good."""
    refpad("review", "reject", "s2", "--why", "a copy")
    assert waiting() == []
    assert refpad("review", "restore", "s2").exit_code == 0
    assert waiting() == ["s2"]
    with pytest.raises(UsageError, match="not rejected"):
        refpad("review", "restore", "s2")


def test_a_file_that_could_not_be_used_is_settled_or_read_as_a_pad() -> None:
    """What the page "Set aside" offers, by number."""
    refpad("intake", str(SAMPLES / "not-a-slip.tif"))
    number = str(told("set-aside", "list")[0]["file_id"])
    with pytest.raises(UsageError, match='There is no pad "met-7"'):
        refpad("set-aside", "retry", number, "--as", "met-7")
    assert refpad("set-aside", "settle", number, "--is", "no slip").exit_code == 0
    assert told("set-aside", "list")[0]["settled"] == "no slip"
    assert "settled: no slip" in refpad("set-aside", "list").stdout
    assert refpad("set-aside", "retry", number, "--as", "met-1").exit_code == 0
    assert told("status")["files"]["waiting"] == 1


def test_a_slip_drawn_for_a_second_look_is_in_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list and the page show the same queue: what only the page shows is looked at by nobody at a terminal."""
    monkeypatch.setenv("REFPAD_FRONT_DESK__SAMPLE_SHARE", "1")
    refpad("intake", str(SAMPLES / "typed-slip.pdf"))
    drawn = next(item for item in told("review", "list") if item["id"] == "s3")
    assert "waits for a person" in drawn["why"][0]
    assert refpad("review", "accept", "s3", "--confirm", "all").exit_code == 0
    assert "s3" not in waiting()
    assert next(share for share in told("groups", "quality") if share["of"] == "slips")["seen"] == 1


def test_sessions_are_booked_logged_and_printed(tmp_path: Path) -> None:
    """What the front desk's buttons do, for a night's list or a second studio's program."""
    assert (
        "booked for Nov 20, 2026, Nov 27, 2026"
        in refpad("sessions", "book", "1", "2026-11-20T09:30", "--weeks", "2").stderr
    )
    assert [(one["on"], one["at"]) for one in told("sessions", "list")] == [("2026-11-20", "09:30:00")]
    assert refpad("sessions", "mark", "1", "attended", "--minutes", "50").exit_code == 0
    assert refpad("sessions", "log", "1", "--note", "step-ups").exit_code == 0
    [logged, _] = told("sessions", "list", "1")
    assert (logged["state"], logged["minutes"], logged["note"]) == ("attended", 50, "step-ups")
    assert refpad("letters", "sessions", "1", "--out", str(tmp_path / "log.pdf")).exit_code == 0
    assert refpad("export", "csv", "--what", "sessions").exit_code == 0
    assert "2026-11-20,09:30,attended,50,step-ups" in Path("data/exports/sessions.csv").read_text("utf-8-sig")
    with pytest.raises(UsageError, match="sessions book"):
        refpad("sessions", "log", "1", "booked")


def test_a_visit_to_an_office_is_planned_logged_and_told() -> None:
    """What the office's page does; an office that is not known is refused, and nobody is ranked."""
    refpad("offices", "add", "northside", "--name", "Northside")
    assert "number 1" in refpad("outreach", "plan", "northside", "2026-11-21", "--with", "Pat Moss").stderr
    logged = refpad(
        "outreach", "log", "northside", "--pads-left", "2", "--about", "pads", "--next", "2026-12-20"
    ).stderr
    assert "The next one is planned for Dec 20, 2026" in logged
    assert [one["on"] for one in told("outreach", "list", "northside")] == ["2026-12-20", "2026-11-21", "2026-11-20"]
    assert refpad("outreach", "cancel", "1", "--reason", "closed").exit_code == 0
    assert "Pat Moss" not in refpad("outreach", "list").stdout
    assert "ranks nobody" in refpad("outreach", "conversion").stderr
    assert told("outreach", "conversion", "northside")[0]["slips"] == 0
    refpad("export", "csv", "--what", "outreach")
    assert ",2026-11-20,done,visit,,pads,2," in Path("data/exports/outreach.csv").read_text("utf-8-sig")
    with pytest.raises(UsageError, match="no office"):
        refpad("outreach", "conversion", "nowhere")
