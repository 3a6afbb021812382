"""What was set aside is shown with picture, reason and remedy, and nothing is rejected for good."""

import shutil
from pathlib import Path

import pytest

from schemas.limits import Limits
from schemas.reading import PageRead
from schemas.reasons import SetAsideReason
from store.intake import claims, results
from store.intake.ledger.files import ledger
from store.intake.taking_in.take_in import take_in
from store.review.queue import waiting_list
from store.verify import verify
from tests.web.scenes import without_slip
from tests.web.simulated_slips import Doubts, reading_of, record_slip, truth_of
from tests.web.studio import Studio

SAMPLES = Path(__file__).parents[4] / "samples"
NO_PICTURE = b"\x89PNG"


def came_in(studio: Studio, sample: str, *pages: PageRead) -> int:
    """A sample file that was read to nothing; its number."""
    path = studio.settings.inbox / sample
    shutil.copy(SAMPLES / sample, path)
    take_in(studio.store, path, Limits())
    claim = claims.next_claim(studio.store, "worker", 60)
    assert claim is not None
    results.record(studio.store, claim, pages or (PageRead(page=1, set_aside=without_slip(1)),), {}, studio.rules)
    return claim.file_id


def test_a_file_is_shown_with_its_picture_reason_and_remedy(studio: Studio) -> None:
    """Its name too, to people who may see it: they look for the scan they dropped."""
    number = came_in(studio, "not-a-slip.tif")
    kim = studio.person()
    page = kim.get("/set-aside").text
    assert "No slip found" in page
    assert "scan the whole slip again" in page
    assert "not-a-slip.tif" in page
    picture = kim.get(f"/files/{number}/pages/1")
    assert (picture.headers["content-type"], len(picture.content) < 300_000) == ("image/jpeg", True)


def test_a_file_that_cannot_be_opened_has_words_for_a_picture(studio: Studio) -> None:
    """A damaged PDF is the opener's child's business; the page says so and goes on."""
    number = came_in(studio, "damaged.pdf")
    answer = studio.person().get(f"/files/{number}/pages/1")
    assert (answer.status_code, 'role="alert"' in answer.text) == (404, True)
    assert studio.person().get(f"/files/{number}/pages/7").status_code == 404


def test_backs_and_blank_pages_are_shown_and_can_be_sent_to_review(studio: Studio) -> None:
    """Nobody is asked about them: who misses a slip finds each with its picture and why it was passed over."""
    reasons = (SetAsideReason.NO_SLIP_FOUND, SetAsideReason.BACK_OF_SLIP, SetAsideReason.BLANK_PAGE)
    pages = [PageRead(page=n, set_aside=without_slip(n, why)) for n, why in enumerate(reasons, start=1)]
    number = came_in(studio, "three-pages.pdf", *pages)
    kim = studio.person()
    page = kim.get("/set-aside").text
    section = page[page.index('id="unused"') : page.index('id="away-title"')]
    for shown in (
        "Back of slip",
        "Blank page",
        f"/files/{number}/pages/2",
        f"/files/{number}/pages/3",
        "shines through",
    ):
        assert shown in section
    assert f"/files/{number}/pages/1" not in section
    assert kim.post("/set-aside/back", {"item": "p3"}).headers["location"] == "/review/p3"
    assert [item.item for item in waiting_list(studio.store)] == ["p3"]
    assert "p3" not in kim.get("/set-aside").text
    assert verify(studio.store) == []


def test_a_file_is_read_again_as_a_pad(studio: Studio) -> None:
    """It waits like a new one, with what the person said about its pad."""
    number = came_in(studio, "not-a-slip.tif")
    kim = studio.person()
    assert kim.post(f"/set-aside/{number}/again", {"pad": "nil-1"}).status_code == 400
    assert kim.post(f"/set-aside/{number}/again", {"pad": "post-1"}).headers["location"] == "/inbox"
    claim = claims.next_claim(studio.store, "worker", 60)
    assert claim is not None
    assert (claim.file_id, claim.read_as) == (number, "post-1")
    assert kim.post(f"/set-aside/{number}/again").status_code == 400


