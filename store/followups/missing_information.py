"""Asking an office for what is missing on a slip that waits for a person."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.base import Value
from schemas.errors import UsageError
from schemas.export import MACHINE
from schemas.followup import FollowUpKind, FollowUpState, PlannedFollowUp
from schemas.letter import LetterState
from schemas.sheet_code import SheetCode, studio_sign
from schemas.sheets.reading import OpenQuestion
from schemas.states import SlipState
from store import audit
from store.crashpoints import crashpoint
from store.database import Store
from store.followups import outbox
from store.followups.changing import change_follow_up
from store.followups.planning import Subject, add_follow_up, end_follow_up, note_event
from store.kept_files.kept_file import KeptFile
from store.studio_rules import StudioRules
from store.tables import file, follow_up, installation, slip

KIND = FollowUpKind.MISSING_INFORMATION
FIELDS_MOST = 8
PHONE = "patient_phone"
LATE = timedelta(days=90)  # a progress report has been written thrice by then: whoever answers later is asked anew
SETTLED = "The slip was settled."
ANSWERED = "The office answered."


class OfficeQuestion(Value):
    """What an office is asked about a slip: fields of its pad, and the slip's picture; `code` is its sheet's.

    Of a slip that is accepted a number is asked for that turned out to be wrong.
    """

    design: str
    edition: int
    fields: tuple[str, ...]
    picture: KeptFile
    received_on: date
    is_accepted: bool
    code: SheetCode


def ask_office(store: Store, rules: StudioRules, slip_id: int, fields: Sequence[str] | None, who: str) -> int:
    """Have a page written to the office with the slip's picture and these fields ringed; the follow-up's number.

    `fields` None means those that something was found about. Raises UsageError when none is named, the slip does not
    wait, its pad or picture is not known, or the page of before is not answered yet.
    """
    with store.write() as connection:
        row = _waiting(connection, slip_id)
        design = rules.design_of(row["design"], row["edition"]) if row["design"] else None
        if design is None or row["picture_sha256"] is None:
            raise UsageError(f"Slip s{slip_id} has no picture or no known pad: ask the office by telephone.")
        doubted = dict.fromkeys(finding["field"] for finding in row["findings"] if finding.get("field"))
        wanted = list(doubted) if fields is None else list(fields)
        known = {field.name for field in design.fields}
        if not 1 <= len(wanted) <= FIELDS_MOST or not set(wanted) <= known:
            raise UsageError(f"Name 1 to {FIELDS_MOST} fields of the pad: {', '.join(sorted(known))}.")
        follow_up_id = _add(connection, store, slip_id, wanted)
        audit.append(connection, store.clock.now(), who, "ask_office", f"slip {slip_id}", {"fields": wanted})
        crashpoint("missing.before_commit")
    crashpoint("missing.committed")
    return follow_up_id


def question_of(store: Store, slip_id: int, follow_up_id: int) -> OfficeQuestion:
    """What the follow-up asks the office about the slip."""
    with store.read() as connection:
        row = connection.execute(_slips().where(slip.c.id == slip_id)).mappings().one()
        fields = connection.execute(sa.select(follow_up.c.asked).where(follow_up.c.id == follow_up_id)).scalar_one()
        code = SheetCode(question=follow_up_id, studio=sign_of_studio(connection))
    return OfficeQuestion(
        design=row["design"],
        edition=row["edition"],
        fields=tuple(fields),
        picture=store.picture(row["picture_sha256"]),
        received_on=row["received_on"],
        is_accepted=row["state"] == SlipState.ACCEPTED,
        code=code,
    )


def sign_of_studio(connection: Connection) -> str:
    """What tells this record's answer sheets from another's."""
    return studio_sign(connection.execute(sa.select(installation.c.name)).scalar())


def open_sheets(store: Store) -> tuple[OpenQuestion, ...]:
    """The sheets that may come back: of slips that wait for a person, whatever became of the letter.

    And of those that were accepted meanwhile: what the office writes within LATE may still correct the referral.
    """
    own = (*slip.c["design", "edition"], *follow_up.c["id", "asked"])
    late = sa.and_(slip.c.state == SlipState.ACCEPTED, follow_up.c.made_at > store.clock.now() - LATE)
    waits = (sa.or_(slip.c.state == SlipState.REVIEW, late), slip.c.design.is_not(None))
    query = sa.select(*own).join(slip, slip.c.id == follow_up.c.slip_id)
    query = query.where(*waits, follow_up.c.kind == KIND.value, _not_answered())
    with store.read() as connection:
        sign = sign_of_studio(connection)
        return tuple(
            OpenQuestion(
                code=SheetCode(question=row.id, studio=sign), design=row.design, edition=row.edition, fields=row.asked
            )
            for row in connection.execute(query.order_by(follow_up.c.id))
            if row.asked
        )


def end_answered(connection: Connection, store: Store, follow_up_id: int) -> None:
    """The office answered, in the caller's transaction: its question stands no more, and may be asked anew."""
    row = connection.execute(sa.select(follow_up).where(follow_up.c.id == follow_up_id)).mappings().one()
    if row["ended_on"] is None:
        end_follow_up(connection, store, row, FollowUpState.DONE, MACHINE, ANSWERED)
        return
    change_follow_up(connection, follow_up_id, {"note": ANSWERED})
    note_event(connection, store, follow_up_id, MACHINE, "answered")


