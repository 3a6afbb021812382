"""What was read becomes the record: one transaction for all that came of a file."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.acceptance import assess
from schemas.bars import Bars, ValueKind, value_kind
from schemas.export import MACHINE
from schemas.internal_error import NOT_OF_ONE_SLIP, internal_error
from schemas.pad import PadDesign
from schemas.reading import Finding, PageRead, ReferralDraft, SlipReading
from schemas.reasons import FindingCode, SetAsideReason
from schemas.referral import Accepted, NeedsReview, Referral
from schemas.states import FileState, PageState, SlipState
from store import audit, files
from store.anchor.installation import last_line
from store.crashpoints import crashpoint
from store.database import Store
from store.intake import claims
from store.intake.claims import Claim
from store.intake.overtaking import READ, OvertakenError, must_not_be_overtaken
from store.intake.versions import repeated_slip
from store.quality import bars, examples, looks
from store.referrals import duplicates, quality_sample, referrals
from store.studio_rules import StudioRules
from store.tables import answer_sheet, file, page, slip
from store.waiting import renew_pages, renew_slips

REPEATED = "the same as slip {}, which came before this file grew in the inbox"
UNMATCHED = "It is an office's answer, and is laid beside the slip that it is about."
Pictures = Mapping[tuple[int, int], bytes]  # (page, slip), both 1-based, to PNG bytes


@dataclass(frozen=True)
class Recorded:
    """What became of a file: its state, how many slips were accepted and how many wait for a person.

    `reason` is why a file without any slip was set aside.
    """

    file_id: int
    state: FileState
    accepted: int
    review: int
    reason: SetAsideReason | None = None


def record(store: Store, claim: Claim, pages: Sequence[PageRead], pictures: Pictures, rules: StudioRules) -> Recorded:
    """Write all that was read of a claimed file, at once; raises LostClaimError when the claim is no longer ours."""
    picture_hashes = {place: _keep_picture(store, png) for place, png in pictures.items()}
    try:
        with store.write_beside() as connection:
            recorded = _record(connection, store, rules, claim, pages, picture_hashes)
    except OvertakenError:
        with store.write() as connection:
            recorded = _record(connection, store, rules, claim, pages, picture_hashes)
    crashpoint("record.committed")
    return recorded


def _record(
    connection: Connection,
    store: Store,
    rules: StudioRules,
    claim: Claim,
    pages: Sequence[PageRead],
    pictures: Mapping[tuple[int, int], str],
) -> Recorded:
    """First what is the file's own, beside other readers; then, in turn, what has one order in the record."""
    last = last_line(connection)[0]
    claims.finish(connection, store, claim, FileState.DONE)
    _write_pages(connection, claim.file_id, pages)
    crashpoint("record.pages_written")
    written = []
    for reading in (reading for read in pages for reading in read.slips):
        picture = pictures.get((reading.page, reading.slip))
        written.append(_write_slip(connection, rules, claim, reading, picture))
        crashpoint("record.slip_written")
    store.take_turn(connection)
    must_not_be_overtaken(connection, last, [one.reading for one in written], set(pictures.values()))
    for one in written:
        _write_referral(connection, store, rules, one)
    state, reason = settle_file(connection, claim.file_id)
    states = Counter(one.state for one in written)
    recorded = Recorded(claim.file_id, state, states[SlipState.ACCEPTED], states[SlipState.REVIEW], reason)
    detail = {"accepted": recorded.accepted, "review": recorded.review}
    audit.append(connection, store.clock.now(), MACHINE, READ, f"file {claim.file_id}", detail)
    crashpoint("record.before_commit")
    return recorded


def as_recorded(store: Store, file_id: int, reason: SetAsideReason | None) -> Recorded:
    """What has become of a file by now: an answer sheet in it was laid beside its slip since."""
    counts = sa.select(slip.c.state, sa.func.count()).where(slip.c.file_id == file_id).group_by(slip.c.state)
    with store.read() as connection:
        state = connection.execute(sa.select(file.c.state).where(file.c.id == file_id)).scalar_one()
        by_state: dict[SlipState, int] = dict(connection.execute(counts).tuples().all())
    accepted, review = by_state.get(SlipState.ACCEPTED, 0), by_state.get(SlipState.REVIEW, 0)
    return Recorded(file_id, state, accepted, review, reason)


