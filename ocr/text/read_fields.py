"""Read all written fields of a registered slip."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ocr.ink import relative_ink
from ocr.language.fields import Languages, kind_of
from ocr.recognizers.recognizer import EngineFailedError, TextRecognizer
from ocr.recognizers.two_networks import turns_of
from ocr.template import Template
from ocr.text.code_reader import CodeFieldReader
from ocr.text.confidence.judge import judge_empty
from ocr.text.digit_reader import DigitFieldReader
from ocr.text.field_reader import LOOKS_MOST, FieldReader, Pictures, WordFieldReader
from ocr.text.lines.page_specks import page_dust_mm2, speck_share
from ocr.text.lines.remove_print import SlipInk, part_ink, slip_ink
from ocr.text.lines.segment_lines import FieldInk, field_ink
from ocr.text.lines.shared_ink import doubt_shared
from ocr.text.typed.detect import typed_fields
from ocr.text.typed.reader import TypedFieldReader
from schemas.names.known_people import NO_PEOPLE, SlipPeople
from schemas.pad import CombField, FieldKind, PadDesign, TextField
from schemas.reading import Finding, TextReading
from schemas.reasons import FindingCode

# A line may run on to this far from the next field, or from the slip's edge.
ROOM_LEFT_MM = 1.5
NO_WORDS = Languages()
PATIENT_PHONE = "patient_phone"

Asked: TypeAlias = tuple[FieldReader, Pictures]


@dataclass(frozen=True)
class SlipText:
    """Readings by field name, and a finding for each reader that broke down.

    A field that no reader could read has no reading.
    """

    readings: dict[str, TextReading]
    findings: tuple[Finding, ...] = ()


def read_text(
    registered: NDArray[np.uint8],
    template: Template,
    recognizers: Sequence[TextRecognizer],
    received_on: date,
    phone_region: str,
    languages: Languages = NO_WORDS,
    people: SlipPeople = NO_PEOPLE,
) -> SlipText:
    """Read all that is written on a registered slip, (H, W) gray as `template.blank`.

    The first recognizer reads every line, and what is still unsure again in another view; each further one reads the
    fields in which it can still decide. A recognizer that breaks down is left out, with a finding, and of two networks
    the other reads on; a MachineError passes through. `phone_region` is the country of numbers without a country code;
    `people` are those on record whom this slip may name.
    """
    ink = relative_ink(registered, template.solid_mm)
    return read_ink(ink, template, recognizers, received_on, phone_region, languages, people)


def read_ink(
    ink: NDArray[np.uint8],
    template: Template,
    recognizers: Sequence[TextRecognizer],
    received_on: date,
    phone_region: str,
    languages: Languages = NO_WORDS,
    people: SlipPeople = NO_PEOPLE,
) -> SlipText:
    """The same from a slip's ink, (H, W) relative to printed black (ocr.ink), where that is known already."""
    fields = _fields_of(part_ink(ink, template), template)
    return read_open_fields(fields, recognizers, received_on, phone_region, languages, people)


def open_fields(registered: NDArray[np.uint8], template: Template) -> list[FieldReader]:
    """A reader for each field of the slip, with the ink in it."""
    return _fields_of(slip_ink(registered, template), template)


def _fields_of(ink: SlipInk, template: Template) -> list[FieldReader]:
    design, share = template.design, speck_share(ink.pen, template)
    found = {
        field.name: replace(
            field_ink(ink.pen, field, free_paper_end_mm(field, design), ink.rules),
            page_dust_mm2=page_dust_mm2(field.box_mm, share, template),
        )
        for field in design.writing
    }
    found = doubt_shared(found, ink.pen.shape)
    words = [field.name for field in design.writing if isinstance(field, TextField)]
    typed = typed_fields({name: [line.picture for line in found[name].lines] for name in words})
    return [open_field(field, found[field.name], typed=field.name in typed) for field in design.writing]


