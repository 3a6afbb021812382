"""Judging what is left of a life of letters: 0 doubles, 0 lost."""

from collections import Counter
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from store import verify
from store.database import Store
from store.tables import course_entry, follow_up, outbox
from tests.crash.chase_life import arrived
from tests.crash.crash_life import opened

Facts = dict[str, list[tuple[Any, ...]]]


def facts(store: Store) -> Facts:
    """What the record says of follow-ups and letters, without numbers and times that differ from life to life."""
    promised = outbox.join(follow_up)
    queries = {
        "follow-ups": sa.select(*follow_up.c["kind", "cycle", "due", "state", "ended_on"]),
        "letters": sa.select(outbox.c.kind, outbox.c.cycle, outbox.c.state, outbox.c.channel).select_from(promised),
        "entries": sa.select(course_entry.c.kind, course_entry.c.state),
    }
    with store.read() as connection:
        return {name: sorted(map(tuple, connection.execute(query)), key=repr) for name, query in queries.items()}


def wrongs(folder: Path, expected: Facts) -> list[str]:
    """Everything that is not as after an undisturbed life; mails that arrived twice, and letters that never did."""
    store = opened(folder)
    found = facts(store)
    told = [f"{name} differ: {found[name]} != {expected[name]}" for name in expected if found[name] != expected[name]]
    told += [f"{each.subject}: {each.message}" for each in verify.verify(store)]
    with store.read() as connection:
        mailed = sa.select(outbox.c.id, outbox.c.message_id).where(
            outbox.c.state == "sent", outbox.c.channel == "email"
        )
        kept = {row.id: row.message_id for row in connection.execute(mailed)}
    store.close()
    had = Counter(arrived(folder))
    told += [f"{message_id} arrived {times} times" for message_id, times in had.items() if times > 1]
    told += [f"letter {number} is lost" for number, message_id in kept.items() if message_id not in had]
    if len(had) != len(kept):
        told.append(f"{len(had)} mails arrived of {len(kept)} letters")
    return told
