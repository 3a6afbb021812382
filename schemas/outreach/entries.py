"""Outreach: a visit to an office, or a talk with its staff, planned or on record."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import Field, ValidationError

from schemas.base import Value
from schemas.errors import UsageError
from schemas.plain_words import plain
from schemas.referral import Line

WHOM_MOST, ABOUT_MOST, PADS_MOST = 120, 300, 999


class OutreachState(StrEnum):
    """`CANCELED`: planned and then not done, or logged by mistake."""

    PLANNED = "planned"
    DONE = "done"
    CANCELED = "canceled"


class OutreachWay(StrEnum):
    VISIT = "visit"
    CALL = "call"
    MESSAGE = "message"


class OutreachSaid(Value):
    """What a person says of it; `pads_left` are those that were seen there, `provider_id` whom it was about, if one."""

    on: date
    way: OutreachWay = OutreachWay.VISIT
    with_whom: Line = Field(default="", max_length=WHOM_MOST)
    about: Line = Field(default="", max_length=ABOUT_MOST)
    pads_left: int | None = Field(default=None, ge=0, le=PADS_MOST)
    provider_id: int | None = None

    @property
    def in_words(self) -> str:
        """ "visit, with Pat Moss: new pads"."""
        whom = f", with {self.with_whom}" if self.with_whom else ""
        return f"{self.way.value}{whom}{f': {self.about}' if self.about else ''}"


class Outreach(OutreachSaid):
    """One of them. While it is planned, `follow_up_id` names the follow-up that is due on its day."""

    id: int
    office_id: str
    state: OutreachState
    follow_up_id: int | None = None
    changed_by: str = ""


class ExportedOutreach(Value):
    """One of them as exports tell it, by the record's own numbers as text."""

    outreach_id: str = Field(min_length=1)
    office_id: str = Field(min_length=1)
    office_name: Line
    provider_id: str | None = None
    on: date
    state: OutreachState
    way: OutreachWay
    with_whom: Line = ""
    about: Line = ""
    pads_left: int | None = None
    changed_by: str = ""


def outreach_said(values: Mapping[str, Any]) -> OutreachSaid:
    """What was typed; raises UsageError that says of each field what to write."""
    try:
        return OutreachSaid.model_validate(dict(values))
    except ValidationError as error:
        details = error.errors(include_input=False)
        problems = (f"{str(detail['loc'][0]).replace('_', ' ')}: {plain(detail)}" for detail in details)
        raise UsageError(f"This does not fit: {'; '.join(problems)}.") from None
