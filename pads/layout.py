"""A design's geometry as JSON, for programs that fill or read slips elsewhere."""

from typing import Any

from schemas.pad import PadDesign, PadField, TextField


def layout(design: PadDesign) -> dict[str, Any]:
    """Where to write and tick: `box_mm` is left, top, width, height in mm from the slip's top-left corner.

    Groups of a pad's own come before the fields, with their rules; pads without any have no such entry.
    """
    groups = [group.model_dump(mode="json") | {"blocks_when": dict(group.blocks_when)} for group in design.groups]
    return {
        "design": design.design,
        "edition": design.edition,
        "width_mm": design.width_mm,
        "height_mm": design.height_mm,
        **({"groups": groups} if groups else {}),
        "fields": [_field(field) for field in design.fields],
    }


def _field(field: PadField) -> dict[str, Any]:
    return {
        "name": field.name,
        "kind": field.kind.value,
        "label": field.label,
        "group": field.group,
        "box_mm": list(field.box_mm),
        "lines": field.lines if isinstance(field, TextField) else 1,
    }
