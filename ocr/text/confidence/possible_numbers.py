"""Numbers that no measure has: an A1C of 70 has lost its point, which is a speck of ink.

Only what is written one way is held against its limits: of a heart rate or a range of motion nobody can say so.
"""

import re

_SAYS = r"(?:,? ?(?:is|was|of|at|to|below|under|above|goal|target|level|=|<|>|~|:|\())* ?([-+]?\d+(?:\.\d+)?)"
# What is measured, and the least and the most that it can be: chosen, and wider than what anybody has.
_MEASURES: tuple[tuple[re.Pattern[str], float, float], ...] = tuple(
    (re.compile(rf"(?<![a-z]){name}{_SAYS}"), least, most)
    for name, least, most in (
        ("(?:hg?b)?a1c", 3, 20),  # percent
        ("[tz][- ]?scores?", -9.9, 9.9),
        ("sp ?o2", 0, 100),  # percent
        ("h ?[&/] ?y(?: stage)?", 0, 5),  # Hoehn and Yahr's stages
    )
)
# A pain of so many of ten that lost its stroke ("310"), and a number that begins with a zero lost its point ("06").
_LOST = re.compile(r"\bpain ?[<>=]+ ?\d10\b|(?:^|(?<= ))0\d+\b(?![/:.-]\d)")


def impossible_number(text: str) -> str | None:
    """The first number of the folded `text` that cannot be, with what it measures; None when all can."""
    for pattern, least, most in _MEASURES:
        for found in pattern.finditer(text):
            if not least <= float(found[1]) <= most:
                return found[0]
    lost = _LOST.search(text)
    return lost[0] if lost else None
