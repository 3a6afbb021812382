"""What was read of an answer sheet, and how it completes the slip that it is about."""

from collections.abc import Mapping

from schemas.base import Value
from schemas.fields.roles import SIGNATURE
from schemas.reading import (
    Answered,
    MarkReading,
    MarkState,
    ReferralDraft,
    SignatureReading,
    SignatureState,
    TextReading,
)
from schemas.sheet_code import SheetCode

UNSURE_MOST = 0.5  # of what stands on a sheet whose picture is poor: below every bar


class OpenQuestion(Value):
    """A question to an office that is not answered: the sheet's code, and the fields of a pad that it asks for."""

    code: SheetCode
    design: str
    edition: int
    fields: tuple[str, ...]


def answers_of(
    boxes: Mapping[str, tuple[str, str]],
    marks: Mapping[str, MarkReading],
    signatures: Mapping[str, SignatureReading],
    text: Mapping[str, TextReading],
) -> Answered:
    """What the office answered, by the pad's own names: nothing of a field that was left empty.

    `boxes` has the two boxes, yes and no, that answer for a box of the pad.
    """
    told = {name: _told(*(marks[box] for box in pair)) for name, pair in boxes.items()}
    return Answered(
        marks={name: mark for name, mark in told.items() if mark is not None},
        signatures={name: read for name, read in signatures.items() if read.value is not SignatureState.ABSENT},
        text={name: read for name, read in text.items() if read.value},
    )


def _told(yes: MarkReading, no: MarkReading) -> MarkReading | None:
    """What two boxes say of one; None when neither is marked."""
    states = (yes.value, no.value)
    if states == (MarkState.UNCHECKED, MarkState.UNCHECKED):
        return None
    if states == (MarkState.CHECKED, MarkState.UNCHECKED):
        return yes
    if states == (MarkState.UNCHECKED, MarkState.CHECKED):
        return no.model_copy(update={"value": MarkState.UNCHECKED})
    reason = "both answers are marked" if MarkState.AMBIGUOUS not in states else "the answer is not clear"
    return yes.model_copy(update={"value": MarkState.AMBIGUOUS, "confidence": 0.0, "reason": reason})


def in_doubt(answered: Answered) -> Answered:
    """The same answers when the sheet's picture is in doubt: a person looks at each."""
    unsigned = {"value": SignatureState.UNCERTAIN, "confidence": 0.0, "reason": "the sheet is hard to read"}
    unclear = {"value": MarkState.AMBIGUOUS, "confidence": 0.0, "reason": "the sheet is hard to read"}
    return Answered(
        marks={name: read.model_copy(update=unclear) for name, read in answered.marks.items()},
        signatures={name: read.model_copy(update=unsigned) for name, read in answered.signatures.items()},
        text={
            name: read.model_copy(update={"confidence": min(read.confidence, UNSURE_MOST)})
            for name, read in answered.text.items()
        },
    )


def completed(draft: ReferralDraft, answered: Answered) -> ReferralDraft:
    """The slip's draft with what the office answered in the place of what stood there."""
    signed = draft.all_signatures | answered.signatures
    signature = signed.pop(SIGNATURE)
    return draft.model_copy(
        update={
            "marks": {**draft.marks, **answered.marks},
            "text": {**draft.text, **answered.text},
            "signature": signature,
            "signatures": signed,
        }
    )


def says_the_same(one: Answered, other: Answered) -> bool:
    """Whether two readings of a sheet say the same, however sure each is."""

    def said(answered: Answered) -> dict[str, str]:
        parts = (answered.marks, answered.signatures, answered.text)
        return {name: str(read.value) for part in parts for name, read in part.items()}

    return said(one) == said(other)
