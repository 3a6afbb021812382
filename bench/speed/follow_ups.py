"""Time the follow-up list over years of referrals."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from bench.own_settings import own_settings
from refpad.services.letters.chase import chase_all
from store.clock import SetClock
from store.database import open_store
from store.followups.listing import FollowUpQuery, list_follow_ups
from store.intake.ledger.files import totals

NOON = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)
PER_REFERRAL = 4
TRIES = 5

# Written by its own SQL: through the ordinary path a hundred thousand would take minutes. For each open follow-up
# there is one that has ended.
FILL = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :referrals)
INSERT INTO file (id, sha256, size_bytes, received_on, state, attempts, generation)
SELECT i, printf('%064d', i), 1, '2026-01-05', 'done', 1, 1 FROM n;
INSERT INTO slip (id, file_id, page, slip, state, reading, findings, version)
SELECT id, id, 1, 1, 'accepted', '{}', '[]', 1 FROM file;
INSERT INTO referral (id, slip_id, accepted_on, accepted_at, accepted_by, visit_told_on, record)
SELECT id, id, '2026-01-05', '2026-01-05 17:00:00.000000', 'machine', '2026-01-05',
    json_object('patient_name', 'Ada Quill ' || id, 'patient_phone', '+12125550142', 'provider_name', 'B. Fenn',
        'diagnosis', 's/p total knee arthroplasty, left', 'goals', 'climbs stairs', 'precautions', 'no kneeling')
FROM slip;
WITH RECURSIVE k(kind, part) AS (VALUES ('thank_provider', 0), ('contact_patient', 1), ('book_assessment', 2),
    ('progress_report', 3)), c(cycle, state, ended_on) AS (VALUES (1, 'done', '2026-02-01'), (2, 'open', NULL))
INSERT INTO follow_up (referral_id, kind, cycle, due, planned_due, state, owner, made_at, ended_on, generation)
SELECT referral.id, kind, cycle, date('2026-03-03', (referral.id % 60 - 30) || ' days'), '2026-03-03', c.state, '',
    '2026-01-05 17:00:00.000000', ended_on, 0 FROM referral, k, c WHERE referral.id * 4 + part - 4 < :follow_ups;
"""


@dataclass(frozen=True)
class QueueTime:
    """One query of the list: the median of TRIES in milliseconds, how many it found, and how far memory grew."""

    what: str
    ms: float
    found: int
    grown_mb: float


def measure_queue(folder: Path, follow_ups: int) -> list[QueueTime]:
    """Fill a record in `folder` with so many open follow-ups (and as many ended ones), and ask it."""
    settings = own_settings(folder)
    file, clock = settings.store_folder / "refpad.sqlite", SetClock(NOON, "America/New_York")
    with closing(open_store(f"sqlite:///{file}", settings.store_folder, clock, settings.state)) as store:
        _fill(file, follow_ups)
        last = list_follow_ups(store, FollowUpQuery(limit=10_000)).follow_ups[-1].id
        return [
            _time_question("a page of what is due", lambda: list_follow_ups(store, FollowUpQuery(due_only=True)).total),
            _time_question("a page further on", lambda: list_follow_ups(store, FollowUpQuery(after=last)).total),
            _time_question("a page of one owner's", lambda: list_follow_ups(store, FollowUpQuery(owner="kim")).total),
            _time_question("a search by name", lambda: list_follow_ups(store, FollowUpQuery(words="Quill 77")).total),
            _time_question("how many are due", lambda: totals(store).tasks_due),
            _time_question("a chase with no letter to make", lambda: len(list(chase_all(store, settings)))),
        ]


def _fill(file: Path, follow_ups: int) -> None:
    figures = {"referrals": -(-follow_ups // PER_REFERRAL), "follow_ups": follow_ups}
    with closing(sqlite3.connect(file)) as connection, connection:
        for statement in FILL.split(";\n")[:-1]:
            connection.execute(statement, figures)


def _time_question(what: str, ask: Callable[[], int]) -> QueueTime:
    took, found, before = [], 0, _resident_bytes()
    for _ in range(TRIES):
        begun_s = time.perf_counter()
        found = ask()
        took.append((time.perf_counter() - begun_s) * 1000)
    return QueueTime(what, sorted(took)[TRIES // 2], found, (_resident_bytes() - before) / 1e6)


def _resident_bytes() -> int:
    return int(psutil.Process().memory_info().rss)
