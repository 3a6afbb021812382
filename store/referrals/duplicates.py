"""Slips that came before: found by their serial, or by what they say, and what a person said of them."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.code import SlipCode
from schemas.reading import Finding, ReferralDraft, SlipReading
from schemas.reasons import FindingCode
from schemas.sameness import compare, keys_of
from schemas.states import SlipState
from store.database import Store
from store.tables import duplicate_decision, slip, slip_key, waiting
from store.waiting import change_slip

COMPARED_MOST = 100  # slips that share a key; those that share most come first, then the newest
# The newest slips that are looked at for each key: at 100,000 slips a day 20,000 share their day of signing. What is
# older is still found by another key, as a rule the telephone or the name, which few share.
OF_A_KEY_MOST = 200
AT_ONCE = 500  # numbers in one statement


def code_of(design: str | None, edition: int | None, serial: int | None) -> SlipCode | None:
    """The printed code of a numbered slip; None when it is unread, or 0, an unnumbered proof."""
    if design is None or edition is None or not serial:
        return None
    return SlipCode(design=design, edition=edition, serial=serial)


class Decision(StrEnum):
    """What a person said of a slip beside one that came before: the same slip, or a new referral."""

    SAME = "same"
    NEW = "new"


def write_keys(connection: Connection, slip_id: int, draft: ReferralDraft | None) -> None:
    """Have the slip be found by what it says now, and still by what it said before, in the caller's transaction."""
    keys = keys_of(draft) if draft else frozenset()
    known = sa.select(slip_key.c.key).where(slip_key.c.key.in_(keys), slip_key.c.slip_id == slip_id)
    new = keys - set(connection.execute(known).scalars())
    if new:
        connection.execute(slip_key.insert(), [{"key": key, "slip_id": slip_id} for key in sorted(new)])


def find_twin(
    connection: Connection, code: SlipCode | None, versions: Sequence[ReferralDraft], slip_id: int | None = None
) -> Finding | None:
    """The doubt that a slip came in before: the first with its serial, otherwise the first that says the same.

    `versions` are its draft, and its reading where that differs. A slip counts that is recorded, or that waits and came
    earlier; a rejected one does not, nor one of which a person said that this is a new referral beside it.
    """
    twin = _of_serial(connection, code, slip_id) if code else None
    if code and twin is not None:
        detail = f"{code} came in before, as slip {twin}."
        return Finding(code=FindingCode.POSSIBLE_DUPLICATE, detail=detail, other_slip=twin)
    twin = _of_words(connection, code, versions, slip_id)
    if twin is None:
        return None
    detail = f"Patient, days, words and boxes are those of slip {twin}."
    return Finding(code=FindingCode.POSSIBLE_DUPLICATE, detail=detail, other_slip=twin)


def renew_doubts(connection: Connection, slip_id: int) -> None:
    """Have this slip, if it waits, and those that wait and were compared with it, be compared with what counts now.

    For when a slip is rejected, or waits again; in the caller's transaction. One that was set aside for a better copy
    was compared with that.
    """
    named = waiting.c.other_slip == slip_id, waiting.c.code == FindingCode.POSSIBLE_DUPLICATE
    compared = connection.execute(sa.select(waiting.c.number).where(*named)).scalars()
    called_same = duplicate_decision.c.slip_id == slip_id, duplicate_decision.c.decision == Decision.SAME.value
    copies = connection.execute(sa.select(duplicate_decision.c.other_id).where(*called_same)).scalars()
    query = sa.select(slip).where(slip.c.state == SlipState.REVIEW, slip.c.id.in_({slip_id, *compared, *copies}))
    for row in connection.execute(query.order_by(slip.c.id)).all():
        if row.draft:
            _renew(connection, row)


def _renew(connection: Connection, row: sa.Row[Any]) -> None:
    draft = ReferralDraft.model_validate(row.draft)
    code = code_of(draft.design, draft.edition, draft.serial)
    twin = find_twin(connection, code, versions_of(row.draft, row.reading), row.id)
    others = [finding for finding in row.findings if finding["code"] != FindingCode.POSSIBLE_DUPLICATE]
    findings = [*([twin.model_dump(mode="json")] if twin else []), *others]
    if findings != row.findings:
        values = {"findings": findings, "version": row.version + 1}
        change_slip(connection, row.id, values)


def decide(
    connection: Connection, store: Store, slip_id: int, other: int, decision: Decision, reason: str, who: str
) -> None:
    """Keep what a person said of two slips; what was said last counts."""
    values = {"slip_id": slip_id, "other_id": other, "decision": decision.value, "reason": reason}
    connection.execute(duplicate_decision.insert().values(**values, by=who, at=store.clock.now()))


def _of_serial(connection: Connection, code: SlipCode, slip_id: int | None) -> int | None:
    same = (slip.c.design == code.design, slip.c.edition == code.edition, slip.c.serial == code.serial)
    query = sa.select(slip.c.id).where(*same, _counts(slip_id)).order_by(slip.c.id)
    settled = _settled(connection, slip_id)
    return next((number for number in connection.execute(query).scalars() if number not in settled), None)


