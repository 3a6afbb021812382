"""A follow-up: something to be done by a date, and what it is called."""

from datetime import date
from enum import StrEnum

from schemas.base import Value


class FollowUpKind(StrEnum):
    THANK_PROVIDER = "thank_provider"
    CONTACT_PATIENT = "contact_patient"
    BOOK_ASSESSMENT = "book_assessment"
    PROGRESS_REPORT = "progress_report"


class FollowUpState(StrEnum):
    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"


class PlannedFollowUp(Value):
    """What a rule asks for: due is a calendar date in the studio's time zone; `cycle` counts repeats from 1."""

    kind: FollowUpKind
    due: date
    cycle: int = 1


class LetterKind(StrEnum):
    """What waits in the outbox to be made and sent."""

    THANK_YOU = "thank_you"


class PlannedLetter(Value):
    """An outbox row asked for by a follow-up."""

    kind: LetterKind
    follow_up: FollowUpKind
    cycle: int = 1
