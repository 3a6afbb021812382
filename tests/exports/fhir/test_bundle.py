"""A referral as a FHIR bundle: valid, whole, and with nothing that nobody said."""

import base64
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from exports.fhir.bundle import bundle_json
from exports.fhir.case import ABSENT, CertainCode, ReferralCase, ReportOf
from schemas.course import entry_of
from schemas.office import Office, Provider
from schemas.studio import Studio
from tests.exports.test_to_csv import _row
from tests.schemas.entries import assessment, discharge, progress
from tests.schemas.examples import design

OFFICE = Office(id="northside", name="Northside Family Practice", phone="(212) 555-0150", address="1 Sample Street")
STUDIO = Studio(name="Quill Training", specialist="Lee Hart, MES", phone="(212) 555-0160", fax="", email="", address="")
PROVIDER = Provider(id=4, name="Dr. Dana Whitlock", office_id="northside")
ISSUED = datetime(2026, 5, 4, 15, 30, tzinfo=UTC)
PAIR = (CertainCode("M17.12", "Unilateral primary osteoarthritis, left knee"), CertainCode("Z96.652"))
INSTALLATION = "0123456789abcdef0123456789abcdef"


def case(**changes: Any) -> ReferralCase:  # noqa: ANN401 - any field of a case
    record = {"conditions": ("back_pain", "other"), "other_condition": "stiff neck", "birth_date": "1958-07-04"}
    row = changes.pop("row", None) or _row(**(record | changes.pop("record", {})))
    full: dict[str, Any] = {
        "accepted_at": datetime(2026, 3, 3, 20, 0, tzinfo=UTC),
        "design": design(),
        "office": OFFICE,
        "provider": PROVIDER,
        "studio": STUDIO,
        "codes": PAIR,
        "npi": "1234567893",
        "reports": (
            ReportOf(1, entry_of(assessment()), ISSUED, b"%PDF-1.7"),
            ReportOf(2, entry_of(progress()), ISSUED),
            ReportOf(3, entry_of(discharge()), ISSUED),
        ),
        "slip_png": b"\x89PNG",
    }
    return ReferralCase(INSTALLATION, row, **(full | changes))


def told(of: ReferralCase) -> dict[str, list[dict[str, Any]]]:
    """The bundle's resources by their type."""
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in json.loads(bundle_json(of))["entry"]:
        found.setdefault(entry["resource"]["resourceType"], []).append(entry["resource"])
    return found


