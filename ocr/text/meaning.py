"""What of a text carries meaning: two readings that differ in anything else say the same."""

import re

# Commas, points, colons and quotes between words; between digits a point is a decimal one: 7.0 is not 70.
_QUIET = re.compile(r"(?<!\d)[.,;:'\"]|[.,;:'\"](?!\d)")
# A space between two letters or two digits parts words and numbers; beside a sign, or in 3 x, it parts nothing.
_SPACE = re.compile(r"(?<![a-z]) | (?![a-z])")
_BETWEEN_DIGITS = re.compile(r"(?<=\d) (?=\d)")


def meaning(text: str) -> str:
    """The folded text without what carries no meaning: commas and other points, and spaces that part no words.

    Signs such as < and - stay: "pain < 3/10" is not "pain 3/10".
    """
    quiet = " ".join(_QUIET.sub("", text).split())
    return _SPACE.sub("", _BETWEEN_DIGITS.sub("_", quiet))


def without_end_pause(text: str) -> str:
    """The text without a comma, semicolon or colon at its end: nothing comes after it, and the pen slipped."""
    return text.rstrip(" ,;:")


def runs_together(text: str, other: str) -> bool:
    """Whether the folded `text` differs in meaning from `other` only by words that it does not part."""
    alike = meaning(text).replace(" ", "") == meaning(other).replace(" ", "")
    return alike and text.count(" ") < other.count(" ")
