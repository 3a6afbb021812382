"""Correcting an accepted referral: with the reason, what was before, and the letters that went out with it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from pydantic import Field, ValidationError
from sqlalchemy.engine import Connection, RowMapping

from schemas.acceptance import PERSON
from schemas.base import Value
from schemas.changes import ChangedNoun, ChangeKind
from schemas.dates import show_day
from schemas.edits import Change
from schemas.errors import NotOnRecordError, UsageError
from schemas.followup import CALLS
from schemas.judging.dates import visit_problem
from schemas.letter import LetterState
from schemas.pad import PadDesign
from schemas.phones import parse_phone, phone_problem
from schemas.plain_words import plain
from schemas.reading import ReferralDraft, TextReading
from schemas.referral import Referral
from schemas.text import clean
from store import audit, changes
from store.crashpoints import crashpoint
from store.database import Store
from store.directory.offices import surviving_office
from store.directory.providers import find_or_add_provider
from store.followups.attempts import NUMBER_CORRECTED
from store.followups.changing import change_follow_up
from store.followups.missing_information import end_questions
from store.followups.outbox import UNSENT
from store.followups.planning import Subject, note_event, replan
from store.followups.remaking import remake_letter
from store.referrals import quality_sample
from store.referrals.amend_answers import (
    answer_in_words,
    asked_groups,
    corrected_answers,
    corrected_marks,
    missing_write_ins,
    written_answers,
)
from store.referrals.offices import move_referral
from store.search import index
from store.studio_rules import StudioRules
from store.tables import amendment, follow_up, outbox, referral, slip
from store.tables.columns import content_hash

TEXTS = ("patient_name", "provider_name", "diagnosis", "goals", "precautions")
PHONE, DATES, OFFICE = "patient_phone", ("signed_on", "next_visit_on", "birth_date"), "office"
FIELDS = ("patient_name", PHONE, "provider_name", "diagnosis", "goals", "precautions", *DATES, OFFICE)
OUT = (LetterState.PRINTING, LetterState.SENDING, LetterState.UNCERTAIN, LetterState.SENT)
AGAIN = "Its letter is made again: the referral was corrected."


class Amendment(Value):
    """One correction of an accepted referral; `letters` are those that had gone out with what was before."""

    at: datetime
    by: str
    reason: str
    changes: tuple[Change, ...] = Field(min_length=1)
    letters: tuple[int, ...] = ()


def amend(
    store: Store, rules: StudioRules, referral_id: int, typed: Mapping[str, str], reason: str, who: str
) -> Amendment:
    """Correct fields of an accepted referral, as people write them: dates as 2026-11-20, the office by its short name.

    Letters that are not on their way are made anew, follow-ups move with the dates. Raises UsageError, and changes
    nothing, without a reason, for a value that does not fit, when nothing is other than before, or while the slip waits
    for a second look.
    """
    why = str(clean(reason))
    with store.write() as connection:
        row, before, after, changed = _judged(connection, store, rules, referral_id, typed, why)
        _write(connection, store, row, before, after)
        design = rules.design_of(after.design, after.edition)
        _write_draft(connection, row["slip_id"], typed, {change.field for change in changed}, design, after)
        office_id = next((change.after for change in changed if change.field == OFFICE), None)
        if office_id is not None:
            move_referral(connection, store, _row(connection, referral_id), office_id, [referral_id])
        if before.patient_phone != after.patient_phone:
            _answer_number(connection, store, row, who)
        replan(connection, store, rules, Subject("referral_id", referral_id))
        out = _remake(connection, store, referral_id)
        done = Amendment(at=store.clock.now(), by=who, reason=why, changes=changed, letters=out)
        _keep(connection, store, referral_id, done)
        crashpoint("amend.before_commit")
    crashpoint("amend.committed")
    return done


def check(store: Store, rules: StudioRules, referral_id: int, typed: Mapping[str, str], reason: str) -> None:
    """Raise the UsageError that `amend` would raise, and change nothing."""
    with store.read() as connection:
        _judged(connection, store, rules, referral_id, typed, str(clean(reason)))


def amendments_of(store: Store, referral_id: int) -> tuple[Amendment, ...]:
    """The corrections of a referral since it was accepted, oldest first."""
    columns = [amendment.c[name] for name in Amendment.model_fields]
    query = sa.select(*columns).where(amendment.c.referral_id == referral_id).order_by(amendment.c.id)
    with store.read() as connection:
        return tuple(Amendment(**row) for row in connection.execute(query).mappings())


def _row(connection: Connection, referral_id: int) -> RowMapping:
    row = connection.execute(sa.select(referral).where(referral.c.id == referral_id)).mappings().first()
    if row is None:
        raise NotOnRecordError(f"There is no referral {referral_id}")
    if quality_sample.is_open(connection, row["slip_id"]):
        slip_id = row["slip_id"]
        raise UsageError(f"Slip s{slip_id} waits for a quality check: correct it there, so that the error is counted.")
    return row


def _judged(
    connection: Connection, store: Store, rules: StudioRules, referral_id: int, typed: Mapping[str, str], why: str
) -> tuple[RowMapping, Referral, Referral, tuple[Change, ...]]:
    """The referral's row, its record before and after, and what changes; all that is wrong is said at once."""
    row = _row(connection, referral_id)
    before = Referral.model_validate(row["record"])
    design = rules.design_of(before.design, before.edition)
    own_fields = (*written_answers(design, before), *asked_groups(design, before))
    known = (*FIELDS, *(field.name for field in own_fields))
    if unknown := sorted(typed.keys() - set(known)):
        raise UsageError(f"{', '.join(unknown)} cannot be corrected; what can is: {', '.join(known)}.")
    values, problems = _values(rules, typed)
    own = corrected_answers(design, before, typed, store.clock.today(), rules.policy.phone_region)
    values, problems = {**values, "answers": own[0]}, {**problems, **own[1]}
    after = _corrected(store, rules, before, values, problems)
    problems = {**(missing_write_ins(design, before, after) if after else {}), **problems}
    office_id = _office(connection, row, typed, problems)
    if not why:
        problems["reason"] = "say why it is corrected, for the reason stays with the referral"
    if problems or after is None:
        wrong = "; ".join(f"{name.replace('_', ' ')}: {what}" for name, what in problems.items())
        raise UsageError(f"It cannot be corrected like this: {wrong}.")
    changed = (*_changes(design, before, after), *_office_change(row["office_id"], office_id))
    if not changed:
        raise UsageError("Nothing is other than before.")
    return row, before, after, changed


