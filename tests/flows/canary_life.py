"""A life full of a patient's data: scans that are read, and failures whose texts quote them. CANARY is the name."""

import os
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from threading import Event, Thread

from flows.chase import chase
from flows.export_csv import export
from flows.intake import intake_flow
from refpad.services.attempt import attempt
from refpad.services.exports import export_referrals
from refpad.services.intake.handover import Handover
from refpad.services.intake.process_file import process_file
from refpad.services.intake.worker import IntakeWorker
from refpad.services.reading.reader_port import PageOutcome
from refpad.settings import Settings
from schemas.errors import MachineError
from schemas.limits import Limits
from schemas.reading import PageRead
from schemas.referral import Referral
from store.clock import SystemClock
from store.database import open_store
from store.intake import claims
from store.intake.taking_in.take_in import take_in
from tests.fake_reader import example_rules, picture, slip_reading
from tests.schemas.examples import text

Failure = Callable[[str], object]


class CanaryReader:
    """Reads a slip of the patient; for some files it fails, each in another way that quotes the name."""

    def __init__(self, word: str) -> None:
        self._word = word

    def read(self, path: Path, received_on: date) -> Sequence[PageOutcome]:
        number = int(path.read_bytes().split()[-1])
        if number in FAILURES:
            FAILURES[number](self._word)
        slip = slip_reading(serial=number, sure=number % 2 == 0)
        name = text(self._word)
        read = slip.model_copy(
            update={"text": {**slip.text, "patient_name": name, "diagnosis": name}, "file": self._word}
        )
        return [PageOutcome(PageRead(page=1, slips=(read,)), (picture(read),))]


def value_error(word: str) -> None:
    raise ValueError(f"cannot read {word}")


def chained(word: str) -> None:
    try:
        raise KeyError(word)
    except KeyError as error:
        raise RuntimeError(f"while reading {word}") from error


def validation(word: str) -> None:
    Referral.model_validate({"patient_name": word, "design": word})


def machine(word: str) -> None:
    raise MachineError("The disk is full: make room.") from ValueError(word)


FAILURES: dict[int, Failure] = {2: value_error, 4: chained, 6: validation, 8: machine}
SCANS = 10
PROCESS_MOST_S = 300.0
CLAIM_S = 3600.0  # what fails stays claimed: the watcher of the tests after this one leaves it alone


def run_one_batch(settings: Settings, worker: IntakeWorker, stop: Event) -> None:
    """What the watcher's two threads do when files were taken in, until the flow has ended.

    The batch's last step, its export, sets `stop`: while a flow ends slowly, the worker would try again without it.
    """
    handover = Handover(begin_most_s=PROCESS_MOST_S)
    stop.clear()
    handover.open()
    worker_thread = Thread(target=worker.run, args=(handover, PROCESS_MOST_S, stop), daemon=True)
    worker_thread.start()
    handover.wait_for_work(PROCESS_MOST_S)
    attempt(intake_flow(settings, handover))
    worker.wake()
    worker_thread.join()


def main(word: str) -> None:
    """Drop, read, fail and export, through the flows alone."""
    settings = Settings()
    store = open_store(settings.url, settings.store_folder, SystemClock("UTC", date(2026, 3, 3)))
    settings.inbox.mkdir()
    for number in range(1, SCANS + 1):
        scan = settings.inbox / f"{word}-{number}.jpg"
        scan.write_bytes(f"scan {number}".encode())
        take_in(store, scan, Limits())

    stop = Event()

    def export_or_fail() -> None:
        stop.set()
        export_referrals(store, settings.exports)
        if "fail" in exports:
            raise OSError(f"no room for {word}")

    exports = ["fail"]
    reader = CanaryReader(word)
    worker = IntakeWorker(
        claim=lambda: claims.next_claim(store, "life", CLAIM_S),
        process=lambda claim: process_file(store, reader, example_rules(), claim),
        export=export_or_fail,
    )
    for _ in range(len(FAILURES) + 1):
        run_one_batch(settings, worker, stop)
        FAILURES.pop(8, None)  # the machine is mended; the others stay claimed
    exports.clear()
    run_one_batch(settings, worker, stop)
    export()
    chase()
    store.close()


if __name__ == "__main__":
    main(os.environ["CANARY"])
