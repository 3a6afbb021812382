"""Removing the rows of files, and of all that was recorded of them, in the caller's transaction."""

import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.changes import ChangedNoun, ChangeKind
from schemas.reasons import FindingCode
from store import changes
from store.directory.patients import remove_without_referrals
from store.referrals.duplicates import renew_doubts
from store.tables import (
    amendment,
    answer_sheet,
    appointment,
    correction,
    course_entry,
    crop_look,
    duplicate_decision,
    example,
    file,
    follow_up,
    follow_up_event,
    legal_hold,
    occurrence,
    outbox,
    page,
    print_batch,
    purge_rest,
    referral,
    search_hit,
    search_word,
    second_look,
    settled_file,
    slip,
    slip_code,
    slip_key,
    unsaved_entry,
    waiting,
)
from store.waiting import forget_files, renew_slips

OF_REFERRAL = (search_hit, legal_hold, unsaved_entry, amendment, course_entry, appointment)
OF_SLIP = (answer_sheet, slip_key, correction, second_look, crop_look, slip_code, example)


@dataclass(frozen=True)
class Gone:
    """The rows that went: numbers of slips and referrals by file, and counts of what else there was."""

    contents: Mapping[int, str]  # SHA-256 by file
    slips: Mapping[int, list[int]]
    referrals: Mapping[int, list[int]]
    letters: int
    pages: int

    @property
    def counts(self) -> dict[str, int]:
        return {
            "files": len(self.contents),
            "pages": self.pages,
            "slips": sum(map(len, self.slips.values())),
            "referrals": sum(map(len, self.referrals.values())),
            "letters": self.letters,
        }