def _values(rules: StudioRules, typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """What was typed as the record keeps it; and of fields that cannot be read, what to write."""
    values: dict[str, Any] = {name: typed[name] for name in TEXTS if name in typed}
    problems: dict[str, str] = {}
    for name in DATES:
        if name not in typed:
            continue
        try:
            values[name] = date.fromisoformat(typed[name]) if typed[name] or name == "signed_on" else None
        except ValueError:
            problems[name] = "write a date, as in 2026-11-20"
    if PHONE in typed:
        region = rules.policy.phone_region
        phone = parse_phone(typed[PHONE], region).e164
        if phone is None:
            problems[PHONE] = phone_problem(typed[PHONE], region) or "write it without its extension"
        values[PHONE] = phone
    return values, problems


def _corrected(
    store: Store, rules: StudioRules, before: Referral, values: Mapping[str, Any], problems: dict[str, str]
) -> Referral | None:
    """The record as it is to be; what its fields lack is added to `problems`."""
    fit = {name: value for name, value in values.items() if name not in problems}
    try:
        after = Referral.model_validate({**before.model_dump(), **fit})
    except ValidationError as error:
        for detail in error.errors(include_input=False):
            problems.setdefault(str(detail["loc"][0]), plain(detail))
        return None
    if after.signed_on > store.clock.today():
        problems["signed_on"] = f"{show_day(after.signed_on)} is still to come"
    if after.birth_date is not None and after.birth_date > store.clock.today():
        problems["birth_date"] = f"{show_day(after.birth_date)} is still to come"
    is_visit_other = (before.next_visit_on, before.signed_on) != (after.next_visit_on, after.signed_on)
    if after.next_visit_on is not None and is_visit_other and "signed_on" not in problems:
        why = visit_problem(after.next_visit_on, after.signed_on, store.clock.today(), rules.policy)
        problems |= {"next_visit_on": why} if why else {}
    return after


def _office(connection: Connection, row: RowMapping, typed: Mapping[str, str], problems: dict[str, str]) -> str | None:
    """The office as it is to be; an empty one stays as it is."""
    kept = row["office_id"] and str(row["office_id"])
    if not typed.get(OFFICE):
        return kept
    found = surviving_office(connection, typed[OFFICE])
    if found is None:
        problems[OFFICE] = f'there is no office "{typed[OFFICE]}", add it to the offices first'
    return kept if found is None or surviving_office(connection, kept) == found else found


def _changes(design: PadDesign | None, before: Referral, after: Referral) -> tuple[Change, ...]:
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in FIELDS if name != OFFICE)
    said = [(name, str(one or ""), str(other or "")) for name, one, other in pairs if one != other]
    for name, other in after.answers.items():
        if before.answers[name] != other:
            was, now = (answer_in_words(design, name, value) for value in (before.answers[name], other))
            said.append((name, was, now))
    return tuple(Change(field=name, before=one, after=other) for name, one, other in said)


