"""A slip that may have come before is laid beside the other, and settled by a word of its own."""

import pytest
from httpx2 import Response

from store.intake.ledger.files import totals
from store.referrals import referrals
from store.review import duplicates
from store.review.queue import waiting_list
from tests.audit import audit_lines
from tests.web.simulated_slips import Doubts, record_slip, truth_of
from tests.web.studio import Person, Studio

NO_PICTURE = b"\x89PNG"
FIRST = truth_of(1501, patient_phone="+12125550142")


@pytest.fixture
def kim(studio: Studio) -> Person:
    """Somebody at the desk: slip 1 is accepted, slip 2 is the same once more, its diagnosis read otherwise."""
    record_slip(studio, FIRST, Doubts(), NO_PICTURE)
    record_slip(studio, FIRST, Doubts(text={"diagnosis": ("gout",)}), NO_PICTURE)
    return studio.person()


def say(person: Person, **fields: object) -> Response:
    return person.post("/review/s2/duplicate", {"version": "1", **fields})


def test_both_are_shown_with_what_they_do_not_say_alike(studio: Studio, kim: Person) -> None:
    """Who decides sees both papers, what became of the first, and the fields that differ; both looks are on record."""
    page = kim.get("/review/s2/beside/1").text
    for shown in ("/slips/1/picture", "/slips/2/picture", "/referrals/1", "gout", FIRST.text["diagnosis"]):
        assert shown in page
    assert FIRST.text["patient_name"] not in page
    seen = [(line["what"], line["subject"]) for line in audit_lines(studio.store)][-2:]
    assert seen == [("view", "slip 1"), ("view", "slip 2")]
    assert "disabled" in kim.get("/review/s2").text.partition('id="accept"')[2][:20]


def test_what_differs_is_said_in_the_words_of_an_office(studio: Studio) -> None:
    """No states of a program; and of two boxes called "Other" one knows which."""
    record_slip(studio, truth_of(1502), Doubts(), NO_PICTURE)
    record_slip(studio, truth_of(1502), Doubts(boxes=("condition_other", "arthritis"), signature=True), NO_PICTURE)
    page = studio.person().get("/review/s2/beside/1").text
    differences = page[page.index("What they do not say alike") :]
    assert "Other (condition)" in differences
    assert 'Signature</th><td class="break">in doubt</td><td class="break">signed</td>' in differences
    for state in ("ambiguous", "unchecked", "present", "uncertain", "machine"):
        assert state not in page
    assert "met-1 no. 1502 came in before, as slip 1." in page
    assert "accepted automatically" in page


def test_the_same_slip_is_set_aside_and_the_next_comes(studio: Studio, kim: Person) -> None:
    """Its reason stands on the page of what was set aside."""
    answer = say(kim, decision="same", reason=duplicates.SAME_REASONS[0])
    assert answer.headers["location"].startswith("/review?")
    assert (totals(studio.store).accepted, totals(studio.store).rejected) == (1, 1)
    assert "the same slip as slip 1: scanned or sent twice" in kim.get("/set-aside").text


def test_a_new_referral_goes_on_to_be_accepted(studio: Studio, kim: Person) -> None:
    """Only with a reason; then nothing but its own fields is asked about."""
    assert say(kim, decision="new").status_code == 400
    assert say(kim, decision="new", reason="", other="a copied slip").headers["location"] == "/review/s2"
    kim.post("/review/s2/edit", {"field": "diagnosis", "act": "confirm", "version": "2"})
    kim.post("/review/s2/accept", {"version": "3"})
    assert len(list(referrals.exported_referrals(studio.store))) == 2


def test_plain_accepting_makes_no_second_referral(studio: Studio, kim: Person) -> None:
    """Neither the button nor a form that somebody writes themselves."""
    kim.post("/review/s2/edit", {"field": "diagnosis", "act": "confirm", "version": "1"})
    answer = kim.post("/review/s2/accept", {"version": "2", "waive": ["possible_duplicate"]})
    assert answer.headers["location"] == "/review/s2"
    assert totals(studio.store).accepted == 1


@pytest.mark.parametrize("fields", [{}, {"decision": "maybe"}, {"decision": "keep", "reason": "better"}])
def test_what_makes_no_sense_is_refused(fields: dict[str, object], studio: Studio, kim: Person) -> None:
    """With a sentence; the first is a referral already, and is not set aside from here."""
    assert say(kim, **fields).status_code == 400
    assert [item.item for item in waiting_list(studio.store)] == ["s2"]


def test_a_better_copy_is_kept_in_place_of_one_that_waits(studio: Studio) -> None:
    """The first was hardly legible; the second has one doubt."""
    poor = Doubts(text={"diagnosis": ("gout",), "provider_name": ("N.",)}, signature=True)
    record_slip(studio, FIRST, poor, NO_PICTURE)
    record_slip(studio, FIRST, Doubts(text={"diagnosis": ("gout",)}), NO_PICTURE)
    kim = studio.person()
    assert "Set slip 1 aside, go on with this one" in kim.get("/review/s2/beside/1").text
    say(kim, decision="keep", reason=duplicates.SAME_REASONS[1])
    assert [(item.item, len(item.why)) for item in waiting_list(studio.store)] == [("s2", 1)]
