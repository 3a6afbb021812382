"""How sure a reading is: one pure judgement over what the readers say, with the evidence for each constant.

The figures are from simulated slips (40 truths, 4 channels, 12 hands) and from real lines of handwriting;
`refpad bench` measures them again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.reading import Candidate, TextReading

NOBODY = "ink"  # the reader of an empty field: nothing was there to read

# Empty fields hold at most 1.0 mm2 of scraps (removed rules, fax speckle), written ones at least 10.6 mm2; one
# capital letter of a fine pen is 3 mm2.
SCRAPS_MOST_MM2 = 1.5
WRITING_LEAST_MM2 = 3.0
# Fax speckle leaves up to 4.7 mm2 of dust in a field; twice that may be pale writing broken to pieces.
DUST_MOST_MM2 = 9.0
DOUBT = 0.5
# The first reader alone was wrong in 6 % of values with each character at 0.9 or more, and still in 4 % at 0.98,
# so alone it never counts as sure.
ALONE_MOST = 0.85
# Of 649 values that two readers spelled alike (600 simulated slips, 4 channels, seed 77), 391 pass at 0.90 with this
# weight and 1 of them is wrong, a point missing in both; with 0.2, 499 pass and 6 are wrong; with 1.0, 284 and 1.
SECOND_DOUBT = 0.5


@dataclass(frozen=True)
class Opinion:
    """What one reader says of a field; `confidence` is that of its least certain character."""

    reader: str
    value: str
    confidence: float


@dataclass(frozen=True)
class Circumstances:
    """What is known of a field besides the readers' words: `fits` whether the value is such as the field must hold."""

    ink_mm2: float
    dust_mm2: float = 0.0
    torn: bool = False
    fits: bool = True


def judge_empty(found: Circumstances) -> TextReading | None:
    """The reading of a field in which nothing is written; None when something is."""
    if found.ink_mm2 > SCRAPS_MOST_MM2:
        return None
    sure = 1.0 if found.dust_mm2 <= DUST_MOST_MM2 and not found.torn else DOUBT
    return TextReading(value="", confidence=sure, reader=NOBODY)


def judge_words(opinions: Sequence[Opinion], found: Circumstances) -> TextReading:
    """Free text: sure only when two readers spelled it alike, points and spaces too; alone, a reader never is.

    Where two agreed on letters and digits only, 2 of 12 values that passed had a wrong point or lost a space.
    """
    first, *others = opinions
    agreeing = [other for other in others if same_text(first.value, other.value)]
    if not agreeing:
        return _reading(opinions, [first], ALONE_MOST * first.confidence, found)
    doubt = 1 - max(other.confidence for other in agreeing)
    return _reading(opinions, [first, *agreeing], max(0.0, first.confidence - SECOND_DOUBT * doubt), found)


def judge_digits(opinions: Sequence[Opinion], found: Circumstances) -> TextReading:
    """Digits in cells: sure only when the first opinion has another one on its side, of the same reader or not.

    Where two views agreed with 0.9 on average, 1 of 373 values was wrong; with 0.8, 1 of 396, and on slips not
    used to find this, a 1 read as a 7 in both views.
    """
    first, *others = opinions
    agreeing = [other for other in others if other.value == first.value]
    if not agreeing:
        return _reading(opinions, [first], ALONE_MOST * first.confidence, found)
    together = (first.confidence + max(other.confidence for other in agreeing)) / 2
    return _reading(opinions, [first, *agreeing], together, found)


def same_text(one: str, other: str) -> bool:
    """Whether two readings say the same, case aside, and say anything but points."""
    return _plain(one) == _plain(other) and any(map(str.isalnum, one))


def renamed(reading: TextReading, value: str) -> TextReading:
    """The reading with its value in the form that records hold."""
    return reading.model_copy(update={"value": value})


def _reading(
    opinions: Sequence[Opinion], agreeing: Sequence[Opinion], confidence: float, found: Circumstances
) -> TextReading:
    doubtful = found.torn or not found.fits or found.ink_mm2 < WRITING_LEAST_MM2 or found.dust_mm2 > DUST_MOST_MM2
    return TextReading(
        value=agreeing[0].value,
        confidence=min(confidence, DOUBT) if doubtful else confidence,
        candidates=tuple(Candidate(value=o.value, confidence=o.confidence, reader=o.reader) for o in opinions),
        reader="+".join(dict.fromkeys(opinion.reader for opinion in agreeing)),
    )


def _plain(text: str) -> str:
    """As it is compared: Tesseract sees a bar in a capital I."""
    return " ".join(text.replace("|", "I").casefold().split())
