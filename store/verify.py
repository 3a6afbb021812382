"""Checking the record: every kept file is unchanged, nothing is recorded twice, and nothing lacks its cause."""

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePath

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.base import Value
from schemas.followup import FollowUpKind
from schemas.states import FileState, OccurrenceState, PageState, SlipState
from schemas.text import counted
from store import audit, files, integrity
from store.anchor.anchor import Head
from store.anchor.installation import holds
from store.database import Store
from store.directory.patients import patient_faults
from store.intake.ledger.files import ledger_within
from store.intake.ledger.pages import files_with_lost_pages, files_with_stray_slips, page_ledger_within
from store.kept_files.kept_file import KeptFile, Kind, place_within
from store.purge.purged import purge_faults
from store.tables import (
    course_entry,
    file,
    follow_up,
    installation,
    occurrence,
    outbox,
    page,
    purge_rest,
    referral,
    slip,
)
from store.waiting import waiting_faults

# A picture is kept before the row that names it is committed: within the time that intake's lease leaves for writing.
UNRECORDED_S = 120.0
CUT_OR_PUT_BACK = "its end was cut off, or an older record was put in its place."
PUT_BACK = (
    "It was put back or moved, and nobody has said so: if it was you, type refpad restore --acknowledge; if not, "
    "compare it with the latest backup."
)
LETTERS_AT_ONCE = (
    FollowUpKind.THANK_PROVIDER.value,
    FollowUpKind.MISSING_INFORMATION.value,
    FollowUpKind.TELL_NOT_REACHED.value,
    FollowUpKind.TELL_DECLINED.value,
    FollowUpKind.TELL_ENDED.value,
    FollowUpKind.INTRODUCE.value,
)


class Problem(Value):
    """One thing that is not as it must be: what it is about, and one sentence."""

    subject: str
    message: str


def verify(store: Store) -> list[Problem]:
    """Check everything, as it is at one moment; an empty list means that nothing is wrong.

    Reads each original once, so it takes as long as that, and files may come in meanwhile.
    """
    began_s = time.time()
    faults = integrity.count_faults(store)
    if faults:  # what else is found in damaged pages means nothing
        return [Problem(subject="database", message=f"It is damaged ({faults} faults or more): restore it.")]
    head = store.anchor.read() if store.anchor else None  # before the record is read: so it never leads it
    with store.read() as connection:
        problems = [*_audit(store, connection, head)]
        problems += [problem for check in CHECKS for problem in check(store, connection)]
        problems += [problem for strays in STRAYS for problem in strays(store, connection, began_s)]
    return problems


def _records(_store: Store, connection: Connection) -> Iterator[Problem]:
    for table, number in integrity.changed_records(connection):
        yield Problem(subject=f"{table} {number}", message="Its record was changed after it was written: restore it.")


def _promised_letters(_store: Store, connection: Connection) -> Iterator[Problem]:
    """Each thank-you, each question to an office and each final entry has its letter, whatever became of it."""
    with_entry = sa.select(course_entry.c.follow_up_id).where(course_entry.c.follow_up_id.is_not(None))
    promised = sa.or_(follow_up.c.kind.in_(LETTERS_AT_ONCE), follow_up.c.id.in_(with_entry))
    written = sa.exists().where(outbox.c.follow_up_id == follow_up.c.id)
    for number in connection.execute(
        sa.select(follow_up.c.id).where(promised, ~written).order_by(follow_up.c.id)
    ).scalars():
        yield Problem(subject=f"follow-up {number}", message="Its letter is gone from the record: restore it.")


def _purges(_store: Store, connection: Connection) -> Iterator[Problem]:
    """What is gone was purged, as the audit tells it, and none of it is left."""
    for subject, message in purge_faults(connection):
        yield Problem(subject=subject, message=message)


def _patients(_store: Store, connection: Connection) -> Iterator[Problem]:
    """Each referral is somebody's, and everybody has one."""
    for subject, message in patient_faults(connection):
        yield Problem(subject=subject, message=message)


