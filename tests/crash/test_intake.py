"""Killed at every step of its work, refpad loses no scan and makes no record twice."""

import ast
from pathlib import Path

import pytest

from tests.crash.chase_life import prepare
from tests.crash.crash_harness import ROOT, Facts, Server, drop, facts, first_and_last, points_passed, wrongs
from tests.crash.crash_life import BUCKET, GROWN, SLIP, URL, opened
from tests.crash.mail_life import prepare_mail
from tests.crash.planted_bugs import PLANTED
from tests.crash.purge_life import prepare_old
from tests.crash.test_backup import OF_POSTGRESQL
from tests.crash.webhook_life import prepare_webhook
from tests.databases import PostgreSQL, postgresql
from tests.imap_server import mail_with, posting
from tests.s3_server import S3Server
from tests.scans import kinds
from tests.webhook_receiver import receiving

__all__ = ["postgresql"]

PACKAGES = ("store", "refpad", "flows", "followup", "exports")
KILLED = [-9]
OF_BUCKET = ("bucket.written", "bucket.verified")
SHA256_LETTERS = 64
COPIES = {f"{number}.jpg": b"\xff\xd8\xff%d" % number for number in range(3)}

SHEETS = {"slip.jpg": SLIP, "fax.jpg": b"\xff\xd8\xff fax", "scan.jpg": b"\xff\xd8\xff scan"}


