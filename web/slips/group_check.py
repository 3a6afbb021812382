"""Group check: crops that were read alike in one grid; click the wrong ones."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image
from starlette.responses import Response

from ocr.scale import PX_PER_MM
from schemas.pad import Checkbox, PadDesign, PadField
from schemas.quality import Share
from store import audit
from store.database import Store
from store.referrals import quality_sample
from store.review import group_check
from store.review.group_check import Crop, CropGroup
from store.studio_rules import Terms
from web.context import Visit
from web.errors import NotFoundError
from web.slips.cards import close_up, shown

# A group's address names no value: it may be a patient's. Salted anew at each start, so that it cannot be guessed back.
_SALT = secrets.token_bytes(16)
IN_WORDS = {"checked": "ticked", "unchecked": "not ticked", "present": "signed"}
CROPS_MOST = 48  # on one page: as many as the eye takes in without scrolling far


@dataclass(frozen=True)
class _Row:
    """One field of one pad, with its groups: what was read, their keys and sizes."""

    name: str
    pad: str
    kind: str
    groups: list[tuple[str, str, int]]


def show(visit: Visit) -> Response:
    """All groups, by field."""
    found = group_check.groups(visit.store)
    audit.write(visit.store, visit.who, "view", "groups", {"count": len(found)})
    rows: dict[tuple[str, str], _Row] = {}
    for group in found:
        pad = str(group.pad_id)
        row = rows.setdefault((pad, group.field), _Row(_label(visit, group), pad, _kind(visit, group), []))
        row.groups.append((_read_as(visit, group), key_of(group), len(group.crops)))
    return visit.page("groups.html", rows=sorted(rows.values(), key=lambda row: (row.pad, row.name)))


def one(visit: Visit) -> Response:
    """The crops of one group."""
    group = _group(visit)
    crops = group.crops[:CROPS_MOST]
    part, _ = part_of(visit.desk.terms, group)
    audit.write(visit.store, visit.who, "view", f"pad {group.pad_id}", {"field": group.field})
    return visit.page(
        "group.html",
        group=group,
        key=visit.path["key"],
        crops=crops,
        name=_label(visit, group),
        read_as=_read_as(visit, group),
        box=close_up(part),
        kind=_kind(visit, group),
        slips=",".join(str(crop.slip_id) for crop in crops),
    )


def settle(visit: Visit) -> Response:
    """What was clicked is wrong, what was shown beside it is right; then the next of the group, or the next group."""
    group = _group(visit)
    shown, wrong = _numbers(visit, "shown"), _numbers(visit, "wrong")
    group_check.settle(visit.store, visit.desk.terms, group, shown, wrong & shown, visit.who)
    left = any(key_of(each) == visit.path["key"] for each in group_check.groups(visit.store))
    return visit.to(f"/groups/{visit.path['key']}" if left else "/groups")


def picture(visit: Visit) -> Response:
    """All crops of a group, one below the other, as one picture: one request, one line in the audit."""
    group = _group(visit)
    asked = {int(each) for each in visit.asked.get("slips", "").split(",") if each.isdecimal()}
    found = [crop for crop in group.crops if crop.slip_id in asked][:CROPS_MOST]
    if not found:
        raise NotFoundError("There are no such pictures.")
    part, _ = part_of(visit.desk.terms, group)
    told = {"field": group.field, "slips": [each.slip_id for each in found]}
    audit.write(visit.store, visit.who, "picture", f"pad {group.pad_id}", told)
    return Response(strip(visit.store, found, part), media_type="image/jpeg")


def quality(visit: Visit) -> Response:
    """How well the machine reads, as people found who looked at what it was sure of."""
    accepted, drawn = quality_sample.accepted_by_machine(visit.store)
    return visit.page(
        "quality.html",
        measured=quality_sample.measured(visit.store),
        groups=group_check.seen_so_far(visit.store),
        accepted=accepted,
        drawn=drawn,
        percent=percent,
    )


def percent(part: Share) -> str:
    """A share with its interval, in words."""
    if part.share is None:
        return "nothing looked at yet"
    low, high = part.interval
    return f"{part.share:.1%}, between {low:.1%} and {high:.1%}"


def key_of(group: CropGroup) -> str:
    """A group's name in addresses."""
    told = f"{group.pad_id}|{group.field}|{group.value}"
    return hashlib.blake2b(told.encode(), key=_SALT, digest_size=8).hexdigest()


def _group(visit: Visit) -> CropGroup:
    found = next((group for group in group_check.groups(visit.store) if key_of(group) == visit.path["key"]), None)
    if found is None:
        raise NotFoundError("This group has no crops left to look at.")
    return found


def part_of(terms: Terms, group: CropGroup) -> tuple[PadField, PadDesign]:
    """The field that a group is of, and its pad; raises NotFoundError when the pad is not installed."""
    design = terms.design_of(group.design, group.edition)
    part = design.field(group.field) if design else None
    if design is None or part is None:
        raise NotFoundError("The pad of these crops is not installed.")
    return part, design


def _label(visit: Visit, group: CropGroup) -> str:
    design = visit.desk.terms.design_of(group.design, group.edition)
    part = design.field(group.field) if design else None
    if isinstance(part, Checkbox) and part.write_in:
        return f"{part.label} {part.group}"
    return part.label if part else group.field


def _read_as(visit: Visit, group: CropGroup) -> str:
    """What was read, as people say or write it."""
    design = visit.desk.terms.design_of(group.design, group.edition)
    part = design.field(group.field) if design else None
    return IN_WORDS.get(group.value) or (
        shown(part, group.value, visit.desk.settings.policy.phone_region) if part else group.value
    )


def _kind(visit: Visit, group: CropGroup) -> str:
    design = visit.desk.terms.design_of(group.design, group.edition)
    part = design.field(group.field) if design else None
    kind = part.kind.value if part else "text"
    return {"checkbox": "box", "signature": "signature"}.get(kind, "text")


def _numbers(visit: Visit, name: str) -> set[int]:
    return {int(each) for each in visit.all_said(name) if each.isdecimal() and len(each) <= 9}


def strip(store: Store, crops: Sequence[Crop], part: PadField) -> bytes:
    """The field's crops, one below the other, as one JPEG."""
    box = close_up(part)
    wide, high = round(box.w * PX_PER_MM), round(box.h * PX_PER_MM)
    sheet = Image.new("L", (wide, high * len(crops)), 255)
    for row, crop in enumerate(crops):
        with Image.open(store.picture(crop.picture_sha256)) as slip:
            left, top = round(box.x * PX_PER_MM), round(box.y * PX_PER_MM)
            sheet.paste(slip.convert("L").crop((left, top, left + wide, top + high)), (0, row * high))
    out = BytesIO()
    sheet.save(out, "JPEG", quality=80)
    return out.getvalue()