def _originals(store: Store, connection: Connection) -> Iterator[Problem]:
    for row in connection.execute(sa.select(file.c.id, file.c.sha256).order_by(file.c.id)).all():
        yield from _kept(store.original(row.sha256), f"file {row.id}")


def _pictures(store: Store, connection: Connection) -> Iterator[Problem]:
    query = sa.select(slip.c.id, slip.c.picture_sha256).where(slip.c.picture_sha256.is_not(None))
    for row in connection.execute(query.order_by(slip.c.id)).all():
        yield from _kept(store.picture(row.picture_sha256), f"slip {row.id}")


def _letters(store: Store, connection: Connection) -> Iterator[Problem]:
    """A letter that was made is kept as it was made, also after it was sent: somebody may ask what it said."""
    query = sa.select(outbox.c.id, outbox.c.pdf_sha256).where(outbox.c.pdf_sha256.is_not(None))
    for row in connection.execute(query.order_by(outbox.c.id)).all():
        yield from _kept(store.letter(row.pdf_sha256), f"letter {row.id}")


def _kept(kept: KeptFile, subject: str) -> Iterator[Problem]:
    name = PurePath(str(kept)).name
    try:
        whole = kept.stored_sha256() == kept.sha256
    except OSError as error:
        mend = "give refpad the right to" if isinstance(error, PermissionError) else "restore it"
        yield Problem(subject=subject, message=f"{name} cannot be read ({error.strerror}): {mend}.")
        return
    if not whole:
        yield Problem(subject=subject, message=f"{name} no longer has the bytes it was kept with: restore it.")
    if kept.is_open_to_others():
        yield Problem(subject=subject, message=f"{name} can be read by others: give it the rights 0600.")


def _stray_originals(store: Store, connection: Connection, began_s: float) -> Iterator[Problem]:
    rows = connection.execute(sa.union(sa.select(file.c.sha256), _to_be_removed("originals"))).scalars()
    yield from _strays(store, "originals", rows, began_s)


def _stray_pictures(store: Store, connection: Connection, began_s: float) -> Iterator[Problem]:
    kept = sa.select(slip.c.picture_sha256).where(slip.c.picture_sha256.is_not(None))
    rows = connection.execute(kept.union(_to_be_removed("pictures"))).scalars()
    yield from _strays(store, "pictures", rows, began_s)


def _to_be_removed(kind: str) -> "sa.Select[tuple[str]]":
    """What a purge that was begun has still to remove: `_purges` tells of it."""
    return sa.select(purge_rest.c.sha256).where(purge_rest.c.kind == kind)


def _strays(store: Store, kind: Kind, named: Iterable[str], began_s: float) -> Iterator[Problem]:
    """Files that no row names. One that is new may belong to a row that was not committed when the check began."""
    known = {place_within(kind, sha256) for sha256 in named}
    for place, kept_s in store.files.listed(kind):
        if place not in known and kept_s < began_s - UNRECORDED_S:
            message = "The record does not know this file: drop a copy into the inbox."
            yield Problem(subject=PurePath(place).name, message=message)


def _leftovers(store: Store, _connection: Connection) -> Iterator[Problem]:
    for path in files.leftovers(store.incoming):
        yield Problem(subject=path.name, message="A half-made copy was left behind: the next start clears it away.")


def _files_without_cause(_store: Store, connection: Connection) -> Iterator[Problem]:
    taken = sa.exists().where(occurrence.c.file_id == file.c.id, occurrence.c.state == OccurrenceState.TAKEN)
    for number in connection.execute(sa.select(file.c.id).where(~taken).order_by(file.c.id)).scalars():
        yield Problem(subject=f"file {number}", message="It was never seen in the inbox.")


def _states(_store: Store, connection: Connection) -> Iterator[Problem]:
    """A file waits for a person exactly while one of its slips or pages does; an unread file has none."""
    open_slips = sa.select(slip.c.file_id).where(slip.c.state == SlipState.REVIEW)
    open_pages = sa.select(page.c.file_id).where(page.c.state == PageState.REVIEW)
    is_open = sa.or_(file.c.id.in_(open_slips), file.c.id.in_(open_pages))
    wrong = sa.select(file.c.id).where((file.c.state == FileState.REVIEW) != is_open)
    for number in connection.execute(wrong.order_by(file.c.id)).scalars():
        yield Problem(subject=f"file {number}", message="Its state does not agree with its slips and pages.")
    read = (file.c.state == FileState.WAITING, file.c.id.in_(sa.select(page.c.file_id)))
    for number in connection.execute(sa.select(file.c.id).where(*read).order_by(file.c.id)).scalars():
        yield Problem(subject=f"file {number}", message="It waits to be read although it was read.")


