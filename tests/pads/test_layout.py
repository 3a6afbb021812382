"""The geometry that other programs get."""

import json
from pathlib import Path

import pytest

from pads.catalog import find, load_all
from pads.layout import layout
from schemas.pad import PadDesign
from tests.conftest import Golden

HERE = Path(__file__).parent


@pytest.mark.parametrize("design", load_all(), ids=lambda design: str(design.pad_id))
def test_the_layout_is_stable(design: PadDesign, golden: Golden) -> None:
    """Programs outside refpad fill and read slips by it."""
    name = f"layout-{design.design}-{design.edition}.json"
    golden(HERE / "golden" / name, json.dumps(layout(design), indent=1, ensure_ascii=False).encode())


def test_the_layout_tells_what_a_pads_own_groups_ask_and_what_stops_a_slip() -> None:
    """Who fills slips elsewhere must know that one box is needed, and that another keeps the slip from passing."""
    met_1, met_2 = (layout(find(load_all(), name)) for name in ("met-1", "met-2"))
    assert "groups" not in met_1
    assert [group["name"] for group in met_2["groups"]] == ["treatment", "clearance", "consent"]
    assert [(group["choose"], group["needed"]) for group in met_2["groups"][:2]] == [("one", True), ("one", True)]
    assert list(met_2["groups"][1]["blocks_when"]) == ["not_cleared"]


def test_the_layout_names_kind_group_box_and_lines() -> None:
    """A field is found without knowing refpad's own types."""
    met = load_all()[0]
    fields = {field["name"]: field for field in layout(met)["fields"]}
    assert fields["diagnosis"] == {
        "name": "diagnosis",
        "kind": "text",
        "label": "Diagnosis",
        "group": "text",
        "box_mm": [22.0, 35.0, 82.0, 12.0],
        "lines": 2,
    }
    assert {field["kind"] for field in fields.values()} == {"checkbox", "text", "phone", "date", "signature"}