def test_what_is_no_slip_is_asked_about_no_more(studio: Studio) -> None:
    """It stays set aside, original and all; the books still balance."""
    number = came_in(studio, "not-a-slip.tif")
    kim = studio.person()
    assert kim.post(f"/set-aside/{number}/settle", {"verdict": "no slip"}).status_code == 303
    assert f"/set-aside/{number}" not in kim.get("/set-aside").text
    assert (ledger(studio.store).set_aside, verify(studio.store)) == (1, [])
    assert kim.post(f"/set-aside/{number}/settle", {"verdict": ""}).status_code == 400


def test_a_file_is_laid_beside_the_slip_it_may_be_a_copy_of(studio: Studio) -> None:
    """And settled as that copy with one button."""
    number = came_in(studio, "not-a-slip.tif")
    record_slip(studio, truth_of(1501), Doubts(), NO_PICTURE)
    kim = studio.person()
    assert "Mark as a copy of slip 1" in kim.get(f"/set-aside/{number}?slip=1").text
    assert "/slips/" not in kim.get(f"/set-aside/{number}?slip=x'1").text
    assert kim.post(f"/set-aside/{number}/settle", {"verdict": "copy", "slip": "1"}).status_code == 303


def test_a_page_without_a_slip_is_settled_from_the_queue(studio: Studio) -> None:
    """In a file whose other pages had some; then the file is done."""
    path = studio.settings.inbox / "scan.pdf"
    shutil.copy(SAMPLES / "three-pages.pdf", path)
    take_in(studio.store, path, Limits())
    claim = claims.next_claim(studio.store, "worker", 60)
    assert claim is not None
    pages = (PageRead(page=1, slips=(reading_of(truth_of(1502)),)), PageRead(page=2, set_aside=without_slip(2)))
    results.record(studio.store, claim, pages, {(1, 1): NO_PICTURE}, studio.rules)
    kim = studio.person()
    page = kim.get("/review/p2").text
    assert "/files/1/pages/2" in page
    assert kim.get("/files/1/pages/2").status_code == 200
    assert kim.post("/review/p2/reject", {"version": "1", "reason": "a cover sheet"}).status_code == 303
    assert ledger(studio.store).done == 1
    assert kim.post("/set-aside/back", {"item": "p2"}).headers["location"] == "/review/p2"
    assert ledger(studio.store).review == 1


def test_what_was_rejected_is_brought_back(studio: Studio) -> None:
    """A wrong key costs nothing; the slip waits again as it was."""
    record_slip(studio, truth_of(1503), Doubts(signature=True), NO_PICTURE)
    kim = studio.person()
    kim.post("/review/s1/reject", {"version": "1", "reason": "a copy of another slip"})
    assert "a copy of another slip" in kim.get("/set-aside").text
    assert kim.post("/set-aside/back", {"item": "s1"}).headers["location"] == "/review/s1"
    assert [item.item for item in waiting_list(studio.store)] == ["s1"]
    assert verify(studio.store) == []
    for wrong in ("s1", "s99", "p1", "x1", "s", "s99999999999"):
        assert kim.post("/set-aside/back", {"item": wrong}).status_code == 400


def test_two_slips_of_one_serial_are_laid_side_by_side(studio: Studio) -> None:
    """The second scan of a paper: both pictures, and one button for the copy."""
    truth = truth_of(1504)
    record_slip(studio, truth, Doubts(), NO_PICTURE)
    record_slip(studio, truth, Doubts(signature=True), NO_PICTURE)
    kim = studio.person()
    assert "/review/s2/beside/1" in kim.get("/review/s2").text
    page = kim.get("/review/s2/beside/1").text
    assert "/slips/1/picture" in page
    assert "/slips/2/picture" in page
    kim.post("/review/s2/reject", {"version": "1", "reason": "a copy of slip 1"})
    assert waiting_list(studio.store) == []


@pytest.mark.parametrize("address", ["/set-aside/9", "/set-aside/x", "/files/9/pages/1", "/files/1/pages/x"])
def test_a_file_that_is_not_there_is_said_in_a_sentence(address: str, studio: Studio) -> None:
    """Whatever number is typed."""
    assert studio.person().get(address).status_code in {400, 404}
