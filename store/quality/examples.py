"""Labeled examples: each value that a person settled, with how sure it was read and whether that was right."""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection, RowMapping

from schemas.acceptance import PERSON, Policy, assess, bar_for
from schemas.bars import Bars, ValueKind, value_kind
from schemas.fields.meaning import WrittenField, meaning_of
from schemas.pad import FieldKind, PadDesign
from schemas.reading import Finding, ReferralDraft, SlipReading, TextReading
from schemas.reasons import FindingCode
from schemas.referral import NeedsReview
from schemas.text import clean
from store.database import Store
from store.tables import example

DOUBT, LOOK, FOUND = "doubt", "look", "found"
ALWAYS = 1.0  # the chance with which a doubt comes to a person


def note(
    connection: Connection,
    store: Store,
    row: RowMapping,
    settled: ReferralDraft,
    design: PadDesign,
    policy: Policy,
    bars: Bars,
) -> Counter[ValueKind]:
    """Keep what a person found of a slip's values, once: `row` is the slip's, `settled` its draft as it is accepted.

    How many examples of each kind came so.
    """
    forget(connection, row["id"])
    reading = SlipReading.model_validate(row["reading"])
    read = reading.draft()
    if read is None or read.pad_id != settled.pad_id:
        return Counter()
    channel = reading.channel.value if reading.channel else ""
    shared = {"slip_id": row["id"], "channel": channel, "at": store.clock.now()}
    rows = list(_labeled(row, read, settled, design, policy, bars))
    if rows:
        connection.execute(example.insert(), [shared | one for one in rows])
    return Counter(ValueKind(one["kind"]) for one in rows)


def forget(connection: Connection, slip_id: int) -> None:
    """Drop what a slip taught: it is to be settled anew."""
    connection.execute(example.delete().where(example.c.slip_id == slip_id))


def unsure(
    read: ReferralDraft, design: PadDesign, policy: Policy, received_on: date, bars: Bars, own: Collection[Finding] = ()
) -> tuple[set[str], set[str]]:
    """The written fields of a machine's draft that are below their bar, and those stopped by any other rule.

    `own` are doubts that the reader had of the paper itself.
    """
    below = {
        field.name
        for field in design.writing
        if (text := read.text.get(field.name)) and text.confidence < bar_for(value_kind(field, text), policy, bars)
    }
    verdict = assess(read.model_copy(update={"findings": ()}), design, policy, received_on, bars)
    found = [*own, *(verdict.findings if isinstance(verdict, NeedsReview) else ())]
    told: dict[str, list[FindingCode]] = {}
    for finding in found:
        told.setdefault(finding.field or "", []).append(finding.code)
    stopped = {name for name, codes in told.items() if codes != [FindingCode.FIELD_DOUBTFUL] or name not in below}
    return below - stopped, stopped


def is_same(field: WrittenField, one: str, other: str, received_on: date, phone_region: str) -> bool:
    """Whether two texts of a field say the same: the same day, number, code, or words, case aside."""
    if field.content is not FieldKind.TEXT and one and other:
        values = [meaning_of(field, text, received_on, phone_region).value for text in (one, other)]
        if None not in values:
            return values[0] == values[1]
    return str(clean(one)).casefold() == str(clean(other)).casefold()


def _labeled(
    row: RowMapping, read: ReferralDraft, settled: ReferralDraft, design: PadDesign, policy: Policy, bars: Bars
) -> Iterator[dict[str, Any]]:
    """One row for each value that a person settled and that no other rule had stopped."""
    asked: dict[str, float] = row["asked"] or {}
    below, stopped = unsure(read, design, policy, row["received_on"], bars)
    for field in design.writing:
        before, after = read.text.get(field.name), settled.text.get(field.name)
        if before is None or after is None or after.reader != PERSON or field.name in stopped:
            continue
        is_right = is_same(field, before.value, after.value, row["received_on"], policy.phone_region)
        source = LOOK if field.name in asked else DOUBT if field.name in below else FOUND
        if source == FOUND and is_right:
            continue  # nobody asked, and nothing was found: that says nothing
        yield {
            "field": field.name,
            "kind": value_kind(field, before).value,
            "reader": _reader(before),
            "confidence": before.confidence,
            "source": source,
            "chance": asked.get(field.name, ALWAYS),
            "is_right": is_right,
        }


def _reader(read: TextReading) -> str:
    return read.reader[:40]
