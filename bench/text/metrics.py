"""How far two texts are apart. Pure."""

from rapidfuzz.distance import Levenshtein


def fold_case(text: str) -> str:
    """`text` as it is compared: case and runs of spaces aside."""
    return " ".join(text.casefold().split())


def levenshtein(one: str, other: str) -> int:
    """The least insertions, deletions and replacements that turn `one` into `other` (Levenshtein 1966)."""
    return int(Levenshtein.distance(one, other))


def cer(truth: str, read: str) -> float:
    """Character error rate, case and spaces aside: edits a character of the truth; of an empty truth, 0 or 1."""
    true, seen = fold_case(truth), fold_case(read)
    return levenshtein(true, seen) / len(true) if true else float(bool(seen))


def same_digits(truth: str, read: str) -> bool:
    """Whether both hold the same digits in the same order; all else aside."""
    return [ch for ch in truth if ch.isdigit()] == [ch for ch in read if ch.isdigit()]
