"""What became of slips is counted by name, a silence is told from a rare slip, and each stop has one reason."""

from datetime import date, timedelta

import pytest

from schemas.course import Outcome
from schemas.outreach.conversion import ReferralPath, StopReason, conversion, slips_stopped, why_stopped

DAY = date(2026, 3, 2)
QUIET_DAYS = 60


def days(*numbers: int) -> list[date]:
    return [DAY + timedelta(days=number) for number in numbers]


@pytest.mark.parametrize(
    ("came", "today", "pads", "says"),
    [
        (
            days(*range(0, 90, 10)),
            90 + 59,
            None,
            "No slip for 69 days, before that about 3 a month: plan a visit, and ask",
        ),
        (days(*range(0, 90, 10)), 90 + 59, 0, "and take pads along, for none were left."),
        (days(*range(0, 180, 60)), 120 + 60, None, "before that 3 in half a year"),
        (days(*range(0, 90, 10)), 80 + 59, None, ""),
        (days(0, 10), 100, None, ""),
        (days(-400, -390, -380, -370, 0), 100, None, ""),
        ([], 100, None, ""),
    ],
)
def test_a_silence_is_told_of_an_office_that_used_to_refer(
    came: list[date], today: int, pads: int | None, says: str
) -> None:
    """With the pace before it and the next step; two slips are no pace, nor is one after a year of nothing."""
    said = slips_stopped(came, DAY + timedelta(days=today), QUIET_DAYS, pads)
    assert says in said
    assert bool(said) == bool(says)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({}, None),
        ({"told": StopReason.DECLINED}, StopReason.DECLINED),
        ({"told": StopReason.UNREACHABLE, "assessed": True}, None),
        ({"missed_enough": True}, StopReason.STOPPED_COMING),
        ({"missed_enough": True, "paused": True}, StopReason.STATUS_CHANGED),
        ({"outcome": Outcome.GOALS_MET, "missed_enough": True}, None),
        ({"outcome": Outcome.REFERRED_BACK}, StopReason.STATUS_CHANGED),
        ({"outcome": Outcome.NOT_REACHED, "told": StopReason.DECLINED}, StopReason.UNREACHABLE),
        ({"outcome": Outcome.MOVED_AWAY}, StopReason.OTHER),
    ],
)
def test_each_stop_has_one_reason_and_an_end_that_was_planned_has_none(
    facts: dict[str, object], why: StopReason | None
) -> None:
    """A discharge is the last word; who declined and came all the same has not stopped."""
    known = {"outcome": None, "told": None, "assessed": False, "missed_enough": False, "paused": False}
    assert why_stopped(**{**known, **facts}) is why  # type: ignore[arg-type]


def test_medians_count_from_the_day_the_slip_came_and_nobody_has_none() -> None:
    """A slip that waited a week in review waited for the patient too."""
    paths = [
        ReferralPath(
            referral_id=number,
            patient_name="Ada Quill",
            office_id="northside",
            provider_id=1,
            received_on=DAY,
            accepted_on=DAY + timedelta(days=number),
            called_on=DAY + timedelta(days=2 * number) if number < 3 else None,
            stopped=StopReason.DECLINED if number == 2 else None,
        )
        for number in (1, 2, 3)
    ]
    found = conversion(paths, 5)
    assert (found.slips, found.accepted, found.called, found.first_visit, found.declined) == (5, 3, 2, 0, 1)
    assert (found.days_to_accept, found.days_to_call, found.days_to_first_visit) == (2.0, 3.0, None)
