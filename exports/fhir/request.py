"""What was asked for, and why: the request, its conditions and goals, the slip itself, and the work on it."""

import base64
import hashlib
from collections.abc import Iterator

from exports.fhir.case import (
    PATIENT,
    PHYSICAL_ACTIVITY,
    PROVIDER,
    PROVIDER_ROLE,
    SPECIALIST_ROLE,
    UNKNOWN,
    ReferralCase,
    Resource,
    without_empty,
)
from exports.fhir.people import roles_are_us_core
from exports.fhir.profiles import Profile, claim
from schemas.course import Discharge, GoalState, Outcome

ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
GOAL_OF_REQUEST = "http://hl7.org/fhir/StructureDefinition/resource-pertainsToGoal"
ACHIEVEMENT = "http://terminology.hl7.org/CodeSystem/goal-achievement"
REFERRED = {  # of SNOMED CT, as the guide names it
    "coding": [
        {
            "system": "http://snomed.info/sct",
            "code": "390893007",
            "display": "Referral to physical activity program (procedure)",
        }
    ]
}
REFERRAL_NOTE = {"coding": [{"system": "http://loinc.org", "code": "57133-1", "display": "Referral note"}]}
CLINICAL_NOTE = {
    "coding": [
        {
            "system": "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category",
            "code": "clinical-note",
            "display": "Clinical Note",
        }
    ]
}
AT_AN_ENCOUNTER = {
    "coding": [
        {
            "system": "http://terminology.hl7.org/CodeSystem/condition-category",
            "code": "encounter-diagnosis",
            "display": "Encounter Diagnosis",
        }
    ]
}
FULFILL = {"coding": [{"system": "http://hl7.org/fhir/CodeSystem/task-code", "code": "fulfill"}]}
RESULT = {
    "coding": [
        {
            "system": "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes",
            "code": "resulting-activity",
        }
    ],
    "text": "Report",
}
LIFECYCLES = {GoalState.MET: "completed", GoalState.DROPPED: "cancelled"}
UNDONE = {Outcome.STOPPED_COMING, Outcome.MOVED_AWAY, Outcome.NOT_REACHED, Outcome.DECLINED}


def conditions(case: ReferralCase) -> Iterator[tuple[str, Resource]]:
    """The diagnosis as written, each code that is certain, and each box that is checked; no code is guessed.

    US Core wants its own codes where they fit, which of a box nobody has said.
    """
    record = case.row.referral
    about = {
        "resourceType": "Condition",
        "category": [AT_AN_ENCOUNTER],
        "subject": case.to(PATIENT),
        "recordedDate": record.signed_on.isoformat(),
    }
    if record.diagnosis:
        yield "condition-diagnosis", claim(Profile.CONDITION, {**about, "code": {"text": record.diagnosis}})
    for code in case.codes:
        coding = without_empty({"system": ICD10CM, "code": code.code, "display": code.description})
        yield f"condition-{code.code}", claim(Profile.CONDITION, {**about, "code": {"coding": [coding]}})
    for name in record.conditions:
        yield f"condition-{name}", {**about, "code": _box(case, name, record.other_condition)}


def goals(case: ReferralCase) -> Iterator[tuple[str, Resource]]:
    """What the slip asks for, and the goals of the latest entry that says any."""
    own = {"resourceType": "Goal", "category": [PHYSICAL_ACTIVITY], "subject": case.to(PATIENT)}
    if wanted := case.row.referral.goals:
        yield "goal-slip", claim(Profile.GOAL, {**own, "lifecycleStatus": "proposed", "description": {"text": wanted}})
    latest = next((report.entry.goals for report in reversed(case.reports) if report.entry.goals), ())
    for number, goal in enumerate(latest, start=1):
        achieved = {"coding": [{"system": ACHIEVEMENT, "code": "achieved"}]} if goal.state is GoalState.MET else None
        resource = {
            **own,
            "lifecycleStatus": LIFECYCLES.get(goal.state, "active"),
            "achievementStatus": achieved,
            "description": {"text": goal.text},
        }
        yield f"goal-{number}", claim(Profile.GOAL, without_empty(resource))


