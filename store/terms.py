"""What the store must be told to judge slips and to make promises: it imports neither pads nor follow-up rules."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from schemas.acceptance import Policy
from schemas.followup import PlannedFollowUp, PlannedLetter
from schemas.pad import PadDesign
from schemas.referral import Referral


@dataclass(frozen=True)
class Terms:
    """The studio's policy, its pads, and its rules.

    `design_of(design, edition)` gives a pad design, or None when there is no such; `follow_ups(referral,
    accepted_on)` what an accepted referral asks for; `letters(follow_ups)` what of that waits in the outbox.
    """

    policy: Policy
    design_of: Callable[[str, int], PadDesign | None]
    follow_ups: Callable[[Referral, date], tuple[PlannedFollowUp, ...]]
    letters: Callable[[tuple[PlannedFollowUp, ...]], tuple[PlannedLetter, ...]]
