"""The review queue: slips and pages that a person must look at, and how they are settled."""

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.base import Value
from schemas.errors import NotOnRecordError, UsageError
from schemas.item_id import ItemId, ItemKind
from schemas.reading import Finding, ReferralDraft, SlipReading
from schemas.reasons import FindingCode, SetAsideReason
from schemas.referral import Accepted, NeedsReview, Referral
from schemas.states import PageState, SlipState
from schemas.text import clean
from store import audit
from store.crashpoints import crashpoint
from store.database import Store
from store.followups.missing_information import end_questions
from store.followups.planning import Subject, replan
from store.intake.results import settle_file
from store.kept_files.kept_file import KeptFile
from store.quality import bars, examples
from store.referrals import quality_sample, referrals
from store.referrals.duplicates import renew_doubts, write_keys
from store.review import history
from store.review.corrections import Corrections, apply_corrections
from store.review.findings import findings_of, judge
from store.review.line import line_of, spot_of
from store.review.refusals import EditedMeanwhileError, settled, unknown_pad
from store.studio_rules import StudioRules
from store.tables import file, page, slip
from store.waiting import change_slip, renew_pages

LISTED_MOST = 10_000


class WaitingSlip(Value):
    """A slip in review. `id` is what people type; `reading` is the machine's, `draft` has people's corrections.

    `is_recorded` says that it has a referral already, and waits for a second look; `asked` are the sure fields that
    a person is asked about.
    """

    number: int
    file_id: int
    page: int
    slip: int
    version: int
    received_on: date
    findings: tuple[Finding, ...]
    reading: SlipReading
    draft: ReferralDraft | None
    picture: KeptFile | None
    original: KeptFile
    is_recorded: bool = False
    asked: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        return str(ItemId.slip(self.number))


class WaitingPage(Value):
    """A page on which no slip could be used, in a file whose other pages had some."""

    number: int
    file_id: int
    page: int
    version: int
    received_on: date
    reason: SetAsideReason
    message: str
    original: KeptFile

    @property
    def id(self) -> str:
        return str(ItemId.page(self.number))


def waiting_items(store: Store, after: str = "", most: int = LISTED_MOST) -> list[WaitingSlip | WaitingPage]:
    """The first `most` that wait for a person, in the queue's order, or those that follow the item `after`."""
    behind = ItemId.parse(after)
    with store.read() as connection:
        spots = line_of(connection).behind(spot_of(connection, behind) if behind else None, most)
        own = {kind: [spot.item.number for spot in spots if spot.item.kind is kind] for kind in ItemKind}
        slips = connection.execute(_slips().where(slip.c.id.in_(own[ItemKind.SLIP]))).mappings()
        pages = connection.execute(_pages().where(page.c.id.in_(own[ItemKind.PAGE]))).mappings()
        found: list[WaitingSlip | WaitingPage] = [_waiting_slip(store, row) for row in slips]
        found += [_waiting_page(store, row) for row in pages]
    by_id = {item.id: item for item in found}
    return [by_id[str(spot.item)] for spot in spots]


def show(store: Store, item: str, who: str) -> WaitingSlip | WaitingPage:
    """One waiting item; that it was looked at is written to the audit."""
    parsed = _parse(item)
    with store.write() as connection:
        audit.append(connection, store.clock.now(), who, "view", f"{parsed.noun} {parsed.number}")
        row = open_row(connection, item)
    return _waiting_slip(store, row) if parsed.is_slip else _waiting_page(store, row)


def must_wait(store: Store, item: str) -> None:
    """Raise SettledMeanwhileError when the item waits for nobody any more."""
    with store.read() as connection:
        open_row(connection, item)


def find_slip(store: Store, item: str) -> WaitingSlip:
    """A waiting slip, for somebody whose look is in the audit already."""
    with store.read() as connection:
        row = open_row(connection, item)
    if not _parse(item).is_slip:
        raise UsageError(f"{item} is a page without a slip.")
    return _waiting_slip(store, row)


