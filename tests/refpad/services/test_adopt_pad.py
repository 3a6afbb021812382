"""Forms of three other practices, each of a kind and style of its own, keep what they ask when they are adopted."""

from pathlib import Path
from typing import NamedTuple

import pytest

from pads.catalog import load
from refpad.services.adopt_pad import Wishes, adopt
from refpad.settings import Settings
from schemas.pad import FieldKind
from tests.tools.other_forms import FORMS

PATIENT = {"patient_name": FieldKind.TEXT, "birth_date": FieldKind.DATE, "patient_phone": FieldKind.PHONE}
ALL = {**PATIENT, "diagnosis_code": FieldKind.ICD10, "provider_name": FieldKind.TEXT, "signed_on": FieldKind.DATE}
ALL |= {"precautions": FieldKind.TEXT}
CONSENT = "patient_signature"


class Asked(NamedTuple):
    """What a form asks beyond `ALL`: in writing, by boxes, whose signatures, and which box stops a slip."""

    writing: dict[str, FieldKind]
    groups: dict[str, str]
    conditions: int
    services: int
    signatures: set[str]
    stops: set[str]


TEXT, DATE = FieldKind.TEXT, FieldKind.DATE
ASKED = {
    "script": Asked(
        writing={"diagnosis": TEXT, "insurer": TEXT, "frequency": TEXT, "duration": TEXT, "license": TEXT}
        | {"npi": FieldKind.NPI},
        groups={"side": "left right both", "weight_bearing": "full as_tolerated none"},
        conditions=0,
        services=6,
        signatures={"signature"},
        stops=set(),
    ),
    "heart": Asked(
        writing={"insurer": TEXT, "policy": TEXT, "medical_record_no": TEXT, "frequency": TEXT, "npi": FieldKind.NPI}
        | {"maximum_heart_rate": TEXT, "preferred_language": TEXT, "fax": FieldKind.PHONE, "date_of_event": DATE}
        | {f"{CONSENT}_date": DATE},
        groups={
            "urgency": "routine urgent",
            "cleared_for_exercise": "without_limits with_limits not_cleared",
            "diabetes_education_too": "yes no",
        },
        conditions=6,
        services=0,
        signatures={"signature", CONSENT},
        stops={"cleared_for_exercise_not_cleared"},
    ),
    "move": Asked(
        writing={"diagnosis": TEXT, "email": TEXT, "minutes_per_week": TEXT, "next_visit_on": DATE}
        | {f"{CONSENT}_date": DATE},
        groups={
            "active_now": "yes no",
            "intensity": "light moderate vigorous",
            "clearance": "no_limits limits not_yet",
        },
        conditions=0,
        services=4,
        signatures={"signature", CONSENT},
        stops={"clearance_not_yet"},
    ),
}


@pytest.mark.parametrize("name", list(FORMS))
def test_what_a_form_asks_of_its_own_is_kept_by_its_kind(name: str, tmp_path: Path) -> None:
    """A prescription, a referral to cardiac rehabilitation, and one of exercise: usable as it is, nothing misnamed."""
    FORMS[name](tmp_path / "form.pdf")
    draft = adopt(tmp_path / "form.pdf", tmp_path, Settings(folder=tmp_path), Wishes(name="form"))
    assert (draft.lacks, draft.left_out) == ((), ())
    design, asked = load(draft.design), ASKED[name]
    assert {field.name: field.content for field in design.writing} == ALL | asked.writing
    assert {field.name for field in design.signatures} == asked.signatures
    assert {group.name: group.choose for group in design.groups} == dict.fromkeys(asked.groups, "one")
    boxes = {f"{group}_{answer}" for group, answers in asked.groups.items() for answer in answers.split()}
    groups = [box.group for box in design.checkboxes]
    assert {box.name for box in design.checkboxes if box.group in asked.groups} == boxes
    assert (groups.count("condition"), groups.count("service")) == (asked.conditions, asked.services)
    assert {block.box for group in design.groups for block in group.blocks_when} == asked.stops
