"""JSON Schemas (2020-12) of the record and of what is exported of it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from refpad import __version__
from schemas.changes import Removed
from schemas.course import Assessment, Discharge, Progress, StatusChange
from schemas.export import ExportedAppointment, ExportedFollowUp, ExportedReferral
from schemas.office import OfficeActivity
from schemas.outreach.conversion import Conversion
from schemas.outreach.entries import ExportedOutreach
from schemas.referral import Referral

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class Described(StrEnum):
    """What there is a schema of."""

    RECORD = "record"
    REFERRALS = "referrals"
    FOLLOWUPS = "followups"
    OFFICES = "offices"
    SESSIONS = "sessions"
    OUTREACH = "outreach"
    CONVERSION = "conversion"
    REMOVED = "removed"
    ASSESSMENT = "assessment"
    PROGRESS = "progress"
    DISCHARGE = "discharge"
    STATUS_CHANGE = "status_change"


MODELS: Mapping[Described, type[BaseModel]] = {
    Described.RECORD: Referral,
    Described.REFERRALS: ExportedReferral,
    Described.FOLLOWUPS: ExportedFollowUp,
    Described.OFFICES: OfficeActivity,
    Described.SESSIONS: ExportedAppointment,
    Described.OUTREACH: ExportedOutreach,
    Described.CONVERSION: Conversion,
    Described.REMOVED: Removed,
    Described.ASSESSMENT: Assessment,
    Described.PROGRESS: Progress,
    Described.DISCHARGE: Discharge,
    Described.STATUS_CHANGE: StatusChange,
}


def json_schema(what: Described) -> dict[str, Any]:
    """The schema of one line of an export, of an entry in the course, or of the record itself."""
    return {"$schema": DIALECT, "$comment": f"refpad {__version__}", **MODELS[what].model_json_schema()}