def service_request(case: ReferralCase, reasons: list[str], wanted: list[str]) -> Resource:
    """The referral itself; `reasons` are the names of its conditions, `wanted` of its goals.

    The guide takes no request whose status or reason is unknown.
    """
    record, status = case.row.referral, _status(case)
    resource = {
        "resourceType": "ServiceRequest",
        "extension": [{"url": GOAL_OF_REQUEST, "valueReference": case.to(name)} for name in wanted],
        "identifier": _numbers(case),
        "status": status,
        "intent": "order",
        "category": [PHYSICAL_ACTIVITY],
        "code": REFERRED,
        "orderDetail": [_box(case, name, record.other_service) for name in record.services],
        "subject": case.to(PATIENT),
        "authoredOn": record.signed_on.isoformat(),
        "requester": requester(case),
        "performer": [case.to(SPECIALIST_ROLE)] if case.studio else [],
        "reasonReference": [case.to(name) for name in reasons],
        "reasonCode": [] if reasons else [UNKNOWN],
        "supportingInfo": [case.to("slip")] if case.slip_png else [],
        "note": [_precautions(case)] if record.precautions else [],
    }
    keeps_to = status != "unknown" and bool(reasons) and roles_are_us_core(case)
    return claim(Profile.REQUEST, without_empty(resource), if_=keeps_to)


def task(case: ReferralCase, reports: list[str], *, of_profile: bool) -> Resource:
    """The work on the referral, from the day it became a record; `reports` are the names of what came of it.

    `of_profile` says that its request keeps to the guide's, as the guide's task demands; so it does an owner.
    """
    status, reason = _progress(case)
    resource = {
        "resourceType": "Task",
        "status": status,
        "statusReason" if status == "failed" else "businessStatus": {"text": reason} if reason else None,
        "intent": "order",
        "code": FULFILL,
        "focus": case.to("request"),
        "for": case.to(PATIENT),
        "authoredOn": case.accepted_at.isoformat(),
        "requester": requester(case),
        "owner": case.to(SPECIALIST_ROLE) if case.studio else None,
        "output": [{"type": RESULT, "valueReference": case.to(name)} for name in reports],
    }
    return claim(Profile.TASK, without_empty(resource), if_=of_profile and case.studio is not None)


def slip(case: ReferralCase) -> Resource | None:
    """The slip's own crop: a page may hold other patients' slips."""
    if case.slip_png is None:
        return None
    resource = {
        "resourceType": "DocumentReference",
        "status": "current",
        "type": REFERRAL_NOTE,
        "category": [CLINICAL_NOTE],
        "subject": case.to(PATIENT),
        "date": case.accepted_at.isoformat(),
        "description": f"Referral slip; signature: {case.row.referral.signature.value}",
        "content": [
            {
                "attachment": {
                    "contentType": "image/png",
                    "data": base64.b64encode(case.slip_png).decode(),
                    # FHIR R4 defines this hash as SHA-1; it tells damage, not malice.
                    "hash": base64.b64encode(hashlib.sha1(case.slip_png, usedforsecurity=False).digest()).decode(),
                }
            }
        ],
        "context": {"related": [case.to("request")]},
    }
    return claim(Profile.DOCUMENT, resource)


def requester(case: ReferralCase) -> Resource:
    """Who signed: in the role at their office, where that is known."""
    return case.to(PROVIDER_ROLE if case.office else PROVIDER)


def _precautions(case: ReferralCase) -> Resource:
    record = case.row.referral
    return {
        "authorReference": case.to(PROVIDER),
        "time": record.signed_on.isoformat(),
        "text": f"Precautions: {record.precautions}",
    }


def _numbers(case: ReferralCase) -> list[Resource]:
    own = [{"system": case.system, "value": f"referral-{case.row.referral_id}"}]
    serial = case.row.referral.serial
    return own if serial is None else [*own, {"system": case.pad_system, "value": str(serial)}]


def _box(case: ReferralCase, name: str, other: str) -> Resource:
    """A box as the pad prints it, with what is written beside "Other"."""
    label = case.labels.get(name, name.replace("_", " "))
    is_other = case.design is not None and any(box.name == name and box.write_in for box in case.design.checkboxes)
    text = f"{label}: {other}" if is_other and other else label
    return {"coding": [{"system": case.pad_system, "code": name, "display": label}], "text": text}


def _discharge(case: ReferralCase) -> Discharge | None:
    return next((report.entry for report in case.reports if isinstance(report.entry, Discharge)), None)


def _status(case: ReferralCase) -> str:
    """Whether whoever signed still wants what was not done, nobody here knows."""
    ended = _discharge(case)
    if ended is None:
        return "unknown" if _never_began(case) else "active"
    return "unknown" if ended.outcome in UNDONE else "completed"


def _never_began(case: ReferralCase) -> bool:
    """Whether the calls ended before anything was done; who came all the same has begun."""
    return bool(case.calls_ended) and not case.reports


def _progress(case: ReferralCase) -> tuple[str, str]:
    ended = _discharge(case)
    if _never_began(case):
        return "failed", case.calls_ended
    if ended is None:
        return ("in-progress" if case.reports else "accepted"), ""
    return ("failed" if ended.outcome in UNDONE else "completed"), ended.outcome.value.replace("_", " ")
