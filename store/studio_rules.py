"""What the store is given to judge slips and plan follow-ups: it imports neither pads nor follow-up rules."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from schemas.acceptance import Policy
from schemas.followup import Course, OfficeCourse, Plan
from schemas.pad import PadDesign


def never() -> bool:
    """Draw no slip for the quality sample."""
    return False


def tomorrow(day: date) -> date:
    """The day after."""
    return day + timedelta(days=1)


@dataclass(frozen=True)
class StudioRules:
    """The studio's policy, its pads, and its follow-up rules.

    `design_of(design, edition)` gives a pad design, or None when there is no such; `plan(course)` the follow-ups
    that a referral needs now, `plan_office(course)` those of an office.
    `call_again(day)` is the day on which a patient is called again who was not reached; after `tell_after_calls` such
    calls the provider is told.
    `is_drawn()` says whether a slip that the machine accepted joins the quality sample.
    """

    policy: Policy
    design_of: Callable[[str, int], PadDesign | None]
    plan: Callable[[Course], Plan]
    plan_office: Callable[[OfficeCourse], Plan]
    is_drawn: Callable[[], bool] = never
    call_again: Callable[[date], date] = tomorrow
    tell_after_calls: int = 3