def picture_of(store: Store, slip_id: int) -> KeptFile | None:
    """Where the picture of a slip lies, whatever its state; None when there is none."""
    with store.read() as connection:
        sha256 = connection.execute(sa.select(slip.c.picture_sha256).where(slip.c.id == slip_id)).scalar()
    return store.picture(sha256) if sha256 else None


def accept(
    store: Store,
    rules: StudioRules,
    item: str,
    who: str,
    corrections: Corrections,
    version: int | None = None,
    waived: Collection[FindingCode] = (),
) -> Accepted | NeedsReview:
    """Apply a person's corrections to a slip and judge it by the same rules as the machine's reading.

    Accepted: the referral is written with its follow-ups. Otherwise the corrections are kept and the findings
    left say what is still missing. `waived` are the doubts about the paper that the person lets stand, each by name.
    `version` is the one that was looked at; raises EditedMeanwhileError on another.
    """
    with store.write() as connection:
        row = open_row(connection, item, version)
        if not _parse(item).is_slip:
            raise UsageError(f"{item} is a page without a slip: reject it, with the reason why.")
        draft = corrected_draft(rules, row, corrections)
        findings = findings_of(connection, rules, row, draft)
        verdict = judge(connection, rules, row, draft, findings, waived)
        history.note_correction(connection, store, row, draft_of(row), draft, who)
        done = isinstance(verdict, Accepted)
        _write_verdict(connection, row, draft, SlipState.ACCEPTED if done else row["state"], () if done else findings)
        detail = {"set": sorted(corrections.values), "confirmed": sorted(corrections.confirmed)}
        detail["waived"] = sorted({finding.code for finding in findings} & set(waived))
        audit.append(connection, store.clock.now(), who, "accept" if done else "correct", f"slip {row['id']}", detail)
        if isinstance(verdict, Accepted):
            end_questions(connection, store, row["id"])
            _note_examples(connection, store, rules, row, draft)
            _record(connection, store, rules, row, verdict.referral, who)
            settle_file(connection, row["file_id"])
        crashpoint("settle.before_commit")
    crashpoint("settle.committed")
    return verdict


def _note_examples(
    connection: Connection, store: Store, rules: StudioRules, row: RowMapping, settled: ReferralDraft
) -> None:
    """Keep which of the slip's values the machine had right, and think the bars over when enough have come."""
    design = rules.design_of(settled.design, settled.edition)
    if design is not None:
        chosen = bars.current(connection)
        taught = examples.note(connection, store, row, settled, design, rules.policy, chosen)
        bars.recalibrate(connection, store, rules.policy, taught)


def _record(
    connection: Connection, store: Store, rules: StudioRules, row: RowMapping, accepted: Referral, who: str
) -> None:
    """Write a new referral with its follow-ups; or, at a second look, what of the old one was wrong."""
    if row["state"] == SlipState.REVIEW:
        referrals.write(connection, store, rules, row["id"], accepted, who)
        return
    design = rules.design_of(accepted.design, accepted.edition)
    fields = len(design.fields) if design else 0
    amended = quality_sample.settle(connection, store, row["id"], accepted, fields, who)
    if amended is not None:
        replan(connection, store, rules, Subject("referral_id", amended))


def reject(store: Store, item: str, who: str, why: str, version: int | None = None) -> None:
    """Settle a slip, or a page without one, as nothing to record; original and reading stay."""
    reason = str(clean(why))
    if not reason:
        raise UsageError("Say why it is rejected.")
    parsed = _parse(item)
    state = SlipState.REJECTED if parsed.is_slip else PageState.REJECTED
    with store.write() as connection:
        row = open_row(connection, item, version)
        if row["state"] == SlipState.ACCEPTED:
            raise UsageError(f"{item} is recorded already: say what is wrong on it, then take its referral back.")
        values = {"state": state, "why_rejected": reason, "version": row["version"] + 1}
        if parsed.is_slip:
            change_slip(connection, row["id"], values)
            end_questions(connection, store, row["id"])
            renew_doubts(connection, row["id"])
        else:
            connection.execute(page.update().where(page.c.id == row["id"]).values(values))
            renew_pages(connection, row["file_id"])
        settle_file(connection, row["file_id"])
        audit.append(connection, store.clock.now(), who, "reject", f"{parsed.noun} {row['id']}")
        crashpoint("reject.before_commit")
    crashpoint("reject.committed")


