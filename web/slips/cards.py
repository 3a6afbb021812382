"""A slip as its page shows it: one card a field, with its state, its place on the picture, and what may be chosen."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from schemas.acceptance import PERSON, SET_BY_PERSON
from schemas.dates import show_kept
from schemas.geometry import BoxMm
from schemas.names.spelling import NAMES, spelling_of
from schemas.pad import Checkbox, FieldKind, PadDesign, PadField, SignatureField, TextField
from schemas.phones import show_phone
from schemas.reading import LABEL, Finding, MarkState, ReferralDraft, SignatureState, TextReading
from schemas.reasons import FindingCode
from schemas.text import clean
from store.review.settle import WaitingSlip

CHOICES_MOST = 9  # what one digit can name
ROUND_TEXT_MM = 1.6  # what a crop shows around a written field
BESIDE_MM, ABOVE_MM = 5.0, 1.6  # and around a box, whose mark may lie beside it
LABEL_MM = 26.0  # and to its right, where its label is printed
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
AROUND_LABEL_MM = 4.0  # around the room for the office's patient label, which most labels outgrow
ROW_MM = 4.0  # fields whose tops differ by less stand on one line
MISSING = frozenset({FindingCode.FIELD_MISSING, FindingCode.SIGNATURE_ABSENT, FindingCode.WRITE_IN_EMPTY})


@dataclass(frozen=True)
class Choice:
    """What a digit picks: the value to send, and how it is shown."""

    value: str
    shown: str


# What is said of a box or a signature, in words.
STATES: Mapping[str, str] = {
    MarkState.CHECKED: "checked",
    MarkState.UNCHECKED: "not checked",
    MarkState.AMBIGUOUS: "in doubt",
    SignatureState.PRESENT: "signed",
    SignatureState.ABSENT: "not signed",
    SignatureState.TYPED: "typed or stamped name",
    SignatureState.UNCERTAIN: "in doubt",
}
# What 1, 2 and 3 say of the signature: 1 that it counts, 2 that there is none.
SIGNED = (
    Choice(SignatureState.PRESENT.value, "signed"),
    Choice(SignatureState.ABSENT.value, "not signed"),
    Choice(SignatureState.TYPED.value, "signed with a typed or stamped name"),
)
SIGNED_TYPED = (
    Choice(SignatureState.TYPED.value, "signed: the typed or stamped name counts"),
    Choice(SignatureState.ABSENT.value, "not signed"),
    Choice(SignatureState.PRESENT.value, "signed by hand"),
)


@dataclass(frozen=True)
class Card:
    """One field. `kind` is box, text or signature; `state` sure, doubt or missing; `crop` in mm of the slip.

    `value` is what stands now and `as_read` what the machine read, both as people write them. `to_settle` marks
    what was or is in doubt: it stays where it is on the page when it is settled. `reader` names who read a text,
    `known` says who that is on record where that is why it is believed, and `spelling` proposes the capitals of a name
    in small letters.
    """

    name: str
    label: str
    kind: str
    group: str
    state: str
    value: str
    as_read: str
    box: BoxMm
    crop: BoxMm
    findings: tuple[str, ...]
    choices: tuple[Choice, ...]
    lines: int
    by_person: bool
    to_settle: bool
    reader: str
    known: str
    spelling: str


def cards_of(waiting: WaitingSlip, draft: ReferralDraft, design: PadDesign, phone_region: str) -> list[Card]:
    """All fields in the order in which one reads the slip."""
    doubtful = {finding.field for finding in (*waiting.reading.findings, *waiting.findings)} | waiting.asked
    in_order = sorted(design.fields, key=lambda part: (round(part.box_mm.y / ROW_MM), part.box_mm.x))
    labels = design.labels
    cards = [_card(part, labels[part.name], waiting, draft, phone_region, part.name in doubtful) for part in in_order]
    return [replace(card, crop=_with_label(card, waiting, design)) for card in cards]


def _with_label(card: Card, waiting: WaitingSlip, design: PadDesign) -> BoxMm:
    """What a picture of the field shows: with the patient label, where that says it or hides it."""
    read, room = waiting.reading.text.get(card.name), design.patient_label_mm
    if read is None or room is None or LABEL not in read.reader.split("+"):
        return card.crop
    return card.crop.around(room.grown(AROUND_LABEL_MM))


def _card(
    part: PadField, label: str, waiting: WaitingSlip, draft: ReferralDraft, phone_region: str, to_settle: bool
) -> Card:
    findings = [finding for finding in waiting.findings if finding.field == part.name]
    if isinstance(part, Checkbox):
        kind, value, as_read = "box", *_marks(part.name, waiting, draft)
    elif isinstance(part, SignatureField):
        read = waiting.reading.draft()
        kind, value = "signature", _signed(draft, part.name)
        as_read = _signed(read, part.name) if read else ""
        if value == SignatureState.TYPED and findings:
            value = ""  # nobody has said yet whether it counts: Enter must not
    else:
        kind = "text"
        value = as_written(part, draft.text[part.name].value, phone_region) if part.name in draft.text else ""
        as_read = waiting.reading.text[part.name].value if part.name in waiting.reading.text else ""
    return Card(
        name=part.name,
        label=label,
        kind=kind,
        group=part.group,
        state=_state(findings),
        value=value,
        as_read=as_written(part, as_read, phone_region),
        box=part.box_mm,
        crop=crop_of(part),
        findings=tuple(finding.detail for finding in findings),
        choices=_choices(part, value, as_read, waiting.reading.text.get(part.name), phone_region),
        lines=part.lines if isinstance(part, TextField) else 1,
        by_person=_by_person(part.name, draft),
        to_settle=to_settle,
        reader=_reader(waiting.reading.text.get(part.name)),
        known=waiting.reading.text[part.name].known if part.name in waiting.reading.text else "",
        spelling=spelling_of(value) if part.name in NAMES else "",
    )


def _signed(draft: ReferralDraft, name: str) -> str:
    signed = draft.all_signatures.get(name)
    return signed.value.value if signed else ""


def _reader(read: TextReading | None) -> str:
    return read.reader if read and read.value else ""


def _marks(name: str, waiting: WaitingSlip, draft: ReferralDraft) -> tuple[str, str]:
    now, read = draft.marks.get(name), waiting.reading.marks.get(name)
    return (now.value.value if now else ""), (read.value.value if read else "")


def shown(part: PadField, value: str, phone_region: str) -> str:
    """A kept value as people of the country say or write it."""
    if isinstance(part, Checkbox | SignatureField):
        return STATES.get(value, value)
    if part.content is FieldKind.PHONE and value:
        return show_phone(value, phone_region)
    if part.content is FieldKind.DATE:
        return show_kept(value)
    return str(clean(value))  # as the record will keep it: two proposals that differ in a space are one


def as_written(part: PadField, value: str, phone_region: str) -> str:
    """A kept value as it is typed into its field: a date in figures, as in the cells of the slip beside it."""
    if not isinstance(part, Checkbox | SignatureField) and part.content is FieldKind.DATE and ISO_DATE.fullmatch(value):
        year, month, day = value.split("-")
        return f"{month}/{day}/{year}"
    return shown(part, value, phone_region)


def value_in_words(design: PadDesign | None, phone_region: str) -> Callable[[str, str], str]:
    """For the lists of changes: from a field's name and its value to what people say."""

    def said(name: str, value: str) -> str:
        part = design.field(name) if design else None
        return shown(part, value, phone_region) if part else value

    return said


