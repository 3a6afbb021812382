"""Group check: crops that were read alike in one grid; mark the wrong ones."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image
from starlette.responses import Response

from ocr.scale import PX_PER_MM
from schemas.pad import PadDesign, PadField
from store import audit
from store.database import Store
from store.review import group_check
from store.review.group_check import Crop, CropGroup
from store.studio_rules import StudioRules
from web.context import RequestContext
from web.errors import NotFoundError
from web.slips.cards import close_up, shown

# A group's address names no value: it may be a patient's. Salted anew at each start, so that it cannot be guessed back.
_SALT = secrets.token_bytes(16)
CROPS_MOST = 48  # on one page: as many as the eye takes in without scrolling far


@dataclass(frozen=True)
class _Row:
    """One field of one pad, with its groups: what was read, their keys and sizes."""

    name: str
    pad: str
    kind: str
    groups: list[tuple[str, str, int]]


def show(context: RequestContext) -> Response:
    """All groups, by field."""
    groups = group_check.groups(context.store)
    audit.write(context.store, context.user, "view", "groups", {"count": len(groups)})
    rows: dict[tuple[str, str], _Row] = {}
    for group in groups:
        pad = str(group.pad_id)
        row = rows.setdefault((pad, group.field), _Row(_label(context, group), pad, _kind(context, group), []))
        row.groups.append((_read_as(context, group), key_of(group), len(group.crops)))
    return context.render("groups.html", rows=sorted(rows.values(), key=lambda row: (row.pad, row.name)))


def one(context: RequestContext) -> Response:
    """The crops of one group."""
    group = _group(context)
    crops = group.crops[:CROPS_MOST]
    part, _ = part_of(context.services.rules, group)
    audit.write(context.store, context.user, "view", f"pad {group.pad_id}", {"field": group.field})
    return context.render(
        "group.html",
        group=group,
        key=context.path["key"],
        crops=crops,
        name=_label(context, group),
        read_as=_read_as(context, group),
        box=close_up(part),
        kind=_kind(context, group),
        slips=",".join(str(crop.slip_id) for crop in crops),
    )


def settle(context: RequestContext) -> Response:
    """What was clicked is wrong, what was shown beside it is right; then the next of the group, or the next group."""
    group = _group(context)
    shown, wrong = _numbers(context, "shown"), _numbers(context, "wrong")
    group_check.settle(context.store, context.services.rules, group, shown, wrong & shown, context.user)
    left = any(key_of(other) == context.path["key"] for other in group_check.groups(context.store))
    return context.redirect(f"/groups/{context.path['key']}" if left else "/groups")


def picture(context: RequestContext) -> Response:
    """All crops of a group, one below the other, as one picture: one request, one line in the audit."""
    group = _group(context)
    slip_ids = {int(text) for text in context.query.get("slips", "").split(",") if text.isdecimal()}
    crops = [crop for crop in group.crops if crop.slip_id in slip_ids][:CROPS_MOST]
    if not crops:
        raise NotFoundError("There are no such pictures.")
    part, _ = part_of(context.services.rules, group)
    detail = {"field": group.field, "slips": [crop.slip_id for crop in crops]}
    audit.write(context.store, context.user, "picture", f"pad {group.pad_id}", detail)
    return Response(strip(context.store, crops, part), media_type="image/jpeg")


def key_of(group: CropGroup) -> str:
    """A group's name in addresses."""
    name = f"{group.pad_id}|{group.field}|{group.value}"
    return hashlib.blake2b(name.encode(), key=_SALT, digest_size=8).hexdigest()


def _group(context: RequestContext) -> CropGroup:
    match = next((group for group in group_check.groups(context.store) if key_of(group) == context.path["key"]), None)
    if match is None:
        raise NotFoundError("This group has nothing left to check.")
    return match


def part_of(rules: StudioRules, group: CropGroup) -> tuple[PadField, PadDesign]:
    """The field that a group is of, and its pad; raises NotFoundError when the pad is not installed."""
    design = rules.design_of(group.design, group.edition)
    part = design.field(group.field) if design else None
    if design is None or part is None:
        raise NotFoundError("The pad of these slips is not installed.")
    return part, design


def _label(context: RequestContext, group: CropGroup) -> str:
    design = context.services.rules.design_of(group.design, group.edition)
    return design.labels.get(group.field, group.field) if design else group.field


def _read_as(context: RequestContext, group: CropGroup) -> str:
    """What was read, as people say or write it."""
    design = context.services.rules.design_of(group.design, group.edition)
    part = design.field(group.field) if design else None
    return shown(part, group.value, context.services.settings.policy.phone_region) if part else group.value


def _kind(context: RequestContext, group: CropGroup) -> str:
    design = context.services.rules.design_of(group.design, group.edition)
    part = design.field(group.field) if design else None
    kind = part.kind.value if part else "text"
    return {"checkbox": "box", "signature": "signature"}.get(kind, "text")


def _numbers(context: RequestContext, name: str) -> set[int]:
    return {int(text) for text in context.form_values(name) if text.isdecimal() and len(text) <= 9}


def strip(store: Store, crops: Sequence[Crop], part: PadField) -> bytes:
    """The field's crops, one below the other, as one JPEG."""
    box = close_up(part)
    wide, high = round(box.w * PX_PER_MM), round(box.h * PX_PER_MM)
    sheet = Image.new("L", (wide, high * len(crops)), 255)
    for row, crop in enumerate(crops):
        with Image.open(BytesIO(store.picture(crop.picture_sha256).read_bytes())) as slip:
            left, top = round(box.x * PX_PER_MM), round(box.y * PX_PER_MM)
            sheet.paste(slip.convert("L").crop((left, top, left + wide, top + high)), (0, row * high))
    out = BytesIO()
    sheet.save(out, "JPEG", quality=80)
    return out.getvalue()
