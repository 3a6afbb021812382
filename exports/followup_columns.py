"""The columns of the exports beside the referrals'; docs/csv.md documents them."""

from collections.abc import Callable, Mapping
from operator import attrgetter

from schemas.export import ExportedAppointment, ExportedFollowUp
from schemas.office import OfficeActivity
from schemas.outreach.conversion import Conversion
from schemas.outreach.entries import ExportedOutreach

FOLLOW_UP_COLUMNS: Mapping[str, Callable[[ExportedFollowUp], object]] = {
    "follow_up_id": lambda row: row.follow_up_id,
    "referral_id": lambda row: row.referral_id,
    "slip_id": lambda row: row.slip_id,
    "office_id": lambda row: row.office_id,
    "kind": lambda row: row.kind.value,
    "cycle": lambda row: row.cycle,
    "due": lambda row: row.due.isoformat(),
    "state": lambda row: row.state.value,
    "owner": lambda row: row.owner,
    "made_on": lambda row: row.made_on.isoformat(),
    "ended_on": lambda row: row.ended_on and row.ended_on.isoformat(),
    "settled_by": lambda row: row.settled_by,
    "note": lambda row: row.note,
    "moves": lambda row: row.moves,
}

OFFICE_COLUMNS: Mapping[str, Callable[[OfficeActivity], object]] = {
    "office_id": lambda row: row.office_id,
    "office_name": lambda row: row.office_name,
    "contact": lambda row: row.contact,
    "providers": lambda row: row.providers,
    "referrals": lambda row: row.referrals,
    "first_referral_on": lambda row: row.first_referral_on and row.first_referral_on.isoformat(),
    "last_referral_on": lambda row: row.last_referral_on and row.last_referral_on.isoformat(),
    "days_quiet": lambda row: row.days_quiet,
    "quiet": lambda row: "yes" if row.quiet else "no",
    "days_to_contact": lambda row: row.days_to_contact,
    "days_to_thanks": lambda row: row.days_to_thanks,
    "slips_given": lambda row: row.slips_given,
    "slips_left": lambda row: row.slips_left,
    "pads_low": lambda row: "yes" if row.pads_low else "no",
    "by_month": lambda row: "; ".join(f"{month.month}: {month.referrals}" for month in row.by_month),
}

SESSION_COLUMNS: Mapping[str, Callable[[ExportedAppointment], object]] = {
    "appointment_id": lambda row: row.appointment_id,
    "referral_id": lambda row: row.referral_id,
    "on": lambda row: row.on.isoformat(),
    "at": lambda row: row.at,
    "state": lambda row: row.state.value,
    "minutes": lambda row: row.minutes,
    "note": lambda row: row.note,
    "changed_by": lambda row: row.changed_by,
}

OUTREACH_COLUMNS: Mapping[str, Callable[[ExportedOutreach], object]] = {
    "outreach_id": lambda row: row.outreach_id,
    "office_id": lambda row: row.office_id,
    "office_name": lambda row: row.office_name,
    "provider_id": lambda row: row.provider_id,
    "on": lambda row: row.on.isoformat(),
    "state": lambda row: row.state.value,
    "way": lambda row: row.way.value,
    "with_whom": lambda row: row.with_whom,
    "about": lambda row: row.about,
    "pads_left": lambda row: row.pads_left,
    "changed_by": lambda row: row.changed_by,
}

CONVERSION_COLUMNS: Mapping[str, Callable[[Conversion], object]] = {
    name: attrgetter(name) for name in Conversion.model_fields
}
