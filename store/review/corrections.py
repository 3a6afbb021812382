"""A person's corrections of a slip, applied to what the machine read."""

from pydantic import Field

from schemas.acceptance import PERSON, SET_BY_PERSON
from schemas.base import Value
from schemas.code import SERIAL_MAX
from schemas.errors import UsageError
from schemas.pad import SIGNATURE, PadDesign
from schemas.reading import (
    MarkReading,
    MarkState,
    ReferralDraft,
    SignatureReading,
    SignatureState,
    TextReading,
)
from schemas.text import clean

ALL = "all"  # confirms every written field as it was read
CALLED_WRONG = "a person called it wrong"


class Corrections(Value):
    """`values`: field name to what the paper says ("checked" for a box, "present" or "typed" for the signature, text).

    `confirmed`: written fields that are right as they were read, or `ALL`. `doubted`: fields that are not, though
    nobody has said yet what is right. `design`, `edition` and `serial` name the pad of a slip whose code could not
    be read.
    """

    values: dict[str, str] = Field(default_factory=dict)
    confirmed: tuple[str, ...] = ()
    doubted: tuple[str, ...] = ()
    design: str | None = None
    edition: int | None = Field(default=None, ge=1, le=99)
    serial: int | None = Field(default=None, ge=0, le=SERIAL_MAX)


def apply_corrections(draft: ReferralDraft | None, design: PadDesign, corrections: Corrections) -> ReferralDraft:
    """The draft with the person's values in place of the machine's.

    Findings about the paper are dropped: the person has looked at it. Those about the content come back
    from `assess` if they still hold. Raises UsageError for a field the pad lacks or a value it cannot have.
    """
    base = draft if draft is not None and draft.pad_id == design.pad_id else None
    base = base or _blank(design, draft.serial if draft else None)
    base = _doubted(base, corrections.doubted)
    marks, text, signature = dict(base.marks), dict(base.text), base.signature
    unread = SignatureReading(value=SignatureState.UNCERTAIN, confidence=0.0, reason="nobody has said yet")
    others = {field.name: base.signatures.get(field.name, unread) for field in design.signatures}
    others.pop(SIGNATURE)
    for name in _confirmed(design, base, corrections):
        text[name] = text[name].model_copy(update={"confidence": 1.0, "reader": PERSON})
    for name, value in corrections.values.items():
        if name in {box.name for box in design.checkboxes}:
            marks[name] = _mark(name, value, base.marks.get(name))
        elif name == SIGNATURE:
            signature = _signature(value, base.signature)
        elif name in others:
            others[name] = _signature(value, base.signatures.get(name))
        elif name in {field.name for field in design.writing}:
            text[name] = _text(value, base.text.get(name))
        else:
            known = ", ".join(field.name for field in design.fields)
            raise UsageError(f'Pad {design.pad_id} has no field "{name}"; it has: {known}.')
    serial = base.serial if corrections.serial is None else corrections.serial
    update: dict[str, object] = {"marks": marks, "text": text, "signature": signature, "signatures": others}
    update |= {"serial": serial, "findings": ()}
    return base.model_copy(update=update)


def _doubted(base: ReferralDraft, names: tuple[str, ...]) -> ReferralDraft:
    """The draft with the confidence of these readings set to 0; names that were not read are passed over."""
    marks, text, signed = dict(base.marks), dict(base.text), base.all_signatures
    for name in names:
        if name in marks:
            unsure = {"value": MarkState.AMBIGUOUS, "confidence": 0.0, "reason": CALLED_WRONG}
            marks[name] = marks[name].model_copy(update=unsure)
        elif name in text:
            text[name] = text[name].model_copy(update={"confidence": 0.0})
        elif name in signed:
            unsure = {"value": SignatureState.UNCERTAIN, "confidence": 0.0, "reason": CALLED_WRONG}
            signed[name] = signed[name].model_copy(update=unsure)
    signature = signed.pop(SIGNATURE)
    return base.model_copy(update={"marks": marks, "text": text, "signature": signature, "signatures": signed})


def _blank(design: PadDesign, serial: int | None) -> ReferralDraft:
    """A slip of which nothing was read: a person types it off, ticking what is ticked."""
    unticked = MarkReading(value=MarkState.UNCHECKED, confidence=1.0, ink=0.0, reason=SET_BY_PERSON)
    return ReferralDraft(
        design=design.design,
        edition=design.edition,
        serial=serial,
        marks={box.name: unticked for box in design.checkboxes},
        signature=SignatureReading(value=SignatureState.UNCERTAIN, confidence=0.0, reason="nobody has said yet"),
        text={field.name: _text("", None) for field in design.writing},
    )


def _confirmed(design: PadDesign, base: ReferralDraft, corrections: Corrections) -> list[str]:
    written = [field.name for field in design.writing if field.name in base.text]
    if ALL in corrections.confirmed:
        return written
    for name in corrections.confirmed:
        if name not in written:
            raise UsageError(f'"{name}" is no written field that was read: set its value instead.')
    return list(corrections.confirmed)


def _mark(name: str, value: str, before: MarkReading | None) -> MarkReading:
    if value not in (MarkState.CHECKED, MarkState.UNCHECKED):
        raise UsageError(f'Box "{name}" is checked or unchecked: set one of the two.')
    ink = before.ink if before else 0.0
    return MarkReading(value=MarkState(value), confidence=1.0, ink=ink, reason=SET_BY_PERSON)


def _signature(value: str, before: SignatureReading | None) -> SignatureReading:
    """What a person said of it; `before` keeps the words that stand there."""
    if value not in (SignatureState.PRESENT, SignatureState.ABSENT, SignatureState.TYPED):
        raise UsageError("The signature is present, absent or typed: set one of the three.")
    words = before.words if before else ""
    return SignatureReading(value=SignatureState(value), confidence=1.0, reason=SET_BY_PERSON, words=words)


def _text(value: str, before: TextReading | None) -> TextReading:
    candidates = before.candidates if before else ()
    return TextReading(value=str(clean(value)), confidence=1.0, candidates=candidates, reader=PERSON)
