"""Lives with a known bug each, to prove that the crash harness would see it.

Each does one step of the right order wrong, written out here with the store's own parts; none of it is in the product.
"""

import dataclasses
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

import sqlalchemy as sa

from refpad.services.intake.process_file import CLAIM_MARGIN_S
from schemas.followup import FollowUpKind
from schemas.reading import PageRead
from schemas.states import FileState, OccurrenceState
from store import files
from store.crashpoints import crashpoint
from store.database import Store
from store.followups import outbox, planning
from store.intake import claims, results
from store.intake.claims import Claim
from store.studio_rules import StudioRules
from store.tables import file, follow_up, occurrence, referral
from store.workers import workers
from tests.crash.crash_life import Life
from tests.fake_reader import FakeReader, example_rules

Record = Callable[[Store, Claim, Sequence[PageRead], results.Pictures, StudioRules], object]


def removed_before_commit(folder: Path, store: Store) -> None:
    """The original leaves the inbox while its row may still be undone."""
    for path in sorted((folder / "inbox").iterdir()):
        sha256 = _kept(store, path)
        path.unlink()
        crashpoint("planted")
        _entered(store, path.name, sha256)
    _drained(store, results.record)


def committed_before_copied(folder: Path, store: Store) -> None:
    """The row promises bytes that are not in the store yet; the next start believes it and clears the inbox."""
    for path in sorted((folder / "inbox").iterdir()):
        if not _is_known(store, path.name):
            _entered(store, path.name, files.sha256_of(path))
            crashpoint("planted")
            _kept(store, path)
        path.unlink()
    _drained(store, results.record)


def drop_not_remembered(folder: Path, store: Store) -> None:
    """Nothing tells a drop whose removal was cut short from the same bytes dropped again."""
    for path in sorted((folder / "inbox").iterdir()):
        _entered(store, path.name, _kept(store, path), fingerprint=uuid.uuid4().hex)
        crashpoint("planted")
        path.unlink()
    _drained(store, results.record)


def promises_in_a_second_transaction(folder: Path, store: Store) -> None:
    """A referral may stand without its follow-ups."""

    def record(
        store: Store, claim: Claim, pages: Sequence[PageRead], pictures: results.Pictures, rules: StudioRules
    ) -> None:
        results.record(store, claim, pages, pictures, dataclasses.replace(rules, plan=_nothing))
        crashpoint("planted")
        with store.write() as connection:
            bare = sa.select(referral.c.id).where(referral.c.id.not_in(sa.select(follow_up.c.referral_id)))
            for number in connection.execute(bare).scalars().all():
                planning.replan(connection, store, rules, planning.Subject("referral_id", number))
            thanks = follow_up.c.kind == FollowUpKind.THANK_PROVIDER.value
            for row in connection.execute(sa.select(follow_up.c.id, follow_up.c.cycle).where(thanks)).all():
                outbox.request_letter(connection, store, row.id, FollowUpKind.THANK_PROVIDER, row.cycle)

    _took_in(folder, store)
    _drained(store, record)


def claim_ended_in_a_second_transaction(folder: Path, store: Store) -> None:
    """The slips are recorded but the file still waits: it is read again and its slips are there already."""

    def record(
        store: Store, claim: Claim, pages: Sequence[PageRead], pictures: results.Pictures, rules: StudioRules
    ) -> None:
        results.record(store, claim, pages, pictures, rules)
        with store.write() as connection:
            same = file.c.id == claim.file_id
            state = connection.execute(sa.select(file.c.state).where(same)).scalar_one()
            connection.execute(file.update().where(same).values(state=FileState.WAITING))
        crashpoint("planted")
        with store.write() as connection:
            connection.execute(file.update().where(same).values(state=state))

    _took_in(folder, store)
    _drained(store, record)


def _nothing(_of: object) -> tuple[()]:
    return ()


def _kept(store: Store, path: Path) -> str:
    with files.copy_in(path, path.lstat(), store.incoming) as copied:
        store.original(copied.sha256).keep(copied)
    return copied.sha256


def _is_known(store: Store, name: str) -> bool:
    with store.read() as connection:
        same = sa.select(occurrence.c.id).where(occurrence.c.name == name.encode())
        return connection.execute(same).first() is not None


def _entered(store: Store, name: str, sha256: str, fingerprint: str | None = None) -> None:
    with store.write() as connection:
        number = connection.execute(sa.select(file.c.id).where(file.c.sha256 == sha256)).scalar()
        if number is None:
            row = {"sha256": sha256, "size_bytes": 1, "received_on": store.clock.today(), "state": FileState.WAITING}
            number = connection.execute(file.insert().values(row).returning(file.c.id)).scalar_one()
        drop = {"name": name.encode(), "name_shown": name, "seen_at": store.clock.now(), "state": OccurrenceState.TAKEN}
        drop |= {"file_id": number, "fingerprint": fingerprint or name}
        connection.execute(occurrence.insert().values(drop))


def _took_in(folder: Path, store: Store) -> None:
    for path in sorted((folder / "inbox").iterdir()):
        _entered(store, path.name, _kept(store, path))
        path.unlink()


def _drained(store: Store, record: Record) -> None:
    with workers.register_worker(store) as worker:
        while (claim := claims.next_claim(store, worker, CLAIM_MARGIN_S)) is not None:
            with claim.original.at_path() as path:
                read = FakeReader().read(path, claim.received_on)
            pictures = {(each.page.page, 1): png for each in read for png in each.pictures}
            record(store, claim, [each.page for each in read], pictures, example_rules())


PLANTED: dict[str, Life] = {
    each.__name__: each
    for each in (
        removed_before_commit,
        committed_before_copied,
        drop_not_remembered,
        promises_in_a_second_transaction,
        claim_ended_in_a_second_transaction,
    )
}