def _state(findings: Sequence[Finding]) -> str:
    if not findings:
        return "sure"
    return "missing" if any(finding.code in MISSING for finding in findings) else "doubt"


def crop_of(part: PadField) -> BoxMm:
    """What a picture of the field shows: the field, and of a box its surroundings with its label."""
    if not isinstance(part, Checkbox):
        return part.box_mm.grown(ROUND_TEXT_MM)
    near = close_up(part)
    return near._replace(w=near.w - BESIDE_MM + LABEL_MM)


def close_up(part: PadField) -> BoxMm:
    """The field alone; of a box, with what may stand beside it."""
    if not isinstance(part, Checkbox):
        return crop_of(part)
    box, left = part.box_mm, min(BESIDE_MM, part.box_mm.x)
    return BoxMm(box.x - left, box.y - ABOVE_MM, left + box.w + BESIDE_MM, box.h + 2 * ABOVE_MM)


def _choices(
    part: PadField, value: str, as_read: str, read: TextReading | None, phone_region: str
) -> tuple[Choice, ...]:
    """What the digits 1 to 9 pick; a text's first is what stands there now."""
    if isinstance(part, Checkbox):
        return Choice(MarkState.CHECKED.value, "checked"), Choice(MarkState.UNCHECKED.value, "not checked")
    if isinstance(part, SignatureField):
        return SIGNED_TYPED if as_read == SignatureState.TYPED else SIGNED
    proposed = [read.value, *(candidate.value for candidate in read.candidates)] if read else []
    values = dict.fromkeys(
        text for text in (value, *(as_written(part, text, phone_region) for text in proposed)) if text
    )
    return tuple(Choice(text, text) for text in list(values)[:CHOICES_MOST])


def _by_person(name: str, draft: ReferralDraft) -> bool:
    if name in draft.text:
        return draft.text[name].reader == PERSON
    signed = draft.all_signatures.get(name)
    reason = draft.marks[name].reason if name in draft.marks else signed.reason if signed else ""
    return reason == SET_BY_PERSON
