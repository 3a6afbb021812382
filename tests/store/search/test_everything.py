"""One search finds all that a caller may name, by what is known of it so far."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from schemas.item_id import ItemId
from schemas.office import Office
from schemas.reading import PageRead, PageSetAside
from schemas.reasons import FindingCode, SetAsideReason
from store import audit
from store.database import Store
from store.directory import offices, providers
from store.intake import claims
from store.intake.set_aside import bring_back
from store.purge.purging import begin, take
from store.review import diagnosis_codes, duplicates, editing, settle
from store.review.corrections import Corrections
from store.review.withdraw import withdraw
from store.search.everything import RecordSearcher
from store.search.found import Found
from tests.fake_reader import example_rules, slip_reading
from tests.schemas.examples import text
from tests.store.helpers import recorded, taken

SAID = {
    "patient_name": "José Núñez-Ortega",
    "patient_phone": "+12125550117",
    "diagnosis": "knee osteoarthritis",
    "provider_name": "N. Rosenthal, MD",
}


@pytest.fixture
def searcher(store: Store, inbox: Path) -> RecordSearcher:
    """An office, a slip in review (1), a referral (slip 2), a file that is damaged (3) and a page without a slip."""
    offices.add(store, Office(id="northside", name="Northside Family Practice", phone="(347) 555-0188"), "kim")
    waiting = slip_reading(serial=71, sure=False)
    waiting = waiting.model_copy(update={"text": {**waiting.text, **{name: text(said) for name, said in SAID.items()}}})
    recorded(store, taken(store, inbox / "a.pdf", b"a"), waiting)
    recorded(store, taken(store, inbox / "b.pdf", b"b"), slip_reading(serial=72))
    claim = taken(store, inbox / "fax 0412.pdf", b"c")
    claims.set_aside(store, claim, SetAsideReason.TRUNCATED, "The file ends in the middle: send or scan it again.")
    missing = PageSetAside(file="scan", page=2, reason=SetAsideReason.NO_SLIP_FOUND, message="No slip.")
    further = slip_reading(serial=73)
    recorded(store, taken(store, inbox / "d.pdf", b"d"), further, pages=[PageRead(page=2, set_aside=missing)])
    return RecordSearcher(store)


def kinds(found: Found) -> set[str]:
    return {name for name in Found.model_fields if getattr(found, name)}


@pytest.mark.parametrize(
    "query",
    ["nunez", "ortega jose", "unez", "nuñes", "(212) 555-0117", "555-0117", "osteoarthritis", "slip 1", "s1", "71"],
)
def test_a_slip_in_review_is_found_by_what_was_read_of_it(query: str, searcher: RecordSearcher) -> None:
    """A patient who calls does not know that the slip waits."""
    [slip] = searcher.search(query).slips
    assert (slip.item, slip.patient_name, slip.serial) == ("s1", SAID["patient_name"], 71)


def test_what_a_person_corrected_is_found_at_once_and_what_was_read_no_more(
    store: Store, searcher: RecordSearcher
) -> None:
    """The index is brought up to date by each search; an accepted slip is a referral and no longer a slip."""
    assert kinds(searcher.search("nunez")) == {"slips"}
    settle.accept(store, example_rules(), "s1", "kim", Corrections(values={"patient_name": "Ada Quillfeather"}))
    assert kinds(searcher.search("nunez")) == set()
    assert kinds(searcher.search("quillfeather")) == {"slips"}
    settle.accept(store, example_rules(), "s1", "kim", Corrections(values={"signature": "present"}))
    assert kinds(searcher.search("quillfeather")) == {"referrals"}


def test_a_rejected_slip_is_found_and_found_again_in_review(store: Store, searcher: RecordSearcher) -> None:
    """Whoever calls about it must not be told that nothing ever came."""
    settle.reject(store, "s1", "kim", "not for us")
    [slip] = searcher.search("nunez").slips
    assert (slip.state, slip.why_rejected) == ("rejected", "not for us")
    bring_back(store, "s1", "kim")
    assert searcher.search("nunez").slips[0].state == "review"


@pytest.mark.parametrize("query", ["file 3", "truncated", "3/3 truncated", "March 3, 2026 truncated", "fax 0412"])
def test_a_file_set_aside_is_found_by_number_day_reason_and_name(query: str, searcher: RecordSearcher) -> None:
    """The day is the studio's own."""
    [file] = searcher.search(query).files
    assert (file.file_id, file.reason) == (3, "truncated")
    assert searcher.search("3/4 truncated").files == ()