def _not_answered() -> sa.ColumnElement[bool]:
    return follow_up.c.note.is_distinct_from(ANSWERED)


def ask_for_number(connection: Connection, store: Store, rules: StudioRules, slip_id: int) -> bool:
    """Have the office asked for the patient's right telephone number, in the caller's transaction.

    One question at a time: a second is not asked. False when the slip has no picture, pad, or field for a number.
    """
    row = connection.execute(_slips().where(slip.c.id == slip_id)).mappings().one()
    design = rules.design_of(row["design"], row["edition"]) if row["design"] else None
    if design is None or row["picture_sha256"] is None or PHONE not in {field.name for field in design.fields}:
        return False
    standing = sa.select(follow_up.c.id).where(follow_up.c.slip_id == slip_id, follow_up.c.ended_on.is_(None))
    if connection.execute(standing).first() is None:
        _add(connection, store, slip_id, [PHONE])
    crashpoint("number.asked")
    return True


class Asked(Value):
    """That an office was asked about a slip and has not answered: the follow-up, when, and about which fields.

    `is_sent` says that the letter is out: it may be asked again.
    """

    follow_up_id: int
    at: datetime
    fields: tuple[str, ...]
    is_sent: bool


def open_questions(connection: Connection, slips: Collection[int] | None = None) -> dict[int, Asked]:
    """What offices were asked and have not answered, by slip, in the caller's transaction; of these slips, or of all.

    The letter is only the question: of a slip in review it stands until the slip is settled.
    """
    query = sa.select(*follow_up.c["id", "slip_id", "made_at", "asked", "ended_on"]).join(slip)
    # By the slip, which has an index: a slip's page took 23 ms with 5,000 referrals and 95 ms with 100,000.
    of_slips = follow_up.c.slip_id > 0 if slips is None else follow_up.c.slip_id.in_(slips)
    rows = connection.execute(query.where(of_slips, *_stands(slip.c.state))).all()
    return {
        row.slip_id: Asked(
            follow_up_id=row.id, at=row.made_at, fields=row.asked or (), is_sent=row.ended_on is not None
        )
        for row in sorted(rows, key=lambda row: row.id)
    }


def is_asked(slip_id: sa.ColumnElement[int | None]) -> sa.Exists:
    """Whether an office was asked about a slip and has not answered."""
    about = slip.alias("about")
    return sa.exists().where(follow_up.c.slip_id == slip_id, about.c.id == slip_id, *_stands(about.c.state))


