"""The follow-up list: what is to be done by when, and that it was done."""

from datetime import date

import sqlalchemy as sa

from schemas.base import Value
from schemas.errors import UsageError
from schemas.followup import FollowUpKind, FollowUpState
from schemas.text import clean
from store import audit
from store.crash import crashpoint
from store.database import Store
from store.tables import follow_up, referral


class Task(Value):
    """One open follow-up with what is needed to do it; `days_overdue` is 0 on the due day, negative before."""

    id: int
    referral_id: int
    kind: FollowUpKind
    cycle: int
    due: date
    days_overdue: int
    patient_name: str
    patient_phone: str
    provider_name: str


def open_tasks(store: Store, due_only: bool = False) -> list[Task]:
    """The open follow-ups, longest overdue first; with `due_only` those due today or before."""
    today = store.clock.today()
    query = (
        sa.select(follow_up, referral.c.record)
        .join(referral, referral.c.id == follow_up.c.referral_id)
        .where(follow_up.c.state == FollowUpState.OPEN.value)
        .order_by(follow_up.c.due, follow_up.c.id)
    )
    if due_only:
        query = query.where(follow_up.c.due <= today)
    with store.read() as connection:
        return [
            Task(
                **{name: row[name] for name in ("id", "referral_id", "kind", "cycle", "due")},
                days_overdue=(today - row["due"]).days,
                **{name: row["record"][name] for name in ("patient_name", "patient_phone", "provider_name")},
            )
            for row in connection.execute(query).mappings()
        ]


def settle(store: Store, task_id: int, state: FollowUpState, who: str, note: str = "") -> None:
    """Mark an open follow-up as done or skipped."""
    values = {"state": state.value, "settled_by": who, "settled_at": store.clock.now(), "note": str(clean(note))}
    with store.write() as connection:
        still_open = (follow_up.c.id == task_id, follow_up.c.state == FollowUpState.OPEN.value)
        if connection.execute(follow_up.update().where(*still_open).values(values)).rowcount != 1:
            raise UsageError(f"There is no open task {task_id}: `refpad tasks` shows those that are open.")
        audit.append(connection, store.clock.now(), who, state.value, f"follow_up {task_id}")
        crashpoint("task.before_commit")
    crashpoint("task.committed")
