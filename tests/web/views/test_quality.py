"""Reading accuracy at the front desk: the target, what people found, the bars that follow, and a reset."""

import pytest
import sqlalchemy as sa

from schemas.bars import SHIPPED_BARS, ValueKind
from schemas.recalibration import ChosenBar
from store.quality import bars
from store.referrals import quality_sample
from store.tables import audit, example, slip
from tests.web.simulated_slips import Doubts, record_slip, truth_of
from tests.web.studio import Person, Studio


@pytest.fixture
def kim(studio: Studio) -> Person:
    """A user, with three slips that the machine accepted."""
    for serial in (1601, 1602, 1603):
        record_slip(studio, truth_of(serial, provider_name="N. Rosenthal, MD"), Doubts())
    return studio.person()


def test_the_measured_error_is_shown_with_its_interval(studio: Studio, kim: Person) -> None:
    """Nothing looked at is no error of zero."""
    assert "nothing checked yet" in kim.get("/quality").text
    with studio.store.write() as connection:
        for number in (1, 2, 3):
            quality_sample.request_look(connection, studio.store, number, quality_sample.SAMPLE)
    for number in (1, 2, 3):
        assert kim.post(f"/review/s{number}/accept", {"version": "1"}).status_code == 303
    page = kim.get("/quality").text
    assert "0.0%, between 0.0% and 56.1%" in page
    assert "Slips that raised no doubt: 3, of which 3 went to a person." in page


def test_a_second_look_looks_like_a_doubt_until_somebody_finds_an_error(studio: Studio, kim: Person) -> None:
    """Who knows that a value was sure confirms it unseen. Each costs one confirmation, and teaches."""
    with studio.store.write() as connection:
        quality_sample.request_look(connection, studio.store, 1, quality_sample.SAMPLE)
        connection.execute(sa.update(slip).where(slip.c.id == 1).values(asked={"goals": 0.1, "signed_on": 0.1}))
    said = {"field": "goals", "act": "confirm", "version": "1"}
    page = kim.post("/review/s1/edit", said).text
    assert 'id="card-goals" data-part data-field="goals" data-kind="text" data-state="sure"' in page
    assert 'id="card-signed_on" data-part data-field="signed_on" data-kind="text" data-state="doubt"' in page
    assert "accepted already" not in page
    assert kim.post("/review/s1/accept", {"version": "2"}).headers["location"].startswith("/review/s1")
    page = kim.post("/review/s1/edit", {"field": "signature", "value": "absent", "version": "3"}).text
    assert "This slip is accepted already" in page


def test_what_was_found_wrong_unasked_is_told_beside_the_shares(studio: Studio, kim: Person) -> None:
    """It is known, and in no share: nobody confirmed what was right beside it."""
    with studio.store.write() as connection:
        row = {"slip_id": 1, "field": "goals", "kind": "phrase", "reader": "ppocr", "channel": "", "confidence": 0.99}
        row |= {"source": "found", "chance": 1.0, "is_right": False, "at": studio.store.clock.now()}
        connection.execute(example.insert().values(row))
    page = kim.get("/quality").text
    assert "Besides, 1 value that passes was corrected though nobody had been asked" in page
    assert page.count("nothing checked yet") >= 6


def test_targets_bars_and_changes_are_shown_and_reset_with_one_click(studio: Studio, kim: Person) -> None:
    """What changed, when, and on how many values; afterwards all is as it began, and the audit knows who did it."""
    with studio.store.write() as connection:
        bars.change(connection, studio.store, ValueKind.DATE, 0.97, ChosenBar(0.99, 0.001, 0.003, 240))
    page = kim.get("/quality").text
    assert "1 in 300" in page
    assert "Dates, 0.97 to 0.99 (tightened, 240 values confirmed or corrected)" in page
    assert kim.post("/quality/reset", {}).headers["location"] == "/quality"
    assert "Dates, 0.99 to the initial confidence (reset by kim)" in kim.get("/quality").text
    with studio.store.read() as connection:
        assert bars.current(connection) == SHIPPED_BARS
        assert connection.execute(sa.select(audit.c.who).where(audit.c.what == "reset bars")).scalars().all() == ["kim"]