def _stands(state: sa.ColumnElement[str]) -> tuple[sa.ColumnElement[bool], ...]:
    """Whether a question about a slip in that state has no answer yet."""
    unsettled = follow_up.c.note.is_distinct_from(SETTLED)
    is_out = sa.and_(follow_up.c.state == FollowUpState.DONE.value, unsettled, _not_answered())
    in_review = sa.and_(state == SlipState.REVIEW.value, is_out)
    return follow_up.c.kind == KIND.value, sa.or_(follow_up.c.ended_on.is_(None), in_review)


def asked_offices(store: Store, slips: Collection[int] | None = None) -> dict[int, Asked]:
    """What offices were asked and have not answered, by slip; of these slips, or of all."""
    with store.read() as connection:
        return open_questions(connection, slips)


def asked_about(store: Store, slip_id: int) -> Asked | None:
    """What the office was asked about one slip, if it has not answered."""
    with store.read() as connection:
        return open_questions(connection, [slip_id]).get(slip_id)


def end_questions(connection: Connection, store: Store, slip_id: int) -> None:
    """The slip was settled, in the caller's transaction: nobody need be asked about it any more."""
    standing = (follow_up.c.slip_id == slip_id, follow_up.c.ended_on.is_(None))
    for row in connection.execute(sa.select(follow_up).where(*standing)).mappings().all():
        end_follow_up(connection, store, row, FollowUpState.DONE, MACHINE, SETTLED)


def reopen_question(connection: Connection, store: Store, slip_id: int, who: str) -> None:
    """The slip is not settled after all, in the caller's transaction: what its office was asked stands again.

    A letter that was not to be sent any more is made anew; one that went out meanwhile has asked.
    """
    asked = sa.select(follow_up).where(follow_up.c.slip_id == slip_id, follow_up.c.kind == KIND.value)
    row = connection.execute(asked.order_by(follow_up.c.cycle.desc()).limit(1)).mappings().first()
    if row is None or row["note"] != SETTLED:
        return
    letters = outbox.states_of(connection, row["id"])
    again: dict[str, object] = {"note": None}
    if LetterState.SENT not in letters:
        is_away = letters and not letters <= set(outbox.CHANGEABLE)
        state = FollowUpState.WAITING if is_away else FollowUpState.OPEN
        again |= {"state": state.value, "ended_on": None, "settled_by": None, "settled_at": None}
    change_follow_up(connection, row["id"], again)
    if LetterState.SENT not in letters:
        outbox.request_letter(connection, store, row["id"], KIND, row["cycle"])
    note_event(connection, store, row["id"], who, "reopened")


def _add(connection: Connection, store: Store, slip_id: int, fields: Sequence[str]) -> int:
    """The follow-up, due today, with its letter."""
    theirs = sa.select(follow_up.c.cycle, follow_up.c.ended_on).where(follow_up.c.slip_id == slip_id)
    before = connection.execute(theirs).all()
    if any(row.ended_on is None for row in before):
        raise UsageError(
            f"The office was asked about slip s{slip_id} already",
            "see `refpad follow-ups list`",
            "Today shows since when",
        )
    cycle = 1 + max((row.cycle for row in before), default=0)
    planned = PlannedFollowUp(kind=KIND, due=store.clock.today(), cycle=cycle)
    follow_up_id = add_follow_up(connection, store, Subject("slip_id", slip_id), planned)
    connection.execute(follow_up.update().where(follow_up.c.id == follow_up_id).values(asked=list(fields)))
    outbox.request_letter(connection, store, follow_up_id, KIND, cycle)
    return follow_up_id


def _waiting(connection: Connection, slip_id: int) -> RowMapping:
    row = connection.execute(_slips().where(slip.c.id == slip_id, slip.c.state == SlipState.REVIEW)).mappings().first()
    if row is None:
        raise UsageError(
            f"Slip s{slip_id} does not wait for a person",
            "`refpad review list` shows those that do",
            "the page Review lists those that do",
        )
    return row


def _slips() -> "sa.Select[tuple[object, ...]]":
    return sa.select(slip, file.c.received_on).join(file, file.c.id == slip.c.file_id)
