"""Who a referral is about, who signed it, and whose work it asks for."""

from collections.abc import Iterator
from typing import Any

from exports.fhir.case import (
    OFFICE,
    PATIENT,
    PROVIDER,
    PROVIDER_ROLE,
    SPECIALIST,
    SPECIALIST_ROLE,
    STUDIO,
    UNKNOWN,
    ReferralCase,
    Resource,
    without_empty,
)
from exports.fhir.profiles import Profile, claim
from schemas.office import Office
from schemas.studio import Studio

US_NPI = "http://hl7.org/fhir/sid/us-npi"


def patient(case: ReferralCase) -> Resource:
    """Name as written, telephone, birth date; what the slip does not say is unknown, and nothing is guessed."""
    record = case.row.referral
    born = {"birthDate": record.birth_date.isoformat()} if record.birth_date else {"_birthDate": UNKNOWN}
    resource = {
        "resourceType": "Patient",
        "identifier": [case.number_of(PATIENT)],
        "name": [_name(record.patient_name)],
        "telecom": _telecom(phone=record.patient_phone),
        "gender": "unknown",
        **born,
    }
    return claim(Profile.PATIENT, resource)


def signers(case: ReferralCase) -> Iterator[tuple[str, Resource]]:
    """Who signed, the office that the slip came from, if that is known, and the one's role at the other."""
    yield PROVIDER, _provider(case)
    if (known := case.office) is not None:
        yield OFFICE, _organization(case, OFFICE, known)
        yield PROVIDER_ROLE, _role(case, PROVIDER_ROLE, PROVIDER, OFFICE, _reached(known))


def studio(case: ReferralCase) -> Iterator[tuple[str, Resource]]:
    """The studio and its specialist, in their role; nothing while the settings still name the invented ones."""
    own = case.studio
    if own is None:
        return
    yield STUDIO, _organization(case, STUDIO, own)
    yield SPECIALIST, _practitioner(case, SPECIALIST, own.specialist)
    yield SPECIALIST_ROLE, _role(case, SPECIALIST_ROLE, SPECIALIST, STUDIO, _reached(own))


def roles_are_us_core(case: ReferralCase) -> bool:
    """Whether both roles can be reached, as US Core demands of one that others name."""
    return all(_reached(where) for where in (case.office, case.studio) if where is not None)


def _provider(case: ReferralCase) -> Resource:
    """Who signed, by the name that the record has by now, with the NPI where the pad asks for it."""
    name = case.provider.name if case.provider else case.row.referral.provider_name
    npi = {"system": US_NPI, "value": case.npi} if case.npi else None
    return _practitioner(case, PROVIDER, name, npi)


def _practitioner(case: ReferralCase, named: str, name: str, npi: Resource | None = None) -> Resource:
    numbers = [case.number_of(named), *([npi] if npi else [])]
    resource = {"resourceType": "Practitioner", "identifier": numbers, "name": [_name(name)]}
    return claim(Profile.PRACTITIONER, resource)


def _organization(case: ReferralCase, named: str, known: Office | Studio) -> Resource:
    resource = {
        "resourceType": "Organization",
        "identifier": [case.number_of(named)],
        "active": True,
        "name": known.name,
        "telecom": _reached(known),
        "address": [{"text": known.address}] if known.address else [],
    }
    return claim(Profile.ORGANIZATION, without_empty(resource))


def _role(case: ReferralCase, named: str, who: str, where: str, reached: list[Resource]) -> Resource:
    resource = {
        "resourceType": "PractitionerRole",
        "identifier": [case.number_of(named)],
        "practitioner": case.to(who),
        "organization": case.to(where),
        "telecom": reached,
    }
    return claim(Profile.ROLE, without_empty(resource), if_=bool(reached))


def _name(written: str) -> Resource:
    """A name as written: which of its words is the family's nobody has said."""
    return without_empty({"text": written, "_family": UNKNOWN})


def _reached(known: Office | Studio) -> list[Resource]:
    return _telecom(phone=known.phone, fax=known.fax, email=known.email)


def _telecom(**ways: str | None) -> list[dict[str, Any]]:
    return [{"system": system, "value": value} for system, value in ways.items() if value]
