"""Judge how sure a reading is, from the recognizers' opinions alone, with the evidence for each constant.

The figures are from simulated slips (40 truths, 4 channels, 12 handwritings) and from real lines of handwriting;
`refpad bench` measures them again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from ocr.text.cells.digits import Decoded
from schemas.reading import Candidate, TextReading

INK_ALONE = "ink"  # the reader of an empty field: nothing was there to read

# Empty fields hold at most 1.0 mm2 of scraps (removed rules, fax speckle), written ones at least 10.6 mm2; one
# capital letter of a fine pen is 3 mm2.
SCRAPS_MOST_MM2 = 1.5
WRITING_LEAST_MM2 = 3.0
# A number may be one digit: a 1 by a fine pen, on a fax of 204 x 196, has 1.4 mm2.
DIGIT_SURE_MM2 = 1.0
# Fax speckle leaves up to 4.7 mm2 of dust beside letters; twice that may be pale writing broken to pieces.
DUST_MOST_MM2 = 9.0
# Where nothing else stands, so much dust and scraps together may be writing that a fax broke to pieces. Of 501 empty
# fields of words on 400 standard faxes 7 hold more, of 491 on scans 3; of 88 empty fields of cells on the faxes 4 hold
# more, of 94 on scans none, where a date that was too pale for a fax left from 0.6 to 3.4 mm2 of specks.
LEFT_MOST_MM2, LEFT_IN_CELLS_MOST_MM2 = 2.5, 0.8
DOUBT = 0.5
# A reader that does not tell what else it held possible leaves nothing to weigh: it is never sure of words.
ALONE_MOST = 0.85
CHOICES_SHOWN = 5
# Of what digits may be so many are shown, if they are at least so likely: one in a thousand is no help.
NUMBERS_SHOWN, SHARE_LEAST = 3, 0.001


@dataclass(frozen=True)
class Opinion:
    """What one reader says of a field; `confidence` is that of its least certain character."""

    reader: str
    value: str
    confidence: float


@dataclass(frozen=True)
class InkFacts:
    """What the ink of a field tells; `fits` is whether the value is plausible for the field.

    `scraps_most_mm2` is how much ink may be none of its writing, `writing_least_mm2` how much writing has at least;
    `left_most_mm2` how much ink and dust an empty field may hold.
    """

    ink_mm2: float
    dust_mm2: float = 0.0
    torn: bool = False
    fits: bool = True
    scraps_most_mm2: float = SCRAPS_MOST_MM2
    writing_least_mm2: float = WRITING_LEAST_MM2
    left_most_mm2: float = LEFT_MOST_MM2


def judge_empty(found: InkFacts) -> TextReading | None:
    """The reading of a field in which nothing is written; None when something is."""
    if found.ink_mm2 > found.scraps_most_mm2:
        return None
    sure = 1.0 if found.ink_mm2 + found.dust_mm2 <= found.left_most_mm2 and not found.torn else DOUBT
    return TextReading(value="", confidence=sure, reader=INK_ALONE)


def judge_words(
    opinions: Sequence[Opinion], sure: float | None, alternatives: Sequence[str], found: InkFacts
) -> TextReading:
    """Free text: the first opinion, as `sure` as its evidence makes it; without any (None), never sure.

    `alternatives` are further texts that it may be, for whoever has to decide.
    """
    first, *others = opinions
    agreeing = [other for other in others if same_text(first.value, other.value)]
    alone = ALONE_MOST * first.confidence if sure is None else sure
    reading = _reading(opinions, [first, *agreeing], alone, found)
    more = [Candidate(value=text, confidence=0.0, reader=first.reader) for text in alternatives]
    return reading.model_copy(update={"candidates": _each_once([*reading.candidates, *more])})


def judge_agreement(reading: TextReading, leading: str, value: str, sure: float, found: InkFacts) -> TextReading:
    """A typed text on which both readers agree: `value`, as `leading` spells it, and as `sure` as agreement makes it.

    `reading` is what it is without the agreement, and what it stays when it is surer by itself; where the paper or the
    value gives a reason to doubt, no agreement helps.
    """
    readers = dict.fromkeys([leading, *reading.reader.split("+")])
    if is_doubtful(found) or sure <= reading.confidence:
        value, sure = reading.value, reading.confidence
    candidates = reading.candidates
    if value not in {candidate.value for candidate in candidates}:
        candidates = (Candidate(value=value, confidence=sure, reader=leading), *candidates)
    update = {"value": value, "confidence": sure, "reader": "+".join(readers), "candidates": candidates}
    return reading.model_copy(update=update)


def judge_choice(reader: str, ranked: Sequence[tuple[str, float]], found: InkFacts) -> TextReading:
    """One of a closed list, as sure as the list's probabilities say."""
    opinions = [Opinion(reader, choice, share) for choice, share in ranked[:CHOICES_SHOWN]]
    return _reading(opinions, opinions[:1], opinions[0].confidence, found)


