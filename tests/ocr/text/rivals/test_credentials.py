"""A provider with a credential that nobody has goes to a person."""

from datetime import date

import numpy as np
import pytest

from ocr.language.fields import Languages
from ocr.text.confidence.judge import DOUBT
from ocr.text.field_reader import WordFieldReader
from ocr.text.line_decoder import read_line
from ocr.text.lines.ink_line import InkLine
from ocr.text.lines.segment_lines import FieldInk
from ocr.text.rivals.credentials import near_credential
from schemas.names.salutation import DOCTORS, OTHERS
from tests.ocr.text.rivals.drawn_lines import seen_line

LANGUAGES = Languages()
NAMES = LANGUAGES.of("names")


def _near(text: str) -> str | None:
    """What is told of a line that is as clear as print."""
    line = read_line([seen_line(text)], NAMES)
    assert line.best.text == text
    return near_credential(line)


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("t. burke, dos", "t. burke, dds"),
        ("w. tran, dpy", "w. tran, dpt"),
        ("adele aguirre, las", "adele aguirre, lac"),
        ("kim lee, pt, dos", "kim lee, pt, dds"),
        ("f. maldonado, or", "f. maldonado, od"),
    ],
)
def test_an_unknown_credential_a_letter_from_a_known_one_is_told(read: str, meant: str) -> None:
    """Five of 31 names that passed wrong on simulated slips were read so."""
    at = next(at for at, (one, other) in enumerate(zip(read, meant, strict=True)) if one != other)
    seen = seen_line(read, {at: {read[at]: 0.998, meant[at]: 0.002}})
    assert near_credential(read_line([seen], NAMES)) == meant


@pytest.mark.parametrize("credential", sorted(DOCTORS | OTHERS))
def test_a_known_credential_is_no_doubt(credential: str) -> None:
    """With its points or without."""
    assert _near(f"ann bell, {credential}") is None
    assert _near(f"ann bell, {'.'.join(credential)}.") is None


@pytest.mark.parametrize(
    "text",
    ["dr. rosa levine", "kim, sue", "de luca, ann", "pat moss, office manager", "lee, pat, md", "a. bell, md, jr.", ""],
)
def test_a_name_and_words_behind_it_are_no_doubt(text: str) -> None:
    """A first name behind a comma is no credential."""
    assert _near(text) is None


@pytest.mark.parametrize(("field", "doubted"), [("provider_name", True), ("patient_name", False)])
def test_a_provider_with_one_goes_to_a_person_who_is_offered_the_known_one(field: str, doubted: bool) -> None:
    """However sure its letters are; patients have none."""
    picture = np.full((40, 200), 255, np.uint8)
    ink = FieldInk((InkLine(picture, 0, 0, 40.0, picture),), 0.0, torn=False)
    reader = WordFieldReader(field, ink, "names")
    reader.add("ppocr", [seen_line("w. tran, dpy", {11: {"y": 0.998, "t": 0.002}})], LANGUAGES)
    reading = reader.judge(date(2026, 10, 14), "US", LANGUAGES)
    assert (reading.confidence <= DOUBT) is doubted
    assert "w. tran, dpt" in [candidate.value.casefold() for candidate in reading.candidates] or not doubted
