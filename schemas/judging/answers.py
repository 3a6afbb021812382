"""What is in doubt about the fields of a design's own: empty, of no meaning, or outside what the design allows."""

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType

from schemas.fields.meaning import WrittenField, meaning_of
from schemas.judging.case import SET_BY_PERSON, Case, because, days, doubt
from schemas.judging.dates import judge_birth
from schemas.pad import ROLES, FieldKind
from schemas.reading import Finding, SignatureReading, SignatureState
from schemas.reasons import FindingCode as Code

TEXT_MOST = 500  # characters, as the longest text that letters and lists were laid out for
MEANINGLESS: Mapping[FieldKind, Code] = MappingProxyType(
    {
        FieldKind.PHONE: Code.PHONE_INVALID,
        FieldKind.DATE: Code.DATE_INVALID,
        FieldKind.NUMBER: Code.NUMBER_INVALID,
        FieldKind.ICD10: Code.ICD10_INVALID,
        FieldKind.NPI: Code.NPI_INVALID,
    }
)
ALWAYS_NEEDED = frozenset({"patient_name", "patient_phone", "signed_on"})  # see schemas.acceptance


def judge_answers(case: Case) -> Iterator[Finding]:
    """The doubts about each field of the design's own, and about what it needs of the others."""
    for field in case.design.writing:
        written = case.written(field.name)
        if not written and field.needed and field.name not in ALWAYS_NEEDED:
            yield doubt(Code.FIELD_MISSING, field.name, f'"{case.label(field.name)}" is empty.')
        if written and field.name not in ROLES:
            yield from _judge_written(case, field, written)
    for signed in case.design.signatures:
        if signed.name not in ROLES:
            yield from _judge_signature(case, signed.name, needed=signed.needed)


def _judge_written(case: Case, field: WrittenField, written: str) -> Iterator[Finding]:
    label = case.label(field.name)
    problem = meaning_of(field, written, case.received_on, case.policy.phone_region).problem
    if problem:
        yield doubt(MEANINGLESS[field.content], field.name, f'"{label}": {problem}.')
    elif len(written) > TEXT_MOST:
        yield doubt(Code.FIELD_DOUBTFUL, field.name, f'"{label}" has {len(written)} characters, above {TEXT_MOST}.')
    elif field.content is FieldKind.DATE and (on := case.own_date(field.name)):
        yield from judge_birth(case, field.name, on) if field.when == "birth" else _judge_date(case, field, on)


def _judge_date(case: Case, field: WrittenField, on: date) -> Iterator[Finding]:
    """A date lies on the side that the design says, and no farther from the arrival than it says."""
    label, away = case.label(field.name), (on - case.received_on)
    ahead = away if field.when == "future" else -away
    if ahead.days < 0:
        side = "before" if field.when == "future" else "after"
        yield doubt(Code.DATE_INVALID, field.name, f'"{label}" lies {days(-ahead)} {side} the slip arrived.')
    elif field.within_days and ahead.days > field.within_days:
        side = "ahead" if field.when == "future" else "back"
        yield doubt(Code.DATE_INVALID, field.name, f'"{label}" lies {days(ahead)} {side}, above {field.within_days}.')


def _judge_signature(case: Case, name: str, *, needed: bool) -> Iterator[Finding]:
    """Whoever else signs: the patient, a second provider. A printed name there always needs a person's word."""
    label = case.label(name)
    read = case.draft.signatures.get(name) or SignatureReading(
        value=SignatureState.UNCERTAIN, confidence=0.0, reason="it was not read"
    )
    if read.value is SignatureState.UNCERTAIN:
        detail = f'"{label}": it is not certain that someone signed{because(read.reason)}.'
        yield doubt(Code.SIGNATURE_UNCERTAIN, name, detail)
    elif read.value is SignatureState.ABSENT and needed:
        yield doubt(Code.SIGNATURE_ABSENT, name, f'"{label}": no signature was found.')
    elif read.value is SignatureState.TYPED and read.reason != SET_BY_PERSON:
        yield doubt(Code.SIGNATURE_TYPED, name, f'"{label}": a typed or stamped name stands there.')
