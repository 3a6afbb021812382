"""What the store is given to judge slips and plan follow-ups: it imports neither pads nor follow-up rules."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from schemas.acceptance import Policy
from schemas.followup import Course, OfficeCourse, Plan
from schemas.pad import PadDesign


def never() -> float:
    """A number (0 to 1) above which no share lies: nothing is drawn for the quality sample."""
    return 1.0


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
    `sample_share` (0 to 1) of the values that are sure come to a person all the same; `chance()` is a number of 0 to 1
    to draw them by.
    """

    policy: Policy
    design_of: Callable[[str, int], PadDesign | None]
    plan: Callable[[Course], Plan]
    plan_office: Callable[[OfficeCourse], Plan]
    call_again: Callable[[date], date] = tomorrow
    tell_after_calls: int = 3
    sample_share: float = 0.0
    chance: Callable[[], float] = never
