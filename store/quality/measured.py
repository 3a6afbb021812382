"""What the quality page tells of each kind of value: target, bar, measured error, and how much passes."""

from collections import Counter

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.bars import Bars, ValueKind, value_kind_named
from schemas.base import Value
from schemas.policy import Policy, bar_for
from schemas.quality import Share
from schemas.reading import TextReading
from store.database import Store
from store.quality import bars
from store.quality.examples import FOUND, LOOK
from store.tables import example, slip

# The newest slips by which the share that passes is counted: some days of a studio's.
LATEST = 300


class KindQuality(Value):
    """One kind of value. `error` is of second looks at values that pass now; `found` were wrong though nobody asked.

    `passing` is the share (0..1) of the latest slips' values that reach the bar, None when there are none.
    """

    kind: ValueKind
    one_wrong_in: int
    bar: float
    error: Share
    passing: float | None
    look_share: float
    examples: int
    found: int


def by_kind(store: Store, policy: Policy, least_looks: float) -> list[KindQuality]:
    """Every kind of value, as it stands now."""
    with store.read() as connection:
        chosen = bars.current(connection)
        shares = bars.look_shares(connection, policy, least_looks)
        passing = _passing(connection, policy, chosen)
        return [
            KindQuality(
                kind=kind,
                one_wrong_in=round(1 / policy.target(kind)),
                bar=bar_for(kind, policy, chosen),
                error=_error(connection, kind, bar_for(kind, policy, chosen)),
                passing=passing.get(kind),
                look_share=shares[kind],
                examples=_count(connection, kind, example.c.source != FOUND),
                found=_count(connection, kind, example.c.source == FOUND),
            )
            for kind in ValueKind
        ]


def _error(connection: Connection, kind: ValueKind, bar: float) -> Share:
    looks = (example.c.source == LOOK, example.c.confidence >= bar)
    wrong = _count(connection, kind, *looks, example.c.is_right.is_(False))
    return Share(wrong=wrong, seen=_count(connection, kind, *looks))


def _count(connection: Connection, kind: ValueKind, *which: sa.ColumnElement[bool]) -> int:
    query = sa.select(sa.func.count()).where(example.c.kind == kind.value, *which)
    return int(connection.execute(query).scalar_one())


def _passing(connection: Connection, policy: Policy, chosen: Bars) -> dict[ValueKind, float]:
    """The share of each kind's values on the latest slips that reach the bar of now."""
    read, passed = Counter[ValueKind](), Counter[ValueKind]()
    for reading in connection.execute(sa.select(slip.c.reading).order_by(slip.c.id.desc()).limit(LATEST)).scalars():
        for name, text in (reading.get("text") or {}).items():
            kind = value_kind_named(name, TextReading.model_validate(text))
            read[kind] += 1
            passed[kind] += text["confidence"] >= bar_for(kind, policy, chosen)
    return {kind: passed[kind] / read[kind] for kind in read}
