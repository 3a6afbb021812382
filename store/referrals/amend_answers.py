"""Correcting what only this pad asks: a written answer of an accepted referral, judged by the kind of its field."""

from collections.abc import Mapping
from datetime import date

from schemas.answers import AnswerValue
from schemas.fields.meaning import WrittenField, meaning_of
from schemas.pad import PadDesign
from schemas.referral import Referral
from schemas.text import clean


def written_answers(design: PadDesign | None, record: Referral) -> tuple[WrittenField, ...]:
    """The fields whose answers can be corrected: boxes and signatures say what they say."""
    return tuple(field for field in (design.writing if design else ()) if field.name in record.answers)


def corrected_answers(
    design: PadDesign | None, record: Referral, typed: Mapping[str, str], today: date, phone_region: str
) -> tuple[dict[str, AnswerValue], dict[str, str]]:
    """All answers of the record, with those of `typed` as they are to be; and what is wrong with which."""
    answers, problems = dict(record.answers), dict[str, str]()
    for field in written_answers(design, record):
        if field.name not in typed:
            continue
        written = str(clean(typed[field.name]))
        meaning = meaning_of(field, written, today, phone_region) if written else None
        answers[field.name] = meaning.value if meaning else None
        if meaning and meaning.problem:
            problems[field.name] = meaning.problem
        if field.needed and meaning is None:
            problems[field.name] = "it is needed on this pad, and cannot be empty"
    return answers, problems
