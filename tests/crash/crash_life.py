"""The whole life of an inbox in one process, to be killed at any step and started again.

Lived again on a finished record it changes nothing, so a test may kill it anywhere and start it once more.
"""

import json
import os
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from refpad.services.intake.process_file import process_next
from refpad.services.reading.reader_port import FileReader, PageOutcome
from schemas.errors import MachineError
from schemas.followup import FollowUpState
from schemas.limits import Limits
from schemas.reading import PageRead, ReferralDraft
from schemas.reasons import FindingCode
from schemas.sheet_code import SheetCode
from store import crashpoints
from store.clock import SetClock
from store.database import Store, open_store
from store.followups import actions, listing, missing_information
from store.followups.listing import FollowUpQuery
from store.intake import claims
from store.intake.ledger.files import files_set_aside
from store.intake.set_aside import original_of
from store.intake.taking_in import take_in
from store.kept_files.in_bucket import KeptBucket
from store.review import duplicates, editing, history
from store.review import settle as review
from store.review.corrections import Corrections
from store.workers import workers
from tests.audit import audit_lines
from tests.fake_reader import FakeReader, example_rules, page_outcome, pages_of, picture, sheet_reading, slip_reading
from tests.s3_server import KEYS

WHO, LEASE_S = "kim", 60.0
KEEP_S = 180.0
GROWN = b"%PDF-1.4\n" + b"/Type /Page\n" * 2 + b"%%EOF"  # two pages, as the fake reader counts them
NOW = datetime(2026, 3, 3, 20, 0, tzinfo=UTC)
SLIP = b"\xff\xd8\xff slip"
URL, BUCKET = "url", "bucket"
PASSED = "passed.json"  # which crash points an undisturbed life passed, and how often
COMPILED: dict[Any, Any] = {}  # statements that this process or the one it was forked from has compiled: half of a life

Life = Callable[[Path, Store], None]


def opened(folder: Path) -> Store:
    """The store of the life in `folder`: SQLite, unless its file `URL` names another database; see `_bucket`."""
    named = folder / URL
    url = named.read_text() if named.exists() else f"sqlite:///{folder / 'store' / 'refpad.sqlite'}"
    store = open_store(url, folder / "store", SetClock(NOW, "America/New_York"), kept=_bucket(folder))
    store.engine.update_execution_options(compiled_cache=COMPILED)
    return store


def _bucket(folder: Path) -> KeptBucket | None:
    """Where the life keeps its files: in the folder, unless its file `BUCKET` names an endpoint and an address."""
    if not (folder / BUCKET).exists():
        return None
    os.environ.update(KEYS)
    endpoint, address = (folder / BUCKET).read_text().split()
    return KeptBucket(address, folder / "store" / "incoming", endpoint)


def live(folder: Path, store: Store) -> None:
    """Take in, read, settle, tick off."""
    for path in sorted((folder / "inbox").iterdir()):
        take_in.take_in(store, path, Limits())
    with workers.register_worker(store) as worker:
        drain(store, FailingOnce(folder), worker)
        if _retry_once(store):
            drain(store, FakeReader(), worker)
        _send_again_once(folder, store)
        drain(store, FakeReader(), worker)
    settle(store)
    for task in listing.list_follow_ups(store, FollowUpQuery()).follow_ups:
        actions.settle(store, example_rules(), task.id, FollowUpState.DONE, WHO)


def grow(folder: Path, store: Store) -> None:
    """A file that stays in the inbox after it was taken in, grows by a page, is taken in again, and goes."""
    path, note = folder / "inbox" / "scan.pdf", folder / "grown"
    clock = store.clock
    assert isinstance(clock, SetClock)
    with workers.register_worker(store) as worker:
        for _ in range(2):
            for left in sorted((folder / "inbox").iterdir()):
                take_in.take_in(store, left, Limits(), keep_s=KEEP_S)
            drain(store, SamePages(), worker)
            if not note.exists():
                path.write_bytes(GROWN)
                note.touch()
    clock.move(timedelta(seconds=KEEP_S))
    for left in sorted((folder / "inbox").iterdir()):
        take_in.take_in(store, left, Limits(), keep_s=KEEP_S)


class SamePages(FakeReader):
    """A page has the same slip however many follow it."""

    def read(self, path: Path, received_on: date) -> Sequence[PageOutcome]:
        return [page_outcome(number, 100) for number in range(1, pages_of(path.read_bytes()) + 1)]


def take_in_and_read(folder: Path, store: Store) -> None:
    """What a worker does that is not alone."""
    for path in sorted((folder / "inbox").iterdir()):
        take_in.take_in(store, path, Limits())
    with workers.register_worker(store) as worker:
        drain(store, FakeReader(), worker)


def drain(store: Store, reader: FileReader, worker: str) -> None:
    while True:
        try:
            if process_next(store, reader, example_rules(), worker, Limits()) is None:
                return
        except MachineError:
            continue  # the machine is mended by now


def settle(store: Store) -> None:
    for item in review.waiting_items(store):
        review.show(store, item.id, WHO)
        if isinstance(item, review.WaitingSlip):
            settle_word_by_word(store, item)
        else:
            review.reject(store, item.id, WHO, "a cover sheet")


