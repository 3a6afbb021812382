"""Referrals are found by what people remember of them, mistyped or not."""

import tracemalloc
from pathlib import Path

import pytest

from store.database import Store
from store.search import index, search, word_list
from store.search.search import Searcher
from store.search.words import PHONE, SERIAL
from store.tables import search_hit, search_word
from tests.fake_reader import slip_reading
from tests.schemas.examples import text
from tests.store.helpers import recorded, taken

PEOPLE = {
    1: ("Ada Quill", "+12125550142", "s/p L TKA 9/14", "Dr. B. Fenn"),
    2: ("José Núñez-Ortega", "+12125550117", "knee osteoarthritis", "N. Rosenthal, MD"),
    3: ("Margaret Smith", "+13475550188", "low back pain, sciatica", "N. Rosenthal, MD"),
    4: ("Adam Quiller", "+19175550142", "Parkinson's disease", "Dr. A. Quill"),
}


@pytest.fixture
def searcher(store: Store, inbox: Path) -> Searcher:
    """Four referrals."""
    for serial, (name, phone, diagnosis, provider) in PEOPLE.items():
        said = {"patient_name": name, "patient_phone": phone, "diagnosis": diagnosis, "provider_name": provider}
        reading = slip_reading(serial=serial)
        reading = reading.model_copy(update={"text": {**reading.text, **{n: text(v) for n, v in said.items()}}})
        assert recorded(store, taken(store, inbox / "scan.pdf", b"%d" % serial), reading).accepted == 1
    return Searcher(store)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ada quill", [1, 4]),
        ("quill", [1, 4]),
        ("QUILLER", [4]),
        ("qu", [4, 1]),
        ("nunez", [2]),
        ("Núñez ortega", [2]),
        ("smyth", [3]),
        ("margarte", [3]),
        ("rozenthal sciatca", [3]),
        ("osteoartritis", [2]),
        ("parkinson", [4]),
        ("(212) 555-0142", [1]),
        ("+1 212 555 0142", [1]),
        ("5550142", [4, 1]),
        ("0142", [4, 1]),
        ("2125550143", [1]),
        ("3", [3]),
        ("zebra", []),
        ("ada zebra", []),
        ("'; DROP TABLE referral; --", []),
        ("%", [4, 3, 2, 1]),
        ("", [4, 3, 2, 1]),
        ("\u202e \x00", [4, 3, 2, 1]),
    ],
)
def test_what_is_remembered_is_found(query: str, found: list[int], searcher: Searcher) -> None:
    """Beginnings, accents, swapped and wrong letters, part of a number; the patient's own name before a provider's."""
    assert [each.serial for each in searcher.search(query)] == found


@pytest.mark.parametrize("query", ["quill", "qu", "adam quil", "0142", "n. rosenthal", "55501 rosenthal"])
def test_words_that_many_referrals_have_are_looked_for_among_the_newest_first(
    query: str, searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stretch by stretch the same are found, in the same order, as at once."""
    found = searcher.rank(query)
    assert found
    for name, value in {"HITS_AT_ONCE": 1, "STRETCH": 1, "STRETCH_GROWS": 1}.items():
        monkeypatch.setattr(search, name, value)
    assert list(searcher.rank(query).items()) == list(found.items())
    monkeypatch.setattr(search, "RANKED_MOST", 1)
    assert list(searcher.rank(query)) == [max(found)]


def test_what_came_since_is_found_too(store: Store, inbox: Path, searcher: Searcher) -> None:
    """The words in memory are brought up to date by each search."""
    assert searcher.search("zacharias") == []
    reading = slip_reading(serial=9)
    named = {**reading.text, "patient_name": text("Zacharias Vole")}
    recorded(store, taken(store, inbox / "scan.pdf"), reading.model_copy(update={"text": named}))
    assert [each.serial for each in searcher.search("zacharis")] == [9]


def test_of_the_numbers_on_record_few_bytes_are_in_memory(store: Store, searcher: Searcher) -> None:
    """A million referrals have a million telephones and serials: these were most of 0.7 GB."""
    telephones = [{"kind": PHONE, "word": f"202555{number:04}"} for number in range(word_list.A_TEXT)]
    serials = [{"kind": SERIAL, "word": f"{number}"} for number in range(1000, 1000 + word_list.A_TEXT)]
    with store.write() as connection:
        connection.execute(search_word.insert(), telephones + serials)
    tracemalloc.start()
    searcher.warm()
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken < 20 * (len(telephones) + len(serials))
    assert [[each.serial for each in searcher.search(query)] for query in ("3", "9175550142")] == [[3], [4]]


def test_referrals_from_before_the_index_are_entered_once(store: Store, searcher: Searcher) -> None:
    """An update must not hide the old patients; the second start has nothing left to do."""
    with store.write() as connection:
        connection.execute(search_hit.delete())
    assert searcher.search("quill") == []
    assert (index.catch_up(store), index.catch_up(store)) == (4, 0)
    assert len(searcher.search("quill")) == 2


def test_the_newest_come_first_page_by_page(store: Store, searcher: Searcher) -> None:
    """What somebody asks about on the phone came in this week, as a rule."""
    ids = [each.id for each in search.newest_referrals(store)]
    assert ids == sorted(ids, reverse=True)
    assert [each.id for each in search.newest_referrals(store, before=ids[1])] == ids[2:]
