"""What the store must be told to judge slips and to make promises: it imports neither pads nor follow-up rules."""

from collections.abc import Callable
from dataclasses import dataclass

from schemas.acceptance import Policy
from schemas.followup import Course, OfficeCourse, Plan
from schemas.pad import PadDesign


@dataclass(frozen=True)
class Terms:
    """The studio's policy, its pads, and its rules.

    `design_of(design, edition)` gives a pad design, or None when there is no such; `plan(course)` what should
    stand of a referral now, `plan_office(course)` what of an office.
    """

    policy: Policy
    design_of: Callable[[str, int], PadDesign | None]
    plan: Callable[[Course], Plan]
    plan_office: Callable[[OfficeCourse], Plan]
