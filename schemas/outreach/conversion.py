"""What became of an office's slips, from paper to program, and why some stopped on the way.

No figure here is for a reward: it is listed by name, and never in the order of a number.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum
from statistics import median

from schemas.base import Value
from schemas.course import Outcome
from schemas.text import counted

# The window in which the pace before a silence is counted, and the fewest slips in it that make a pace: one or two
# slips are no habit that could have ended.
PACE_DAYS, PACE_LEAST = 183, 3
MONTH_DAYS = 30.44

NO_RANKING = (
    "Listed by name: refpad ranks nobody by the number of referrals, for rewarding referrals can be a crime under "
    "the federal Anti-Kickback Statute (42 U.S.C. 1320a-7b(b))."
)


class StopReason(StrEnum):
    """Why a referral did not become a program, or the program stopped before its end."""

    DECLINED = "declined"
    UNREACHABLE = "unreachable"
    STOPPED_COMING = "stopped_coming"
    STATUS_CHANGED = "status_changed"
    OTHER = "other"


STOP_WORDS = {
    StopReason.DECLINED: "declined",
    StopReason.UNREACHABLE: "could not be reached",
    StopReason.STOPPED_COMING: "stopped coming",
    StopReason.STATUS_CHANGED: "change in status",
    StopReason.OTHER: "another reason",
}
_OF_OUTCOME = {
    Outcome.DECLINED: StopReason.DECLINED,
    Outcome.NOT_REACHED: StopReason.UNREACHABLE,
    Outcome.STOPPED_COMING: StopReason.STOPPED_COMING,
    Outcome.REFERRED_BACK: StopReason.STATUS_CHANGED,
    Outcome.MOVED_AWAY: StopReason.OTHER,
}


class ReferralPath(Value):
    """How far a referral came, by the days: when its slip came, and of each further step the first day, if any.

    `began_on`: they came again after the assessment, or a progress report was entered. `stopped` is None while the
    referral goes on, and when it came to its planned end.
    """

    referral_id: int
    patient_name: str
    office_id: str | None
    provider_id: int | None
    received_on: date
    accepted_on: date
    called_on: date | None = None
    came_on: date | None = None
    began_on: date | None = None
    stopped: StopReason | None = None


class Conversion(Value):
    """Counts of slips by how far they came, medians in days since the slip came, and counts of why they stopped.

    Of an office as a whole `provider_id` is None, and of slips whose office is not known `office_id`. Of a provider
    `slips` is None: who signed is known of accepted slips. A median is None when nobody came so far.
    """

    office_id: str | None = None
    office_name: str = ""
    provider_id: str | None = None
    provider_name: str = ""
    slips: int | None
    accepted: int
    called: int
    first_visit: int
    program: int
    days_to_accept: float | None
    days_to_call: float | None
    days_to_first_visit: float | None
    days_to_program: float | None
    declined: int
    unreachable: int
    stopped_coming: int
    status_changed: int
    other: int


def conversion(paths: Sequence[ReferralPath], slips: int | None) -> Conversion:
    """The figures of these referrals, of nobody's name; `slips` are all slips, accepted or not."""
    called, came, began = (
        [(path.received_on, day) for path in paths if (day := getattr(path, name)) is not None]
        for name in ("called_on", "came_on", "began_on")
    )
    return Conversion(
        slips=slips,
        accepted=len(paths),
        called=len(called),
        first_visit=len(came),
        program=len(began),
        days_to_accept=_median((path.received_on, path.accepted_on) for path in paths),
        days_to_call=_median(called),
        days_to_first_visit=_median(came),
        days_to_program=_median(began),
        **{reason.value: sum(path.stopped is reason for path in paths) for reason in StopReason},
    )


def why_stopped(
    *, outcome: Outcome | None, told: StopReason | None, assessed: bool, missed_enough: bool, paused: bool
) -> StopReason | None:
    """Why a referral does not go on, None when it does or came to its planned end.

    `outcome` is that of a discharge, `told` why the calls ended; who was assessed all the same has thought better of
    it. `missed_enough`: so many appointments in a row that somebody asks; `paused`: by the last change in status.
    """
    if outcome is not None:
        return _OF_OUTCOME.get(outcome)
    if told is not None and not assessed:
        return told
    if paused:
        return StopReason.STATUS_CHANGED
    return StopReason.STOPPED_COMING if missed_enough else None


def slips_stopped(days: Iterable[date], today: date, quiet_days: int, pads_left: int | None) -> str:
    """That an office's slips have stopped coming, with what to do; "" while they come, or never came often.

    `days` are those on which its slips came; `pads_left` what the last visit saw.
    """
    came = sorted(days)
    if not came or (today - came[-1]).days < quiet_days:
        return ""
    window = [day for day in came if day > came[-1] - timedelta(days=PACE_DAYS)]
    if len(window) < PACE_LEAST:
        return ""
    a_month = len(window) / max(1.0, (window[-1] - window[0]).days / MONTH_DAYS)
    pace = f"about {a_month:.0f} a month" if a_month >= 1 else f"{len(window)} in half a year"
    pads = "take pads along, for none were left" if pads_left == 0 else "ask whether pads and staff are still there"
    return f"No slip for {counted((today - came[-1]).days, 'day')}, before that {pace}: plan a visit, and {pads}."


def _median(spans: Iterable[tuple[date, date]]) -> float | None:
    days = [max(0, (until - since).days) for since, until in spans]
    return float(median(days)) if days else None
