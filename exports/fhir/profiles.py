"""Which profiles a resource keeps to, of the Physical Activity guide and of the US Core that it builds on.

A profile is claimed where all that it demands is there, of the resource itself and of those that it names.
"""

from enum import StrEnum

from exports.fhir.case import Resource

_GUIDE = "http://hl7.org/fhir/us/physical-activity/StructureDefinition"
_US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition"


class Profile(StrEnum):
    """The profiles by their canonical address and version: a later US Core asks for other things."""

    GOAL = f"{_GUIDE}/pa-goal|1.0.1"
    REQUEST = f"{_GUIDE}/pa-servicerequest|1.0.1"
    TASK = f"{_GUIDE}/pa-task-for-referral-management|1.0.1"
    REPORT = f"{_GUIDE}/pa-diagnosticreport|1.0.1"
    PATIENT = f"{_US_CORE}/us-core-patient|3.1.1"
    PRACTITIONER = f"{_US_CORE}/us-core-practitioner|3.1.1"
    ROLE = f"{_US_CORE}/us-core-practitionerrole|3.1.1"
    ORGANIZATION = f"{_US_CORE}/us-core-organization|3.1.1"
    CONDITION = f"{_US_CORE}/us-core-condition|3.1.1"
    DOCUMENT = f"{_US_CORE}/us-core-documentreference|3.1.1"


def claim(profile: Profile, resource: Resource, *, if_: bool = True) -> Resource:
    """The resource, which says that it keeps to the profile, if it does."""
    return {**resource, "meta": {"profile": [profile.value]}} if if_ else resource
