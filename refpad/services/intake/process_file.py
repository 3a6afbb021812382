"""From a claimed file to its record: the steps, and how the claim ends when one of them fails."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from refpad.services.reading.reader_port import FileReader, PageOutcome
from schemas.errors import MachineError, SetAsideError
from schemas.limits import Limits
from schemas.pad_id import PadId
from schemas.reasons import SetAsideReason
from schemas.states import FileState
from schemas.time_spent import Spent, Stage, TimeSpent, spending, summed
from store.crashpoints import crashpoint
from store.database import Store
from store.intake import claims, results
from store.intake.claims import Claim, LostClaimError
from store.review import answer_sheets
from store.studio_rules import StudioRules

CLAIM_MARGIN_S = 120.0  # for writing the record after the longest allowed reading
LOST = "lost"
# The reader's process ended, or the kept original was put there anew just then: the cause may have been the machine,
# so the file is worth a second try.
MAYBE_MACHINE = frozenset(
    {SetAsideReason.TIMEOUT, SetAsideReason.MEMORY, SetAsideReason.ENGINE_CRASHED, SetAsideReason.UNSTABLE}
)


@dataclass(frozen=True)
class FileOutcome:
    """What came of one claim. `state` is the file's, or LOST when another worker has claimed the file since.

    `spent` tells where the time went of a file that was read and recorded.
    """

    file_id: int
    state: str
    accepted: int = 0
    review: int = 0
    reason: SetAsideReason | None = None
    spent: TimeSpent = field(default_factory=dict, compare=False)


def claim_s(limits: Limits) -> float:
    """How long a claim on a file holds; that of a worker that ends on this machine is free at once."""
    return limits.file_seconds + CLAIM_MARGIN_S


def process_next(
    store: Store, reader: FileReader, rules: StudioRules, worker: str, limits: Limits
) -> FileOutcome | None:
    """Claim the next waiting file and process it; None when none waits. A sheet left over completes its slip first."""
    answer_sheets.lay_beside(store, rules)
    claim = claims.next_claim(store, worker, claim_s(limits))
    return None if claim is None else process_file(store, reader, rules, claim)


def process_file(store: Store, reader: FileReader, rules: StudioRules, claim: Claim) -> FileOutcome:
    """Process a claimed file, and end its claim whatever happens.

    Raises MachineError when the machine failed; the file then waits again, behind those that were not tried yet, or is
    set aside when the machine fails at this file alone.
    """
    try:
        return _read_and_record(store, reader, rules, claim)
    except LostClaimError:
        return FileOutcome(claim.file_id, LOST)
    except MachineError as error:
        return _requeue(store, claim, error)
    except OSError as error:
        return _requeue(
            store, claim, MachineError(f"The store's disk refused ({error.strerror}): make room or mend its rights.")
        )


def _read_and_record(store: Store, reader: FileReader, rules: StudioRules, claim: Claim) -> FileOutcome:
    """Read all pages in a child process; then judge the slips and record everything in one transaction."""
    try:
        pages = _read_pages(reader, claim)
    except SetAsideError as error:
        return _set_aside_or_requeue(store, claim, error)
    crashpoint("work.read")
    recording: dict[Stage, Spent] = {}
    with spending(recording, "record"):
        outcome = _judge_and_record(store, claim, pages, rules)
    return replace(outcome, spent=summed(*(page.spent for page in pages), recording))


def _read_pages(reader: FileReader, claim: Claim) -> Sequence[PageOutcome]:
    """Each page with its slips' readings and pictures; of the pad that a person named, or of any."""
    pad = PadId.parse(claim.read_as or "")
    with claim.original.at_path() as path:
        if pad is None:
            return reader.read(path, claim.received_on)
        return reader.read_as(path, claim.received_on, pad)


def _judge_and_record(store: Store, claim: Claim, pages: Sequence[PageOutcome], rules: StudioRules) -> FileOutcome:
    """Each slip is judged again, with what only the record knows; accepted ones become referrals."""
    pictures = {
        (page.page.page, slip.slip): png
        for page in pages
        for slip, png in zip(page.page.slips, page.pictures, strict=True)
    }
    recorded = results.record(store, claim, [page.page for page in pages], pictures, rules)
    completed = answer_sheets.lay_beside(store, rules)
    recorded = results.as_recorded(store, claim.file_id, recorded.reason)
    accepted = recorded.accepted + completed
    return FileOutcome(claim.file_id, recorded.state, accepted, recorded.review, recorded.reason)


def _set_aside_or_requeue(store: Store, claim: Claim, error: SetAsideError) -> FileOutcome:
    """Set a file aside that cannot be read, or have it tried once more when the machine may be the cause."""
    state = FileState.SET_ASIDE
    if error.reason not in MAYBE_MACHINE:
        claims.set_aside(store, claim, error.reason, error.message)
    elif not claims.requeue_tried(store, claim, error.reason, error.message):
        state = FileState.WAITING
    return FileOutcome(claim.file_id, state, reason=error.reason)


def _requeue(store: Store, claim: Claim, error: MachineError) -> FileOutcome:
    """Have the file wait again and raise the error; the outcome when it was set aside instead."""
    try:
        is_set_aside = claims.requeue_untried(store, claim, str(error))
    except LostClaimError:
        is_set_aside = False
    if not is_set_aside:
        raise error from None
    return FileOutcome(claim.file_id, FileState.SET_ASIDE, reason=SetAsideReason.INTERNAL_ERROR)
