"""Three simulated years with six hundred referrals: each follow-up fires once, on its day.

The studio's clocks are set forward and back (America/New_York), 2028 has a 29 February, and twice somebody sets the
machine's clock back by two days. People do most of what is due on its day, and some of it late.
"""

import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import cast

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from followup.letter_pdf import Press
from refpad.services.letters.chase import Chaser
from refpad.services.wiring import rules_of
from refpad.settings import Settings
from schemas.followup import FollowUpKind, FollowUpState
from schemas.letter import Prefers
from schemas.referral import Referral
from store.clock import SetClock
from store.database import Store, open_store
from store.followups.planning import Subject, end_follow_up, replan
from store.letters.restore_guard import check_restored
from store.referrals import referrals
from store.studio_rules import StudioRules
from store.tables import file, follow_up, outbox, provider, referral, slip
from store.workers.workers import register_worker
from tests.databases import in_memory
from tests.refpad.services.letters.test_chase import QuickPress, ToldMailer

pytestmark = pytest.mark.timeout(900)  # ten seconds of work, when nobody else wants the machine

REFERRALS = 600
FIRST_NOON = datetime(2027, 1, 4, 17, 0, tzinfo=UTC)
DAYS = 3 * 365 + 1
TURNED_BACK = (400, 900)  # days of the simulation
BY_MAIL = 20  # every so many referrals the thanks are left to the machine
LATE_SHARE = 0.15


