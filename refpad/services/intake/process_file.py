"""From a waiting file to its record: claim, read in a child that may die, write all of it at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from refpad.services.reading.reader_port import FileReader, PageOutcome
from schemas.errors import MachineError, SetAsideError
from schemas.limits import Limits
from schemas.pad_id import PadId
from schemas.reasons import SetAsideReason
from store.crashpoints import crashpoint
from store.database import Store
from store.intake import claims, results
from store.intake.claims import Claim, LostClaimError
from store.studio_rules import Terms
from store.tables.intake import SET_ASIDE, WAITING

LEASE_MARGIN_S = 120.0  # for writing the record after the longest allowed reading


@dataclass(frozen=True)
class Outcome:
    """What came of one claim. `state` is the file's, or "lost" when another worker took the file over."""

    file_id: int
    state: str
    accepted: int = 0
    review: int = 0
    reason: SetAsideReason | None = None


LOST = "lost"
# What a reader's process died of may have been the machine: worth a second try.
DEATHS = frozenset({SetAsideReason.TIMEOUT, SetAsideReason.MEMORY, SetAsideReason.ENGINE_CRASHED})


def lease_s(limits: Limits) -> float:
    """How long a claim holds when its worker says nothing; a worker that dies on this machine is noticed at once."""
    return limits.file_seconds + LEASE_MARGIN_S


def work_one(store: Store, reader: FileReader, terms: Terms, worker: str, limits: Limits) -> Outcome | None:
    """Claim the next waiting file, read it and record it; None when none waits."""
    claim = claims.next_claim(store, worker, lease_s(limits))
    return None if claim is None else work(store, reader, terms, claim)


def work(store: Store, reader: FileReader, terms: Terms, claim: Claim) -> Outcome:
    """Read a claimed file and record what came of it.

    A broken file ends set aside. Raises MachineError when the machine failed; the file then waits on, behind those
    that were not tried yet, or is set aside when it happens to this file alone.
    """
    try:
        return _worked(store, reader, terms, claim)
    except LostClaimError:
        return Outcome(claim.file_id, LOST)
    except MachineError as error:
        return _returned(store, claim, error)
    except OSError as error:
        refused = MachineError(f"The store's disk refused ({error.strerror}): make room or mend its rights.")
        return _returned(store, claim, refused)


def _returned(store: Store, claim: Claim, error: MachineError) -> Outcome:
    """Give the file back and raise the error; its end when this file alone has it again and again."""
    try:
        is_set_aside = claims.return_untried(store, claim, str(error))
    except LostClaimError:
        is_set_aside = False
    if not is_set_aside:
        raise error from None
    return Outcome(claim.file_id, SET_ASIDE, reason=SetAsideReason.INTERNAL_ERROR)


def _worked(store: Store, reader: FileReader, terms: Terms, claim: Claim) -> Outcome:
    try:
        pages = _pages(reader, claim)
    except SetAsideError as error:
        return _not_read(store, claim, error)
    crashpoint("work.read")
    pictures = {
        (each.page.page, slip.slip): png
        for each in pages
        for slip, png in zip(each.page.slips, each.pictures, strict=True)
    }
    recorded = results.record(store, claim, [each.page for each in pages], pictures, terms)
    return Outcome(claim.file_id, recorded.state, recorded.accepted, recorded.review, recorded.reason)


def _pages(reader: FileReader, claim: Claim) -> Sequence[PageOutcome]:
    pad = PadId.parse(claim.read_as or "")
    if pad is None:
        return reader.read(claim.path, claim.received_on)
    return reader.read_as(claim.path, claim.received_on, pad)


def _not_read(store: Store, claim: Claim, error: SetAsideError) -> Outcome:
    if error.reason in DEATHS:
        ended = claims.give_back(store, claim, error.reason, error.message)
        return Outcome(claim.file_id, SET_ASIDE if ended else WAITING, reason=error.reason)
    claims.set_aside(store, claim, error.reason, error.message)
    return Outcome(claim.file_id, SET_ASIDE, reason=error.reason)