def _keep_picture(store: Store, png: bytes) -> str:
    with files.write_in(png, store.incoming) as copied:
        store.picture(copied.sha256).keep(copied)
    crashpoint("record.picture_kept")
    return copied.sha256


def _write_pages(connection: Connection, file_id: int, pages: Sequence[PageRead]) -> None:
    """A page without a slip waits for a person when other pages have slips; else the whole file is set aside."""
    unused = PageState.REVIEW if any(read.slips for read in pages) else PageState.SET_ASIDE
    for read in pages:
        values = {"file_id": file_id, "page": read.page, **_page_values(read, unused)}
        connection.execute(page.insert().values(values))
    renew_pages(connection, file_id)
    connection.execute(file.update().where(file.c.id == file_id).values(page_count=len(pages)))


def _page_values(read: PageRead, unused: PageState) -> dict[str, object]:
    if read.set_aside is not None:
        reason, message = read.set_aside.reason, read.set_aside.message
    elif read.slips:
        return {"state": PageState.WITH_SLIPS}
    else:
        reason, message = SetAsideReason.NO_SLIP_FOUND, f"No slip was found on page {read.page}: look at the page."
    state = PageState.BLANK if reason.needs_nobody and not read.slips else unused
    return {"state": state, "reason": reason.value, "message": message}


@dataclass(frozen=True)
class _Written:
    """A slip that was written, and its referral, which is not written yet; None while a person must look."""

    slip_id: int
    state: SlipState
    reading: SlipReading
    record: Referral | None
    asked: looks.Asked


def _write_slip(
    connection: Connection, rules: StudioRules, claim: Claim, reading: SlipReading, picture: str | None
) -> _Written:
    """One slip, judged.

    One that an earlier version of the file brought already is rejected, with a word, and not judged a second time.
    """
    repeated = repeated_slip(connection, claim.file_id, picture)
    record, findings, asked = _judge(connection, rules, claim, reading) if repeated is None else (None, (), {})
    state = SlipState.ACCEPTED if record else SlipState.REVIEW if repeated is None else SlipState.REJECTED
    draft = reading.draft()
    values = {
        "file_id": claim.file_id,
        "page": reading.page,
        "slip": reading.slip,
        "state": state,
        "why_rejected": REPEATED.format(repeated) if repeated else None,
        "design": reading.design,
        "edition": reading.edition,
        "serial": reading.serial,
        "reading": reading.model_dump(mode="json"),
        "draft": draft.model_dump(mode="json") if draft else None,
        "findings": [finding.model_dump(mode="json") for finding in findings],
        "asked": dict(asked) or None,
        "picture_sha256": picture,
    }
    slip_id = int(connection.execute(slip.insert().values(values).returning(slip.c.id)).scalar_one())
    duplicates.write_keys(connection, slip_id, draft)
    if reading.sheet is not None and repeated is None:
        connection.execute(answer_sheet.insert().values(slip_id=slip_id, question=reading.sheet.code.question))
    if state is SlipState.REVIEW:
        renew_slips(connection, [slip_id])
    return _Written(slip_id, state, reading, record, asked)


def _write_referral(connection: Connection, store: Store, rules: StudioRules, written: _Written) -> None:
    """The referral of a slip about which nothing is doubtful."""
    if written.record is None:
        return
    referrals.write(connection, store, rules, written.slip_id, written.record, MACHINE)
    if written.asked:
        quality_sample.request_look(connection, store, written.slip_id, quality_sample.SAMPLE)