@dataclass
class Years:
    """What happened: on which day each follow-up first stood in the list, and how often it ended."""

    store: Store
    rules: StudioRules
    chaser: Chaser
    clock: SetClock
    rng: random.Random = field(default_factory=lambda: random.Random(3))  # noqa: S311 - no secret
    fired: dict[int, tuple[date, date]] = field(default_factory=dict)
    ended: Counter[int] = field(default_factory=Counter)
    accepted: int = 0
    to_come: dict[date, list[tuple[int, str]]] = field(default_factory=dict)

    def live(self) -> None:
        """Day after day."""
        for number in range(DAYS):
            if number in TURNED_BACK:
                self.clock.move(timedelta(days=-2))
            with self.store.write() as connection:
                self._accept(connection, until=REFERRALS * (number + 1) // (DAYS - 200))
                self._what_happens(connection)
                self._work_the_list(connection)
                self._work_the_list(connection, seen=frozenset(self.fired))  # what the first pass made due today
            self._send()
            self.clock.move(timedelta(days=1))

    def _accept(self, connection: Connection, until: int) -> None:
        today = self.clock.today()
        for number in range(self.accepted + 1, min(until, REFERRALS) + 1):
            visit = today + timedelta(days=self.rng.randrange(5, 80)) if self.rng.random() < 0.5 else None
            record = _referral(number, today, visit)
            referrals.write(connection, self.store, self.rules, number, record, "machine")
            if number % BY_MAIL == 0:
                wants = {"email": "fenn@northside.example", "prefers": Prefers.EMAIL.value}
                connection.execute(provider.update().values(wants))
            assessed = today + timedelta(days=self.rng.randrange(3, 12))
            self.to_come.setdefault(assessed, []).append((number, "assessed_on"))
            discharged = assessed + timedelta(days=self.rng.randrange(10, 80))
            self.to_come.setdefault(discharged, []).append((number, "discharged_on"))
            if number % 3 == 0:
                self.to_come.setdefault(assessed + timedelta(days=5), []).append((number, "next_visit_on"))
        self.accepted = max(self.accepted, min(until, REFERRALS))

    def _what_happens(self, connection: Connection) -> None:
        """Assessments, discharges, and visits that are put off or brought forward."""
        today = self.clock.today()
        for day in sorted(each for each in self.to_come if each <= today):
            for number, column in self.to_come.pop(day):
                values: dict[str, date] = {column: today}
                if column == "next_visit_on":
                    values = {column: today + timedelta(days=self.rng.randrange(1, 60)), "visit_told_on": today}
                connection.execute(referral.update().where(referral.c.id == number).values(values))
                replan(connection, self.store, self.rules, Subject("referral_id", number))

    def _work_the_list(self, connection: Connection, seen: frozenset[int] = frozenset()) -> None:
        """Everything new in the list has fired today; most of the list is done today."""
        today = self.clock.today()
        due = sa.select(follow_up).where(follow_up.c.ended_on.is_(None), follow_up.c.due <= today)
        for row in connection.execute(due.order_by(follow_up.c.due, follow_up.c.id)).mappings().all():
            if row["id"] in seen:
                continue
            self.fired.setdefault(row["id"], (row["due"], today))
            thanks = row["kind"] == FollowUpKind.THANK_PROVIDER
            if row["referral_id"] % BY_MAIL == 0 if thanks else self.rng.random() < LATE_SHARE:
                continue
            end_follow_up(connection, self.store, row, FollowUpState.DONE, "kim", "")
            self.ended[row["id"]] += 1
            replan(connection, self.store, self.rules, Subject.of(row))

    def _send(self) -> None:
        with self.store.read() as connection:
            waits = sa.select(outbox.c.id).where(outbox.c.state.in_(["waiting", "ready"]))
            if connection.execute(waits.limit(1)).first() is None:
                return
        for _ in (*self.chaser.make(), *self.chaser.send()):
            continue


def _referral(number: int, today: date, visit: date | None) -> Referral:
    return Referral(
        design="met",
        edition=1,
        serial=number,
        patient_name=f"Patient {number}",
        patient_phone="+12125550142",
        provider_name="Dr. B. Fenn",
        signed_on=today,
        next_visit_on=visit,
    )


@contextmanager
def _opened() -> Iterator[Years]:
    with tempfile.TemporaryDirectory(dir=in_memory()) as folder:
        settings = Settings(folder=Path(folder))
        clock = SetClock(FIRST_NOON, "America/New_York")
        store = open_store(settings.url, settings.store_folder, clock)
        with store.write() as connection:
            kept = {"id": 1, "sha256": "f", "size_bytes": 1, "received_on": clock.today(), "state": "done"}
            connection.execute(file.insert().values(kept))
            row = {"file_id": 1, "page": 1, "state": "accepted", "reading": {}, "findings": []}
            slips = [{**row, "id": number, "slip": number} for number in range(1, REFERRALS + 1)]
            connection.execute(slip.insert(), slips)
        check_restored(store)
        with register_worker(store) as worker:
            rules = rules_of(settings)
            chaser = Chaser(store, settings, rules, cast("Press", QuickPress()), ToldMailer(), worker)
            yield Years(store, rules, chaser, clock)
        store.close()


@pytest.fixture(scope="module")
def years() -> Iterator[Years]:
    with _opened() as opened:
        opened.live()
        yield opened


def rows(years: Years, query: sa.Select[tuple[object, ...]]) -> list[sa.RowMapping]:
    with years.store.read() as connection:
        return list(connection.execute(query).mappings().all())


def test_each_follow_up_fires_on_its_day(years: Years) -> None:
    """Not a day before, not a day after; only what was made on its very day, or moved to it, may seem late."""
    made = {row["id"]: years.clock.day_of(row["made_at"]) for row in rows(years, sa.select(follow_up))}
    early = [number for number, (due, fired) in years.fired.items() if fired < due]
    late = [n for n, (due, fired) in years.fired.items() if fired > due and made[n] <= due]
    assert early == []
    assert late == []
    assert len(years.fired) > 5 * REFERRALS


def test_each_follow_up_ends_once(years: Years) -> None:
    """Also on the days that the clock lived twice."""
    assert set(years.ended.values()) == {1}


def test_every_course_went_through_all_its_promises(years: Years) -> None:
    """Six hundred thanks, calls, summaries and discharges: none forgotten in three years."""
    counted = Counter(row["kind"] for row in rows(years, sa.select(follow_up.c.kind)))
    for kind in ("thank_provider", "contact_patient", "book_assessment", "assessment_summary", "discharge_summary"):
        assert counted[kind] == REFERRALS, kind
    assert counted["progress_report"] > 2 * REFERRALS


def test_nothing_stands_once_everything_is_over(years: Years) -> None:
    """The last referral came half a year before the end: what is left are tasks that are a few days late at most."""
    standing = rows(years, sa.select(follow_up).where(follow_up.c.ended_on.is_(None)))
    assert [row["id"] for row in standing if row["due"] < years.clock.today() - timedelta(days=14)] == []


def test_providers_never_waited_longer_than_a_month_for_a_report(years: Years) -> None:
    """From one report to the day on which the next is due; people may then be late, the machine is not."""
    query = sa.select(follow_up).where(follow_up.c.kind == "progress_report", follow_up.c.state == "done")
    by_referral: dict[int, list[sa.RowMapping]] = {}
    for row in rows(years, query.order_by(follow_up.c.referral_id, follow_up.c.cycle)):
        by_referral.setdefault(row["referral_id"], []).append(row)
    for chain in by_referral.values():
        assert [row["cycle"] for row in chain] == list(range(1, len(chain) + 1))
        for before, after in pairwise(chain):
            assert before["ended_on"] <= after["due"] <= before["ended_on"] + timedelta(days=30)


def test_each_letter_that_was_left_to_the_machine_was_sent_once(years: Years) -> None:
    """A hundred thanks, by mail, on the day of the referral."""
    assert isinstance(years.chaser.mailer, ToldMailer)
    ids = [str(mail["Message-ID"]) for mail in years.chaser.mailer.mails]
    sent = sa.select(outbox.c.sent_at, outbox.c.message_id, referral.c.accepted_on).select_from(
        outbox.join(follow_up).join(referral, referral.c.id == follow_up.c.referral_id)
    )
    kept = rows(years, sent.where(outbox.c.state == "sent"))
    assert len(kept) == REFERRALS // BY_MAIL
    assert sorted(ids) == sorted(row["message_id"] for row in kept)
    for row in kept:
        assert years.clock.day_of(row["sent_at"]) == row["accepted_on"]
