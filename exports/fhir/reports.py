"""What came of a referral: the reports, and what was measured for them."""

import base64
from collections.abc import Iterator

from exports.fhir.case import (
    PA_CODES,
    PATIENT,
    PHYSICAL_ACTIVITY,
    SPECIALIST,
    SPECIALIST_ROLE,
    STUDIO,
    ReferralCase,
    ReportOf,
    Resource,
    without_empty,
)
from exports.fhir.profiles import Profile, claim
from schemas.course import Assessment, Discharge, EntryKind
from schemas.measures import Measure, MeasureKind

UCUM = "http://unitsofmeasure.org"
UNITS = {
    "degrees": "deg",
    "kg": "kg",
    "s": "s",
    "m": "m",
    "m/s": "m/s",
    "mmHg": "mm[Hg]",
    "beats/min": "/min",
    "mg/dL": "mg/dL",
    "%": "%",
    "lb": "[lb_av]",
    "minutes a week": "min/wk",
}  # the others are points of a scale
CONSULT_NOTE = {"system": PA_CODES, "code": "PAConsultNote", "display": "Physical activity Consult note"}
TITLES = {
    EntryKind.ASSESSMENT: "Assessment summary",
    EntryKind.PROGRESS: "Progress report",
    EntryKind.DISCHARGE: "Discharge summary",
}


def observations(case: ReferralCase, report: ReportOf) -> Iterator[tuple[str, Resource]]:
    """What was measured, each with its test's name and unit."""
    for number, measure in enumerate(report.entry.measures, start=1):
        resource = {
            "resourceType": "Observation",
            "status": "final",
            "category": [PHYSICAL_ACTIVITY],
            "code": {"text": measure.of if measure.kind is MeasureKind.OWN else measure.scale.label},
            "subject": case.to(PATIENT),
            "basedOn": [case.to("request")],
            "effectiveDateTime": (measure.on or report.entry.on).isoformat(),
            "performer": [case.to(SPECIALIST_ROLE)] if case.studio else [],
            "valueQuantity": _quantity(measure),
            "bodySite": _site(measure),
        }
        yield f"observation-{report.number}-{number}", without_empty(resource)


def diagnostic_report(case: ReferralCase, report: ReportOf, measured: list[str]) -> Resource:
    """The report on an entry; `measured` are the names of its observations."""
    entry = report.entry
    page = {"contentType": "application/pdf", "data": base64.b64encode(report.pdf or b"").decode()}
    resource = {
        "resourceType": "DiagnosticReport",
        "identifier": [{"system": case.system, "value": f"entry-{report.number}"}],
        "basedOn": [case.to("request")],
        "status": "final",
        "category": [PHYSICAL_ACTIVITY],
        "code": {"coding": [CONSULT_NOTE], "text": TITLES[entry.kind]},
        "subject": case.to(PATIENT),
        "effectiveDateTime": entry.on.isoformat(),
        "issued": report.issued.isoformat(),
        "performer": [case.to(SPECIALIST), case.to(STUDIO)] if case.studio else [],
        "result": [case.to(name) for name in measured],
        "conclusion": _conclusion(report),
        "presentedForm": [page] if report.pdf else [],
    }
    return claim(Profile.REPORT, without_empty(resource))


def _quantity(measure: Measure) -> Resource:
    """The unit of a test of the studio's own stands in the test's name."""
    unit = measure.scale.unit
    coded = {"system": UCUM, "code": UNITS[unit]} if unit in UNITS else {}
    return without_empty({"value": measure.value, "unit": unit, **coded})


def _site(measure: Measure) -> Resource:
    of_what = "" if measure.kind is MeasureKind.OWN else measure.of
    where = " ".join(part for part in (measure.side or "", of_what) if part)
    return {"text": where} if where else {}


def _conclusion(report: ReportOf) -> str:
    entry = report.entry
    if isinstance(entry, Assessment):
        return "; ".join(str(text) for text in entry.observed.values())
    return entry.summary if isinstance(entry, Discharge) else entry.improvements
