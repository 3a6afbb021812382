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