def test_a_page_without_a_slip_is_found(searcher: RecordSearcher) -> None:
    """By its reason, number and file."""
    [page] = searcher.search("no slip found").pages
    assert ItemId.parse(page.item) == ItemId.page(page.number)
    assert searcher.search(page.item).pages == searcher.search("file 4").pages == (page,)


def test_providers_and_offices_are_found_and_lead_to_what_they_were_merged_into(
    store: Store, searcher: RecordSearcher
) -> None:
    """By name, number or street; an old name still leads there."""
    assert [office.id for office in searcher.search("north").offices] == ["northside"]
    assert [office.id for office in searcher.search("3475550188").offices] == ["northside"]
    [fenn] = searcher.search("fenn").providers
    offices.add(store, Office(id="ns-fp", name="Hillview Clinic"), "kim")
    offices.merge(store, "ns-fp", "northside", "kim")
    assert [office.name for office in searcher.search("hillview").offices] == ["Northside Family Practice"]
    providers.edit_provider(store, fenn.id, {"office_id": "northside"}, "kim")
    assert [provider.id for provider in searcher.search("fenn northside").providers] == [fenn.id]


def test_a_confirmed_code_finds_its_referral_and_itself(store: Store, searcher: RecordSearcher) -> None:
    """With or without its point, by its beginning or its words; a code taken back finds nothing."""
    diagnosis_codes.confirm(store, 2, "M17.11", "Unilateral primary osteoarthritis, right knee", "kim")
    for query in ("M17.11", "m1711", "m17", "unilateral"):
        found = searcher.search(query)
        assert ([each.id for each in found.referrals], [code.code for code in found.codes]) == ([1], ["M17.11"])
    diagnosis_codes.drop(store, 2, "M17.11", "kim")
    assert kinds(searcher.search("M17.11")) == set()


def test_a_checked_condition_finds_its_referral(searcher: RecordSearcher) -> None:
    """What is ticked is not written, and is said on the telephone all the same."""
    [first, *_] = searcher.search("").referrals
    for condition in first.conditions:
        assert first.id in [each.id for each in searcher.search(condition.replace("_", " ")).referrals]


def test_a_referral_is_found_by_its_own_number_and_its_slips(searcher: RecordSearcher) -> None:
    """As letters and pages name it."""
    assert [each.id for each in searcher.search("referral 1").referrals] == [1]
    assert [each.id for each in searcher.search("slip no. 2").referrals] == [1]
    assert searcher.search("referral 99").referrals == ()


def test_nothing_but_signs_finds_the_newest_referrals_alone(searcher: RecordSearcher) -> None:
    """As the page of referrals shows them."""
    assert kinds(searcher.search("%")) == {"referrals"}


def test_a_number_that_is_meant_stands_above_those_that_are_nearly_it(
    store: Store, inbox: Path, searcher: RecordSearcher
) -> None:
    """A caller's number found the slip of a stranger first, whose number differs in a digit."""
    said = {"patient_name": "Rosa Ember", "patient_phone": "+12125550118"}
    reading = slip_reading(serial=74)
    reading = reading.model_copy(
        update={"text": {**reading.text, **{name: text(words) for name, words in said.items()}}}
    )
    recorded(store, taken(store, inbox / "e.pdf", b"e"), reading)
    found = searcher.search("(212) 555-0118")
    assert (kinds(found), [one.patient_name for one in found.referrals]) == ({"referrals", "near"}, ["Rosa Ember"])
    assert found.near is not None
    assert [slip.serial for slip in found.near.slips] == [71]
    assert found.count == 2
    nearly = searcher.search("(212) 555-0116")  # nobody's own: what is near is all there is
    assert (kinds(nearly), nearly.near) == ({"referrals", "slips"}, None)
    serial = searcher.search("71")
    assert ([slip.serial for slip in serial.slips], serial.near) == ([71], None)
    misspelled = searcher.search("rosenthol")
    assert (len(misspelled.slips), misspelled.near) == (1, None)


def test_a_search_that_was_made_ready_reads_no_more_than_the_next(store: Store, searcher: RecordSearcher) -> None:
    """The first one after a start took a second of somebody's time."""
    counts = []
    searcher.warm()
    rows = sa.event.listens_for(store.engine, "before_cursor_execute")
    rows(lambda *_: counts.append(1))
    searcher.search("nunez")
    first = len(counts)
    searcher.search("nunez")
    assert (len(counts) - first, first > 0) == (first, True)