def _office_change(before: str | None, after: str | None) -> tuple[Change, ...]:
    return () if before == after else (Change(field=OFFICE, before=before or "", after=after or ""),)


def _write(connection: Connection, store: Store, row: RowMapping, before: Referral, after: Referral) -> None:
    record = after.model_dump(mode="json")
    values: dict[str, Any] = {"record": record, "content_sha256": content_hash(record)}
    if before.provider_name != after.provider_name:
        values["provider_id"] = find_or_add_provider(connection, store, after.provider_name, row["office_id"])
    if before.next_visit_on != after.next_visit_on and row["next_visit_on"] == before.next_visit_on:
        values |= {"next_visit_on": after.next_visit_on, "visit_told_on": store.clock.today()}
    connection.execute(referral.update().where(referral.c.id == row["id"]).values(values))
    index.write(connection, [(row["id"], record)])
    changes.note(connection, ChangedNoun.REFERRAL, [row["id"]], ChangeKind.CHANGED)
    crashpoint("amend.written")


def _write_draft(
    connection: Connection,
    slip_id: int,
    typed: Mapping[str, str],
    names: set[str],
    design: PadDesign | None,
    after: Referral,
) -> None:
    """The slip says so too: whoever looks at it a second time must not bring the old words back."""
    row = connection.execute(sa.select(*slip.c["draft", "version"]).where(slip.c.id == slip_id)).one()
    draft = ReferralDraft.model_validate(row.draft) if row.draft else None
    if draft is None:
        return
    said = {
        name: TextReading(value=typed[name], confidence=1.0, candidates=draft.text[name].candidates, reader=PERSON)
        for name in sorted(names & draft.text.keys())
    }
    marks = {**draft.marks, **corrected_marks(design, after, draft.marks, names)}
    content = draft.model_copy(update={"text": {**draft.text, **said}, "marks": marks}).model_dump(mode="json")
    connection.execute(slip.update().where(slip.c.id == slip_id).values(draft=content, version=row.version + 1))


def _answer_number(connection: Connection, store: Store, row: RowMapping, who: str) -> None:
    """The right number is known: the office need not be asked, and the calls begin anew today."""
    end_questions(connection, store, row["slip_id"])
    calls = (follow_up.c.referral_id == row["id"], follow_up.c.kind.in_(sorted(CALLS)), follow_up.c.ended_on.is_(None))
    for number in connection.execute(sa.select(follow_up.c.id).where(*calls).order_by(follow_up.c.id)).scalars().all():
        note_event(connection, store, number, who, NUMBER_CORRECTED)
        change_follow_up(connection, number, {"note": None})


def _remake(connection: Connection, store: Store, referral_id: int) -> tuple[int, ...]:
    """Letters that are not on their way are made anew; those that are out, by their numbers."""
    theirs = (
        sa.select(*outbox.c["id", "follow_up_id", "state"])
        .join(follow_up, follow_up.c.id == outbox.c.follow_up_id)
        .where(follow_up.c.referral_id == referral_id)
        .order_by(outbox.c.id)
    )
    rows = connection.execute(theirs).all()
    for row in rows:
        if row.state in UNSENT:
            remake_letter(connection, store, row.id, row.follow_up_id, AGAIN)
    crashpoint("amend.letters")
    return tuple(row.id for row in rows if row.state in OUT)


def _keep(connection: Connection, store: Store, referral_id: int, done: Amendment) -> None:
    kept = done.model_dump(mode="json", exclude={"at"})
    connection.execute(amendment.insert().values(referral_id=referral_id, at=done.at, **kept))
    detail = {"fields": [change.field for change in done.changes], "letters_out": list(done.letters)}
    audit.append(connection, store.clock.now(), done.by, "amend", f"referral {referral_id}", detail)
