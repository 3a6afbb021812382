"""Scans from the browser go the way of every scan, and their progress is seen."""

import os
import tempfile
from pathlib import Path
from urllib.parse import quote

import pytest
from httpx2 import Response
from hypothesis import given, settings
from hypothesis import strategies as st

from refpad.services.intake.inbox_entries import MARKER
from schemas.limits import Limits
from schemas.reasons import SetAsideReason
from schemas.users import Role
from store.intake import claims
from store.intake.taking_in.refusals import refusal_of
from store.intake.taking_in.take_in import take_in
from store.workers.workers import WATCHER, register_worker
from tests.audit import audit_lines
from tests.web.scenes import files_set_aside
from tests.web.simulated_slips import Doubts, record_slip, truth_of
from tests.web.studio import ORIGIN, Person, Studio, open_studio, scratch
from web.views.intake.inbox import link_under_name, safe_name

SAMPLE = (Path(__file__).parents[4] / "samples" / "neat-slip.png").read_bytes()


WAITED_FOR = (".part", ".filepart", ".partial", ".crdownload", ".tmp", ".swp", "~", ":Zone.Identifier", "Thumbs.db")


def send(person: Person, name: str, content: bytes = SAMPLE) -> Response:
    headers = {"Origin": ORIGIN, "X-Refpad-Token": person.token, "X-Refpad-Name": name}
    return person.client.post("/inbox/upload", content=content, headers=headers)


def in_inbox(studio: Studio) -> list[str]:
    return sorted(path.name for path in studio.settings.inbox.iterdir() if path.name != MARKER)


def test_an_uploaded_scan_lies_in_the_inbox_whole_and_private(studio: Studio) -> None:
    """As if it had been dropped there; the audit knows who sent how much, and no name."""
    assert send(studio.person(), "Ada%20Quill.png").status_code == 201
    [name] = in_inbox(studio)
    path = studio.settings.inbox / name
    assert (name, path.read_bytes() == SAMPLE, path.stat().st_mode & 0o777) == ("Ada Quill.png", True, 0o600)
    line = audit_lines(studio.store)[-1]
    assert (line["what"], line["detail"]) == ("upload", {"bytes": len(SAMPLE)})


