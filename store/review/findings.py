"""Every doubt about a slip that waits: of the paper, of the record, and of what is written, judged by the one rule."""

from collections.abc import Collection, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.acceptance import assess
from schemas.pad import PadDesign
from schemas.reading import Finding, ReferralDraft, SlipReading
from schemas.reasons import PAPER, WAIVABLE, FindingCode
from schemas.referral import Accepted, NeedsReview
from store.quality import bars
from store.referrals import referrals
from store.referrals.duplicates import versions_of
from store.studio_rules import StudioRules
from store.tables import answer_sheet, file, slip


def findings_of(
    connection: Connection, rules: StudioRules, row: RowMapping, draft: ReferralDraft
) -> tuple[Finding, ...]:
    """The doubts about the slip of a row when it says what `draft` does.

    Those about a draft of a pad that is not installed are the machine's.
    """
    design = rules.design_of(draft.design, draft.edition)
    if design is None:
        return SlipReading.model_validate(row["reading"]).findings
    verdict = _assess(connection, rules, row, draft, design)
    written = verdict.findings if isinstance(verdict, NeedsReview) else ()
    return tuple(dict.fromkeys((*not_written(connection, row, draft), *written)))


def judge(
    connection: Connection,
    rules: StudioRules,
    row: RowMapping,
    draft: ReferralDraft,
    findings: Sequence[Finding],
    waived: Collection[FindingCode],
) -> Accepted | NeedsReview:
    """The verdict on a draft with these `findings`, of which a person lets those in `waived` stand.

    Only what ends when a person has looked can be waived; a possible duplicate is decided on its own.
    """
    left = [finding for finding in findings if finding.code not in WAIVABLE & frozenset(waived)]
    design = rules.design_of(draft.design, draft.edition)
    if left or design is None:
        return NeedsReview(findings=tuple(left or findings))
    return _assess(connection, rules, row, draft, design, WAIVABLE & frozenset(waived))


def _assess(
    connection: Connection,
    rules: StudioRules,
    row: RowMapping,
    draft: ReferralDraft,
    design: PadDesign,
    waived: Collection[FindingCode] = (),
) -> Accepted | NeedsReview:
    """What is written, judged by the one rule."""
    written, chosen = draft.model_copy(update={"findings": ()}), bars.current(connection)
    return assess(written, design, rules.policy, _whole_on(connection, row), chosen, row["asked"] or (), waived)


def _whole_on(connection: Connection, row: RowMapping) -> date:
    """The day on which all that the slip says was here: it is signed later where the office answered later."""
    query = (
        sa.select(sa.func.max(file.c.received_on))
        .join(slip, slip.c.file_id == file.c.id)
        .join(answer_sheet, answer_sheet.c.slip_id == slip.c.id)
        .where(answer_sheet.c.of_slip_id == row["id"], answer_sheet.c.is_used)
    )
    answered_on: date | None = connection.execute(query).scalar()
    received_on: date = row["received_on"]
    return max(received_on, answered_on or received_on)


def not_written(connection: Connection, row: RowMapping, draft: ReferralDraft) -> list[Finding]:
    """The doubts about the paper, and those that only the record can have; not those about what is written."""
    answered = {FindingCode.UNKNOWN_DESIGN} | ({FindingCode.CODE_UNREADABLE} if draft.serial is not None else set())
    read = SlipReading.model_validate(row["reading"]).findings
    paper = [finding for finding in read if finding.code in PAPER - answered]
    return [
        *paper,
        *referrals.doubts(connection, versions_of(draft.model_dump(mode="json"), row["reading"]), row["id"]),
    ]