def judge_digits(
    decoded: Decoded, as_seen: str, opinions: Sequence[Opinion], sure: float, found: InkFacts
) -> TextReading:
    """Digits in cells: the likeliest number that can be, as `sure` (0..1) as the caller makes it; 0 where none can be.

    `as_seen` is what the ink alone says where that cannot be; it is shown where nothing that can be is near. Readers
    whose own digits are the number's gave it; where no one saw it, both did together.
    """
    best = decoded.numbers[0] if decoded.numbers else None
    digits = best.digits if best else decoded.impossible
    readers = dict.fromkeys(opinion.reader for opinion in opinions)
    gave = dict.fromkeys(opinion.reader for opinion in opinions if opinion.value == digits) or readers
    return TextReading(
        value=best.value if best else as_seen,
        confidence=min(sure, DOUBT) if is_doubtful(found) else sure,
        candidates=tuple(
            Candidate(value=number.value, confidence=min(number.share, 1.0), reader="+".join(gave))
            for number in decoded.numbers[:NUMBERS_SHOWN]
            if number.share >= SHARE_LEAST
        ),
        reader="+".join(gave),
    )


def is_doubtful(found: InkFacts) -> bool:
    """Whether the paper or the value gives a reason to doubt that no reader can take away."""
    return found.torn or not found.fits or found.ink_mm2 < found.writing_least_mm2 or found.dust_mm2 > DUST_MOST_MM2


def likeness(one: str, other: str) -> float:
    """How like two texts are, 1 to 0: the share of letters of `one` that need no edit (Levenshtein 1966)."""
    mine, theirs = _plain(one), _plain(other)
    return max(0.0, 1 - Levenshtein.distance(mine, theirs) / max(len(mine), 1))


def same_text(one: str, other: str) -> bool:
    """Whether two readings say the same, case aside, and say anything but points."""
    return _plain(one) == _plain(other) and any(map(str.isalnum, one))


def _reading(
    opinions: Sequence[Opinion], agreeing: Sequence[Opinion], confidence: float, found: InkFacts
) -> TextReading:
    return TextReading(
        value=agreeing[0].value,
        confidence=min(confidence, DOUBT) if is_doubtful(found) else confidence,
        candidates=tuple(Candidate(value=o.value, confidence=o.confidence, reader=o.reader) for o in opinions),
        reader="+".join(dict.fromkeys(opinion.reader for opinion in agreeing)),
    )


def _each_once(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """What can be chosen: each text once, whatever its capitals, and none that says nothing; the first stays."""
    first, *others = candidates
    found = {first.value.casefold(): first}
    for other in others:
        if any(map(str.isalnum, other.value)):
            found.setdefault(other.value.casefold(), other)
    return tuple(found.values())


def _plain(text: str) -> str:
    """The text as it is compared: Tesseract reads a capital I as a bar."""
    return " ".join(text.replace("|", "I").casefold().split())
