"""What people said of the doubts about an accepted slip: warnings they let stand, and other slips that look like it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from schemas.base import Value
from schemas.reading import SlipReading
from schemas.reasons import FindingCode
from schemas.states import SlipState
from store.database import Store
from store.referrals.duplicates import Decision
from store.tables import duplicate_decision, referral, slip


class Waived(Value):
    """A warning that somebody let stand; `detail` is what it said, "" when only the record could know it."""

    code: FindingCode
    detail: str
    by: str
    at: datetime


class SlipBeside(Value):
    """Another slip that looked like this one, and what a person said: a new referral, or the same slip.

    `is_later` says that it was the other that came later, and of which this was said.
    """

    number: int
    referral_id: int | None
    state: SlipState
    is_later: bool
    decision: Decision
    reason: str
    by: str
    at: datetime

    @property
    def sentence(self) -> str:
        """What became of the two, with the reason given."""
        return f"{self._became}: {self.reason}."

    @property
    def _became(self) -> str:
        known = f"slip {self.number}" + (f", referral {self.referral_id}" if self.referral_id else "")
        if not self.is_later:
            return f"It came after {known}, which looks like it, and is a new referral"
        if self.decision is Decision.SAME:
            return f"Slip {self.number} was set aside as the same slip"
        if self.referral_id:
            return f"A later slip that looks like it became referral {self.referral_id} (slip {self.number})"
        waits = "waits for review" if self.state is SlipState.REVIEW else "was rejected"
        return f"A later slip that looks like it, slip {self.number}, was called a new referral and {waits}"


def waived(acts: Sequence[Mapping[str, object]], reading: SlipReading) -> tuple[Waived, ...]:
    """The warnings let stand when a slip was accepted, from the audit's lines about it; none of an accept undone."""
    found: list[Waived] = []
    said = {finding.code: finding.detail for finding in reading.findings}
    for act in acts:
        if act["what"] == "withdraw":
            found = []
        if act["what"] == "accept":
            found += [
                Waived.model_validate({"code": code, "detail": said.get(code, ""), "by": act["who"], "at": act["at"]})
                for code in _codes(act["detail"])
            ]
    return tuple(found)


def _codes(detail: object) -> list[FindingCode]:
    names = detail.get("waived", ()) if isinstance(detail, Mapping) else ()
    return [FindingCode(name) for name in names]


def slips_beside(store: Store, slip_id: int) -> tuple[SlipBeside, ...]:
    """The slips about which somebody said what they are beside this one, in the order of what was said."""
    mine = sa.or_(duplicate_decision.c.slip_id == slip_id, duplicate_decision.c.other_id == slip_id)
    other = sa.case(
        (duplicate_decision.c.slip_id == slip_id, duplicate_decision.c.other_id), else_=duplicate_decision.c.slip_id
    )
    said = sa.select(duplicate_decision, other.label("number")).where(mine).order_by(duplicate_decision.c.id).subquery()
    query = (
        sa.select(said, slip.c.state, referral.c.id.label("referral_id"))
        .join(slip, slip.c.id == said.c.number)
        .outerjoin(referral, referral.c.slip_id == slip.c.id)
        .order_by(said.c.id)
    )
    with store.read() as connection:
        last = {row["number"]: row for row in connection.execute(query).mappings()}
    return tuple(_beside(list(last.values()), slip_id))


def _beside(rows: Sequence[sa.RowMapping], slip_id: int) -> Iterator[SlipBeside]:
    """Each as it stands; of a slip called the same that was brought back meanwhile nothing is told."""
    for row in sorted(rows, key=lambda row: int(row["id"])):
        beside = SlipBeside(
            is_later=row["other_id"] == slip_id,
            **{name: row[name] for name in SlipBeside.model_fields if name in row},
        )
        if beside.decision is Decision.NEW or (beside.is_later and beside.state is SlipState.REJECTED):
            yield beside