def _of_words(
    connection: Connection, code: SlipCode | None, versions: Sequence[ReferralDraft], slip_id: int | None
) -> int | None:
    """The first slip that says the same; two with serials of their own are two, whatever they say."""
    settled = _settled(connection, slip_id)
    candidates = _sharing_keys(connection, code, versions, slip_id)
    for row in sorted(candidates, key=lambda row: row.id):
        if row.id not in settled and _is_one_slip(versions, versions_of(row.draft, row.reading)):
            return int(row.id)
    return None


def _sharing_keys(
    connection: Connection, code: SlipCode | None, versions: Sequence[ReferralDraft], slip_id: int | None
) -> Sequence[sa.Row[Any]]:
    """The slips with most of the keys; to one with a serial only those without one may be the same.

    What a slip is, is asked by its number alone: by its pad, or its state, SQLite would look for it among all slips.
    """
    pads = {(version.design, version.edition) for version in versions}
    sharing, chosen = _by_keys_shared(connection, versions), list[int]()
    facts = sa.select(*slip.c["id", "state", "design", "edition", "serial"])
    for start in range(0, len(sharing), AT_ONCE):
        some = sharing[start : start + AT_ONCE]
        known = {row.id: row for row in connection.execute(facts.where(slip.c.id.in_(some)))}
        of_pad = (row for row in map(known.__getitem__, some) if (row.design, row.edition) in pads)
        chosen += [row.id for row in of_pad if not (code and row.serial) and _does_count(row, slip_id)]
        if len(chosen) >= COMPARED_MOST:
            break
    said = sa.select(*slip.c["id", "draft", "reading"]).where(slip.c.id.in_(chosen[:COMPARED_MOST]))
    return connection.execute(said).all()


def _by_keys_shared(connection: Connection, versions: Sequence[ReferralDraft]) -> list[int]:
    """Slips with one of the keys: those with most of them first, then the newest."""
    keys = frozenset[int]().union(*(keys_of(version) for version in versions))
    newest = (sa.select(slip_key.c.slip_id).where(slip_key.c.key == key) for key in sorted(keys))
    of_each = (one.order_by(slip_key.c.slip_id.desc()).limit(OF_A_KEY_MOST).subquery() for one in newest)
    found = slip_key.c.slip_id.in_(sa.union_all(*(sa.select(one.c.slip_id) for one in of_each)))
    shared = sa.select(slip_key.c.slip_id).where(slip_key.c.key.in_(keys), found).group_by(slip_key.c.slip_id)
    query = shared.order_by(sa.func.count().desc(), slip_key.c.slip_id.desc())
    return list(connection.execute(query).scalars())


def versions_of(draft: Mapping[str, Any] | None, reading: Mapping[str, Any]) -> tuple[ReferralDraft, ...]:
    """What a slip says now and what was read of it, from the rows of the record; each once."""
    now = ReferralDraft.model_validate(draft) if draft else None
    if now and draft and all(draft[said] == reading.get(said) for said in ("text", "marks")):
        return (now,)
    as_read = SlipReading.model_validate(reading).draft() if reading else None
    return tuple(version for version in (now, as_read) if version is not None)


def may_be_one_slip(one: SlipReading, other: SlipReading) -> bool:
    """Whether two slips that came at the same time would be in doubt had one come after the other."""
    drafts = [reading.draft() for reading in (one, other)]
    codes = [code_of(draft.design, draft.edition, draft.serial) for draft in drafts if draft]
    if len(codes) == len(drafts) and all(codes):
        return codes[0] == codes[1]
    return _is_one_slip(*([draft] if draft else [] for draft in drafts))


def _is_one_slip(versions: Sequence[ReferralDraft], others: Sequence[ReferralDraft]) -> bool:
    """A slip that a person has corrected is still recognized by what the machine reads on its other scan."""
    return any(compare(one, other).is_one_slip for one in versions for other in others if one.pad_id == other.pad_id)


def _counts(slip_id: int | None) -> sa.ColumnElement[bool]:
    """Recorded, or in review and earlier: of two that wait, the later one is in doubt."""
    if slip_id is None:
        return slip.c.state != SlipState.REJECTED
    waits_earlier = sa.and_(slip.c.state == SlipState.REVIEW, slip.c.id < slip_id)
    return sa.and_(slip.c.id != slip_id, sa.or_(slip.c.state == SlipState.ACCEPTED, waits_earlier))


def _does_count(row: sa.Row[Any], slip_id: int | None) -> bool:
    """The same of a row of `slip`."""
    if slip_id is None:
        return bool(row.state != SlipState.REJECTED)
    waits_earlier = row.state == SlipState.REVIEW and row.id < slip_id
    return bool(row.id != slip_id and (row.state == SlipState.ACCEPTED or waits_earlier))


def _settled(connection: Connection, slip_id: int | None) -> set[int]:
    """The slips beside which a person called this one, or which a person called beside this one, a new referral."""
    if slip_id is None:
        return set()
    pair = sa.or_(duplicate_decision.c.slip_id == slip_id, duplicate_decision.c.other_id == slip_id)
    last: dict[int, str] = {}
    for row in connection.execute(sa.select(duplicate_decision).where(pair).order_by(duplicate_decision.c.id)):
        last[row.other_id if row.slip_id == slip_id else row.slip_id] = row.decision
    return {other for other, decision in last.items() if decision == Decision.NEW}
