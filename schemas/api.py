"""What another program may ask of the API, and what it is answered."""

from datetime import datetime
from enum import StrEnum

from schemas.base import Value
from schemas.changes import ChangedNoun, RecordChange
from schemas.export import ExportedFollowUp, ExportedReferral

NAME_MOST = 40  # characters of the name by which people know a token


class Scope(StrEnum):
    """What a token opens."""

    REFERRALS = "referrals"
    FOLLOW_UPS = "follow_ups"
    METRICS = "metrics"


NOUN_OF = {Scope.REFERRALS: ChangedNoun.REFERRAL, Scope.FOLLOW_UPS: ChangedNoun.FOLLOW_UP}


class ApiToken(Value):
    """A token that works; the token itself is known to its program alone."""

    id: int
    name: str
    scopes: tuple[Scope, ...]
    made_by: str
    made_at: datetime

    @property
    def who(self) -> str:
        """What the audit calls the program; no user's name has a space."""
        return f"token {self.id}"


class ExportedReferrals(Value):
    """Referrals by number; `next_after` is where the next page begins, null on the last. `cursor` is of this moment."""

    referrals: tuple[ExportedReferral, ...]
    next_after: int | None
    cursor: str


class ExportedFollowUps(Value):
    """The same of follow-ups."""

    follow_ups: tuple[ExportedFollowUp, ...]
    next_after: int | None
    cursor: str


class ChangePage(Value):
    """What changed, oldest first; read on from `cursor` at once while there is `more`."""

    changes: tuple[RecordChange, ...]
    cursor: str
    more: bool


class ApiProblem(Value):
    """Why there is no answer, in one sentence."""

    problem: str
