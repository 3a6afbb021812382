"""What the store must be told to judge slips and to make promises: it imports neither pads nor follow-up rules."""

from collections.abc import Callable
from dataclasses import dataclass

from schemas.acceptance import Policy
from schemas.followup import Course, OfficeCourse, Plan
from schemas.pad import PadDesign


def never() -> bool:
    """Draws nothing."""
    return False


@dataclass(frozen=True)
class Terms:
    """The studio's policy, its pads, and its rules.

    `design_of(design, edition)` gives a pad design, or None when there is no such; `plan(course)` what should
    stand of a referral now, `plan_office(course)` what of an office.
    `is_drawn()` says whether a slip that the machine accepted comes to a person all the same.
    """

    policy: Policy
    design_of: Callable[[str, int], PadDesign | None]
    plan: Callable[[Course], Plan]
    plan_office: Callable[[OfficeCourse], Plan]
    is_drawn: Callable[[], bool] = never
