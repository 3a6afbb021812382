"""What the record tells of offices: who referred when, how soon was answered, and how many slips are left."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from statistics import median

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.followup import FollowUpKind, FollowUpPolicy, FollowUpState, HandOut
from schemas.office import MonthCount, OfficeActivity
from store.database import Store
from store.directory.offices import is_office, is_unmerged, same_offices, survivors
from store.directory.pad_stock import hand_outs
from store.tables import follow_up, office, provider, referral

MONTHS = 12
DAY_S = 86_400.0
_TIMED = {FollowUpKind.CONTACT_PATIENT.value: "days_to_contact", FollowUpKind.THANK_PROVIDER.value: "days_to_thanks"}


def last_referral_of(store: Store, office_id: str) -> date | None:
    """The day of the office's latest referral."""
    latest = sa.select(sa.func.max(referral.c.accepted_on)).where(is_office(referral.c.office_id, office_id))
    with store.read() as connection:
        return connection.execute(latest).scalar()


def activity(store: Store, policy: FollowUpPolicy) -> Iterator[OfficeActivity]:
    """One line for each office by its name, those merged into another with it."""
    today = store.clock.today()
    query = sa.select(office).where(is_unmerged()).order_by(office.c.name, office.c.id)
    with store.read() as connection:
        counts_as = survivors(connection)
        for row in connection.execute(query).mappings().all():
            given = hand_outs(connection, store, same_offices(counts_as, row["id"]))
            days = _referral_days(connection, row["id"])
            last = days[-1] if days else None
            heard = max((day for day in (last, *(hand_out.given_on for hand_out in given)) if day), default=None)
            quiet = (today - heard).days if heard else None
            yield OfficeActivity(
                office_id=row["id"],
                office_name=row["name"],
                contact=row["contact"],
                providers=_providers(connection, row["id"]),
                referrals=len(days),
                by_month=_by_month(days, today),
                first_referral_on=days[0] if days else None,
                last_referral_on=last,
                days_quiet=quiet,
                quiet=quiet is not None and quiet >= policy.office_quiet_days,
                **_answered(connection, row["id"]),
                **_slips(given, policy),
            )


def _referral_days(connection: Connection, office_id: str) -> list[date]:
    theirs = is_office(referral.c.office_id, office_id)
    query = sa.select(referral.c.accepted_on).where(theirs).order_by(referral.c.accepted_on)
    return list(connection.execute(query).scalars())


def _providers(connection: Connection, office_id: str) -> int:
    theirs = (is_office(provider.c.office_id, office_id), provider.c.merged_into.is_(None))
    return connection.execute(sa.select(sa.func.count()).select_from(provider).where(*theirs)).scalar_one()


def _by_month(days: list[date], today: date) -> tuple[MonthCount, ...]:
    """The last MONTHS months, this one included, also those without a referral."""
    counts: dict[str, int] = defaultdict(int)
    for day in days:
        counts[f"{day:%Y-%m}"] += 1
    last = today.year * 12 + today.month - 1
    months = (f"{number // 12}-{number % 12 + 1:02d}" for number in range(last - MONTHS + 1, last + 1))
    return tuple(MonthCount(month=month, referrals=counts[month]) for month in months)


def _answered(connection: Connection, office_id: str) -> dict[str, float | None]:
    """The medians from the acceptance to the first contact and to the thanks."""
    query = (
        sa.select(follow_up.c.kind, referral.c.accepted_at, follow_up.c.settled_at)
        .join(referral, referral.c.id == follow_up.c.referral_id)
        .where(follow_up.c.kind.in_(_TIMED), follow_up.c.state == FollowUpState.DONE.value)
        .where(is_office(referral.c.office_id, office_id))
    )
    took: dict[str, list[float]] = {name: [] for name in _TIMED.values()}
    for kind, accepted_at, settled_at in connection.execute(query):
        took[_TIMED[kind]].append(_days(accepted_at, settled_at))
    return {name: round(median(values), 2) if values else None for name, values in took.items()}


def _days(since: datetime, until: datetime) -> float:
    return max(0.0, (until - since).total_seconds() / DAY_S)


def _slips(given: tuple[HandOut, ...], policy: FollowUpPolicy) -> dict[str, int | bool]:
    """What is left of the latest pads of each design, and whether that is little."""
    latest = [hand_out for hand_out in given if hand_out.is_latest]
    left = [hand_out.seen[-1].slips if hand_out.seen else hand_out.slips for hand_out in latest]
    low = any(
        n <= policy.pads_low_share * hand_out.slips for n, hand_out in zip(left, latest, strict=True) if hand_out.seen
    )
    return {"slips_given": sum(hand_out.slips for hand_out in given), "slips_left": sum(left), "pads_low": low}
