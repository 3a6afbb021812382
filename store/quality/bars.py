"""The bars that refpad chooses: now, anew from what people found, and given up again."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.bars import Bars, ValueKind
from schemas.base import Value
from schemas.export import MACHINE
from schemas.policy import Policy, bar_for, start_bar
from schemas.recalibration import LONG, ChosenBar, Labeled, choose, look_share, looks_enough
from store import audit
from store.database import Store
from store.quality.examples import FOUND, LOOK
from store.tables import bar_change, example

TIGHTENED, LOOSENED, RESET = "tightened", "loosened", "reset"
# A bar is thought over after so many new examples of its kind: a fit over 1,000 takes some hundredths of a second.
EVERY = 20
# That a field is empty is read with all or half confidence, and no bar between tells more: it is measured only.
CHOSEN = tuple(kind for kind in ValueKind if kind is not ValueKind.EMPTY)
# How much larger the share of second looks may grow than what the owner has set.
SHARE_FACTOR_MOST = 5


class BarChange(Value):
    """One change of a bar. `bar` is None when the kind goes back to the bar that it begins with."""

    kind: ValueKind
    bar: float | None
    before: float
    cause: str
    examples: int
    error: float | None
    error_most: float | None
    by: str
    at: datetime


def current(connection: Connection) -> Bars:
    """The bars that are chosen now."""
    newest = sa.select(sa.func.max(bar_change.c.id)).group_by(bar_change.c.kind)
    rows = connection.execute(sa.select(bar_change.c.kind, bar_change.c.bar).where(bar_change.c.id.in_(newest))).all()
    return Bars(chosen={ValueKind(row.kind): row.bar for row in rows if row.bar is not None})


def changes(store: Store, most: int) -> list[BarChange]:
    """The latest changes, newest first."""
    query = sa.select(bar_change).order_by(bar_change.c.id.desc()).limit(most)
    with store.read() as connection:
        rows = connection.execute(query).mappings().all()
    return [BarChange(**{name: row[name] for name in BarChange.model_fields}) for row in rows]


def look_shares(connection: Connection, policy: Policy, least: float) -> dict[ValueKind, float]:
    """The share of sure values of each kind that a person is asked about: more while evidence is thin."""
    most = min(1.0, SHARE_FACTOR_MOST * least)
    if not least:
        return dict.fromkeys(ValueKind, 0.0)
    targets = {kind: policy.target(kind) for kind in ValueKind}
    return {
        kind: look_share(_looks(connection, kind, looks_enough(target)), target, least, most)
        for kind, target in targets.items()
    }


def recalibrate(connection: Connection, store: Store, policy: Policy, taught: Mapping[ValueKind, int]) -> None:
    """Think over the bar of each kind of which `taught` says how many examples came just now, EVERY so many of them.

    In the caller's write transaction; each change is told to the audit.
    """
    for kind in (kind for kind in CHOSEN if taught.get(kind)):
        number = connection.execute(sa.select(sa.func.count()).where(example.c.kind == kind.value)).scalar_one()
        if number // EVERY > (number - taught[kind]) // EVERY:
            _recalibrate(connection, store, policy, kind)


def reset(store: Store, policy: Policy, who: str) -> None:
    """Give up all chosen bars, and what was learned up to now."""
    with store.write() as connection:
        bars = current(connection)
        newest = connection.execute(sa.select(sa.func.max(example.c.id))).scalar() or 0
        for kind in CHOSEN:
            row = {"kind": kind.value, "bar": None, "before": bar_for(kind, policy, bars), "after_example": newest}
            _write(connection, store, {**row, "cause": RESET, "examples": 0}, who)
        begins = {kind.value: start_bar(kind, policy.target(kind)) for kind in CHOSEN}
        audit.append(connection, store.clock.now(), who, "reset bars", "quality", {"bars": begins})


def _recalibrate(connection: Connection, store: Store, policy: Policy, kind: ValueKind) -> None:
    values, since = _evidence(connection, kind)
    now = bar_for(kind, policy, current(connection))
    choice = choose(values, now, policy.least(kind), policy.target(kind), since)
    if choice is not None and choice.bar != now:
        change(connection, store, kind, now, choice)


def change(connection: Connection, store: Store, kind: ValueKind, now: float, choice: ChosenBar) -> None:
    """Put the chosen bar in place of that of `now`, with a line in the audit, in the caller's write transaction."""
    last = _last(connection, kind)
    values = {
        "kind": kind.value,
        "bar": choice.bar,
        "before": now,
        "cause": TIGHTENED if choice.bar > now else LOOSENED,
        "after_example": last.after_example if last else 0,
        "examples": choice.examples,
        "error": choice.error,
        "error_most": choice.error_most,
    }
    _write(connection, store, values, MACHINE)
    told = {name: values[name] for name in ("bar", "before", "examples", "error", "error_most")}
    audit.append(connection, store.clock.now(), MACHINE, f"{values['cause']} bar", f"kind {kind.value}", told)


def _write(connection: Connection, store: Store, values: dict[str, object], who: str) -> None:
    connection.execute(bar_change.insert().values(**values, by=who, at=store.clock.now()))


def _last(connection: Connection, kind: ValueKind, cause: str = "") -> sa.Row[tuple[int, datetime]] | None:
    """The newest change of a kind's bar, or the newest with that cause."""
    query = sa.select(bar_change.c.after_example, bar_change.c.at).where(bar_change.c.kind == kind.value)
    if cause:
        query = query.where(bar_change.c.cause == cause)
    return connection.execute(query.order_by(bar_change.c.id.desc()).limit(1)).first()


def _evidence(connection: Connection, kind: ValueKind) -> tuple[list[Labeled], int]:
    """The examples of a kind that count, oldest first, and how many came since its bar was tightened last."""
    last, tightened = _last(connection, kind), _last(connection, kind, TIGHTENED)
    query = (
        sa.select(example.c.confidence, example.c.is_right, example.c.chance, example.c.at)
        .where(example.c.kind == kind.value, example.c.source != FOUND)
        .where(example.c.id > (last.after_example if last else 0))
        .order_by(example.c.id.desc())
        .limit(LONG)
    )
    rows = connection.execute(query).all()[::-1]
    values = [Labeled(row.confidence, row.is_right, 1 / row.chance) for row in rows]
    return values, sum(tightened is None or row.at > tightened.at for row in rows)


def _looks(connection: Connection, kind: ValueKind, most: int) -> int:
    """How many second looks at values of a kind there were since its bar was tightened last, or given up: `most`, or
    fewer."""
    last, tightened = _last(connection, kind), _last(connection, kind, TIGHTENED)
    query = sa.select(example.c.id).where(example.c.kind == kind.value, example.c.source == LOOK)
    query = query.where(example.c.id > (last.after_example if last else 0))
    if tightened is not None:
        query = query.where(example.c.at > tightened.at)
    newest = query.order_by(example.c.id.desc()).limit(most).subquery()  # each slip asks: never count all
    counted = sa.select(sa.func.count()).select_from(newest)
    return int(connection.execute(counted).scalar_one())