def references(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield from [str(part)] if name == "reference" else references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


BARE = {
    "office": None,
    "provider": None,
    "studio": None,
    "codes": (),
    "npi": None,
    "reports": (),
    "slip_png": None,
    "design": None,
}
SAYS_NOTHING = {
    "birth_date": None,
    "provider_name": "",
    "diagnosis": "",
    "goals": "",
    "precautions": "",
    "serial": None,
}
NO_BOXES = {"conditions": (), "services": (), "other_condition": ""}
CASES = {"full": {}, "bare": BARE, "silent": {**BARE, "record": {**SAYS_NOTHING, **NO_BOXES}}}


@pytest.mark.parametrize("changes", CASES.values(), ids=CASES)
def test_every_bundle_is_valid_and_names_nothing_that_is_not_in_it(changes: dict[str, Any]) -> None:
    """Much known, little, or nothing but a name and a number: R4 takes it, and each reference leads somewhere."""
    from fhir.resources.R4B.bundle import Bundle  # a second to load, for these tests alone

    text = bundle_json(case(**changes))
    Bundle.model_validate_json(text)
    bundle = json.loads(text)
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    assert len(set(urls)) == len(urls)
    assert set(references(bundle)) <= set(urls)
    for entry in bundle["entry"]:
        assert entry["request"]["url"] == f"{entry['resource']['resourceType']}/{entry['fullUrl'].rpartition(':')[2]}"
    assert bundle_json(case(**changes)) == text


def test_what_the_guide_asks_for_is_there() -> None:
    """Request, task, people, conditions, goals, measures, the slip's own crop and the reports."""
    bundle = told(case())
    [request], [task], [slip] = bundle["ServiceRequest"], bundle["Task"], bundle["DocumentReference"]
    assert request["authoredOn"] == "2026-03-02"
    assert [number["value"] for number in request["identifier"]] == ["referral-7", "123"]
    assert [detail["coding"][0]["code"] for detail in request["orderDetail"]] == ["post_rehab"]
    assert (request["status"], task["status"], task["intent"]) == ("completed", "completed", "order")
    assert base64.b64decode(slip["content"][0]["attachment"]["data"]) == b"\x89PNG"
    assert len(bundle["DiagnosticReport"]) == len(task["output"]) == 3
    assert base64.b64decode(bundle["DiagnosticReport"][0]["presentedForm"][0]["data"]) == b"%PDF-1.7"
    assert "presentedForm" not in bundle["DiagnosticReport"][1]
    measured = [m for report in case().reports for m in report.entry.measures]
    assert [o["valueQuantity"]["value"] for o in bundle["Observation"]] == [m.value for m in measured]
    assert bundle["Task"][0]["businessStatus"] == {"text": "goals met"}
    texts = [condition["code"].get("text") for condition in bundle["Condition"]]
    assert texts == ["s/p L TKA 9/14", None, None, "Back pain", "Other: stiff neck"]


def test_a_patient_is_one_resource_in_all_bundles_of_referrals_that_are_theirs() -> None:
    """Sent one after the other, a server has the person once; two slips of which nobody said so are two people."""
    rows = [case().row.model_copy(update=changes) for changes in ({}, {"referral_id": "8"}, {"patient_id": "6"})]
    patients = [told(case(row=row))["Patient"][0] for row in rows]
    same, again, other = ((one["id"], one["identifier"][0]["value"]) for one in patients)
    assert same == again != other
    assert same[1] == "patient-5"
    unknown = [case().row.model_copy(update={"patient_id": None, "referral_id": number}) for number in ("7", "8")]
    assert len({told(case(row=row))["Patient"][0]["id"] for row in unknown}) == 2


def test_whoever_comes_again_is_the_same_resource_in_all_bundles() -> None:
    """Two referrals of one office: one Organization, Practitioner and role on a server, and one studio."""
    second = case().row.model_copy(update={"referral_id": "8", "patient_id": "6"})
    other = Provider(id=5, name="S. Quill, PA", office_id="northside")
    kinds = {"Organization", "Practitioner", "PractitionerRole"}
    first, again, changed = [
        {one["id"] for kind in kinds for one in told(of)[kind]} for of in (case(), case(row=second))
    ] + [{one["id"] for kind in kinds for one in told(case(row=second, provider=other))[kind]}]
    assert first == again
    assert (len(first), len(first & changed)) == (6, 4)  # both organizations, the specialist and their role


def test_unknown_is_unknown() -> None:
    """No sex is guessed from a name, no birthday, no code and no signer made up; what is not known is said to be so."""
    bundle = told(case(**CASES["silent"]))
    [patient], [provider], [request] = bundle["Patient"], bundle["Practitioner"], bundle["ServiceRequest"]
    unknown = {"extension": [{"url": ABSENT, "valueCode": "unknown"}]}
    assert (patient["gender"], patient["_birthDate"], "birthDate" in patient) == ("unknown", unknown, False)
    assert provider["name"] == [{"_family": unknown}]
    assert request["reasonCode"] == [unknown]
    assert not bundle.keys() & {"Condition", "Goal", "Organization", "Observation", "DocumentReference"}
    assert "performer" not in request


def test_only_certain_codes_are_codes() -> None:
    """ICD-10-CM stands where a person or the pad's cells said it, and nowhere else."""
    systems = lambda of: [  # noqa: E731 - used twice, here
        coding["code"]
        for condition in told(of)["Condition"]
        for coding in condition["code"].get("coding", ())
        if coding["system"].endswith("icd-10-cm")
    ]
    assert systems(case()) == ["M17.12", "Z96.652"]
    assert systems(case(codes=())) == []


def test_a_course_that_was_not_completed_is_not_said_to_be() -> None:
    """Who declined was not treated; whether the provider still wants it nobody here knows."""
    ended = ReportOf(1, entry_of(discharge(outcome="declined")), ISSUED)
    bundle = told(case(reports=(ended,)))
    assert bundle["Task"][0]["status"] == "failed"
    assert bundle["Task"][0]["statusReason"] == {"text": "declined"}
    assert bundle["ServiceRequest"][0]["status"] == "unknown"
    assert told(case(reports=()))["Task"][0]["status"] == "accepted"


def test_who_declined_on_the_telephone_is_no_referral_that_is_being_worked_on() -> None:
    """The provider's system showed it as accepted for ever; who came all the same has begun."""
    bundle = told(case(reports=(), calls_ended="declined"))
    assert bundle["Task"][0]["status"] == "failed"
    assert bundle["Task"][0]["statusReason"] == {"text": "declined"}
    assert bundle["ServiceRequest"][0]["status"] == "unknown"
    came = ReportOf(1, entry_of(assessment()), ISSUED)
    assert told(case(reports=(came,), calls_ended="declined"))["Task"][0]["status"] == "in-progress"


def test_a_test_of_the_studio_s_own_is_called_what_it_is_called_there() -> None:
    """It has no unit but in its name: an empty one ended the export of all referrals."""
    own = [{"kind": "own", "of": "Y balance, cm", "value": 80, "side": side} for side in ("left", "right")]
    seen = told(case(reports=(ReportOf(1, entry_of(assessment(measures=own)), ISSUED),)))["Observation"]
    assert [one["code"]["text"] for one in seen] == ["Y balance, cm"] * 2
    assert [one["bodySite"]["text"] for one in seen] == ["left", "right"]
    assert [one["valueQuantity"] for one in seen] == [{"value": 80.0}] * 2