def test_a_scan_is_said_to_be_added_when_its_name_is_on_disk(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a power cut the folder is as it was synced last: the scan would be gone, and its paper thrown away."""
    kim, sync, at_syncs = studio.person(), os.fsync, list[tuple[bool, bool]]()
    inbox = studio.settings.inbox.stat()

    def noted(handle: int) -> None:
        if os.path.samestat(os.fstat(handle), inbox):
            audited = "upload" in [line["what"] for line in audit_lines(studio.store)]
            at_syncs.append(("scan.png" in in_inbox(studio), audited))
        sync(handle)

    monkeypatch.setattr(os, "fsync", noted)
    assert send(kim, "scan.png").status_code == 201
    assert at_syncs == [(True, False)]


def test_an_admin_is_led_to_prefect_and_told_where_its_password_stands(studio: Studio) -> None:
    """Its page asks for a line that nobody has typed before; the front desk itself does not know it."""
    told = studio.person("ada", Role.ADMIN).get("/inbox").text
    assert f'href="http://127.0.0.1:{studio.settings.prefect_port}"' in told
    assert str(studio.settings.prefect_auth_file.absolute()) in told
    assert "auth-string" not in studio.person("kim").get("/inbox").text


def test_two_of_one_name_are_two_files(studio: Studio) -> None:
    """A phone calls every photo image.jpg."""
    kim = studio.person()
    for _ in range(3):
        assert send(kim, "image.jpg").status_code == 201
    assert in_inbox(studio) == ["image-2.jpg", "image-3.jpg", "image.jpg"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("..%2F..%2Fetc%2Fpasswd", "etc passwd"),
        ("%2Fetc%2Fshadow", "etc shadow"),
        (".refpad-inbox", "refpad-inbox"),
        ("scan.pdf~", "scan.pdf"),
        ("", "scan"),
        ("..", "scan"),
        ("%00%0a%1b[31m", "[31m"),
        ("%ff%fe", None),
        ("x" * 2000, None),
        ("%E2%80%AEfdp.exe", "fdp.exe"),
        ("-rf", "-rf"),
        ("x.part", "x.part.scan"),
        ("Fax.TMP", "Fax.TMP.scan"),
        ("a.pdf.crdownload", "a.pdf.crdownload.scan"),
        ("thumbs.db", "thumbs.db.scan"),
        ("~%24letter.docx", "$letter.docx"),
        ("a.pdf%3AZone.Identifier", "a.pdf:Zone.Identifier.scan"),
    ],
)
def test_no_name_leads_out_of_the_inbox(name: str, expected: str | None, studio: Studio) -> None:
    """Nor onto its marker, nor to what the watcher leaves alone for ever; what was there stays."""
    before = {path.name for path in studio.settings.folder.rglob("*")}
    assert send(studio.person(), name).status_code == 201
    [written] = in_inbox(studio)
    assert expected in (written, None)
    assert len(os.fsencode(written)) <= 180
    assert written.isprintable()
    new = {path.name for path in studio.settings.folder.rglob("*")} - before - {written}
    assert {name for name in new if "sqlite" not in name} == set()


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=40) | st.sampled_from(WAITED_FOR).flatmap(lambda end: st.text(max_size=9).map(lambda x: x + end))
)
def test_whatever_an_upload_is_called_it_is_taken_in(name: str) -> None:
    """Answered with 201 and then left alone for ever, it would be lost with nobody told."""
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / ".part"
        part.write_bytes(SAMPLE)
        for _ in range(2):
            link_under_name(part, Path(folder), safe_name(quote(name)))
        part.unlink()
        refused = {path.name: refusal_of(path.name, path.lstat(), Limits()) for path in Path(folder).iterdir()}
        assert list(refused.values()) == [None, None]


def test_a_file_that_is_too_large_or_empty_leaves_nothing() -> None:
    """Refused in a sentence with the figure; the part that arrived is removed."""
    with scratch() as folder, open_studio(folder, limits=Limits(file_bytes=1000)) as studio:
        kim = studio.person()
        answer = send(kim, "big.png")
        assert (answer.status_code, "1,000 bytes" in answer.text) == (400, True)
        assert send(kim, "empty.png", b"").status_code == 400
        assert in_inbox(studio) == []


def test_an_inbox_that_is_not_there_is_said_so(studio: Studio) -> None:
    """An unmounted disk must not swallow scans."""
    (studio.settings.inbox / MARKER).unlink()
    answer = send(studio.person(), "scan.png")
    assert (answer.status_code, "mount its disk" in answer.text) == (503, True)


def test_only_our_own_page_may_send(studio: Studio) -> None:
    """The token and the origin, as for every form."""
    kim = studio.person()
    kim.token = "guessed"  # noqa: S105 - it is no password
    assert send(kim, "scan.png").status_code == 403
    assert send(studio.stranger(), "scan.png").status_code == 401
    assert in_inbox(studio) == []


def test_each_file_is_shown_with_its_status(studio: Studio) -> None:
    """Waiting, being read, done, needing review."""
    kim = studio.person()
    record_slip(studio, truth_of(1801), Doubts(), b"\x89PNG")
    record_slip(studio, truth_of(1802), Doubts(signature=True), b"\x89PNG")
    send(kim, "third.png")
    take_in(studio.store, studio.settings.inbox / "third.png", Limits())
    page = kim.get("/inbox").text
    for words in ("1 accepted", "needs review", "waiting to be read", "third.png"):
        assert words in page
    claims.next_claim(studio.store, "worker", 60)
    assert "being read" in kim.get("/inbox/progress").text


def test_pages_that_could_not_be_read_are_in_the_line_of_their_file(studio: Studio) -> None:
    """Whoever sees "1 accepted" takes the file for done; its back can be looked at from there."""
    files_set_aside(studio)
    page = studio.person().get("/inbox/progress").text
    assert "1 accepted, 1 page waiting, 1 back" in page
    assert 'href="/set-aside#unused"' in page


def test_a_duplicate_is_shown_as_one_and_of_what(studio: Studio) -> None:
    """Whoever sent it looks for it: a file that is on no list is sent a third time."""
    kim = studio.person()
    for name in ("first.png", "second.png"):
        send(kim, name)
        take_in(studio.store, studio.settings.inbox / name, Limits())
    page = kim.get("/inbox/progress").text
    assert "second.png" in page
    assert "duplicate of file 1" in page


def test_a_second_failure_of_the_same_bytes_is_on_both_lists(studio: Studio) -> None:
    """Two empty files are two scans that failed, each of which somebody must do again."""
    kim = studio.person()
    for name in ("SCN_7.pdf", "SCN_8.pdf"):
        (studio.settings.inbox / name).write_bytes(b"")
        take_in(studio.store, studio.settings.inbox / name, Limits())
    claim = claims.next_claim(studio.store, "worker", 60)
    assert claim is not None
    claims.set_aside(studio.store, claim, SetAsideReason.EMPTY, "This file is empty: scan the paper again.")
    for address in ("/inbox/progress", "/set-aside"):
        page = kim.get(address).text
        assert ("SCN_7.pdf" in page, "SCN_8.pdf" in page, "duplicate of" in page) == (True, True, False)


def test_a_file_that_stays_for_some_minutes_is_said_to_be_taken_and_one_that_grew_to_be_read_again(
    studio: Studio,
) -> None:
    """Whoever looks into the folder sees it lie there, and must not send it again."""
    path = studio.settings.inbox / "scan.tif"
    for content in (b"page 1", b"page 1 and 2"):
        path.write_bytes(content)
        take_in(studio.store, path, Limits(), keep_s=180)
    page = studio.person().get("/inbox/progress").text
    assert page.count("taken; leaves the inbox at") == 1
    assert "changed after it was taken as file 1: read again" in page
    assert "nothing waits" not in page
    assert "0 still coming in" in page


def test_folders_that_are_not_looked_into_are_named(studio: Studio) -> None:
    """A scanner that makes a folder a day in one for the year in one for itself: its scans would lie there unread."""
    kim = studio.person()
    assert 'id="folders" data-part hidden' in kim.get("/inbox/progress").text
    (studio.settings.inbox / "HP_M428" / "2026" / "11-20").mkdir(parents=True)
    page = kim.get("/inbox/progress").text
    assert "HP_M428/2026/11-20" in page
    assert 'id="folders" data-part aria' in page


def test_what_stays_in_the_inbox_is_shown_with_the_reason(studio: Studio) -> None:
    """A link is never taken in; nobody who looks only at this page would learn why."""
    (studio.settings.inbox / "link.pdf").symlink_to("/nowhere")
    take_in(studio.store, studio.settings.inbox / "link.pdf", Limits())
    page = studio.person().get("/inbox/progress").text
    assert "left in the inbox" in page
    assert "put the scan itself into the inbox" in page


def test_the_health_line_names_each_part(studio: Studio) -> None:
    """Nobody runs here: neither Prefect nor the watcher, and the line says so."""
    text = studio.person().get("/inbox/progress").text
    for words in ("not at work", "nothing waits", "does not answer", "GB free"):
        assert words in text


def test_a_watcher_at_work_is_seen(studio: Studio) -> None:
    """By the lock that it holds for as long as it lives."""
    with register_worker(studio.store, WATCHER):
        assert "Watcher: at work" in studio.person().get("/inbox/progress").text


def test_nobody_reads_that_nothing_waits_right_after_a_scan_came(studio: Studio) -> None:
    """The line is asked for every two seconds, and said so for eight more; nor when the inbox cannot be read."""
    kim = studio.person()
    assert "nothing waits" in kim.get("/inbox/progress").text
    send(kim, "one.png")
    assert "0 to be read, 1 still coming in" in kim.get("/inbox/progress").text
    studio.settings.inbox.rename(studio.settings.inbox.with_name("elsewhere"))
    page = kim.get("/inbox/progress").text
    assert ("nothing waits" in page, "what lies in the inbox is not known" in page) == (False, True)
