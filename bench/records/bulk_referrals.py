"""Write many invented referrals at once, to measure with: rows as after years of work, without their originals."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.export import MACHINE
from schemas.followup import Course, FollowUpState, PlannedFollowUp
from schemas.reading import SlipReading
from schemas.referral import Referral
from schemas.sameness import keys_of
from schemas.states import FileState, OccurrenceState, PageState, SlipState
from store.database import Store
from store.purge.numbers import keep_numbers
from store.search import index
from store.studio_rules import StudioRules
from store.tables import file, follow_up, occurrence, page, patient, referral, slip, slip_key
from store.waiting import renew_slips

BATCH = 1000
A_DAY, DAYS = 40, 2500  # slips a day for seven years: 100,000

InventedSlip = tuple[SlipReading, Referral | None]  # without a referral the slip waits for a person
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Calendar:
    """On which day each slip came in: `a_day` each day, from DAYS before today on."""

    today: date
    a_day: int

    def day(self, number: int) -> date:
        return self.today - timedelta(days=DAYS) + timedelta(days=min(number // self.a_day, DAYS))


def a_day_for(slips: int) -> int:
    """How many slips a day make so many in seven years; few slips came in fewer years."""
    return max(A_DAY, slips // DAYS)


def fill_record(
    store: Store, rules: StudioRules, slips: Iterable[InventedSlip], offices: Sequence[str], a_day: int = A_DAY
) -> Iterator[int]:
    """Record slips, oldest first, as files of one page each; yields how many there are after each batch.

    They come from the `offices` in turn, `a_day` each day. Each accepted one has its follow-ups, done but for those of
    the last days and those to come. Only for a store with no slips in it.
    """
    done, source, calendar = 0, iter(slips), Calendar(store.clock.today(), a_day)
    while some := list(islice(source, BATCH)):
        with store.write() as connection:
            _write(connection, store, rules, some, done, offices, calendar)
        done += len(some)
        yield done
    with store.write() as connection:
        keep_numbers(connection)  # PostgreSQL would begin at 1 again


def _write(
    connection: Connection,
    store: Store,
    rules: StudioRules,
    some: list[InventedSlip],
    before: int,
    offices: Sequence[str],
    calendar: Calendar,
) -> None:
    numbered = [(number, read, found) for number, (read, found) in enumerate(some, start=before + 1)]
    connection.execute(
        file.insert(), [_file(store, number, found, calendar.day(number)) for number, _, found in numbered]
    )
    connection.execute(occurrence.insert(), [_occurrence(store, number) for number, _, _ in numbered])
    connection.execute(
        page.insert(), [{"file_id": n, "page": 1, "state": PageState.WITH_SLIPS} for n, _, _ in numbered]
    )
    connection.execute(slip.insert(), [_slip(number, read, found) for number, read, found in numbered])
    keys = [{"key": key, "slip_id": number} for number, read, _ in numbered for key in _keys(read)]
    connection.execute(slip_key.insert(), keys)
    renew_slips(connection, [number for number, _, found in numbered if found is None])
    accepted = [(number, found) for number, _, found in numbered if found is not None]
    if not accepted:
        return
    records = [
        _referral(store, number, found, offices[number % len(offices)], calendar.day(number))
        for number, found in accepted
    ]
    connection.execute(patient.insert(), [{"id": number, "added_at": store.clock.now()} for number, _ in accepted])
    connection.execute(referral.insert(), [{**one, "patient_id": one["id"]} for one in records])
    index.write(connection, [(number, found.model_dump(mode="json")) for number, found in accepted])
    follow_ups = [
        row for number, found in accepted for row in _follow_up_rows(store, rules, calendar.day(number), number, found)
    ]
    connection.execute(sa.insert(follow_up), follow_ups)


def _keys(read: SlipReading) -> list[int]:
    draft = read.draft()
    return sorted(keys_of(draft)) if draft else []


def _file(store: Store, number: int, found: Referral | None, day: date) -> Row:
    name = hashlib.sha256(b"practice %d" % number).hexdigest()
    state = FileState.DONE if found else FileState.REVIEW
    received = {"received_on": day, "finished_at": store.clock.now()}
    return {"id": number, "sha256": name, "size_bytes": 250_000, "page_count": 1, "state": state, **received}


def _occurrence(store: Store, number: int) -> Row:
    name = f"scan-{number}.pdf"
    return {
        "file_id": number,
        "fingerprint": f"practice-{number}",
        "name": name.encode(),
        "name_shown": name,
        "seen_at": store.clock.now(),
        "state": OccurrenceState.TAKEN,
    }


def _slip(number: int, read: SlipReading, found: Referral | None) -> Row:
    draft = read.draft()
    return {
        "id": number,
        "file_id": number,
        "page": 1,
        "slip": 1,
        "state": SlipState.ACCEPTED if found else SlipState.REVIEW,
        "design": read.design,
        "edition": read.edition,
        "serial": read.serial,
        "reading": read.model_dump(mode="json"),
        "draft": draft.model_dump(mode="json") if draft else None,
        "findings": [finding.model_dump(mode="json") for finding in read.findings],
        "picture_sha256": hashlib.sha256(b"picture %d" % number).hexdigest(),
    }


def _referral(store: Store, number: int, found: Referral, office_id: str, day: date) -> Row:
    return {
        "id": number,
        "office_id": office_id,
        "slip_id": number,
        "accepted_on": day,
        "accepted_at": store.clock.now(),
        "accepted_by": MACHINE,
        "record": found.model_dump(mode="json"),
    }


def _follow_up_rows(store: Store, rules: StudioRules, day: date, number: int, found: Referral) -> Iterator[Row]:
    for planned in rules.plan(Course(accepted_on=day, next_visit_on=found.next_visit_on)):
        if isinstance(planned, PlannedFollowUp):
            is_over = planned.due < store.clock.today() - timedelta(days=3)
            yield {
                "referral_id": number,
                "kind": planned.kind.value,
                "cycle": planned.cycle,
                "due": planned.due,
                "planned_due": planned.due,
                "state": (FollowUpState.DONE if is_over else FollowUpState.OPEN).value,
                "made_at": store.clock.now(),
                "ended_on": planned.due if is_over else None,
                "settled_at": store.clock.now() if is_over else None,
            }
