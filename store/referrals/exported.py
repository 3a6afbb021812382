"""Accepted referrals as exporters want them: all, or those that changed behind a cursor."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from schemas.changes import GONE, ChangedNoun, RecordChange
from schemas.export import ExportedReferral
from schemas.referral import Referral
from store.changes import changes_since, latest_cursor
from store.database import Store
from store.directory.offices import with_office
from store.directory.patients import NUMBER
from store.tables import patient, referral, slip, slip_code

ROWS_A_FETCH = 500
_BETWEEN = ";"  # no code has one


@dataclass(frozen=True)
class ReferralView:
    """The referrals of one moment, for as long as the view is open."""

    connection: Connection

    @property
    def cursor(self) -> str:
        """The cursor behind all that the view shows."""
        return latest_cursor(self.connection)

    @property
    def last(self) -> int:
        """The highest number of a referral; 0 where there is none."""
        return self.connection.execute(sa.select(sa.func.max(referral.c.id))).scalar() or 0

    @property
    def answers(self) -> tuple[str, ...]:
        """See `answers_within`."""
        return answers_within(self.connection)

    def all(self) -> Iterator[ExportedReferral]:
        """Every referral, oldest first."""
        return all_referrals(self.connection)

    def some(self, numbers: Sequence[int]) -> Iterator[ExportedReferral]:
        """Those of these numbers that are on record."""
        return some_referrals(self.connection, numbers)

    def since(self, cursor: str) -> tuple[Iterator[ExportedReferral], dict[int, RecordChange]]:
        """Those that changed behind a cursor, and the last change of each that is gone; raises UsageError."""
        last = {
            line.number: line for line in changes_since(self.connection, cursor) if line.noun is ChangedNoun.REFERRAL
        }
        gone = {number: line for number, line in last.items() if line.what in GONE}
        return some_referrals(self.connection, sorted(last.keys() - gone.keys())), gone


@contextmanager
def view_referrals(store: Store) -> Iterator[ReferralView]:
    """The referrals as they are at this moment, whatever is committed meanwhile."""
    with store.read() as connection:
        yield ReferralView(connection)


def answers_within(connection: Connection) -> tuple[str, ...]:
    """The names of all answers that pads ask for, by the first referral of each edition: later ones come behind."""
    design, edition, answers = (referral.c.record[name].as_string() for name in ("design", "edition", "answers"))
    firsts = sa.select(sa.func.min(referral.c.id)).where(answers.is_not(None)).group_by(design, edition)
    query = sa.select(referral.c.record["answers"]).where(referral.c.id.in_(firsts)).order_by(referral.c.id)
    return tuple(dict.fromkeys(name for one in connection.execute(query).scalars() for name in one))


def all_referrals(connection: Connection) -> Iterator[ExportedReferral]:
    """Every accepted referral, oldest first; rows are fetched as they are used."""
    yield from map(_exported, connection.execution_options(yield_per=ROWS_A_FETCH).execute(_query()))


def some_referrals(connection: Connection, numbers: Sequence[int]) -> Iterator[ExportedReferral]:
    """Those of these numbers that are on record, by number."""
    wanted = sorted(numbers)
    for start in range(0, len(wanted), ROWS_A_FETCH):
        some = referral.c.id.in_(wanted[start : start + ROWS_A_FETCH])
        yield from map(_exported, connection.execute(_query().where(some)).all())


def _query() -> sa.Select[Any]:
    codes = sa.select(sa.func.aggregate_strings(slip_code.c.code, _BETWEEN)).where(
        slip_code.c.slip_id == referral.c.slip_id
    )
    return with_office(
        sa.select(
            referral,
            *slip.c["file_id", "page", "slip"],
            NUMBER.label("patient_number"),
            codes.scalar_subquery().label("codes"),
        ),
        referral.join(slip, slip.c.id == referral.c.slip_id).outerjoin(patient, patient.c.id == referral.c.patient_id),
        referral.c.office_id,
    ).order_by(referral.c.id)


def _exported(row: Row[Any]) -> ExportedReferral:
    return ExportedReferral(
        referral_id=str(row.id),
        file_id=str(row.file_id),
        page=row.page,
        slip=row.slip,
        office_id=row.office_id,
        office_name=row.office_name,
        accepted_on=row.accepted_on,
        accepted_by=row.accepted_by,
        patient_id=None if row.patient_number is None else str(row.patient_number),
        confirmed_codes=tuple(sorted(row.codes.split(_BETWEEN))) if row.codes else (),
        referral=Referral.model_validate(row.record),
    )