def remove_rows(connection: Connection, files: Collection[int]) -> Gone:
    """Remove all rows of these files; what is kept of them is noted to be removed once this is committed."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
    known = sa.select(file.c.id, file.c.sha256).where(file.c.id.in_(files)).order_by(file.c.id)
    contents = {row.id: row.sha256 for row in connection.execute(known)}
    of_files = sa.select(slip.c.file_id, slip.c.id).where(slip.c.file_id.in_(files)).order_by(slip.c.id)
    slips = _by_file(connection, of_files)
    slip_ids = [number for numbers in slips.values() for number in numbers]
    of_slips = sa.select(slip.c.file_id, referral.c.id).join(slip).where(slip.c.id.in_(slip_ids))
    referrals = _by_file(connection, of_slips.order_by(referral.c.id))
    referral_ids = [number for numbers in referrals.values() for number in numbers]
    _note_rest(connection, files, slip_ids, referral_ids)
    letters = _remove_referrals(connection, slip_ids, referral_ids)
    forget_files(connection, files)
    _remove_slips(connection, slip_ids)
    pages = connection.execute(page.delete().where(page.c.file_id.in_(files))).rowcount
    _remove_files(connection, files)
    _renew_other_slips(connection, set(slip_ids))
    return Gone(contents, slips, referrals, letters, pages)


def _by_file(connection: Connection, query: "sa.Select[tuple[int, int]]") -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for file_id, number in connection.execute(query):
        found.setdefault(file_id, []).append(number)
    return found


def _note_rest(
    connection: Connection, files: Collection[int], slips: Collection[int], referrals: Collection[int]
) -> None:
    """The originals, pictures and letters that lose their rows."""
    theirs = sa.or_(follow_up.c.referral_id.in_(referrals), follow_up.c.slip_id.in_(slips))
    queries = {
        "originals": sa.select(file.c.sha256).where(file.c.id.in_(files)),
        "pictures": sa.select(slip.c.picture_sha256).where(slip.c.id.in_(slips)),
        "letters": sa.select(outbox.c.pdf_sha256).join(follow_up).where(theirs),
    }
    for kind, query in queries.items():
        known = set(connection.execute(sa.select(purge_rest.c.sha256).where(purge_rest.c.kind == kind)).scalars())
        new = {sha256 for sha256 in connection.execute(query).scalars() if sha256} - known
        if new:
            noted = {"kind": kind, "noted_s": time.time()}
            connection.execute(purge_rest.insert(), [{**noted, "sha256": sha256} for sha256 in sorted(new)])


def _remove_referrals(connection: Connection, slips: Collection[int], referrals: Collection[int]) -> int:
    """The referrals with their follow-ups and letters, and the words that only they were found by; letters gone."""
    found_by = sa.select(search_hit.c.word_id).where(search_hit.c.referral_id.in_(referrals)).distinct()
    words = list(connection.execute(found_by).scalars())
    for table in OF_REFERRAL:
        connection.execute(table.delete().where(table.c.referral_id.in_(referrals)))
    for some in _parts(words):
        unused = ~sa.exists().where(search_hit.c.word_id == search_word.c.id)
        connection.execute(search_word.delete().where(search_word.c.id.in_(some), unused))
    theirs = sa.or_(follow_up.c.referral_id.in_(referrals), follow_up.c.slip_id.in_(slips))
    tasks = list(connection.execute(sa.select(follow_up.c.id).where(theirs).order_by(follow_up.c.id)).scalars())
    changes.note(connection, ChangedNoun.FOLLOW_UP, tasks, ChangeKind.PURGED)
    changes.note(connection, ChangedNoun.REFERRAL, referrals, ChangeKind.PURGED)
    batches = set(
        connection.execute(sa.select(outbox.c.batch_id).where(outbox.c.follow_up_id.in_(tasks))).scalars()
    ) - {None}
    letters = connection.execute(outbox.delete().where(outbox.c.follow_up_id.in_(tasks))).rowcount
    empty = ~sa.exists().where(outbox.c.batch_id == print_batch.c.id)
    connection.execute(print_batch.delete().where(print_batch.c.id.in_(batches), empty))
    connection.execute(follow_up_event.delete().where(follow_up_event.c.follow_up_id.in_(tasks)))
    connection.execute(follow_up.delete().where(follow_up.c.id.in_(tasks)))
    patients = set(connection.execute(sa.select(referral.c.patient_id).where(referral.c.id.in_(referrals))).scalars())
    connection.execute(referral.delete().where(referral.c.id.in_(referrals)))
    remove_without_referrals(connection, patients - {None})
    return letters


def _remove_slips(connection: Connection, slips: Collection[int]) -> None:
    answers = sa.select(answer_sheet.c.of_slip_id).where(answer_sheet.c.slip_id.in_(slips))
    completed = set(connection.execute(answers).scalars()) - {None, *slips}
    for table in OF_SLIP:
        connection.execute(table.delete().where(table.c.slip_id.in_(slips)))
    about = answer_sheet.c.of_slip_id.in_(slips)
    connection.execute(answer_sheet.update().where(about).values(of_slip_id=None))
    pairs = duplicate_decision.c
    connection.execute(duplicate_decision.delete().where(sa.or_(pairs.slip_id.in_(slips), pairs.other_id.in_(slips))))
    connection.execute(slip.delete().where(slip.c.id.in_(slips)))
    renew_slips(connection, completed)


def _remove_files(connection: Connection, files: Collection[int]) -> None:
    """The files and their drops, whose names may be patients'."""
    connection.execute(settled_file.delete().where(settled_file.c.file_id.in_(files)))
    drops = list(connection.execute(sa.select(occurrence.c.id).where(occurrence.c.file_id.in_(files))).scalars())
    for some in _parts(drops):
        for column in (occurrence.c.version_of, occurrence.c.duplicate_of):
            connection.execute(occurrence.update().where(column.in_(some)).values({column.name: None}))
    for some in _parts(drops):
        connection.execute(occurrence.delete().where(occurrence.c.id.in_(some)))
    connection.execute(file.delete().where(file.c.id.in_(files)))


def _renew_other_slips(connection: Connection, gone: set[int]) -> None:
    """A slip that waits and was held for a copy of one that went is compared with what is left."""
    named = sa.select(waiting.c.other_slip).where(waiting.c.code == FindingCode.POSSIBLE_DUPLICATE)
    others = set(connection.execute(named.where(waiting.c.other_slip.is_not(None))).scalars())
    for number in sorted(others & gone):
        renew_doubts(connection, number)


def _parts(numbers: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), 500):
        yield numbers[start : start + 500]
