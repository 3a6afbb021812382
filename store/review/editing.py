"""Correcting a slip field by field: each correction is kept and judged at once, and can be undone."""

from sqlalchemy.engine import Connection, RowMapping

from schemas.errors import UsageError
from schemas.reading import Finding, ReferralDraft, SlipReading
from store import audit
from store.crashpoints import crashpoint
from store.database import Store
from store.referrals.duplicates import write_keys
from store.review import history
from store.review.corrections import Corrections
from store.review.findings import findings_of
from store.review.settle import corrected_draft, draft_of, open_row
from store.studio_rules import StudioRules
from store.waiting import change_slip


def edit(
    store: Store, rules: StudioRules, item: str, who: str, corrections: Corrections, version: int
) -> tuple[Finding, ...]:
    """Apply one correction to a waiting slip; what is in doubt after it.

    The slip goes on waiting, even without a doubt, until it is accepted. Raises EditedMeanwhileError when `version`
    is not its newest, and UsageError for a correction that makes no sense.
    """
    with store.write() as connection:
        findings = edit_within(connection, store, rules, open_row(connection, item, version), who, corrections)
        crashpoint("edit.before_commit")
    crashpoint("edit.committed")
    return findings


def edit_within(
    connection: Connection, store: Store, rules: StudioRules, row: RowMapping, who: str, corrections: Corrections
) -> tuple[Finding, ...]:
    """The same within the caller's write transaction, on a row that it has opened."""
    draft = corrected_draft(rules, row, corrections)
    findings = findings_of(connection, rules, row, draft)
    history.note_correction(connection, store, row, draft_of(row), draft, who)
    _write(connection, row, draft, findings)
    detail = {
        "set": sorted(corrections.values),
        "confirmed": sorted(corrections.confirmed),
        "doubted": sorted(corrections.doubted),
    }
    audit.append(connection, store.clock.now(), who, "correct", f"slip {row['id']}", detail)
    return findings


def undo(store: Store, rules: StudioRules, item: str, who: str, version: int) -> None:
    """Undo the last correction of a waiting slip, whoever made it."""
    with store.write() as connection:
        row = open_row(connection, item, version)
        draft = draft_of(row)
        try:
            if draft is None:
                raise LookupError
            before = history.undo_last(connection, store, row["id"], draft, who)
        except LookupError:
            raise UsageError("There is nothing to undo on this slip.") from None
        read = SlipReading.model_validate(row["reading"]).findings
        findings = findings_of(connection, rules, row, before) if before else read
        _write(connection, row, before, findings)
        audit.append(connection, store.clock.now(), who, "undo", f"slip {row['id']}")
        crashpoint("undo.before_commit")
    crashpoint("undo.committed")


def _write(connection: Connection, row: RowMapping, draft: ReferralDraft | None, findings: tuple[Finding, ...]) -> None:
    values = {
        "draft": draft.model_dump(mode="json") if draft else None,
        "findings": [finding.model_dump(mode="json") for finding in findings],
        "version": row["version"] + 1,
        **({"design": draft.design, "edition": draft.edition, "serial": draft.serial} if draft else {}),
    }
    change_slip(connection, row["id"], values)
    write_keys(connection, row["id"], draft)
