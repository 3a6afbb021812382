"""The bundle: a transaction that may be sent twice, each resource under a number of its own that never changes."""

from collections.abc import Iterator

from exports.fhir import people, reports, request
from exports.fhir.case import PATIENT, ReferralCase, Resource


def bundle_json(case: ReferralCase) -> str:
    """The bundle as JSON, built and checked by fhir.resources' classes of R4B.

    Nothing that is used here is otherwise in R4.
    """
    from fhir.resources.R4B.bundle import Bundle  # a second to load

    entries = [_entry(case, name, resource) for name, resource in _resources(case)]
    bundle = Bundle.model_validate(
        {
            "resourceType": "Bundle",
            "type": "transaction",
            "identifier": {"system": case.system, "value": f"referral-{case.row.referral_id}"},
            "entry": entries,
        }
    )
    return str(bundle.model_dump_json())


def _entry(case: ReferralCase, name: str, resource: Resource) -> Resource:
    number = case.id_of(name)
    return {
        "fullUrl": f"urn:uuid:{number}",
        "resource": {**resource, "id": number},
        "request": {"method": "PUT", "url": f"{resource['resourceType']}/{number}"},
    }


def _resources(case: ReferralCase) -> Iterator[tuple[str, Resource]]:
    """Every resource, by its name within the bundle."""
    yield PATIENT, people.patient(case)
    yield from people.signers(case)
    yield from people.studio(case)
    conditions, goals = list(request.conditions(case)), list(request.goals(case))
    yield from (*conditions, *goals)
    asked = request.service_request(case, [name for name, _ in conditions], [name for name, _ in goals])
    yield "request", asked
    if (slip := request.slip(case)) is not None:
        yield "slip", slip
    written = []
    for report in case.reports:
        measured = list(reports.observations(case, report))
        yield from measured
        written.append(f"report-{report.number}")
        yield written[-1], reports.diagnostic_report(case, report, [name for name, _ in measured])
    yield "task", request.task(case, written, of_profile="meta" in asked)
