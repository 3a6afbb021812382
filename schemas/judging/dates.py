"""What is in doubt about the dates on a slip."""

from collections.abc import Iterator
from datetime import date, timedelta

from schemas.dates import parse_date, show_day
from schemas.judging.case import Case, days, doubt
from schemas.pad import DATE_TENSES
from schemas.policy import Policy
from schemas.reading import Finding
from schemas.reasons import FindingCode as Code
from schemas.text import counted

# The day of the visit, or of signing, written in place of the birth makes an infant; the oldest person whose age was
# ever proven reached 122. Between them a person need not look.
AGE_LEAST, AGE_MOST = 4, 110


def judge_dates(case: Case) -> Iterator[Finding]:
    """Dates that are none, or that lie where they cannot."""
    for name, tense in DATE_TENSES.items():
        written = case.written(name)
        if written and (problem := parse_date(written, case.received_on, tense).problem):
            yield doubt(Code.DATE_INVALID, name, f'"{case.label(name)}": {problem}.')
    yield from _signing_date(case)
    yield from _next_visit(case)
    if born := case.date_of("birth_date"):
        yield from judge_birth(case, "birth_date", born)


def _signing_date(case: Case) -> Iterator[Finding]:
    signed = case.date_of("signed_on")
    if signed is None:
        return
    if signed > case.received_on:
        late = days(signed - case.received_on)
        yield doubt(Code.DATE_FUTURE, "signed_on", f"The signature is dated {late} after the slip arrived.")
    elif signed < case.received_on - timedelta(days=case.policy.signed_within_days):
        age = days(case.received_on - signed)
        detail = f"The signature is {age} old, above {case.policy.signed_within_days}."
        yield doubt(Code.DATE_STALE, "signed_on", detail)


def _next_visit(case: Case) -> Iterator[Finding]:
    """The next visit is not past, whatever the signature's date says: both may be misread.

    A slip that came late is possible; a person says so by confirming the date.
    """
    signed, visit = case.date_of("signed_on"), case.date_of("next_visit_on")
    if visit is None:
        return
    if signed is not None and visit < signed:
        yield doubt(
            Code.NEXT_VISIT_BEFORE_SIGNATURE,
            "next_visit_on",
            f"The next visit lies {days(signed - visit)} before the signature.",
        )
    elif visit < case.received_on and not case.is_by_person("next_visit_on"):
        before = days(case.received_on - visit)
        detail = f"The next visit lies {before} before the slip arrived."
        yield doubt(Code.NEXT_VISIT_BEFORE_ARRIVAL, "next_visit_on", detail)
    elif _is_too_far(visit, case.received_on, case.policy):
        ahead = days(visit - case.received_on)
        detail = f"The next visit lies {ahead} ahead, above {case.policy.next_visit_within_days}."
        yield doubt(Code.DATE_INVALID, "next_visit_on", detail)


def visit_problem(visit: date, signed_on: date, told_on: date, policy: Policy) -> str:
    """What to write for a next visit that a person tells on `told_on` and that cannot be; "" when it can be."""
    if signed_on <= visit and not _is_too_far(visit, told_on, policy):
        return ""
    return (
        f"name a day from {show_day(signed_on)}, when the slip was signed, to "
        f"{counted(policy.next_visit_within_days, 'day')} after {show_day(told_on)}"
    )


def _is_too_far(visit: date, known_on: date, policy: Policy) -> bool:
    return (visit - known_on).days > policy.next_visit_within_days


def judge_birth(case: Case, name: str, born: date) -> Iterator[Finding]:
    """Nobody is born after the slip arrives; an age that is hardly possible is confirmed by a person."""
    label = case.label(name)
    if born > case.received_on:
        late = days(born - case.received_on)
        yield doubt(Code.DATE_INVALID, name, f'"{label}" lies {late} after the slip arrived.')
        return
    age = age_on(born, case.received_on)
    if not AGE_LEAST <= age <= AGE_MOST and not case.is_by_person(name):
        beyond = f"below {AGE_LEAST}" if age < AGE_LEAST else f"above {AGE_MOST}"
        yield doubt(Code.AGE_IMPLAUSIBLE, name, f'By "{label}" the age is {counted(age, "year")}, {beyond}.')


def age_on(born: date, day: date) -> int:
    """Whole years on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
