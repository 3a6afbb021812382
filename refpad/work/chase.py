"""What has to be chased: the follow-ups due today or before."""

from collections import Counter
from datetime import date

from schemas.base import Value
from schemas.followup import FollowUpKind
from store.database import Store
from store.tasks import TaskQuery, each_task


class Due(Value):
    """One due follow-up without the people it is about, so that it may be shown anywhere."""

    follow_up_id: int
    kind: FollowUpKind
    due: date
    days_late: int


def due_follow_ups(store: Store) -> list[Due]:
    """The open follow-ups due today or before, longest overdue first; marks nothing."""
    return [
        Due(follow_up_id=task.id, kind=task.kind, due=task.due, days_late=task.days_overdue)
        for task in each_task(store, TaskQuery(due_only=True))
    ]


def count_kinds(due: list[Due]) -> list[tuple[FollowUpKind, int]]:
    """How many of each kind, most first."""
    return Counter(each.kind for each in due).most_common()
