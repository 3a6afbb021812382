"""One reading against its truth, and such scores added up. Pure: no pictures, no clock."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from bench.text.metrics import fold_case, levenshtein
from pads.simulate.truth import MarkTrouble, SlipTruth
from schemas.acceptance import Policy, bar_for
from schemas.bars import value_kind_named
from schemas.reading import MarkState, SignatureState, SlipReading


@dataclass
class Score:
    """Counts over slips. `edits` and `letters` are by field; `accepted_*` count what no person would look at.

    A box in trouble (scribbled out, ticked beside, circled label) is right when it is doubted; calling it is counted
    in `trouble_called`, apart from the wrong boxes. `doubts` are the findings on signed slips that were
    found, `wrong` the fields read wrong, doubted or not, by their names.
    """

    slips: int = 0
    found: int = 0
    boxes: int = 0
    boxes_wrong: int = 0
    boxes_doubtful: int = 0
    troubles: int = 0
    trouble_called: int = 0
    signed: int = 0
    unsigned: int = 0
    false_present: int = 0
    false_absent: int = 0
    signature_uncertain: int = 0
    doubts: int = 0
    fields: int = 0
    fields_sure: int = 0
    fields_sure_wrong: int = 0
    slips_accepted: int = 0
    slips_accepted_wrong: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    edits: Counter[str] = field(default_factory=Counter)
    letters: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Score") -> None:
        """Add the counts of `other`."""
        for name, value in vars(other).items():
            if isinstance(value, Counter):
                getattr(self, name).update(value)
            else:
                setattr(self, name, getattr(self, name) + value)

    def cer(self, name: str) -> float | None:
        """Character error rate of one field: edits over letters of the truth; None when nothing was written."""
        return self.edits[name] / self.letters[name] if self.letters[name] else None


def total(scores: Iterable[Score]) -> Score:
    """All `scores` added up."""
    whole = Score()
    for score in scores:
        whole.add(score)
    return whole


def score_slip(truth: SlipTruth, reading: SlipReading | None, policy: Policy) -> Score:
    """How one slip was read; `reading` None when it was not found. Fields count as sure from the policy's bars."""
    score = Score(slips=1)
    if reading is None or reading.signature is None:
        return score
    score.found = 1
    _boxes(truth, reading, score)
    _signature(truth, reading, score)
    _text(truth, reading, policy, score)
    score.doubts = len(reading.findings) if truth.signed else 0
    if reading.verdict == "accepted":
        score.slips_accepted = 1
        score.slips_accepted_wrong = int(bool(wrong_values(truth, reading)))
    return score


def wrong_values(truth: SlipTruth, reading: SlipReading) -> tuple[str, ...]:
    """The fields and boxes of `reading` that say something else than the paper does."""
    wrong = [name for name in reading.text if not is_right(truth, reading, name)]
    wrong += [name for name, mark in reading.marks.items() if _box_is_wrong(truth.marks[name], mark.value)]
    if reading.signature and reading.signature.value is not _true_state(truth):
        wrong.append("signature")
    return tuple(wrong)


def _boxes(truth: SlipTruth, reading: SlipReading, score: Score) -> None:
    for name, true in truth.marks.items():
        state = reading.marks[name].value
        if isinstance(true, MarkTrouble):
            score.troubles += 1
            score.trouble_called += state is not MarkState.AMBIGUOUS
            continue
        score.boxes += 1
        score.boxes_doubtful += state is MarkState.AMBIGUOUS
        score.boxes_wrong += _box_is_wrong(true, state)


def _box_is_wrong(true: bool | MarkTrouble, state: MarkState) -> bool:
    if isinstance(true, MarkTrouble) or state is MarkState.AMBIGUOUS:
        return False
    return (state is MarkState.CHECKED) is not true


def _signature(truth: SlipTruth, reading: SlipReading, score: Score) -> None:
    state = reading.signature.value if reading.signature else SignatureState.UNCERTAIN
    score.signed, score.unsigned = int(truth.signed), int(not truth.signed)
    score.signature_uncertain = int(state in (SignatureState.UNCERTAIN, SignatureState.TYPED))
    score.false_present = int(not truth.signed and state is SignatureState.PRESENT)
    score.false_absent = int(truth.signed and state is SignatureState.ABSENT)


def _true_state(truth: SlipTruth) -> SignatureState:
    return SignatureState.PRESENT if truth.signed else SignatureState.ABSENT


def _text(truth: SlipTruth, reading: SlipReading, policy: Policy, score: Score) -> None:
    for name, read in reading.text.items():
        true = fold_case(truth.text.get(name, ""))
        score.edits[name] += levenshtein(true, fold_case(read.value))
        score.letters[name] += len(true)
        wrong = not is_right(truth, reading, name)
        score.fields += 1
        score.wrong[name] += wrong
        if read.confidence >= bar_for(value_kind_named(name, read), policy):
            score.fields_sure += 1
            score.fields_sure_wrong += wrong


def is_right(truth: SlipTruth, reading: SlipReading, name: str) -> bool:
    """Whether a field was read as it is written, capitals aside."""
    return fold_case(truth.text.get(name, "")) == fold_case(reading.text[name].value)