def _waiting(_store: Store, connection: Connection) -> Iterator[Problem]:
    """Whatever a person must look at is in the list of what waits, and nothing else is."""
    for subject in waiting_faults(connection):
        yield Problem(subject=subject, message="The list of what waits for review does not tell of it as it is.")


def _referrals(_store: Store, connection: Connection) -> Iterator[Problem]:
    recorded = sa.select(referral.c.slip_id)
    wrong = sa.select(slip.c.id).where((slip.c.state == SlipState.ACCEPTED) != slip.c.id.in_(recorded))
    for number in connection.execute(wrong.order_by(slip.c.id)).scalars():
        yield Problem(subject=f"slip {number}", message="Accepted slips and referrals do not match.")
    followed_up = sa.exists().where(follow_up.c.referral_id == referral.c.id)
    for number in connection.execute(sa.select(referral.c.id).where(~followed_up).order_by(referral.c.id)).scalars():
        yield Problem(subject=f"referral {number}", message="It has no follow-ups.")


def _audit(store: Store, connection: Connection, head: Head | None) -> Iterator[Problem]:
    """The chain holds together, ends no earlier than the anchor says, and was made with the key that is here."""
    if store.anchor is None:
        return
    row = connection.execute(sa.select(installation)).mappings().one()
    broken = audit.first_broken_line(connection, store.anchor, head.keyed_from if head else row["keyed_from"])
    if broken is not None:
        yield Problem(subject=f"audit {broken}", message="This line was changed or removed after it was written.")
    if head is None:
        message = "Its anchor is gone from the state folder: the record was moved, or lines of its end may be missing."
        yield Problem(subject="audit", message=message)
    elif not holds(connection, head):
        yield Problem(subject="audit", message=f"Line {head.line}, which is anchored, is not in it: {CUT_OR_PUT_BACK}")
    if others := audit.lines_of_other_keys(connection, store.anchor):
        message = (
            f"{others} lines were made with a key that is not here: copy audit.key of a backup to "
            f"{store.anchor.key_file}, or type refpad restore --acknowledge if the key is lost."
        )
        yield Problem(subject="audit", message=message)
    if row["put_back_at"] is not None and row["acknowledged_at"] is None:
        yield Problem(subject="record", message=PUT_BACK)


def _ledger(_store: Store, connection: Connection) -> Iterator[Problem]:
    files_seen = ledger_within(connection)
    if not files_seen.balances:
        yield Problem(subject="ledger", message=f"The ledger does not balance: {files_seen}.")


def _pages(_store: Store, connection: Connection) -> Iterator[Problem]:
    """Every page that a file had when it was read is in one list, and slips lie on pages that are said to have some."""
    pages = page_ledger_within(connection)
    if not pages.balances:
        yield Problem(subject="pages", message=f"The ledger of pages does not balance: {pages}.")
    for number, had, left in files_with_lost_pages(connection):
        message = f"It had {counted(had, 'page')}, of which {left} are on record: restore it."
        yield Problem(subject=f"file {number}", message=message)
    for number in files_with_stray_slips(connection):
        yield Problem(subject=f"file {number}", message="Its pages do not agree with its slips.")


CHECKS: tuple[Callable[[Store, Connection], Iterator[Problem]], ...] = (
    _originals,
    _pictures,
    _letters,
    _leftovers,
    _files_without_cause,
    _states,
    _waiting,
    _referrals,
    _records,
    _promised_letters,
    _purges,
    _patients,
    _ledger,
    _pages,
)
STRAYS: tuple[Callable[[Store, Connection, float], Iterator[Problem]], ...] = (_stray_originals, _stray_pictures)
