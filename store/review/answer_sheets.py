"""Answer sheets that came back: each is laid beside its slip once, and completes it, or waits with the reason."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.base import Value
from schemas.export import MACHINE
from schemas.pad import PadDesign
from schemas.reading import Answered, Finding, ReferralDraft, SheetReading
from schemas.reasons import FindingCode
from schemas.referral import Accepted
from schemas.sheets.reading import completed, says_the_same
from schemas.states import SlipState
from store import audit
from store.crashpoints import crashpoint
from store.database import Store
from store.followups.missing_information import ANSWERED, end_answered, sign_of_studio
from store.intake.results import settle_file
from store.referrals import referrals
from store.referrals.duplicates import write_keys
from store.review import history
from store.review.findings import findings_of, judge
from store.studio_rules import StudioRules
from store.tables import answer_sheet, file, follow_up, referral, slip
from store.waiting import change_slip

ANSWERS = "It is the answer to question {} about slip {}."
SAME_AGAIN = "It is the same answer to question {} that came as slip {}."


class SheetAnswer(Value):
    """The sheet that completed a slip: the row that holds its picture, which fields it answered, and what it asked."""

    slip_id: int
    question: int
    asked: tuple[str, ...]
    names: tuple[str, ...]


class LateAnswer(Value):
    """A sheet that came back when its slip was accepted already, and waits for a person.

    `text` is what it says of fields that are written, `others` names the boxes and signatures that it answers.
    """

    slip_id: int
    text: dict[str, str]
    others: tuple[str, ...]


def late_answers(store: Store, slip_id: int) -> tuple[LateAnswer, ...]:
    """The sheets about an accepted slip that wait, oldest first: suggestions, for people to correct its referral."""
    theirs = (answer_sheet.c.of_slip_id == slip_id, answer_sheet.c.is_used.is_(False))
    query = sa.select(*slip.c["id", "reading"]).join(answer_sheet, answer_sheet.c.slip_id == slip.c.id)
    query = query.where(*theirs, slip.c.state == SlipState.REVIEW).order_by(slip.c.id)
    with store.read() as connection:
        rows = connection.execute(query).all()
    told = [(row.id, _answered(row.reading)) for row in rows]
    return tuple(
        LateAnswer(
            slip_id=number,
            text={name: read.value for name, read in answered.text.items()},
            others=(*answered.signatures, *answered.marks),
        )
        for number, answered in told
        if answered.names
    )


def lay_beside(store: Store, rules: StudioRules) -> int:
    """Have every sheet that came in complete its slip, or wait for a person with the reason; how many slips that made
    referrals.

    A sheet of which this was interrupted is the first of the next time.
    """
    with store.read() as connection:
        waiting = _undecided(connection)
    accepted = 0
    for slip_id in waiting:
        with store.write() as connection:
            if slip_id in _undecided(connection):
                accepted += _decide(connection, store, rules, slip_id)
            crashpoint("sheet.before_commit")
        crashpoint("sheet.committed")
    return accepted


def answer_of(store: Store, slip_id: int) -> tuple[SheetAnswer, ...]:
    """The sheets that completed a slip, newest first."""
    with store.read() as connection:
        return answers_of_slip(connection, slip_id)


def answers_of_slip(connection: Connection, slip_id: int) -> tuple[SheetAnswer, ...]:
    """The same, in the caller's transaction."""
    query = (
        sa.select(answer_sheet.c.slip_id, answer_sheet.c.question, slip.c.reading, follow_up.c.asked)
        .join(slip, slip.c.id == answer_sheet.c.slip_id)
        .join(follow_up, follow_up.c.id == answer_sheet.c.question)
        .where(answer_sheet.c.of_slip_id == slip_id, answer_sheet.c.is_used)
        .order_by(answer_sheet.c.slip_id.desc())
    )
    return tuple(
        SheetAnswer(
            slip_id=row.slip_id, question=row.question, asked=row.asked or (), names=_answered(row.reading).names
        )
        for row in connection.execute(query)
    )


def _undecided(connection: Connection) -> list[int]:
    query = sa.select(answer_sheet.c.slip_id).where(answer_sheet.c.decided_at.is_(None))
    return list(connection.execute(query.order_by(answer_sheet.c.slip_id)).scalars())


def _decide(connection: Connection, store: Store, rules: StudioRules, slip_id: int) -> bool:
    """Whether the slip that one sheet completes is a referral now."""
    own = _row(connection, slip_id)
    sheet = SheetReading.model_validate(own["reading"]["sheet"])
    question = sheet.code.question
    known = sheet.code.studio == sign_of_studio(connection)
    asked = connection.execute(sa.select(follow_up).where(follow_up.c.id == question)).mappings().first()
    about = _row(connection, asked["slip_id"]) if known and asked and asked["slip_id"] else None
    noted = answer_sheet.update().where(answer_sheet.c.slip_id == slip_id)
    about_id = about["id"] if about else None
    connection.execute(noted.values(of_slip_id=about_id, decided_at=store.clock.now()))
    if about is None or asked is None:
        _wait(connection, own, _of_nothing(sheet) if known else _of_others(sheet), None)
        return False
    if again := _same_again(connection, own, question, sheet):
        _reject(connection, store, own, SAME_AGAIN.format(question, again), about)
        return False
    design = rules.design_of(about["design"], about["edition"])
    if why := _why_not(connection, about, asked, sheet, design):
        _wait(connection, own, why, about["id"])
        return False
    connection.execute(noted.values(is_used=True))
    crashpoint("sheet.used")
    end_answered(connection, store, question)
    _reject(connection, store, own, ANSWERS.format(question, about["id"]), about)
    return _complete(connection, store, rules, about, sheet.answered or Answered())