def _judge(
    connection: Connection, rules: StudioRules, claim: Claim, reading: SlipReading
) -> tuple[Referral | None, tuple[Finding, ...], looks.Asked]:
    """The referral, or None; why a person must look; and which sure values a person is asked about all the same.

    Judged again here, with what only the record knows.
    """
    if reading.sheet is not None:
        unmatched = Finding(code=FindingCode.ANSWER_SHEET, detail=UNMATCHED)
        return None, (*reading.findings, unmatched), {}
    draft = reading.draft()
    design = rules.design_of(draft.design, draft.edition) if draft else None
    doubts = tuple(referrals.doubts(connection, (draft,) if draft else ()))
    if draft is None or design is None:
        unknown = Finding(code=FindingCode.UNKNOWN_DESIGN, detail="It is not known which pad this slip is of.")
        return None, tuple(dict.fromkeys((*reading.findings, unknown, *doubts))), {}
    try:
        shares = bars.look_shares(connection, rules.policy, rules.sample_share)
        return _Judge(rules, bars.current(connection), shares).judge(draft, design, claim.received_on, doubts)
    except NOT_OF_ONE_SLIP:
        raise
    except Exception as error:  # noqa: BLE001 - whatever fails at one slip, the slips beside it are recorded
        return None, tuple(dict.fromkeys((*reading.findings, internal_error(error), *doubts))), {}


@dataclass(frozen=True)
class _Judge:
    """By what the slips of a studio are judged now: its rules, the bars chosen, and the share of looks at each kind."""

    rules: StudioRules
    bars: Bars
    shares: Mapping[ValueKind, float]

    def judge(
        self, draft: ReferralDraft, design: PadDesign, received_on: date, doubts: tuple[Finding, ...]
    ) -> tuple[Referral | None, tuple[Finding, ...], looks.Asked]:
        """See `_judge`; `doubts` are the record's. What the reader said of confidence is said anew, by today's bars."""
        policy, written = self.rules.policy, draft.model_copy(update={"findings": ()})
        by_reader = _findings(assess(written, design, policy, received_on))
        own = tuple(finding for finding in draft.findings if finding not in by_reader)
        verdict = assess(written, design, policy, received_on, self.bars)
        record = verdict.referral if isinstance(verdict, Accepted) and not own and not doubts else None
        below, stopped = examples.unsure(draft, design, policy, received_on, self.bars, own)
        sure = {
            field.name: value_kind(field, draft.text[field.name])
            for field in design.writing
            if field.name in draft.text and field.name not in below | stopped
        }
        asked = looks.draw(sure, self.shares, self.rules.chance, is_accepted=record is not None)
        findings = _findings(assess(written, design, policy, received_on, self.bars, asked))
        return record, tuple(dict.fromkeys((*own, *findings, *doubts))), asked


def _findings(verdict: Accepted | NeedsReview) -> tuple[Finding, ...]:
    return verdict.findings if isinstance(verdict, NeedsReview) else ()


def settle_file(connection: Connection, file_id: int) -> tuple[FileState, SetAsideReason | None]:
    """Bring the file's state in line with its pages and slips; the state, and the reason if it is set aside.

    In review while a person must look at any of it, set aside when no page had a slip, otherwise done.
    """
    states = set(connection.execute(sa.select(slip.c.state).where(slip.c.file_id == file_id)).scalars())
    pages = connection.execute(sa.select(page).where(page.c.file_id == file_id).order_by(page.c.page)).all()
    state, reason, message = FileState.DONE, None, None
    if SlipState.REVIEW in states or any(row.state == PageState.REVIEW for row in pages):
        state = FileState.REVIEW
    elif not states:
        first = next((row for row in pages if row.state == PageState.SET_ASIDE), None) or next(iter(pages), None)
        state, reason, message = FileState.SET_ASIDE, SetAsideReason.NO_PAGES, "It has no pages: scan it again."
        if first is not None:
            reason, message = SetAsideReason(first.reason), first.message
    values = {"state": state, "reason": reason.value if reason else None, "message": message}
    connection.execute(file.update().where(file.c.id == file_id).values(values))
    return state, reason