def named_points() -> set[str]:
    """Every crash point in the source, by its name."""
    found = set()
    for path in (each for package in PACKAGES for each in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "crashpoint":
                assert isinstance(node.args[0], ast.Constant), f"{path.name}:{node.lineno}: write the name out"
                found.add(str(node.args[0].value))
    return found


@pytest.fixture
def empty(room: Path) -> Path:
    """A store as it is after its first opening."""
    opened(room / "empty").close()
    return room / "empty" / "store"


def undisturbed(server: Server, folder: Path, life: str = "live") -> Facts:
    """What an undisturbed life leaves."""
    assert server.live(folder, life=life) == [0]
    store = opened(folder)
    told = facts(store)
    store.close()
    return told


@pytest.mark.parametrize("kind", kinds())
def test_killed_at_any_step_and_started_again_it_ends_as_if_nothing_had_happened(
    kind: str, room: Path, empty: Path, server: Server
) -> None:
    """Each named step, at its first and last pass, is where power may fail: one record a slip, every original."""
    dropped = kinds()[kind]
    expected = undisturbed(server, drop(room / "undisturbed", dropped, empty))
    for point in first_and_last(points_passed(room / "undisturbed")):
        folder = drop(room / point, dropped, empty)
        assert server.live(folder, point) == KILLED, point
        assert server.live(folder) == [0], point
        assert wrongs(folder, dropped, expected) == [], point


def test_killed_again_while_it_recovers_it_still_ends_as_if_nothing_had_happened(
    room: Path, empty: Path, server: Server
) -> None:
    """What brought the first crash (a full disk, a failing power supply) often brings the second."""
    dropped = kinds()["a JPEG"]
    expected = undisturbed(server, drop(room / "undisturbed", dropped, empty))
    for point in {each.partition(":")[0] for each in points_passed(room / "undisturbed")}:
        folder = drop(room / point, dropped, empty)
        server.live(folder, point)
        server.live(folder, point)
        assert server.live(folder) == [0], point
        assert wrongs(folder, dropped, expected) == [], point


def test_killed_at_any_step_on_postgresql_it_ends_as_if_nothing_had_happened(
    room: Path, server: Server, postgresql: PostgreSQL
) -> None:
    """The other database has other locks, and learns of a death only from a broken connection."""
    dropped = kinds()["a JPEG"]
    opened(drop(room / "empty", {}, url=postgresql.new_database())).close()
    empty = (room / "empty" / URL).read_text().rpartition("/")[2]
    url = postgresql.new_database(like=empty)
    expected = undisturbed(server, drop(room / "undisturbed", dropped, room / "empty" / "store", url=url))
    for point in points_of_the_database(room / "undisturbed"):
        postgresql.drop_database(url)
        url = postgresql.new_database(like=empty)
        folder = drop(room / point, dropped, room / "empty" / "store", url=url)
        assert server.live(folder, point) == KILLED, point
        assert server.live(folder) == [0], point
        assert wrongs(folder, dropped, expected) == [], point


def test_killed_while_a_file_grows_after_it_was_taken_in_both_versions_are_read_once(
    room: Path, empty: Path, server: Server
) -> None:
    """It is hashed again before it goes, and what it grew by is a version of its own: no page lost, none read twice."""
    dropped = {"scan.pdf": GROWN.replace(b"/Type /Page\n", b"", 1)}
    expected = undisturbed(server, drop(room / "undisturbed", dropped, empty), "grow")
    assert [name for name, *_ in expected["drops"]] == [b"scan.pdf"] * 2
    assert list((room / "undisturbed" / "inbox").iterdir()) == []
    for point in first_and_last(points_passed(room / "undisturbed")):
        folder = drop(room / point, dropped, empty)
        assert server.live(folder, point, life="grow") == KILLED, point
        assert server.live(folder, life="grow") == [0], point
        assert wrongs(folder, {**dropped, "grown": GROWN}, expected) == [], point
        assert list((folder / "inbox").iterdir()) == [], point


def test_killed_while_a_file_grows_on_postgresql_both_versions_are_read_once(
    room: Path, server: Server, postgresql: PostgreSQL
) -> None:
    """The same with the other database."""
    dropped = {"scan.pdf": GROWN.replace(b"/Type /Page\n", b"", 1)}
    opened(drop(room / "empty", {}, url=postgresql.new_database())).close()
    empty = (room / "empty" / URL).read_text().rpartition("/")[2]
    url = postgresql.new_database(like=empty)
    expected = undisturbed(server, drop(room / "undisturbed", dropped, room / "empty" / "store", url=url), "grow")
    for point in points_of_the_database(room / "undisturbed"):
        postgresql.drop_database(url)
        url = postgresql.new_database(like=empty)
        folder = drop(room / point, dropped, room / "empty" / "store", url=url)
        assert server.live(folder, point, life="grow") == KILLED, point
        assert server.live(folder, life="grow") == [0], point
        assert wrongs(folder, {**dropped, "grown": GROWN}, expected) == [], point


def points_of_the_database(folder: Path) -> set[str]:
    """The steps at which a database differs from another: not those of files, and each once."""
    names = {point.partition(":")[0] for point in points_passed(folder)}
    return {name for name in names if not name.startswith("files.")}


@pytest.mark.parametrize("point", ["migrate.before_commit", "migrate.committed"])
def test_killed_while_the_tables_are_made_the_next_start_makes_them(point: str, room: Path, server: Server) -> None:
    """A half-migrated database would be neither the old one nor the new one."""
    dropped = kinds()["a JPEG"]
    expected = undisturbed(server, drop(room / "undisturbed", dropped))
    folder = drop(room / point, dropped)
    assert server.live(folder, point) == KILLED
    assert server.live(folder) == [0]
    assert wrongs(folder, dropped, expected) == []


def test_killed_while_a_person_decides_about_copies_each_word_counts_once(
    room: Path, empty: Path, server: Server
) -> None:
    """One is set aside, one is a second referral; no kill makes a third or loses the word."""
    expected = undisturbed(server, drop(room / "undisturbed", COPIES, empty), "copies")
    assert len(expected["referrals"]) == len(COPIES) - 1
    for point in (point for point in points_passed(room / "undisturbed") if point.startswith(("duplicate", "settle"))):
        folder = drop(room / point, COPIES, empty)
        assert server.live(folder, point, life="copies") == KILLED, point
        assert server.live(folder, life="copies") == [0], point
        assert wrongs(folder, COPIES, expected) == [], point


def test_killed_while_an_answer_completes_its_slip_it_does_so_once(room: Path, empty: Path, server: Server) -> None:
    """The office signed once, and sent it twice: one referral, one answer, and no slip of its own for either sheet."""
    expected = undisturbed(server, drop(room / "undisturbed", SHEETS, empty), "sheets")
    assert len(expected["referrals"]) == 1
    for point in (point for point in points_passed(room / "undisturbed") if point.startswith("sheet")):
        folder = drop(room / point, SHEETS, empty)
        assert server.live(folder, point, life="sheets") == KILLED, point
        assert server.live(folder, life="sheets") == [0], point
        assert wrongs(folder, SHEETS, expected) == [], point


def test_killed_while_files_go_into_a_bucket_it_ends_as_if_nothing_had_happened(
    room: Path, empty: Path, server: Server, s3: S3Server
) -> None:
    """An object is whole or not there, and no row names one that was not read again."""
    dropped = kinds()["a JPEG"]
    expected = undisturbed(server, drop(room / "undisturbed", dropped, empty))
    folder = drop(room / "killed", dropped, empty)
    (folder / BUCKET).write_text(f"{s3.endpoint} {s3.new_address()}")
    for point in OF_BUCKET:
        assert server.live(folder, point) == KILLED, point
    assert server.live(folder) == [0]
    assert wrongs(folder, dropped, expected) == []
    assert not [path for path in (folder / "store").rglob("*") if len(path.name) == SHA256_LETTERS]


def test_every_named_step_is_one_at_which_the_life_was_ended(room: Path, server: Server) -> None:
    """A durable step that no life reaches would never be tested."""
    reached = set()
    for number, dropped in enumerate(kinds().values()):
        folder = drop(room / str(number), dropped)
        assert server.live(folder) == [0]
        reached |= {point.partition(":")[0] for point in points_passed(folder)}
    assert server.live(drop(room / "copies", COPIES), life="copies") == [0]
    reached |= {point.partition(":")[0] for point in points_passed(room / "copies")}
    assert server.live(drop(room / "sheets", SHEETS), life="sheets") == [0]
    reached |= {point.partition(":")[0] for point in points_passed(room / "sheets")}
    folder = drop(room / "grow", {"scan.pdf": GROWN.replace(b"/Type /Page\n", b"", 1)})
    assert server.live(folder, life="grow") == [0]
    reached |= {point.partition(":")[0] for point in points_passed(folder)}
    for life in ("letters", "backups", "desk"):
        prepare(room / life)
        assert server.live(room / life, life=life) == [0]
        reached |= {point.partition(":")[0] for point in points_passed(room / life)}
    prepare_old(room / "purges")
    assert server.live(room / "purges", life="purges") == [0]
    reached |= {point.partition(":")[0] for point in points_passed(room / "purges")}
    (room / "post").mkdir()
    with posting(room / "post") as post:
        post.deliver(mail_with(b"%PDF-1"), mail_with(b"x", sender="eve@elsewhere.example"))
        assert server.live(prepare_mail(room / "mail", post.mailbox), life="mail") == [0]
    reached |= {point.partition(":")[0] for point in points_passed(room / "mail")}
    with receiving() as receiver:
        receiver.answers.append(500)
        assert server.live(prepare_webhook(room / "webhook", receiver.url), life="tell") == [0]
    reached |= {point.partition(":")[0] for point in points_passed(room / "webhook")}
    reached |= {*OF_POSTGRESQL, *OF_BUCKET}
    assert sorted(named_points() - reached) == []
    assert sorted(reached - named_points()) == []


@pytest.mark.parametrize("bug", PLANTED)
def test_the_harness_sees_a_planted_bug(bug: str, room: Path, empty: Path, server: Server) -> None:
    """A test that finds nothing proves nothing unless it would have found something."""
    dropped = kinds()["a PDF of three pages"]
    expected = undisturbed(server, drop(room / "undisturbed", dropped, empty), bug)
    assert wrongs(room / "undisturbed", dropped, expected) == []

    def is_seen_at(point: str) -> bool:
        folder = drop(room / point, dropped, empty)
        server.live(folder, point, life=bug)
        return server.live(folder, life=bug) != [0] or wrongs(folder, dropped, expected) != []

    likely_first = sorted(points_passed(room / "undisturbed"), key=lambda point: not point.startswith("planted"))
    assert any(is_seen_at(point) for point in likely_first)
