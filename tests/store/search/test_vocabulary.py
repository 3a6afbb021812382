"""Which words a typed one may mean."""

import pytest

from store.search.vocabulary import TIERS, Vocabulary
from store.search.words import CODE, DATE, PHONE, SERIAL, TEXT, Word

WORDS: list[Word] = [
    (TEXT, "rosenberg"),
    (TEXT, "berger"),
    (TEXT, "ada"),
    (TEXT, "m17"),
    (PHONE, "2125550142"),
    (SERIAL, "142"),
    (CODE, "m1711"),
    (DATE, "2026-11-20"),
]


@pytest.mark.parametrize(
    ("token", "tiers"),
    [
        ("berger", [{"berger"}, {"berger"}, {"berger"}, {"berger"}]),
        ("berg", [set(), {"berger"}, {"berger", "rosenberg"}, {"berger", "rosenberg"}]),
        ("rosenburg", [set(), set(), set(), {"rosenberg"}]),
        ("ad", [set(), {"ada"}, {"ada"}, {"ada"}]),
        ("a", [set(), set(), set(), set()]),
        ("m17", [{"m17"}, {"m17", "m1711"}, {"m17", "m1711"}, {"m17", "m1711"}]),
        ("0142", [{"142"}, {"142", "2125550142"}, {"142", "2125550142"}, {"142", "2125550142"}]),
        ("5550143", [set(), set(), set(), {"2125550142"}]),
        ("-11-20", [{"2026-11-20"}] * TIERS),
        ("2025-11-20", [set()] * TIERS),
    ],
)
def test_a_word_means_itself_then_what_begins_with_it_holds_it_or_is_like_it(token: str, tiers: list[set[str]]) -> None:
    """Each tier has the ones before; a single letter means nothing but itself, and a code is not misspelled."""
    vocabulary = Vocabulary()
    vocabulary.learn(WORDS)
    vocabulary.learn(WORDS)
    meant = vocabulary.meant_by(token)
    assert [{word for _, word in meant.within(tier)} for tier in range(TIERS)] == tiers


def test_of_many_words_with_a_piece_the_newest_count() -> None:
    """Of two letters that ten thousand names begin with nobody looks through all; a word itself is always found."""
    vocabulary = Vocabulary(most=2)
    vocabulary.learn(
        [(TEXT, "an"), (TEXT, "anna"), (TEXT, "joan"), (TEXT, "andrew"), (TEXT, "antonia"), (TEXT, "sanda")]
    )
    tiers = [{word for _, word in vocabulary.meant_by("an").within(tier)} for tier in (0, 1)]
    assert tiers == [{"an"}, {"an", "andrew", "antonia"}]
    assert {word for _, word in vocabulary.meant_by("and").within(2)} == {"andrew", "sanda"}


@pytest.mark.parametrize(
    "typed", ["2125550143", "2125551042", "2125505142", "3125550142", "5550124", "5505142", "555142"]
)
def test_one_wrong_digit_anywhere_in_a_telephone_number_is_forgiven(typed: str) -> None:
    """One is another, or two are swapped, in the middle too; six digits are no number."""
    vocabulary = Vocabulary()
    vocabulary.learn([(PHONE, "2125550142"), (PHONE, "9175550199")])
    found = {word for _, word in vocabulary.meant_by(typed).within(TIERS - 1)}
    assert found == ({"2125550142"} if len(typed) > 6 else set())
