"""Accepted referrals: written with their follow-ups and letters in the caller's one transaction; read for export."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.changes import ChangedNoun, ChangeKind
from schemas.export import ExportedReferral
from schemas.followup import FollowUpKind
from schemas.reading import Finding, ReferralDraft
from schemas.reasons import FindingCode
from schemas.referral import Referral
from store import changes
from store.crashpoints import crashpoint
from store.database import Store
from store.directory.offices import is_of_another_studio, was_printed
from store.directory.patients import add_patient
from store.directory.providers import find_or_add_provider
from store.followups import outbox
from store.followups.planning import Subject, replan
from store.referrals import duplicates
from store.referrals.duplicates import code_of
from store.referrals.exported import all_referrals, answers_within
from store.referrals.offices import office_of_slip
from store.search import index
from store.studio_rules import StudioRules
from store.tables import follow_up, referral

UNDO_S = 10.0  # for so long "Accepted: undo" stands on the page, and no letter of the referral is sent


def doubts(
    connection: Connection, versions: Sequence[ReferralDraft], slip_id: int | None = None
) -> tuple[Finding, ...]:
    """What only the record can know of a slip: a serial of another studio or never printed, or that it came before.

    `versions` are its draft, and its reading where that differs; none while its pad is unknown. `slip_id` is the slip
    itself when it is kept already. A missing serial has a finding of its own.
    """
    if not versions:
        return ()
    code = code_of(versions[0].design, versions[0].edition, versions[0].serial)
    findings = []
    if code and is_of_another_studio(connection, code):
        detail = f"{code} is of another studio's pads."
        findings.append(Finding(code=FindingCode.SERIAL_OF_ANOTHER_STUDIO, detail=detail))
    elif code and not was_printed(connection, code):
        detail = f"{code} is not among the slips printed."
        findings.append(Finding(code=FindingCode.SERIAL_UNKNOWN, detail=detail))
    twin = duplicates.find_twin(connection, code, versions, slip_id)
    return (*findings, *((twin,) if twin else ()))


def write(connection: Connection, store: Store, rules: StudioRules, slip_id: int, record: Referral, by: str) -> int:
    """Write the referral of an accepted slip with its follow-ups and letters; the referral's id."""
    accepted_on = store.clock.today()
    office_id = office_of_slip(connection, slip_id)
    values: dict[str, Any] = {
        "slip_id": slip_id,
        "office_id": office_id,
        "provider_id": find_or_add_provider(connection, store, record.provider_name, office_id),
        "patient_id": add_patient(connection, store),
        "accepted_on": accepted_on,
        "accepted_at": store.clock.now(),
        "accepted_by": by,
        "record": record.model_dump(mode="json"),
        "next_visit_on": record.next_visit_on,
        "visit_told_on": accepted_on,
    }
    referral_id = int(connection.execute(referral.insert().values(values).returning(referral.c.id)).scalar_one())
    index.write(connection, [(referral_id, values["record"])])
    changes.note(connection, ChangedNoun.REFERRAL, [referral_id], ChangeKind.ADDED)
    crashpoint("referral.written")
    replan(connection, store, rules, Subject("referral_id", referral_id))
    crashpoint("referral.follow_ups_written")
    _write_letters(connection, store, referral_id)
    crashpoint("referral.letters_written")
    return referral_id


def referral_of_slip(store: Store, slip_id: int) -> int | None:
    """The referral that a slip became; None when it did not."""
    with store.read() as connection:
        return connection.execute(sa.select(referral.c.id).where(referral.c.slip_id == slip_id)).scalar()


def _write_letters(connection: Connection, store: Store, referral_id: int) -> None:
    """What of the follow-ups is a letter that needs nothing more to be written waits in the outbox at once."""
    kind = FollowUpKind.THANK_PROVIDER
    theirs = (follow_up.c.referral_id == referral_id, follow_up.c.kind == kind.value)
    for row in connection.execute(sa.select(follow_up.c.id, follow_up.c.cycle).where(*theirs)).all():
        outbox.request_letter(connection, store, row.id, kind, row.cycle)


def answers_on_record(store: Store) -> tuple[str, ...]:
    """The names of all answers that pads ask for, in the order of the columns of an export."""
    with store.read() as connection:
        return answers_within(connection)


def exported_referrals(store: Store) -> Iterator[ExportedReferral]:
    """Every accepted referral, oldest first, as exporters want it."""
    with store.read() as connection:
        yield from all_referrals(connection)
