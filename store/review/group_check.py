"""Group check: crops that were read alike are shown together, and a person marks the wrong ones."""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.item_id import ItemId
from schemas.pad_id import PadId
from schemas.quality import Share
from schemas.reading import MarkState, ReferralDraft, SignatureState
from schemas.states import SlipState
from store import audit
from store.database import Store
from store.referrals import quality_sample
from store.review import editing
from store.review.corrections import Corrections
from store.review.settle import open_row
from store.studio_rules import StudioRules
from store.tables import crop_look, slip

# The newest slips are grouped: some days of a studio's, and as many as one page counts in a few hundredths of a second.
LATEST = 300
CLEAR = frozenset({*MarkState, *SignatureState})  # values of boxes and signatures
ALIKE_LEAST = 2  # a text that was read once is seen better on its slip


class Crop(NamedTuple):
    """One field of one slip: the slip, and the kept picture's hash."""

    slip_id: int
    picture_sha256: str


class CropGroup(NamedTuple):
    """Crops of one field of one pad that were all read as `value` and that nobody has looked at, newest first."""

    design: str
    edition: int
    field: str
    value: str
    crops: tuple[Crop, ...]

    @property
    def pad_id(self) -> PadId:
        return PadId(self.design, self.edition)


def groups(store: Store) -> list[CropGroup]:
    """The groups among the LATEST slips, largest first."""
    by_reading: dict[tuple[str, int, str, str], list[Crop]] = {}
    for row, unseen in _unseen(store):
        crop = Crop(row.id, row.picture_sha256)
        for field, value in unseen:
            by_reading.setdefault((row.design, row.edition, field, value), []).append(crop)
    by_size = sorted(by_reading.items(), key=lambda item: -len(item[1]))
    return [
        CropGroup(design=design, edition=edition, field=field, value=value, crops=tuple(crops))
        for (design, edition, field, value), crops in by_size
        if len(crops) >= ALIKE_LEAST or value in CLEAR
    ]


def settle(
    store: Store, rules: StudioRules, group: CropGroup, shown: Collection[int], wrong: Collection[int], who: str
) -> int:
    """Note which of the `shown` slips' crops are `wrong`, the others being right; how many were taken.

    A wrong one is in doubt again: its slip waits for a person, or goes on waiting. A right text need not be asked about
    any more. What was changed by somebody meanwhile is passed over.
    """
    taken = 0
    with store.write() as connection:
        for slip_id in shown:
            taken += _settle_one(connection, store, rules, group, slip_id, slip_id not in wrong, who)
        detail = {"field": group.field, "shown": len(shown), "wrong": len(wrong)}
        audit.append(connection, store.clock.now(), who, "group", f"pad {group.pad_id}", detail)
    return taken


def crop_error(store: Store) -> Share:
    """How many crops were looked at in groups, and how many of them were called wrong."""
    query = sa.select(crop_look.c.is_right, sa.func.count().label("number")).group_by(crop_look.c.is_right)
    with store.read() as connection:
        counts = {row.is_right: row.number for row in connection.execute(query)}
    return Share(wrong=counts.get(False, 0), seen=sum(counts.values()))


def _unseen(store: Store) -> Iterator[tuple[sa.Row[Any], list[tuple[str, str]]]]:
    """The latest slips, newest first, each with its fields that nobody has looked at and what they were read as."""
    columns = slip.c["id", "design", "edition", "draft", "picture_sha256"]
    latest = (
        sa.select(*columns)
        .where(slip.c.state != SlipState.REJECTED, slip.c.picture_sha256.is_not(None))
        .order_by(slip.c.id.desc())
        .limit(LATEST)
    )
    with store.read() as connection:
        rows = connection.execute(latest).all()
        looked = sa.select(crop_look.c.slip_id, crop_look.c.field)
        first = rows[-1].id if rows else 0
        seen = {tuple(look) for look in connection.execute(looked.where(crop_look.c.slip_id >= first))}
    for row in rows:
        yield row, [(field, value) for field, value in _values(row.draft) if (row.id, field) not in seen]


def _values(draft: dict[str, Any] | None) -> Iterator[tuple[str, str]]:
    """What a draft holds that a group can be made of: clear boxes, a signature by hand or in print, what is written."""
    if draft is None:
        return
    for name, mark in draft["marks"].items():
        if mark["value"] != MarkState.AMBIGUOUS:
            yield name, mark["value"]
    if draft["signature"]["value"] in (SignatureState.PRESENT, SignatureState.TYPED):
        yield "signature", draft["signature"]["value"]
    for name, text in draft["text"].items():
        if text["value"]:
            yield name, text["value"]


def _settle_one(
    connection: Connection, store: Store, rules: StudioRules, group: CropGroup, slip_id: int, is_right: bool, who: str
) -> bool:
    row = connection.execute(sa.select(slip).where(slip.c.id == slip_id)).mappings().first()
    if row is None or (group.field, group.value) not in set(_values(row["draft"])) or row["design"] != group.design:
        return False
    looked = {"slip_id": slip_id, "field": group.field, "value": group.value, "is_right": is_right}
    known = sa.and_(crop_look.c.slip_id == slip_id, crop_look.c.field == group.field)
    if connection.execute(sa.select(crop_look.c.slip_id).where(known)).first():
        return False
    connection.execute(crop_look.insert().values(**looked, by=who, at=store.clock.now()))
    if not is_right:
        _doubt(connection, store, rules, row, group.field, who)
    elif row["state"] == SlipState.REVIEW and _is_unsure(row, group.field):
        open_slip = open_row(connection, str(ItemId.slip(slip_id)))
        editing.edit_within(connection, store, rules, open_slip, who, Corrections(confirmed=(group.field,)))
    return True


def _doubt(connection: Connection, store: Store, rules: StudioRules, row: RowMapping, field: str, who: str) -> None:
    if row["state"] == SlipState.ACCEPTED:
        quality_sample.request_look(connection, store, row["id"], quality_sample.GROUP)
    if row["state"] == SlipState.REVIEW or quality_sample.is_open(connection, row["id"]):
        open_slip = open_row(connection, str(ItemId.slip(row["id"])))
        editing.edit_within(connection, store, rules, open_slip, who, Corrections(doubted=(field,)))


def _is_unsure(row: RowMapping, field: str) -> bool:
    """Whether a written field would still be asked about."""
    text = ReferralDraft.model_validate(row["draft"]).text.get(field)
    return text is not None and text.confidence < 1
