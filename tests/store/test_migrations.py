"""What a studio has recorded with an older refpad is still there after an update."""

from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command

from schemas.office import name_key
from schemas.reading import Finding
from schemas.sameness import keys_of
from store import migrations
from store.clock import SetClock
from store.database import Store, open_store
from store.followups.exported import exported_follow_ups
from store.followups.listing import FollowUpQuery, list_follow_ups
from store.intake.ledger.progress import Backlog, backlog
from store.integrity import changed_records
from store.review.queue import waiting_list
from store.tables import file, follow_up, occurrence, outbox, provider, slip, slip_key
from store.waiting import waiting_faults
from tests.schemas.examples import draft, text

FIRST = "0001"

ROWS = """
INSERT INTO file (id, sha256, size_bytes, received_on, state, attempts, generation)
VALUES (1, 'f', 1, '2026-03-03', 'done', 1, 1);
INSERT INTO page (id, file_id, page, state, version) VALUES (1, 1, 1, 'with_slips', 1), (2, 1, 2, 'with_slips', 1);
INSERT INTO slip (id, file_id, page, slip, state, reading, findings, version)
VALUES (1, 1, 1, 1, 'accepted', '{}', '[]', 1), (2, 1, 2, 1, 'review', '{}', '[
    {"code": "signature_uncertain", "field": "signature", "detail": "It is not certain that someone signed."},
    {"code": "possible_duplicate", "field": null, "detail": "Serial 7 of met/1 came in before, as slip s1."}]', 1);
INSERT INTO referral (id, slip_id, accepted_on, accepted_at, accepted_by, record)
VALUES (1, 1, '2026-03-03', '2026-03-03 20:00:00', 'kim',
    '{"patient_name": "Ada Quill", "patient_phone": "+1", "provider_name": "Kim, Susan, DPT",
    "next_visit_on": "2026-04-20"}');
INSERT INTO follow_up (id, referral_id, kind, cycle, due, state, settled_by, settled_at, note) VALUES
    (5, 1, 'contact_patient', 1, '2026-03-04', 'open', NULL, NULL, NULL),
    (6, 1, 'thank_provider', 1, '2026-03-03', 'done', 'kim', '2026-03-04 02:00:00', 'sent');
INSERT INTO outbox (id, follow_up_id, kind, cycle, state, written_at)
VALUES (3, 6, 'thank_you', 1, 'waiting', '2026-03-03 20:00:00')
"""


@pytest.fixture
def old_record(bare_url: str) -> None:
    """A database of the first refpad, with a referral and two follow-ups."""
    if bare_url.startswith("sqlite"):
        Path(str(sa.make_url(bare_url).database)).parent.mkdir(parents=True)
    engine = engine_of(bare_url)
    with engine.begin() as connection:
        command.upgrade(migrations.config(connection), FIRST)
        for row in ROWS.split(";"):
            connection.exec_driver_sql(row)
    engine.dispose()


def test_follow_ups_of_the_first_refpad_are_carried_over(
    old_record: None, bare_url: str, tmp_path: Path, clock: SetClock
) -> None:
    """Numbers, dates, who settled what: a task keeps its number, which may stand on a note in the office."""
    store = open_store(bare_url, tmp_path / "store", clock)
    [task] = list_follow_ups(store, FollowUpQuery()).follow_ups
    assert (task.id, task.due, task.patient_name) == (5, date(2026, 3, 4), "Ada Quill")
    ended = next(exported_task for exported_task in exported_follow_ups(store) if exported_task.follow_up_id == "6")
    assert (ended.settled_by, ended.note, ended.ended_on) == ("kim", "sent", date(2026, 3, 4))
    with store.read() as connection:
        row = connection.execute(sa.text("SELECT next_visit_on, visit_told_on FROM referral")).one()
        kept = connection.execute(sa.text("SELECT follow_up_id FROM outbox WHERE id = 3")).scalar_one()
    assert [_day(each) for each in row] == [date(2026, 4, 20), date(2026, 3, 3)]
    assert kept == 6
    with store.write() as connection:
        again = {"follow_up_id": 5, "kind": "thank_you", "cycle": 1, "written_at": clock.now()}
        assert connection.execute(outbox.insert().values(again).returning(outbox.c.id)).scalar_one() > 3
    store.close()