def _complete(connection: Connection, store: Store, rules: StudioRules, about: RowMapping, answered: Answered) -> bool:
    """The answers become the slip's; what is then without a doubt is a referral, like a slip that came so."""
    before = ReferralDraft.model_validate(about["draft"])
    draft = completed(before, answered)
    findings = findings_of(connection, rules, about, draft)
    verdict = judge(connection, rules, about, draft, findings, ())
    history.note_correction(connection, store, about, before, draft, MACHINE)
    accepted = isinstance(verdict, Accepted)
    values = {
        "state": SlipState.ACCEPTED if accepted else SlipState.REVIEW,
        "draft": draft.model_dump(mode="json"),
        "findings": [] if accepted else [finding.model_dump(mode="json") for finding in findings],
        "version": about["version"] + 1,
    }
    change_slip(connection, about["id"], values)
    write_keys(connection, about["id"], draft)
    detail = {"set": sorted(answered.names)}
    audit.append(connection, store.clock.now(), MACHINE, "answer", f"slip {about['id']}", detail)
    if isinstance(verdict, Accepted):
        referrals.write(connection, store, rules, about["id"], verdict.referral, MACHINE)
    settle_file(connection, about["file_id"])
    return accepted


def _why_not(
    connection: Connection, about: RowMapping, asked: RowMapping, sheet: SheetReading, design: PadDesign | None
) -> str | None:
    """Why a sheet completes nothing, in a sentence with the next step; None when it does."""
    number, head = about["id"], f"It answers question {sheet.code.question} about slip {about['id']}"
    if about["state"] == SlipState.ACCEPTED:
        accepted = connection.execute(sa.select(referral.c.id).where(referral.c.slip_id == number)).scalar()
        return f"{head}, which is referral {accepted} by now: correct there what differs, then reject this sheet."
    if about["state"] == SlipState.REJECTED:
        return f"{head}, which was rejected: have the office write a new slip if it still refers, then reject this."
    if asked["note"] == ANSWERED:
        return f"{head}, which was answered before with other words: enter on slip {number} what is right, then reject."
    if sheet.answered is None or design is None or about["draft"] is None:
        return f"{head}, and could not be read: enter on slip {number} what it says, then reject this sheet."
    if not sheet.answered.names:
        return f"{head}, and came back empty: ask the office by telephone, then reject this sheet."
    return None


def _of_others(sheet: SheetReading) -> str:
    what = f"It answers question {sheet.code.question} of another studio, or of a record begun anew"
    return f"{what}: send it on to who asked, then reject it here."


def _of_nothing(sheet: SheetReading) -> str:
    what = f"It answers question {sheet.code.question}, whose slip is no longer on record"
    return f"{what}: have the office write a new slip if it still refers, destroy the sheet, and reject this."


def _same_again(connection: Connection, own: RowMapping, question: int, sheet: SheetReading) -> int | None:
    """The sheet that said the same before; None when there is none."""
    others = (
        sa.select(slip.c.id, slip.c.reading)
        .join(answer_sheet, answer_sheet.c.slip_id == slip.c.id)
        .where(answer_sheet.c.question == question, answer_sheet.c.is_used, slip.c.id != own["id"])
    )
    told = sheet.answered
    if told is None:
        return None
    rows = connection.execute(others.order_by(slip.c.id)).all()
    return next((row.id for row in rows if says_the_same(_answered(row.reading), told)), None)


def _wait(connection: Connection, own: RowMapping, why: str, about: int | None) -> None:
    finding = Finding(code=FindingCode.ANSWER_SHEET, detail=why, other_slip=about)
    values = {"findings": [finding.model_dump(mode="json")], "version": own["version"] + 1}
    change_slip(connection, own["id"], values)


def _reject(connection: Connection, store: Store, own: RowMapping, why: str, about: RowMapping) -> None:
    """The sheet is no slip of its own: nothing is left to do with it."""
    values = {"state": SlipState.REJECTED, "why_rejected": why, "version": own["version"] + 1, "findings": []}
    change_slip(connection, own["id"], values)
    settle_file(connection, own["file_id"])
    audit.append(connection, store.clock.now(), MACHINE, "answer", f"slip {own['id']}", {"of": about["id"]})


def _answered(reading: dict[str, object]) -> Answered:
    return SheetReading.model_validate(reading["sheet"]).answered or Answered()


def _row(connection: Connection, slip_id: int) -> RowMapping:
    query = sa.select(slip, file.c.received_on).join(file, file.c.id == slip.c.file_id).where(slip.c.id == slip_id)
    return connection.execute(query).mappings().one()
