"""What is written in each room of a form, by what is printed there; nothing that is asked is dropped in silence."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from pads.adopt.form_parts import NAME_MOST, Room, slug, unused
from pads.adopt.own_answers import own_name
from schemas.dates import Tense
from schemas.pad import FieldKind

# What a label says to which field it belongs; the first that fits counts.
FIELD_WORDS: tuple[tuple[str, str], ...] = (
    ("birth_date", r"birth|\bborn\b|\bd\.?o\.?b\b"),
    ("next_visit_on", r"next (visit|appointment|appt)|follow.?up|return (visit|date)"),
    ("patient_phone", r"phone|\btel\b|\bcell\b|mobile"),
    ("diagnosis", r"diagnos|\bdx\b|\bicd|impression"),
    ("goals", r"\bgoals?\b|objective"),
    ("precautions", r"precaution|restriction|limit|contra|red flag"),
    ("provider_name", r"provider|physician|doctor|\breferr(ed|ing)|practitioner|clinician|\bdr\b|\bmd\b"),
    ("patient_name", r"^(?!.*\b(id|no|number|record|ssn|sex|gender|age|weight|height)\b).*(patient|\bname\b|client)"),
)
SIGNATURE_WORDS = r"signature|signed\b(?! on)|sign here"
OF_PATIENT, OF_PROVIDER = (
    r"patient|client|parent|guardian|consent|i agree",
    r"provider|physician|doctor|prescriber|\bmd\b",
)
SIGNED_ON_WORDS = r"^date$|date signed|signed on\b|^today'?s date|\bdate of (signature|referral|order|prescription)"
DATE_WORDS = r"\bdate\b|\bday of\b"
FUTURE_WORDS = r"next|expir|until|start|begin|through|planned"
BESIDE_MM, BELOW_MM = 6.0, 22.0  # from a signature to the date beside it, or under it
WORDS_MOST = 6  # of a caption under a rule; more are a sentence
Tell = Callable[[str], None]


class NamedRoom(NamedTuple):
    """A room, the name of what is written there, and of which kind that is."""

    room: Room
    name: str
    holds: FieldKind

    @property
    def tense(self) -> Tense:
        """Of a day: on which side of the form's arrival it lies."""
        return "future" if re.search(FUTURE_WORDS, self.room.label, re.IGNORECASE) else "past"


def name_rooms(rooms: Sequence[Room], taken: set[str], tell: Tell) -> Iterator[NamedRoom]:
    """Each room with a name of its own; `tell` gets a sentence about each that is left out, or asked a second time."""
    ordered = sorted(rooms, key=lambda room: (round(room.box_mm.bottom / 4), room.box_mm.x))
    signatures = list(_signatures(ordered, taken))
    yield from signatures
    for room in ordered:
        if re.search(SIGNATURE_WORDS, room.label, re.IGNORECASE) and not _is_signed_on(room):
            continue
        name, holds = _known(room, signatures) or ("", FieldKind.TEXT)
        if name and name not in taken:
            taken.add(name)
            yield NamedRoom(room, name, holds)
        elif name or _asks(room):
            own = unused(slug(room.label)[:NAME_MOST], taken)
            if name:
                tell(f'"{room.label}" is asked a second time and kept as {own}: rename it as you call it')
            yield NamedRoom(room, own, holds)
        else:
            tell(f'"{room.label}" became no field, as nothing says that one writes there: add it if it is to be read')


def _signatures(rooms: Sequence[Room], taken: set[str]) -> Iterator[NamedRoom]:
    """The rooms to sign in: the provider's is the slip's signature, and the patient's an answer of its own."""
    for room in rooms:
        label = room.label.casefold()
        if not re.search(SIGNATURE_WORDS, label) or _is_signed_on(room):
            continue
        is_patients = re.search(OF_PATIENT, label) and not re.search(OF_PROVIDER, label)
        yield NamedRoom(room, unused("patient_signature" if is_patients else "signature", taken), FieldKind.SIGNATURE)


def _known(room: Room, signatures: Sequence[NamedRoom]) -> tuple[str, FieldKind] | None:
    if _is_signed_on(room):
        whose = _signature_of(room, signatures)
        if whose is None or whose.name == "signature":
            return "signed_on", FieldKind.DATE
        return f"{whose.name}_date", FieldKind.DATE
    label = room.label.casefold()
    if known := own_name(room.label):
        return known
    name = next((name for name, words in FIELD_WORDS if re.search(words, label)), None)
    if name in ("birth_date", "next_visit_on"):
        return name, FieldKind.DATE
    if re.search(DATE_WORDS, label):
        return slug(room.label), FieldKind.DATE
    return (name, FieldKind.PHONE if name == "patient_phone" else FieldKind.TEXT) if name else None


def _is_signed_on(room: Room) -> bool:
    return bool(re.search(SIGNED_ON_WORDS, room.label.casefold()))


def _signature_of(date: Room, signatures: Sequence[NamedRoom]) -> NamedRoom | None:
    """The signature on the line of a date, or else the last one above it."""
    level = [one for one in signatures if abs(one.room.box_mm.bottom - date.box_mm.bottom) <= BESIDE_MM]
    above = [one for one in signatures if 0 <= date.box_mm.bottom - one.room.box_mm.bottom <= BELOW_MM]
    found = level or above
    return max(found, key=lambda one: one.room.box_mm.bottom) if found else None


def _asks(room: Room) -> bool:
    """Whether what is printed there asks for something: with a colon, in a frame, or as a caption of a few words."""
    return room.asks and len(room.label.split()) <= WORDS_MOST and any(ch.isalpha() for ch in room.label)