def test_the_follow_ups_of_an_older_record_have_their_hashes(
    old_record: None, bare_url: str, tmp_path: Path, clock: SetClock
) -> None:
    """From the update on a moved day is found, and one that was always there is no alarm."""
    store = open_store(bare_url, tmp_path / "store", clock)
    assert changed_follow_ups(store) == []
    with store.write() as connection:
        connection.execute(follow_up.update().where(follow_up.c.id == 5).values(due=date(2036, 3, 4)))
    assert changed_follow_ups(store) == [5]
    store.close()


def test_a_provider_written_surname_first_is_known_again(
    old_record: None, bare_url: str, tmp_path: Path, clock: SetClock
) -> None:
    """Else the next slip of hers would be a stranger's."""
    store = open_store(bare_url, tmp_path / "store", clock)
    with store.read() as connection:
        assert connection.execute(sa.select(provider.c.name_key)).scalars().all() == [name_key("Susan Kim")]
    store.close()


def changed_follow_ups(store: Store) -> list[int]:
    with store.read() as connection:
        return [number for table, number in changed_records(connection) if table == "follow-up"]


def test_the_pages_of_an_older_record_are_counted(
    old_record: None, bare_url: str, tmp_path: Path, clock: SetClock
) -> None:
    """From the update on the loss of the last of them is found."""
    store = open_store(bare_url, tmp_path / "store", clock)
    with store.read() as connection:
        assert connection.execute(sa.select(file.c.page_count)).scalars().all() == [2]
    store.close()


def test_the_files_of_an_older_record_have_waited_since_they_came_first(
    old_record: None, bare_url: str, tmp_path: Path, clock: SetClock
) -> None:
    """A backlog that is there during the update keeps its age: nothing that waits too long falls silent."""
    rows = """INSERT INTO file (id, sha256, size_bytes, received_on, state, attempts, generation)
        VALUES (2, 'g', 1, '2026-03-03', 'waiting', 0, 0);
        INSERT INTO occurrence (file_id, fingerprint, name, name_shown, seen_at, state) VALUES
        (2, '1', 'a', 'a', '2026-03-03 19:50:00', 'taken'), (2, '2', 'a', 'a', '2026-03-03 19:55:00', 'duplicate')"""
    engine = engine_of(bare_url)
    with engine.begin() as connection:
        for row in rows.split(";"):
            connection.exec_driver_sql(row)
    engine.dispose()
    store = open_store(bare_url, tmp_path / "store", clock)
    with store.read() as connection:
        first, _ = connection.execute(sa.select(occurrence.c.seen_at).order_by(occurrence.c.id)).scalars()
    assert backlog(store) == Backlog(waiting=1, since=first)
    store.close()


def test_the_other_slip_of_an_older_doubt_is_still_known(
    old_record: None, bare_url: str, tmp_path: Path, clock: SetClock
) -> None:
    """It was in the sentence alone; the page that lays both side by side takes it from the data."""
    store = open_store(bare_url, tmp_path / "store", clock)
    with store.read() as connection:
        kept = connection.execute(sa.select(slip.c.findings).order_by(slip.c.id)).scalars().all()
    signature, twin = (Finding.model_validate(finding) for finding in kept[1])
    assert (signature.other_slip, twin.other_slip) == (None, 1)
    assert twin.detail == "Serial 7 of met/1 came in before, as slip s1."
    assert kept[0] == []
    assert [(one.item, len(one.codes)) for one in waiting_list(store)] == [("s2", 2)]
    with store.read() as connection:
        assert list(waiting_faults(connection)) == []
    store.close()


def test_slips_of_an_older_record_are_recognized_when_they_come_again(
    old_record: None, bare_url: str, tmp_path: Path, clock: SetClock
) -> None:
    """The keys that the update writes are those that slips are looked up by since."""
    engine = engine_of(bare_url)
    one = draft(patient_name=text("Zoé O'Quill"), signed_on=text("2026-03-02"))
    with engine.begin() as connection:
        known = sa.table("slip", sa.column("id"), sa.column("draft", sa.JSON))
        connection.execute(known.update().where(known.c.id == 1).values(draft=one.model_dump(mode="json")))
    engine.dispose()
    store = open_store(bare_url, tmp_path / "store", clock)
    with store.read() as connection:
        kept = connection.execute(sa.select(slip_key.c.key).where(slip_key.c.slip_id == 1)).scalars().all()
    assert frozenset(kept) == keys_of(one)
    store.close()


def engine_of(url: str) -> sa.Engine:
    """The database as it is, whatever refpad made it."""
    return sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))


def _day(value: object) -> date:
    """SQLite gives raw text."""
    return value if isinstance(value, date) else datetime.fromisoformat(str(value)).date()
