"""Who a referral is about, who signed it, and whose work it asks for."""

from collections.abc import Iterator
from typing import Any

from exports.fhir.case import UNKNOWN, ReferralCase, Resource, without_empty

US_NPI = "http://hl7.org/fhir/sid/us-npi"


def patient(case: ReferralCase) -> Resource:
    """Name as written, telephone, birth date; what the slip does not say is unknown, and nothing is guessed."""
    record, number = case.row.referral, case.row.patient_id
    own = f"patient-{number}" if number else f"referral-{case.row.referral_id}-patient"
    born = {"birthDate": record.birth_date.isoformat()} if record.birth_date else {"_birthDate": UNKNOWN}
    return {
        "resourceType": "Patient",
        "identifier": [{"system": case.system, "value": own}],
        "name": [{"text": record.patient_name}],
        "telecom": _telecom(phone=record.patient_phone),
        "gender": "unknown",
        **born,
    }


def provider(case: ReferralCase) -> Resource:
    """Who signed, with the NPI where the pad asks for it."""
    name = case.row.referral.provider_name
    resource = {
        "resourceType": "Practitioner",
        "identifier": [{"system": US_NPI, "value": case.npi}] if case.npi else [],
        "name": [{"text": name} if name else UNKNOWN],
    }
    return without_empty(resource)


def office(case: ReferralCase) -> Resource | None:
    """The office that the slip came from, if that is known."""
    known = case.office
    if known is None:
        return None
    resource = {
        "resourceType": "Organization",
        "identifier": [{"system": case.system, "value": f"office-{known.id}"}],
        "name": known.name,
        "telecom": _telecom(phone=known.phone, fax=known.fax, email=known.email),
        "address": _address(known.address),
    }
    return without_empty(resource)


def studio(case: ReferralCase) -> Iterator[tuple[str, Resource]]:
    """The studio and its specialist, in their role; nothing while the settings still name the invented ones."""
    own = case.studio
    if own is None:
        return
    reached = _telecom(phone=own.phone, fax=own.fax, email=own.email)
    organization = {
        "resourceType": "Organization",
        "name": own.name,
        "telecom": reached,
        "address": _address(own.address),
    }
    yield "studio", without_empty(organization)
    yield "specialist", {"resourceType": "Practitioner", "name": [{"text": own.specialist}]}
    yield "specialist-role", role(case, "specialist", "studio")


def role(case: ReferralCase, who: str, where: str) -> Resource:
    """Somebody at an organization."""
    return {"resourceType": "PractitionerRole", "practitioner": case.to(who), "organization": case.to(where)}


def _telecom(**ways: str | None) -> list[dict[str, Any]]:
    return [{"system": system, "value": value} for system, value in ways.items() if value]


def _address(text: str) -> list[dict[str, str]]:
    return [{"text": text}] if text else []
