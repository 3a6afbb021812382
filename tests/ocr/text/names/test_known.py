"""Names on slips beside the people on record: known ones are believed, and strangers stay strangers."""

from collections.abc import Sequence
from functools import cache

import numpy as np

from bench.text.near_names import near_names
from ocr.language.fields import Languages
from ocr.recognizers import open_recognizers
from ocr.text.field_reader import FieldReader, WordFieldReader
from ocr.text.read_fields import name_people, open_fields, read_open_fields
from pads.simulate.pen.fill import Habits
from pads.simulate.words import FIRST_NAMES
from schemas.bars import SHIPPED, ValueKind, value_kind_named
from schemas.limits import Limits
from schemas.names.known_people import KnownName, KnownPatient, KnownPeople, KnownProvider
from schemas.pad_id import PadId
from schemas.reading import TextReading
from tests.ocr.text.slips import TODAY, filled_slip, template

SURE = SHIPPED[ValueKind.KNOWN_NAME]
PHONE, WHO = "+12125550142", "on record"
LANGUAGES = Languages()
NAMES = ("patient_name", "provider_name")
# Patient, provider, hand, and whether names are in block capitals.
SLIPS = (
    ("Selma Thornbury", "R. Finch, DPT", "patrick-hand", False),
    ("Wade C. Holm", "Dr. Ines Marlow", "kalam", False),
    ("Lindberg, Tessa", "Owen Pratt, MD", "caveat", False),
    ("Nora Espinal", "M. Kessler, DC", "architects-daughter", True),
    ("Jo Abernathy", "Dr. Whitlock", "shadows-into-light", False),
    ("Tobias R. Vance", "Greta Dahl, PA-C", "indie-flower", True),
    ("Ruth Calder", "Piers Osgood DO", "reenie-beanie", False),
    ("Mabel Quist", "Dr. Felix Arden", "nothing-you-could-do", False),
)
NEAR_EACH = 63  # of 16 names: 1,008 people on record who are nearly called as a stranger is


@cache
def fields_of(number: int) -> tuple[Sequence[FieldReader], dict[str, TextReading]]:
    """The fields of a slip, and what they say to somebody who knows nobody."""
    patient, provider, hand, capitals = SLIPS[number]
    text = {"patient_name": patient, "provider_name": provider, "patient_phone": PHONE}
    slip = filled_slip(text, hand, seed=number, habits=Habits(block_names=capitals))
    fields = [field for field in open_fields(slip, template()) if field.name in text]
    return fields, read_open_fields(fields, open_recognizers(Limits())[:1], TODAY, "US").readings


def with_known(number: int, names: dict[str, Sequence[str]]) -> dict[str, TextReading]:
    """The slip's names as they are read where these people are on record."""
    fields, alone = fields_of(number)
    return {
        field.name: field.judge_known(
            alone[field.name], [KnownName(name=name, who=WHO) for name in names[field.name]], LANGUAGES
        )
        for field in fields
        if isinstance(field, WordFieldReader)
    }


def truths(number: int) -> dict[str, str]:
    return dict(zip(NAMES, SLIPS[number][:2], strict=True))


def test_no_stranger_is_taken_for_one_of_a_thousand_people_with_nearly_the_same_name() -> None:
    """Another letter, first name or initial: who is referred for the first time is not somebody who was before."""
    rng, asked = np.random.default_rng(5), 0
    for number in range(len(SLIPS)):
        near = {name: near_names(truth, NEAR_EACH, FIRST_NAMES, rng) for name, truth in truths(number).items()}
        asked += sum(map(len, near.values()))
        for name, reading in with_known(number, near).items():
            assert not reading.known, (reading.value, truths(number)[name])
    assert asked > 1000


def test_a_known_name_is_surer_than_without_a_record_and_all_that_are_sure_are_right() -> None:
    """The closed list is what a person at the desk has in mind; whom they would not doubt, nobody is asked about."""
    sure = 0
    for number in range(len(SLIPS)):
        _, readings = fields_of(number)
        others = {name: [truths(other)[name] for other in range(len(SLIPS))] for name in NAMES}
        for name, reading in with_known(number, others).items():
            assert reading.known
            assert reading.confidence > readings[name].confidence
            assert value_kind_named(name, reading) is ValueKind.KNOWN_NAME
            if reading.confidence >= SURE:
                sure += 1
                assert reading.value.casefold() == truths(number)[name].casefold()
    assert sure > len(SLIPS)  # of twice as many names


def test_a_patient_is_known_by_the_telephone_on_the_slip() -> None:
    """Names are shared by many, a telephone by a family: without it nobody on record is expected."""
    fields, alone = fields_of(0)
    patient, provider = truths(0).values()
    people = KnownPeople(
        providers=(KnownProvider(name=provider),),
        patients=(KnownPatient(name=patient, phone="+12125550199"),),
    ).of_slip(PadId("met", 1), 7)
    assert name_people(fields, alone, people, LANGUAGES).keys() == {"provider_name"}
    there = KnownPeople(patients=(KnownPatient(name=patient, phone=PHONE),)).of_slip(PadId("met", 1), 7)
    assert name_people(fields, alone, there, LANGUAGES).keys() == {"patient_name"}
