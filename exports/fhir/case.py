"""What a bundle is made of, and the parts that all its resources share."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from schemas.course import Assessment, Discharge, Progress
from schemas.export import ExportedReferral
from schemas.office import Office, Provider
from schemas.pad import PadDesign
from schemas.studio import Studio

Resource = dict[str, Any]
Entry = Assessment | Progress | Discharge

PA_CODES = "http://hl7.org/fhir/us/physical-activity/CodeSystem/pa-temporary-codes"
PHYSICAL_ACTIVITY = {
    "coding": [
        {
            "system": PA_CODES,
            "code": "PhysicalActivity",
            "display": "Physical Activity",
        }
    ]
}
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
PATIENT, OFFICE, PROVIDER = "patient", "office", "provider"  # the names of those resources within a bundle
PROVIDER_ROLE = "provider-role"
STUDIO, SPECIALIST, SPECIALIST_ROLE = "studio", "specialist", "specialist-role"
UNKNOWN: Resource = {"extension": [{"url": ABSENT, "valueCode": "unknown"}]}


@dataclass(frozen=True)
class CertainCode:
    """A code of ICD-10-CM that a person confirmed, or that stands in the pad's cells; those have no description."""

    code: str
    description: str = ""


@dataclass(frozen=True)
class ReportOf:
    """An entry of the course that is final, by its number and since when, with the page that went out, if one did."""

    number: int
    entry: Entry
    issued: datetime
    pdf: bytes | None = None


@dataclass(frozen=True)
class ReferralCase:
    """One referral with all that a bundle says of it. `installation` is the record's own name, 32 hex digits.

    `studio` is None while it is the invented one. Times have a time zone. `slip_png` is the slip's own crop.
    `provider` is who signed, as the record knows them by now; None where the slip names nobody. `calls_ended` is why
    nobody calls the patient any more.
    """

    installation: str
    row: ExportedReferral
    accepted_at: datetime
    design: PadDesign | None = None
    office: Office | None = None
    provider: Provider | None = None
    studio: Studio | None = None
    codes: Sequence[CertainCode] = ()
    npi: str | None = None
    reports: Sequence[ReportOf] = ()
    calls_ended: str = ""
    slip_png: bytes | None = field(default=None, repr=False)

    @property
    def system(self) -> str:
        """The name space of this record's own numbers."""
        return f"urn:uuid:{uuid.UUID(hex=self.installation)}"

    @property
    def pad_system(self) -> str:
        """The name space of what is printed on the pad."""
        return f"urn:refpad:pad:{self.row.referral.design}-{self.row.referral.edition}"

    @property
    def labels(self) -> Mapping[str, str]:
        """What boxes are called on the paper."""
        return {box.name: box.label for box in self.design.checkboxes} if self.design else {}

    def id_of(self, name: str) -> str:
        """The same at every export, so that a server that is sent it twice has it once."""
        return str(uuid.uuid5(uuid.UUID(hex=self.installation), self._path_of(name)))

    def number_of(self, name: str) -> Resource:
        """The record's own number of a resource, as an identifier."""
        return {"system": self.system, "value": self._path_of(name).replace("/", "-")}

    def _path_of(self, name: str) -> str:
        """Whose a resource is: people, offices and the studio are the same in all bundles, the rest a referral's own.

        All referrals of which people have said that they are one patient's name one Patient.
        """
        patient, provider, office = self.row.patient_id, self.provider, self.office
        shared = {
            PATIENT: f"patient/{patient}" if patient else None,
            PROVIDER: f"provider/{provider.id}" if provider else None,
            OFFICE: f"office/{office.id}" if office else None,
            PROVIDER_ROLE: f"provider/{provider.id}/at/{office.id}" if provider and office else None,
            STUDIO: "studio",
            SPECIALIST: "studio/specialist",
            SPECIALIST_ROLE: "studio/specialist-role",
        }
        return shared.get(name) or f"referral/{self.row.referral_id}/{name}"

    def to(self, name: str) -> Resource:
        """A reference to the bundle's resource of that name."""
        return {"reference": f"urn:uuid:{self.id_of(name)}"}


def without_empty(resource: Mapping[str, Any]) -> Resource:
    """FHIR has no empty values: what is not there is left out."""
    return {name: value for name, value in resource.items() if value not in (None, "", [], {})}
