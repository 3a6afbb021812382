"""What a resource says that it keeps to, it keeps to: the rules stand here a second time, as the guides write them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from exports.fhir.bundle import bundle_json
from exports.fhir.case import ReferralCase, ReportOf
from schemas.course import entry_of
from tests.exports.fhir.test_bundle import CASES, ISSUED, OFFICE, case
from tests.schemas.entries import discharge

PEOPLE = ("us-core-practitioner", "us-core-practitionerrole")
# What the profile demands to be there: of the Physical Activity guide 1.0.1, and of US Core 3.1.1 on which it builds.
NEEDED = {
    "us-core-patient": ("identifier.system", "identifier.value", "name._family", "gender", "telecom.value"),
    "us-core-practitioner": ("identifier.system", "identifier.value", "name._family"),
    "us-core-practitionerrole": ("telecom.value",),
    "us-core-organization": ("active", "name"),
    "us-core-condition": ("category", "code"),
    "us-core-documentreference": ("status", "type", "category", "content.attachment.contentType"),
    "pa-goal": ("lifecycleStatus", "description.text", "category"),
    "pa-servicerequest": ("intent", "category", "code", "authoredOn"),
    "pa-task-for-referral-management": ("authoredOn",),
    "pa-diagnosticreport": ("status", "category", "code", "effectiveDateTime", "issued"),
}
# Whom it may name, by the profile that the other keeps to; those with a * must be named.
NAMED: dict[str, dict[str, tuple[str, ...]]] = {
    "us-core-practitionerrole": {"practitioner*": PEOPLE[:1], "organization*": ("us-core-organization",)},
    "us-core-condition": {"subject*": ("us-core-patient",)},
    "us-core-documentreference": {"subject*": ("us-core-patient",)},
    "pa-goal": {"subject*": ("us-core-patient",)},
    "pa-servicerequest": {"subject*": ("us-core-patient",), "requester*": PEOPLE, "performer": PEOPLE},
    "pa-task-for-referral-management": {
        "focus*": ("pa-servicerequest",),
        "for*": ("us-core-patient",),
        "requester*": PEOPLE,
        "owner*": PEOPLE,
    },
    "pa-diagnosticreport": {"subject*": ("us-core-patient",), "performer": ("us-core-organization", *PEOPLE[:1])},
}
UNPHONED = OFFICE.model_copy(update={"phone": ""})
DECLINED = ReportOf(1, entry_of(discharge(outcome="declined")), ISSUED)
MORE_CASES: dict[str, dict[str, Any]] = {
    **CASES,
    "without a telephone": {"office": UNPHONED},
    "declined": {"reports": (DECLINED,)},
    "new": {"reports": ()},
}


def at(value: Any, path: str) -> Iterator[Any]:  # noqa: ANN401 - JSON
    """Everything at that path."""
    if isinstance(value, list):
        for part in value:
            yield from at(part, path)
    elif not path:
        yield value
    elif isinstance(value, dict):
        first, _, rest = path.partition(".")
        yield from at(value.get(first, []), rest)


def claims(resource: dict[str, Any]) -> str:
    """The profile that a resource says it keeps to, without where and which version; "" for none."""
    return next(at(resource, "meta.profile"), "").rpartition("/")[2].partition("|")[0]


def resources(of: ReferralCase) -> dict[str, dict[str, Any]]:
    """A bundle's resources by their address within it."""
    return {entry["fullUrl"]: entry["resource"] for entry in json.loads(bundle_json(of))["entry"]}


@pytest.mark.parametrize("changes", MORE_CASES.values(), ids=MORE_CASES)
def test_what_is_claimed_is_kept(changes: dict[str, Any]) -> None:
    """A receiver may reject a bundle for one claim that is not so."""
    found = resources(case(**changes))
    for resource in found.values():
        profile = claims(resource)
        missing = [path for path in NEEDED.get(profile, ()) if not list(at(resource, path))]
        assert not missing, profile
        for path, allowed in NAMED.get(profile, {}).items():
            named = [claims(found[url]) for url in at(resource, f"{path.rstrip('*')}.reference")]
            assert set(named) <= set(allowed), (profile, path)
            assert named or "*" not in path, (profile, path)
        if profile.startswith("pa-") and "category" in resource:
            assert "PhysicalActivity" in at(resource, "category.coding.code")


@pytest.mark.parametrize("changes", MORE_CASES.values(), ids=MORE_CASES)
def test_the_guides_own_conditions_hold(changes: dict[str, Any]) -> None:
    """Its value sets without "unknown" and "received", its invariants, and who wrote a note and when."""
    for resource in resources(case(**changes)).values():
        profile, status = claims(resource), resource.get("status")
        if profile == "pa-servicerequest":
            assert status in {"draft", "active", "on-hold", "revoked", "completed", "entered-in-error"}
            assert "reasonReference" in resource or "reasonCode" in resource
            assert all({"authorReference", "time", "text"} <= note.keys() for note in resource.get("note", ()))
        if profile == "pa-task-for-referral-management":
            assert status not in {"received", "ready"}
            assert (resource["intent"], next(at(resource, "code.coding.code"))) == ("order", "fulfill")
        if resource["resourceType"] == "Task":  # pa-taskrm-1
            assert ("statusReason" in resource) == (status in {"rejected", "on-hold", "cancelled", "failed"})
        if profile == "pa-diagnosticreport":
            assert all(form["contentType"] == "application/pdf" for form in at(resource, "presentedForm"))


def test_nothing_is_claimed_that_is_not_so() -> None:
    """A request whose state nobody knows, or of whose office there is no way to it, is no request of the guide's."""
    kinds = {name: {claims(one) for one in resources(case(**of)).values()} for name, of in MORE_CASES.items()}
    assert kinds["full"] == set(NEEDED) | {""}  # boxes and measures have codes of their own
    request, task = "pa-servicerequest", "pa-task-for-referral-management"
    assert {request, task} <= kinds["new"]
    assert not {request, task} & (kinds["declined"] | kinds["without a telephone"] | kinds["silent"])
    assert task not in kinds["bare"]
    assert "us-core-patient" in kinds["silent"]
