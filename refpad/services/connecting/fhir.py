"""Referrals as FHIR bundles, a file each."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from exports.fhir.bundle import bundle_json
from exports.fhir.case import CertainCode, ReferralCase, ReportOf
from refpad.services.connecting.after_purge import BUNDLE
from refpad.services.designs import DesignBook
from refpad.settings import Settings
from schemas.atomic_write import replace_file
from schemas.course import Report
from schemas.errors import MachineError, NotOnRecordError, UsageError
from schemas.export import ExportedReferral
from schemas.fields.roles import FieldKind
from schemas.pad import Checkbox, PadDesign
from store.courses.courses import course
from store.database import Store
from store.directory.offices import find_office
from store.files import make_folder
from store.followups.calls import why_calls_ended
from store.kept_files.kept_file import KeptFile
from store.letters.sent_pages import papers_of
from store.referrals.exported import view_referrals
from store.review.diagnosis_codes import confirmed_codes


def export_fhir(store: Store, settings: Settings, folder: Path, numbers: Sequence[int] = ()) -> Iterator[Path]:
    """Write a bundle for each of these referrals, or for all, to `folder`; yields each file as it is written.

    Raises NotOnRecordError for one that is not there, UsageError when there is no folder in which `folder` can be made,
    MachineError when a file cannot be written.
    """
    if not folder.parent.is_dir():
        raise UsageError(f"There is no folder {folder.parent}: connect the disk, or make the folder first.")
    with view_referrals(store) as view:
        rows = list(view.some(numbers) if numbers else view.all())
    missing = set(numbers) - {int(row.referral_id) for row in rows}
    if missing:
        raise NotOnRecordError(f"There is no referral {min(missing)}")
    make_folder(folder)
    book = DesignBook(settings.designs)
    for row in rows:
        path = folder / BUNDLE.format(row.referral_id)
        content = bundle_json(case_of(store, settings, book, row)).encode()
        try:
            with replace_file(path) as file:
                file.write(content)
        except OSError as error:
            raise MachineError(
                f"The export {path} could not be written ({error.strerror}); mend that and run `refpad export fhir` "
                "again."
            ) from None
        yield path


def case_of(store: Store, settings: Settings, book: DesignBook, row: ExportedReferral) -> ReferralCase:
    """All that the record knows of a referral, for its bundle."""
    assert store.anchor is not None  # noqa: S101 - an open record has one
    number, record = int(row.referral_id), row.referral
    papers, design = papers_of(store, number), book.find(record.design, record.edition)
    entries = [entry for entry in course(store, number).entries if entry.state == "final"]
    zone = ZoneInfo(settings.time_zone)
    reports = [
        ReportOf(entry.id, said, entry.changed_at.astimezone(zone), _bytes(papers.sent.get(entry.follow_up_id or 0)))
        for entry in entries
        if isinstance(said := entry.entry(), Report)
    ]
    confirmed = [CertainCode(code.code, code.description) for code in confirmed_codes(store, papers.slip_id)]
    known = {code.code for code in confirmed}
    npis = _answers(row, design, FieldKind.NPI)
    return ReferralCase(
        installation=store.anchor.installation,
        row=row,
        accepted_at=papers.accepted_at.astimezone(zone),
        design=design,
        office=find_office(store, row.office_id) if row.office_id else None,
        provider=papers.provider,
        studio=None if settings.studio.invented else settings.studio,
        codes=(
            *confirmed,
            *(CertainCode(code) for code in _answers(row, design, FieldKind.ICD10) if code not in known),
        ),
        npi=npis[0] if len(npis) == 1 else None,
        reports=sorted(reports, key=lambda report: (report.entry.on, report.number)),
        calls_ended=why_calls_ended(store, number),
        slip_png=_bytes(papers.slip),
    )


def _answers(row: ExportedReferral, design: PadDesign | None, kind: FieldKind) -> list[str]:
    """What the slip says in its pad's own fields of a kind; unknown while the design is not there."""
    fields = [field for field in design.fields if not isinstance(field, Checkbox)] if design else []
    names = [field.name for field in fields if kind in (field.kind, getattr(field, "holds", None))]
    return [str(value) for name in names if (value := row.referral.answers.get(name))]


def _bytes(kept: KeptFile | None) -> bytes | None:
    return kept.read_bytes() if kept is not None and kept.exists() else None