def draft_of(row: RowMapping) -> ReferralDraft | None:
    """The slip's readings with people's corrections; None while its pad is unknown."""
    return ReferralDraft.model_validate(row["draft"]) if row["draft"] else None


def corrected_draft(rules: StudioRules, row: RowMapping, corrections: Corrections) -> ReferralDraft:
    """A slip's draft with a person's corrections; raises UsageError when its pad is not known."""
    draft = draft_of(row)
    name = corrections.design or (draft.design if draft else row["design"])
    edition = corrections.edition or (draft.edition if draft else row["edition"])
    design = rules.design_of(name, edition) if name and edition else None
    if design is None:
        raise unknown_pad(None if corrections.design else name, edition)
    return apply_corrections(draft, design, corrections)


def _write_verdict(
    connection: Connection, row: RowMapping, draft: ReferralDraft, state: str, findings: Collection[Finding]
) -> None:
    values = {
        "state": state,
        "design": draft.design,
        "edition": draft.edition,
        "serial": draft.serial,
        "draft": draft.model_dump(mode="json"),
        "findings": [finding.model_dump(mode="json") for finding in findings],
        "version": row["version"] + 1,
    }
    change_slip(connection, row["id"], values)
    write_keys(connection, row["id"], draft)


def _parse(item: str) -> ItemId:
    parsed = ItemId.parse(item)
    if parsed is None:
        raise NotOnRecordError(f'"{clean(item)}" is no item of the review queue', "write s12 for a slip, p7 for a page")
    return parsed


def open_row(connection: Connection, item: str, version: int | None = None) -> RowMapping:
    """The row of an item that still waits, in the version that was looked at."""
    parsed = _parse(item)
    query = _slips().where(slip.c.id == parsed.number) if parsed.is_slip else _pages().where(page.c.id == parsed.number)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotOnRecordError(f"There is no {item} in the review queue", "`refpad review list` shows what waits")
    if row["state"] != SlipState.REVIEW and not (
        row["state"] == SlipState.ACCEPTED and quality_sample.is_open(connection, row["id"])
    ):
        raise settled(connection, parsed, row)
    if version is not None and row["version"] != version:
        raise EditedMeanwhileError(item)
    return row


def _slips() -> sa.Select[Any]:
    return sa.select(slip, file.c.received_on, file.c.sha256).join(file, file.c.id == slip.c.file_id)


def _pages() -> sa.Select[Any]:
    return sa.select(page, file.c.received_on, file.c.sha256).join(file, file.c.id == page.c.file_id)


def _waiting_slip(store: Store, row: RowMapping) -> WaitingSlip:
    shared = {name: row[name] for name in ("file_id", "page", "slip", "version", "received_on", "findings")}
    return WaitingSlip(
        **shared,
        number=row["id"],
        reading=SlipReading.model_validate(row["reading"]),
        draft=draft_of(row),
        picture=store.picture(row["picture_sha256"]) if row["picture_sha256"] else None,
        original=store.original(row["sha256"]),
        is_recorded=row["state"] == SlipState.ACCEPTED,
        asked=frozenset(row["asked"] or ()),
    )


def _waiting_page(store: Store, row: RowMapping) -> WaitingPage:
    shared = {name: row[name] for name in ("file_id", "page", "version", "received_on", "reason", "message")}
    return WaitingPage(**shared, number=row["id"], original=store.original(row["sha256"]))
