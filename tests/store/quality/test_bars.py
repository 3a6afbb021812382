"""The bars of a record: chosen from its examples, told to the audit, given up at a word."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from schemas.acceptance import Policy
from schemas.bars import SHIPPED, SHIPPED_BARS, ValueKind
from schemas.policy import OneInOf, bar_for
from schemas.recalibration import ChosenBar
from schemas.referral import Accepted
from store.clock import Clock, SetClock
from store.database import Store
from store.quality import bars
from store.review import settle
from store.review.corrections import Corrections
from store.tables import audit, example
from store.verify import verify
from tests.fake_reader import example_rules, slip_reading
from tests.schemas.examples import TEXT, text
from tests.store.helpers import recorded, taken

WHO = "kim"
RULES = example_rules()


def seeded(store: Store, kind: ValueKind, confidence: float, right: int, wrong: int, source: str = "doubt") -> None:
    """Examples as earlier slips left them, on one slip that waits no more; the wrong ones last."""
    with store.write() as connection:
        first = connection.execute(sa.select(sa.func.count()).select_from(example)).scalar_one()
        shared = {"slip_id": 1, "kind": kind.value, "reader": "ppocr", "channel": "fax", "confidence": confidence}
        shared |= {"source": source, "chance": 1.0, "at": store.clock.now()}
        rows = [shared | {"field": f"field{first + at}", "is_right": at < right} for at in range(right + wrong)]
        connection.execute(example.insert(), rows)


def settled_doubt(store: Store, inbox: Path, serial: int) -> None:
    """A slip whose goals were in doubt and read wrong, settled on its page as people do."""
    read = slip_reading(serial=serial)
    read = read.model_copy(update={"text": read.text | {"goals": text("stars", 0.96)}})
    recorded(store, taken(store, inbox / f"{serial}.pdf", b"%d" % serial), read, rules=RULES)
    with store.read() as connection:
        number = connection.execute(sa.text("SELECT max(id) FROM slip")).scalar()
    said = Corrections(values={"goals": TEXT["goals"]})
    assert isinstance(settle.accept(store, RULES, f"s{number}", WHO, said), Accepted)


def bar_of(store: Store, kind: ValueKind) -> float:
    with store.read() as connection:
        return bar_for(kind, RULES.policy, bars.current(connection))


def test_settled_doubts_move_the_bar_of_their_kind_and_of_no_other(store: Store, inbox: Path) -> None:
    """From a doubt settled on its page to an example, to a stricter bar; the next slip is judged by it."""
    settled_doubt(store, inbox, 1)
    seeded(store, ValueKind.PHRASE, 0.95, 20, 18)
    assert bar_of(store, ValueKind.PHRASE) == SHIPPED[ValueKind.PHRASE]
    settled_doubt(store, inbox, 2)
    bar = bar_of(store, ValueKind.PHRASE)
    assert bar > SHIPPED[ValueKind.PHRASE]
    assert bar_of(store, ValueKind.NAME) == SHIPPED[ValueKind.NAME]
    [change] = bars.changes(store, 9)
    assert (change.kind, change.bar, change.cause, change.by) == (ValueKind.PHRASE, bar, "tightened", "machine")
    with store.read() as connection:
        line = connection.execute(sa.select(audit).where(audit.c.what == "tightened bar")).mappings().one()
    assert (line["subject"], line["detail"]["bar"]) == ("kind phrase", bar)
    sure = slip_reading(serial=3)
    sure = sure.model_copy(update={"text": sure.text | {"goals": text("stairs", 0.975)}})
    assert recorded(store, taken(store, inbox / "3.pdf", b"3"), sure, rules=RULES).accepted == 0
    assert {finding.field for finding in settle.find_slip(store, "s3").findings} >= {"goals"}
    assert verify(store) == []


def test_only_the_kinds_that_a_slip_taught_are_counted(store: Store, inbox: Path) -> None:
    """A count reads an entry of the index for each example there is of the kind, while others wait to write."""
    counted = list[object]()

    def note(_conn: object, _cursor: object, statement: str, given: object, _context: object, _many: bool) -> None:
        if "count(*)" in statement and "FROM example" in statement and "LIMIT" not in statement:
            counted.append(given)

    sa.event.listen(store.engine, "before_cursor_execute", note)
    settled_doubt(store, inbox, 1)
    sa.event.remove(store.engine, "before_cursor_execute", note)
    assert [ValueKind.PHRASE.value in str(given) for given in counted] == [True]


def test_a_bar_is_loosened_again_when_enough_was_right_since(store: Store, inbox: Path, clock: SetClock) -> None:
    """What made it stricter is over: after some hundred right values it goes back to the shipped one, no further."""
    settled_doubt(store, inbox, 1)
    with store.write() as connection:
        bars.change(connection, store, ValueKind.PHRASE, 0.97, ChosenBar(0.99, 0.004, 0.01, 40))
    clock.at += timedelta(days=1)
    for confidence in (0.6, 0.8, 0.9, 0.95, 0.98):
        seeded(store, ValueKind.PHRASE, confidence, 39, 0)
    assert bar_of(store, ValueKind.PHRASE) == 0.99
    seeded(store, ValueKind.PHRASE, 0.995, 603, 0, source="look")
    clock.at += timedelta(days=1)
    settled_doubt(store, inbox, 2)
    assert bar_of(store, ValueKind.PHRASE) == SHIPPED[ValueKind.PHRASE]
    assert bars.changes(store, 1)[0].cause == "loosened"


def test_a_reset_forgets_the_bars_and_what_they_came_from(store: Store, inbox: Path) -> None:
    """One word: the bars are as shipped, and what was learned before moves them no more."""
    settled_doubt(store, inbox, 1)
    seeded(store, ValueKind.PHRASE, 0.95, 20, 18)
    settled_doubt(store, inbox, 2)
    bars.reset(store, RULES.policy, WHO)
    with store.read() as connection:
        assert bars.current(connection) == SHIPPED_BARS
        assert connection.execute(sa.select(audit.c.who).where(audit.c.what == "reset bars")).scalars().all() == [WHO]
    seeded(store, ValueKind.PHRASE, 0.95, 19, 0)
    settled_doubt(store, inbox, 4)
    assert bar_of(store, ValueKind.PHRASE) == SHIPPED[ValueKind.PHRASE]


def test_second_looks_become_fewer_with_each_and_more_when_a_bar_was_tightened(
    store: Store, inbox: Path, clock: Clock
) -> None:
    """Thin evidence asks more, thick evidence less; whoever wants none has none."""
    settled_doubt(store, inbox, 1)
    policy = Policy()
    seeded(store, ValueKind.DATE, 0.99, 450, 0, source="look")
    with store.read() as connection:
        shares = bars.look_shares(connection, policy, 0.02)
        assert shares[ValueKind.DATE] == pytest.approx(0.05)
        assert shares[ValueKind.NAME] == pytest.approx(0.1)
        assert set(bars.look_shares(connection, policy, 0.0).values()) == {0.0}


def test_a_stricter_target_begins_with_stricter_bars() -> None:
    """One in 3,000 passes from 0.997 on before there is any evidence; a looser target begins no looser."""
    assert bar_for(ValueKind.DATE, Policy(one_wrong_in=3000)) == pytest.approx(0.997)
    assert bar_for(ValueKind.DATE, Policy(one_wrong_in=50)) == SHIPPED[ValueKind.DATE]
    own = replace(RULES, policy=Policy(one_wrong_in_of=OneInOf(date=3000))).policy
    assert bar_for(ValueKind.NAME, own) == SHIPPED[ValueKind.NAME]
    assert bar_for(ValueKind.DATE, own) == pytest.approx(0.997)
