"""From a waiting file to its record, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass

from refpad.services.reading.reader_port import FileReader, PageOutcome
from schemas.errors import MachineError, SetAsideError
from schemas.limits import Limits
from schemas.pad_id import PadId
from schemas.reasons import SetAsideReason
from schemas.states import FileState
from store.crashpoints import crashpoint
from store.database import Store
from store.intake import claims, results
from store.intake.claims import Claim, LostClaimError
from store.studio_rules import Terms

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


def process_next(store: Store, reader: FileReader, terms: Terms, worker: str, limits: Limits) -> Outcome | None:
    """Claim the next waiting file and process it; None when none waits."""
    claim = claims.next_claim(store, worker, lease_s(limits))
    return None if claim is None else process_file(store, reader, terms, claim)


def process_file(store: Store, reader: FileReader, terms: Terms, claim: Claim) -> Outcome:
    """Read a claimed file, judge its slips, record all of it at once, and say what came of it.

    A broken file ends set aside. Raises MachineError when the machine failed; the file then waits on, behind those
    that were not tried yet, or is set aside when it happens to this file alone.
    """
    try:
        try:
            pages = _read_in_child(reader, claim)
        except SetAsideError as error:
            return _end_unread(store, claim, error)
        crashpoint("work.read")
        return _judge_and_record(store, claim, pages, terms)
    except LostClaimError:
        return Outcome(claim.file_id, LOST)
    except MachineError as error:
        return _return_untried(store, claim, error)
    except OSError as error:
        refused = MachineError(f"The store's disk refused ({error.strerror}): make room or mend its rights.")
        return _return_untried(store, claim, refused)


def _return_untried(store: Store, claim: Claim, error: MachineError) -> Outcome:
    """Give the file back and raise the error; its end when this file alone has it again and again."""
    try:
        is_set_aside = claims.return_untried(store, claim, str(error))
    except LostClaimError:
        is_set_aside = False
    if not is_set_aside:
        raise error from None
    return Outcome(claim.file_id, FileState.SET_ASIDE, reason=SetAsideReason.INTERNAL_ERROR)


def _read_in_child(reader: FileReader, claim: Claim) -> Sequence[PageOutcome]:
    pad = PadId.parse(claim.read_as or "")
    if pad is None:
        return reader.read(claim.path, claim.received_on)
    return reader.read_as(claim.path, claim.received_on, pad)


def _judge_and_record(store: Store, claim: Claim, pages: Sequence[PageOutcome], terms: Terms) -> Outcome:
    """One transaction, in which each slip is judged again with what only the record knows."""
    pictures = {
        (page.page.page, slip.slip): png
        for page in pages
        for slip, png in zip(page.page.slips, page.pictures, strict=True)
    }
    recorded = results.record(store, claim, [page.page for page in pages], pictures, terms)
    return Outcome(claim.file_id, recorded.state, recorded.accepted, recorded.review, recorded.reason)


def _end_unread(store: Store, claim: Claim, error: SetAsideError) -> Outcome:
    """Set the file aside, or have it tried once more when it may have been the machine."""
    if error.reason in DEATHS:
        ended = claims.give_back(store, claim, error.reason, error.message)
        return Outcome(claim.file_id, FileState.SET_ASIDE if ended else FileState.WAITING, reason=error.reason)
    claims.set_aside(store, claim, error.reason, error.message)
    return Outcome(claim.file_id, FileState.SET_ASIDE, reason=error.reason)