def settle_word_by_word(store: Store, slip: review.WaitingSlip) -> None:
    """Say something, take it back, say that it is signed, accept; each once, however often the life begins anew."""
    rules, item = example_rules(), slip.id
    if not history.corrections_of(store, slip.number):
        editing.edit(
            store, rules, item, WHO, Corrections(values={"goals": "walk"}), review.find_slip(store, item).version
        )
    if not history.corrections_of(store, slip.number)[0].is_undone:
        editing.undo(store, rules, item, WHO, review.find_slip(store, item).version)
    signed = Corrections(values={"signature": "present"})
    if review.find_slip(store, item).reading.signature == _draft(store, item).signature:
        editing.edit(store, rules, item, WHO, signed, review.find_slip(store, item).version)
    review.accept(store, rules, item, WHO, Corrections())


def _draft(store: Store, item: str) -> ReferralDraft:
    draft = review.find_slip(store, item).draft
    assert draft is not None
    return draft


class FailingOnce(FakeReader):
    """The machine lacks a part the first time; what is lacking is noted on disk, so that it outlives a crash."""

    def __init__(self, folder: Path) -> None:
        self._mended = folder / "mended"

    def read(self, path: Path, received_on: date) -> Sequence[PageOutcome]:
        if not self._mended.exists():
            self._mended.touch()
            raise MachineError("Tesseract is missing: run: refpad doctor")
        return super().read(path, received_on)


def _retry_once(store: Store) -> bool:
    """Have the first file that was set aside read again, unless that was done before."""
    if any(line["what"] == "retry" for line in audit_lines(store)):
        return False
    aside = [each.file_id for each in files_set_aside(store) if each.file_id is not None]
    for file_id in aside[:1]:
        claims.retry(store, file_id, WHO)
    return bool(aside)


def _send_again_once(folder: Path, store: Store) -> None:
    """Drop every file that was set aside a second time, and take it in; what was dropped is noted on disk."""
    note, inbox = folder / "sent-again", folder / "inbox"
    if not note.exists():
        for file_id in sorted({aside.file_id for aside in files_set_aside(store) if aside.file_id is not None}):
            (inbox / f"again-{file_id}.pdf").write_bytes(original_of(store, file_id).read_bytes())
        note.touch()
    for path in sorted(inbox.iterdir()):
        take_in.take_in(store, path, Limits())


class CopyReader(FakeReader):
    """Every file is a scan of one slip without a number."""

    def read(self, path: Path, received_on: date) -> Sequence[PageOutcome]:
        read = slip_reading(serial=None)
        return [PageOutcome(PageRead(page=1, slips=(read,)), (picture(read),))]


def copies(folder: Path, store: Store) -> None:
    """Take in several scans of one slip; a person sets one aside as a copy and has another be a second referral."""
    for path in sorted((folder / "inbox").iterdir()):
        take_in.take_in(store, path, Limits())
    with workers.register_worker(store) as worker:
        drain(store, CopyReader(), worker)
    said = [line["what"] for line in audit_lines(store)]
    for item in review.waiting_items(store):
        assert isinstance(item, review.WaitingSlip)
        if "duplicate" not in said:
            duplicates.set_aside(store, item.id, WHO, "sent twice")
            said.append("duplicate")
            continue
        if any(finding.code is FindingCode.POSSIBLE_DUPLICATE for finding in item.findings):
            duplicates.make_second(store, item.id, WHO, "a copied slip")
        review.accept(store, example_rules(), item.id, WHO, Corrections())


class SheetReader(FakeReader):
    """The file "slip.jpg" is a slip without a sure signature, every other the signed answer of its office."""

    def __init__(self, question: int, sign: str) -> None:
        self._code = SheetCode(question=question, studio=sign)

    def read(self, path: Path, received_on: date) -> Sequence[PageOutcome]:
        read = slip_reading(sure=False) if path.read_bytes() == SLIP else sheet_reading(self._code)
        return [PageOutcome(PageRead(page=1, slips=(read,)), (picture(read),))]


def sheets(folder: Path, store: Store) -> None:
    """A slip waits, its office is asked, and answers twice on the same sheet: by fax, and by a scan."""
    with store.read() as connection:
        reader = SheetReader(1, missing_information.sign_of_studio(connection))
    with workers.register_worker(store) as worker:
        for first in (folder / "inbox").glob("slip.jpg"):
            take_in.take_in(store, first, Limits())
        drain(store, reader, worker)
        if "ask_office" not in {line["what"] for line in audit_lines(store)}:
            missing_information.ask_office(store, example_rules(), 1, ["signature"], WHO)
        for path in sorted((folder / "inbox").iterdir()):
            take_in.take_in(store, path, Limits())
        drain(store, reader, worker)


def lived(folder: Path, crash_at: str, life: Life) -> None:
    """One process's life, and a note of the crash points it passed if it comes to its end."""
    os.environ[crashpoints.CRASH_VARIABLE] = crash_at
    store = opened(folder)
    life(folder, store)
    store.close()
    (folder / PASSED).write_text(json.dumps(crashpoints.pass_counts()))
