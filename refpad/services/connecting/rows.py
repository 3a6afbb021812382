"""The rows of each export but the referrals', all of them, and the models that describe them."""

from collections.abc import Iterator, Mapping

from refpad.settings import Settings
from schemas.base import Value
from schemas.export import Exported, ExportedAppointment, ExportedFollowUp
from schemas.office import OfficeActivity
from schemas.outreach.conversion import Conversion
from schemas.outreach.entries import ExportedOutreach
from store.courses.appointments import exported_appointments
from store.database import Store
from store.directory.activity import activity
from store.followups.exported import exported_follow_ups
from store.outreach.conversion import conversions
from store.outreach.entries import exported_outreach

MODEL_OF: Mapping[Exported, type[Value]] = {
    Exported.FOLLOWUPS: ExportedFollowUp,
    Exported.OFFICES: OfficeActivity,
    Exported.SESSIONS: ExportedAppointment,
    Exported.OUTREACH: ExportedOutreach,
    Exported.CONVERSION: Conversion,
}


def rows_of(store: Store, settings: Settings, what: Exported) -> Iterator[Value]:
    """All rows of one of these exports, in the order in which they are written."""
    if what is Exported.OFFICES:
        return activity(store, settings.follow_ups)
    if what is Exported.CONVERSION:
        return conversions(store, settings.follow_ups)
    if what is Exported.SESSIONS:
        return exported_appointments(store)
    if what is Exported.OUTREACH:
        return exported_outreach(store)
    return exported_follow_ups(store)
