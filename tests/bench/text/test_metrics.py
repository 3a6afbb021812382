"""How far two texts are apart."""

from hypothesis import given
from hypothesis import strategies as st

from bench.text.metrics import cer, fold_case, levenshtein, same_digits

TEXT = st.text("abc ", max_size=8)


@given(TEXT, TEXT, TEXT)
def test_the_distance_is_one(a: str, b: str, c: str) -> None:
    """Zero only for the same text, the same both ways, and no detour is shorter."""
    assert (levenshtein(a, b) == 0) == (a == b)
    assert levenshtein(a, b) == levenshtein(b, a)
    assert levenshtein(a, c) <= levenshtein(a, b) + levenshtein(b, c)
    assert abs(len(a) - len(b)) <= levenshtein(a, b) <= max(len(a), len(b))


def test_known_distances() -> None:
    """The textbook example (Levenshtein 1966) and the empty text."""
    assert levenshtein("kitten", "sitting") == 3
    assert levenshtein("", "gait") == 4


def test_errors_are_counted_a_letter_of_the_truth_without_case_and_spacing() -> None:
    """Readers are compared on what they read, not on how they space it."""
    assert cer("Improve  gait", "improve gait") == 0
    assert cer("gait", "gate") == 0.5
    assert cer("", "") == 0
    assert cer("", "x") == 1
    assert fold_case("  L  TKA ") == "l tka"


def test_digits_are_compared_without_what_stands_between() -> None:
    """Punctuation of phones and dates is noise; a digit too few is not."""
    assert same_digits("(212) 555-0142", "212.555.0142")
    assert not same_digits("10/9/26", "10/09/26")