def test_a_search_looks_again_at_what_acts_named_and_not_at_all_that_waits(
    store: Store, inbox: Path, searcher: RecordSearcher
) -> None:
    """With a hundred thousand slips in the queue each search read the state of every one of them."""
    for number in range(10):
        recorded(
            store, taken(store, inbox / "many.pdf", b"many %d" % number), slip_reading(serial=80 + number, sure=False)
        )
    searcher.search("nunez")
    settle.accept(store, example_rules(), "s1", "kim", Corrections(values={"patient_name": "Rosa Ember"}))
    with asked(store) as statements:
        assert [slip.number for slip in searcher.search("rosa ember").slips] == [1]
    with store.read() as connection:
        rows = [row for one in statements for row in connection.exec_driver_sql(*one)]
    assert 0 < len(rows) < 10


def test_a_searcher_that_has_lived_through_all_acts_finds_what_a_new_one_does(
    store: Store, inbox: Path, searcher: RecordSearcher
) -> None:
    """It knows of a slip or page only what the audit says that acts were about: each act must name what it changes."""
    rules, page = example_rules(), searcher.search("no slip found").pages[0].item
    came = partial(recorded, store)

    def name_it(said: str) -> None:
        settle.accept(store, rules, "s1", "kim", Corrections(values={"patient_name": said}))

    def purge_its_file() -> None:
        with store.write() as connection:
            take(connection, store, begin(connection, store, "a test", "kim"), [1], "kim")

    acts: list[Callable[[], object]] = [
        lambda: name_it("Ada Quillfeather"),
        lambda: editing.undo(store, rules, "s1", "kim", settle.find_slip(store, "s1").version),
        lambda: settle.reject(store, "s1", "kim", "not for us"),
        lambda: bring_back(store, "s1", "kim"),
        lambda: settle.reject(store, page, "kim", "a back"),
        lambda: bring_back(store, page, "kim"),
        lambda: withdraw(store, 2, "kim"),
        lambda: settle.accept(store, rules, "s2", "kim", Corrections(), None, tuple(FindingCode)),
        lambda: came(taken(store, inbox / "again.pdf", b"again"), slip_reading(serial=71, sure=False)),
        lambda: duplicates.keep_instead(store, "s4", "kim", duplicates.SAME_REASONS[0]),
        lambda: bring_back(store, "s1", "kim"),
        purge_its_file,
    ]
    queries = ("slip", "page", "nunez")
    found = [searcher.search(query) for query in queries]
    for act in acts:
        act()
        before, found, new = found, [searcher.search(query) for query in queries], RecordSearcher(store)
        assert found == [new.search(query) for query in queries]
        assert found != before


def test_what_acts_were_about_is_told_from_a_line_that_the_record_has(store: Store, searcher: RecordSearcher) -> None:
    """Another record in the place of this one, put back from a backup, has another line of that number."""
    settle.reject(store, "s1", "kim", "not for us")
    with store.read() as connection:
        last, subjects = audit.named_since(connection, None, 99)
        assert subjects is None
        audit_line = connection.execute(sa.text("SELECT id, hash FROM audit WHERE id = :id"), {"id": last[0] - 1}).one()
        before = (audit_line.id, audit_line.hash)
        assert audit.named_since(connection, before, 99) == (last, ["slip 1"])
        assert audit.named_since(connection, last, 99) == (last, [])
        assert audit.named_since(connection, (before[0], "another"), 99) == (last, None)
        assert audit.named_since(connection, (last[0] + 1, last[1]), 99) == (last, None)
        assert audit.named_since(connection, before, 0) == (last, None)


@contextmanager
def asked(store: Store) -> Iterator[list[tuple[str, Any]]]:
    """The statements about slips and pages that are executed in the block, each with what it is given."""
    statements = list[tuple[str, Any]]()

    def note(_conn: object, _cursor: object, statement: str, given: object, _context: object, _many: bool) -> None:
        if "FROM slip" in statement or "FROM page" in statement:
            statements.append((statement, given))

    sa.event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(store.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("query", ["7/4/1958", "07/04/58", "Jul 4, 1958", "1958-07-04"])
def test_a_slip_in_review_is_found_by_the_date_of_birth_on_it(query: str, store: Store, inbox: Path) -> None:
    """The second thing that whoever calls is asked for, and the first that tells two of one name apart."""
    for number, born in enumerate(("07/04/1958", "1985-07-04")):
        read = slip_reading(serial=81 + number, sure=False)
        read = read.model_copy(update={"text": {**read.text, "birth_date": text(born)}})
        recorded(store, taken(store, inbox / "a.pdf", b"%d" % number), read)
    assert [slip.item for slip in RecordSearcher(store).search(query).slips] == ["s1"]
