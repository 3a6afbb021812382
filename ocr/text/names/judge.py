"""Judge a reading beside the person on record whose name the line may say."""

from ocr.text.confidence.judge import InkFacts, is_doubtful, same_text
from ocr.text.names.known import Match
from schemas.reading import Candidate, TextReading

CANDIDATES_MOST = 8


def judge_known(reading: TextReading, match: Match, found: InkFacts) -> TextReading:
    """The name on record, where that is surer than `reading`; else `reading`, with that name among its candidates.

    Where the paper or the value gives a reason to doubt, no name on record helps.
    """
    named = Candidate(value=match.text, confidence=match.confidence, reader=reading.reader)
    others = [candidate for candidate in reading.candidates if not same_text(candidate.value, match.text)]
    if is_doubtful(found) or match.confidence <= reading.confidence:
        first, rest = others[:1], others[1:]
        if same_text(reading.value, match.text):
            return reading
        return reading.model_copy(update={"candidates": (*first, named, *rest)})
    update = {"value": match.text, "confidence": match.confidence, "known": match.known.who}
    return reading.model_copy(update={**update, "candidates": (named, *others)})