def free_paper_end_mm(field: TextField | CombField, design: PadDesign) -> float:
    """How far right of `field` there is free paper, in mm from the slip's left edge."""
    box = field.box_mm
    others = [other.box_mm for other in design.fields if other is not field]
    others += [place for place in (design.code_mm, design.studio_mm) if place is not None]
    beside = [other.x for other in others if other.x >= box.right and other.y < box.bottom and other.bottom > box.y]
    return min([*beside, design.width_mm]) - ROOM_LEFT_MM


def read_open_fields(
    fields: Sequence[FieldReader],
    recognizers: Sequence[TextRecognizer],
    received_on: date,
    phone_region: str,
    languages: Languages = NO_WORDS,
    people: SlipPeople = NO_PEOPLE,
) -> SlipText:
    """Read fields whose ink is known already; see `read_text`."""
    empty = {field.name: reading for field in fields if (reading := judge_empty(field.circumstances))}
    filled = [field for field in fields if field.name not in empty]
    findings = [finding for reader in recognizers for finding in ask_reader(reader, filled, languages)]
    read = {field.name: field.judge(received_on, phone_region, languages) for field in filled if field.was_read}
    known = name_people(filled, read, people, languages)
    return SlipText(empty | read | known, tuple(findings))


def name_people(
    fields: Sequence[FieldReader], read: Mapping[str, TextReading], people: SlipPeople, languages: Languages
) -> dict[str, TextReading]:
    """The readings of names, held against the people on record; a patient's telephone says who may be meant."""
    phone = read[PATIENT_PHONE].value if PATIENT_PHONE in read else ""
    names = {"provider_name": people.providers, "patient_name": people.patients_with(phone)}
    return {
        field.name: field.judge_known(read[field.name], names[field.name], languages)
        for field in fields
        if isinstance(field, WordFieldReader) and field.name in read and names.get(field.name)
    }


def ask_reader(reader: TextRecognizer, fields: Sequence[FieldReader], languages: Languages) -> list[Finding]:
    """Show the reader each field as long as it can add something; a finding for each network of it that breaks down."""
    broken = dict[str, Finding]()
    for number in range(LOOKS_MOST):
        for network, asked in _asked(reader, fields, number):
            if network.name not in broken:
                try:
                    _look(network, asked, reader.name, languages)
                except EngineFailedError as error:
                    broken[network.name] = Finding(code=FindingCode.ENGINE_FAILED, detail=str(error))
    return list(broken.values())


def _asked(
    reader: TextRecognizer, fields: Sequence[FieldReader], number: int
) -> list[tuple[TextRecognizer, list[Asked]]]:
    """The networks whose turn it is at look `number`, the first being 0, and what each is shown."""
    found = dict[str, tuple[TextRecognizer, list[Asked]]]()
    for field in fields:
        for network, view in turns_of(reader, field.writing)[number : number + 1]:
            if pictures := field.pictures_for(reader.name, view):
                found.setdefault(network.name, (network, []))[1].append((field, pictures))
    return list(found.values())


def _look(network: TextRecognizer, asked: Sequence[Asked], lead: str, languages: Languages) -> None:
    """Show a network of the reader `lead` these pictures in one call, and tell each field what it saw."""
    seen = iter(network.recognize([picture for _, pictures in asked for picture in pictures]))
    for field, pictures in asked:
        field.add(network.name, [next(seen) for _ in pictures], languages)
        field.lead = field.lead or lead


def open_field(field: TextField | CombField, ink: FieldInk, *, typed: bool = False) -> FieldReader:
    """A reader for the field with its ink, still unread; `typed` tells that its words are not written by hand."""
    if isinstance(field, CombField):
        return CodeFieldReader(field, ink) if field.kind is FieldKind.ICD10 else DigitFieldReader(field, ink)
    reader = TypedFieldReader if typed else WordFieldReader
    return reader(field.name, ink, kind_of(field.name, field.content), field.choices)
