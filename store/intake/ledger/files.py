"""The ledger: every file ever seen is accounted for."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.base import Value
from schemas.reasons import SetAsideReason
from schemas.states import FileState, OccurrenceState, SlipState
from store.database import Store
from store.intake.ledger import drops
from store.tables import file, follow_up, occurrence, settled_file, slip


class Ledger(Value):
    """How often a file was seen in the inbox, and what became of each time; all counts are of occurrences."""

    seen: int
    done: int
    review: int
    set_aside: int
    duplicate: int
    ignored: int
    waiting: int

    @property
    def balances(self) -> bool:
        """seen = done + review + set aside + duplicate + ignored + waiting."""
        parts = (self.done, self.review, self.set_aside, self.duplicate, self.ignored, self.waiting)
        return self.seen == sum(parts)


class Totals(Value):
    """What the record holds: slips by state, and follow-ups that are open and due."""

    accepted: int
    review: int
    rejected: int
    tasks_open: int
    tasks_due: int


class SetAside(Value):
    """A file that could not be used: its id (None when it was left in the inbox), how it was called, and why.

    `settled` is what a person said it is; None: nobody has.
    """

    file_id: int | None
    name: str
    reason: SetAsideReason
    message: str
    settled: str | None


def ledger(store: Store) -> Ledger:
    """Count every occurrence by what became of it: a taken one is where its file is.

    A duplicate is one of a file that was read or waits to be read; of a file set aside it is set aside as well.
    """
    with store.read() as connection:
        return ledger_within(connection)


def ledger_within(connection: Connection) -> Ledger:
    """The ledger, within the caller's transaction."""
    became = drops.ended_as().label("became")
    grouped = sa.select(became, sa.func.count().label("number")).select_from(drops.with_files()).group_by(became)
    counts = {row.became: row.number for row in connection.execute(grouped)}
    seen = connection.execute(sa.select(sa.func.count()).select_from(occurrence)).scalar_one()
    known = (*FileState, OccurrenceState.DUPLICATE, OccurrenceState.IGNORED)
    return Ledger(seen=seen, **{state.value: counts.get(state.value, 0) for state in known})


def totals(store: Store) -> Totals:
    """Slips and follow-ups, counted."""
    by_state = sa.select(slip.c.state, sa.func.count().label("number")).group_by(slip.c.state)
    still_open = sa.select(sa.func.count()).select_from(follow_up).where(follow_up.c.ended_on.is_(None))
    with store.read() as connection:
        slips = {row.state: row.number for row in connection.execute(by_state)}
        open_now = connection.execute(still_open).scalar_one()
        due = connection.execute(still_open.where(follow_up.c.due <= store.clock.today())).scalar_one()
    states = {state.value: slips.get(state, 0) for state in SlipState}
    return Totals(**states, tasks_open=open_now, tasks_due=due)


def files_set_aside(store: Store) -> list[SetAside]:
    """Every file that could not be used, each time it came, oldest first, with the reason."""
    reason = sa.func.coalesce(occurrence.c.reason, file.c.reason).label("reason")
    message = sa.func.coalesce(occurrence.c.message, file.c.message).label("message")
    settled = settled_file.c.verdict.label("settled")
    query = (
        sa.select(occurrence.c.file_id, occurrence.c.name_shown.label("name"), reason, message, settled)
        .select_from(drops.with_files().outerjoin(settled_file, settled_file.c.file_id == file.c.id))
        .where(sa.or_(occurrence.c.state == OccurrenceState.SET_ASIDE, drops.is_unusable()))
        .order_by(occurrence.c.id)
    )
    with store.read() as connection:
        return [SetAside(**row) for row in connection.execute(query).mappings()]
