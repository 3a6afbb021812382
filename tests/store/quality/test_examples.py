"""What is kept of each value that a person settled, and what is not."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from schemas.reading import PageChannel
from schemas.referral import Accepted, NeedsReview
from store.database import Store
from store.quality.examples import is_same
from store.review import settle
from store.review.corrections import ALL, Corrections
from store.review.withdraw import withdraw
from store.tables import example
from tests.fake_reader import example_rules, slip_reading
from tests.schemas.examples import TEXT, design, text
from tests.store.helpers import recorded, taken

WHO = "kim"
ASKING = replace(example_rules(), sample_share=0.5, chance=lambda: 0.4)
NO_LOOKS = example_rules()


def slip_in_doubt(store: Store, inbox: Path, **readings: float) -> None:
    """A faxed slip whose fields were read with these confidences."""
    read = slip_reading()
    doubted = {name: text(TEXT[name], confidence) for name, confidence in readings.items()}
    read = read.model_copy(update={"text": read.text | doubted, "channel": PageChannel.FAX})
    recorded(store, taken(store, inbox / "scan.pdf"), read, rules=NO_LOOKS)


def kept(store: Store) -> dict[str, tuple[str, str, float, bool]]:
    with store.read() as connection:
        rows = connection.execute(sa.select(example)).all()
    return {row.field: (row.kind, row.source, row.confidence, row.is_right) for row in rows}


def test_a_settled_doubt_is_kept_as_right_or_wrong_and_no_word_of_it(store: Store, inbox: Path) -> None:
    """The confirmed one was right, the corrected one was not; what was sure and nobody asked about says nothing."""
    slip_in_doubt(store, inbox, goals=0.6, diagnosis=0.7)
    said = Corrections(confirmed=("goals",), values={"diagnosis": "s/p R TKA 9/14"})
    assert isinstance(settle.accept(store, NO_LOOKS, "s1", WHO, said), Accepted)
    assert kept(store) == {"goals": ("phrase", "doubt", 0.6, True), "diagnosis": ("phrase", "doubt", 0.7, False)}
    with store.read() as connection:
        row = connection.execute(sa.select(example).where(example.c.field == "goals")).mappings().one()
    assert (row["reader"], row["channel"], row["chance"]) == ("ppocr", "fax", 1.0)
    assert not {"stairs", "s/p R TKA 9/14"} & {str(value) for value in row.values()}


def test_a_wrong_value_that_nobody_asked_about_is_told_apart(store: Store, inbox: Path) -> None:
    """People see it by chance, and never confirm the right ones beside it: it measures no share."""
    slip_in_doubt(store, inbox, goals=0.6)
    settle.accept(store, NO_LOOKS, "s1", WHO, Corrections(confirmed=(ALL,), values={"precautions": "no running"}))
    assert {name: source for name, (_, source, _, _) in kept(store).items()} == {
        "goals": "doubt",
        "precautions": "found",
    }


def test_a_second_look_is_asked_like_a_doubt_and_costs_one_confirmation(store: Store, inbox: Path) -> None:
    """Nobody can tell which of the two was sure: the sentences are the same, and no figure stands in them."""
    read = slip_reading()
    read = read.model_copy(update={"text": read.text | {"goals": text("stairs", 0.6)}})
    recorded(store, taken(store, inbox / "scan.pdf"), read, rules=ASKING)
    waiting = settle.find_slip(store, "s1")
    assert {finding.field for finding in waiting.findings} == set(TEXT)
    assert {finding.detail.partition('" ')[2] for finding in waiting.findings} == {
        "waits for a person: confirm it, or enter what the slip says."
    }
    assert isinstance(settle.accept(store, ASKING, "s1", WHO, Corrections(confirmed=("goals",))), NeedsReview)
    assert isinstance(settle.accept(store, ASKING, "s1", WHO, Corrections(confirmed=tuple(TEXT))), Accepted)
    sources = {name: source for name, (_, source, _, _) in kept(store).items()}
    assert sources == dict.fromkeys(TEXT, "look") | {"goals": "doubt"}


def test_a_value_that_another_rule_stops_is_no_example(store: Store, inbox: Path) -> None:
    """It would not have passed, however sure: what is said of it says nothing of the bar."""
    read = slip_reading()
    read = read.model_copy(update={"text": read.text | {"signed_on": text("03/32/26", 0.6)}})
    recorded(store, taken(store, inbox / "scan.pdf"), read, rules=NO_LOOKS)
    said = Corrections(values={"signed_on": "03/02/26"})
    assert isinstance(settle.accept(store, NO_LOOKS, "s1", WHO, said), Accepted)
    assert kept(store) == {}


def test_what_is_settled_anew_teaches_once(store: Store, inbox: Path) -> None:
    """A referral that was taken back and accepted again is no second piece of evidence."""
    slip_in_doubt(store, inbox, goals=0.6)
    settle.accept(store, NO_LOOKS, "s1", WHO, Corrections(confirmed=("goals",)))
    withdraw(store, 1, WHO)
    assert kept(store) == {}
    settle.accept(store, NO_LOOKS, "s1", WHO, Corrections(values={"goals": "stars"}))
    assert kept(store) == {"goals": ("phrase", "doubt", 0.6, False)}


@pytest.mark.parametrize(
    ("name", "one", "other", "same"),
    [
        ("signed_on", "2026-03-02", "3/2/26", True),
        ("signed_on", "2026-03-02", "3/3/26", False),
        ("patient_phone", "+12125550142", "(212) 555-0142", True),
        ("patient_phone", "+12125550142", "(212) 555-0143", False),
        ("goals", "Stairs", " stairs", True),
        ("goals", "stairs", "stars", False),
        ("goals", "", "stairs", False),
    ],
)
def test_the_same_day_number_or_words_are_right_however_they_are_written(
    name: str, one: str, other: str, *, same: bool
) -> None:
    """A person who types a date as people do has corrected nothing."""
    field = next(field for field in design().writing if field.name == name)
    assert is_same(field, one, other, date(2026, 3, 3), "US") is same
