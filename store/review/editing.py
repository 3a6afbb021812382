"""Settling a slip word by word: each is kept at once, judged at once, and can be taken back."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.acceptance import assess
from schemas.errors import UsageError
from schemas.reading import Finding, ReferralDraft, SlipReading
from schemas.reasons import PAPER, FindingCode
from schemas.referral import NeedsReview
from store import audit
from store.crashpoints import crashpoint
from store.database import Store
from store.referrals import referrals
from store.review import history
from store.review.corrections import Corrections
from store.review.settle import draft_of, laid_over, open_row
from store.studio_rules import Terms
from store.tables import slip


def edit(store: Store, terms: Terms, item: str, who: str, said: Corrections, version: int) -> tuple[Finding, ...]:
    """Lay one word of a person over a waiting slip; what is in doubt after it.

    The slip goes on waiting, even without a doubt, until it is accepted. Raises EditedMeanwhileError when `version`
    is not its newest, and UsageError for a word that makes no sense.
    """
    with store.write() as connection:
        findings = lay_over(connection, store, terms, open_row(connection, item, version), who, said)
        crashpoint("edit.before_commit")
    crashpoint("edit.committed")
    return findings


def lay_over(
    connection: Connection, store: Store, terms: Terms, row: RowMapping, who: str, said: Corrections
) -> tuple[Finding, ...]:
    """The same within the caller's write transaction, on a row that it has opened."""
    draft = laid_over(terms, row, said)
    findings = findings_of(connection, terms, row, draft)
    history.note(connection, store, row, draft_of(row), draft, who)
    _write(connection, row, draft, findings)
    told = {"set": sorted(said.values), "confirmed": sorted(said.confirmed), "doubted": sorted(said.doubted)}
    audit.append(connection, store.clock.now(), who, "correct", f"slip {row['id']}", told)
    return findings


def undo(store: Store, terms: Terms, item: str, who: str, version: int) -> None:
    """Take back the last word about a waiting slip, whoever said it."""
    with store.write() as connection:
        row = open_row(connection, item, version)
        draft = draft_of(row)
        try:
            if draft is None:
                raise LookupError
            before = history.take_back(connection, store, row["id"], draft, who)
        except LookupError:
            raise UsageError("There is nothing to undo on this slip.") from None
        findings = findings_of(connection, terms, row, before) if before else _as_read(row)
        _write(connection, row, before, findings)
        audit.append(connection, store.clock.now(), who, "undo", f"slip {row['id']}")
        crashpoint("undo.before_commit")
    crashpoint("undo.committed")


def findings_of(connection: Connection, terms: Terms, row: RowMapping, draft: ReferralDraft) -> tuple[Finding, ...]:
    """Every doubt about a draft: of the paper, of the record, and of what is written, judged by the one rule."""
    design = terms.design_of(draft.design, draft.edition)
    if design is None:
        return _as_read(row)
    answered = {FindingCode.UNKNOWN_DESIGN} | ({FindingCode.CODE_UNREADABLE} if draft.serial is not None else set())
    paper = [each for each in _as_read(row) if each.code in PAPER - answered]
    code = referrals.code_of(draft.design, draft.edition, draft.serial)
    recorded = referrals.doubts(connection, code, row["id"])
    verdict = assess(draft.model_copy(update={"findings": ()}), design, terms.policy, row["received_on"])
    written = verdict.findings if isinstance(verdict, NeedsReview) else ()
    return tuple(dict.fromkeys((*paper, *recorded, *written)))


def _as_read(row: RowMapping) -> tuple[Finding, ...]:
    return SlipReading.model_validate(row["reading"]).findings


def _write(connection: Connection, row: RowMapping, draft: ReferralDraft | None, findings: tuple[Finding, ...]) -> None:
    values = {
        "draft": draft.model_dump(mode="json") if draft else None,
        "findings": [finding.model_dump(mode="json") for finding in findings],
        "version": row["version"] + 1,
        **({"design": draft.design, "edition": draft.edition, "serial": draft.serial} if draft else {}),
    }
    connection.execute(sa.update(slip).where(slip.c.id == row["id"]).values(values))
