"""What a file brought: its slips, and its pages without one, counted by what became of them."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.base import Value
from schemas.reasons import SetAsideReason
from schemas.states import PageState
from schemas.text import counted
from store.database import Store
from store.tables import page, slip


class Brought(Value):
    """Slips that were accepted, are in review or were rejected; pages without a slip: backs, blank ones, and those that
    wait for a person or that a person has rejected."""

    accepted: int = 0
    review: int = 0
    rejected: int = 0
    backs: int = 0
    blanks: int = 0
    pages_waiting: int = 0
    pages_rejected: int = 0

    @property
    def in_words(self) -> str:
        """`2 accepted, 1 in review, 3 pages waiting, 1 back`: what there is of each; "" when there is nothing."""
        told = {
            "accepted": self.accepted,
            "in review": self.review,
            "rejected": self.rejected,
        }
        slips = [f"{number} {what}" for what, number in told.items() if number]
        nouns = {
            ("page waiting", "pages waiting"): self.pages_waiting,
            ("back", "backs"): self.backs,
            ("blank page", "blank pages"): self.blanks,
            ("page rejected", "pages rejected"): self.pages_rejected,
        }
        return ", ".join([*slips, *(counted(number, *noun) for noun, number in nouns.items() if number)])


def counts_of(connection: Connection, file_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """The counts of Brought for each of these files that has any, within the caller's transaction."""
    slips = sa.select(slip.c.file_id, slip.c.state, sa.func.count().label("number")).group_by(
        slip.c.file_id, slip.c.state
    )
    columns = page.c["file_id", "state", "reason"]
    pages = sa.select(*columns, sa.func.count().label("number")).group_by(*columns)
    found: dict[int, dict[str, int]] = {}
    for row in connection.execute(slips.where(slip.c.file_id.in_(file_ids))).mappings():
        found.setdefault(row["file_id"], {})[row["state"]] = row["number"]
    for row in connection.execute(pages.where(page.c.file_id.in_(file_ids))).mappings():
        name = _kind_of_page(row["state"], row["reason"])
        counts = found.setdefault(row["file_id"], {})
        if name:
            counts[name] = counts.get(name, 0) + row["number"]
    return found


def _kind_of_page(state: str, reason: str | None) -> str | None:
    """What the page counts as; None for one with slips, which are counted themselves, and one of a file set aside."""
    if state == PageState.BLANK:
        return "backs" if reason == SetAsideReason.BACK_OF_SLIP else "blanks"
    return {PageState.REVIEW.value: "pages_waiting", PageState.REJECTED.value: "pages_rejected"}.get(state)


def brought_by(store: Store, file_id: int) -> Brought:
    """What one file brought."""
    with store.read() as connection:
        return Brought(**counts_of(connection, [file_id]).get(file_id, {}))
