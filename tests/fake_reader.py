"""A reader without eyes: what it reads follows from the file's type, size and page count alone.

It stands at the edge where the real reader starts its child process, so that a test of the work after it
takes milliseconds. What it gives for page 2 and 3 makes every kind of outcome occur.
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from refpad.services.reading.reader_port import PageOutcome
from schemas.acceptance import Policy
from schemas.errors import SetAsideError
from schemas.followup import Course, FollowUpKind, Plan, PlannedFollowUp
from schemas.reading import Answered, Finding, PageRead, PageSetAside, SheetReading, SignatureState, SlipReading
from schemas.reasons import FindingCode, SetAsideReason
from schemas.sheet_code import SheetCode
from store.studio_rules import StudioRules
from tests.schemas.examples import design, draft, signature

POISON = b"%PDF-poison"
SIGNED = Answered(signatures={"signature": signature(SignatureState.PRESENT)})
PNG = b"\x89PNG\r\n\x1a\n"


class FakeReader:
    """Page 1 has a slip without a doubt, page 2 one without a sure signature, page 3 none; then from the start."""

    def read(self, path: Path, received_on: date) -> Sequence[PageOutcome]:
        content = path.read_bytes()
        if content.startswith(POISON):
            raise SetAsideError(SetAsideReason.TIMEOUT, "The work took longer than 900 s and was stopped.")
        first_serial = 1 + int(hashlib.sha256(content).hexdigest()[:5], 16) * 4  # apart from any other file's
        return [page_outcome(number, first_serial) for number in range(1, pages_of(content) + 1)]


def pages_of(content: bytes) -> int:
    """How many pages a JPEG, PDF or TIFF has; raises SetAsideError for anything else."""
    if content.startswith(b"\xff\xd8\xff"):
        return 1
    if content.startswith(b"%PDF-") and b"%%EOF" in content:
        return len(re.findall(rb"/Type\s*/Page\b", content))
    if content.startswith(b"II*\0"):
        return _directories(content)
    raise SetAsideError(SetAsideReason.DAMAGED, "This file cannot be opened: scan it again.")


def _directories(tiff: bytes) -> int:
    """Image file directories of a little-endian TIFF (TIFF 6.0, section 2): one a page."""
    count, at = 0, int.from_bytes(tiff[4:8], "little")
    while at:
        entries = int.from_bytes(tiff[at : at + 2], "little")
        end = at + 2 + 12 * entries
        count, at = count + 1, int.from_bytes(tiff[end : end + 4], "little")
    return count


def page_outcome(number: int, first_serial: int) -> PageOutcome:
    """What comes of one page, with the serial after `first_serial` that is its own."""
    if number % 3 == 0:
        reason, message = SetAsideReason.NO_SLIP_FOUND, f"No slip was found on page {number}: look at the page."
        return PageOutcome(PageRead(page=number, set_aside=_aside(number, reason, message)), ())
    read = slip_reading(number, 1, first_serial + number, sure=number % 3 == 1)
    return PageOutcome(PageRead(page=number, slips=(read,)), (picture(read),))


def _aside(number: int, reason: SetAsideReason, message: str) -> PageSetAside:
    return PageSetAside(file="scan", page=number, reason=reason, message=message)


def picture(reading: SlipReading) -> bytes:
    """Bytes that differ from slip to slip."""
    return PNG + f"{reading.serial}/{reading.page}/{reading.slip}".encode()


def slip_reading(page: int = 1, slip: int = 1, serial: int | None = 123, *, sure: bool = True) -> SlipReading:
    """The example slip, as read from paper; with `sure` false its signature is in doubt."""
    state = SignatureState.PRESENT if sure else SignatureState.UNCERTAIN
    read = draft(signature=signature(state)).model_copy(update={"serial": serial})
    detail = "It is not certain that someone signed."
    doubt = Finding(code=FindingCode.SIGNATURE_UNCERTAIN, field="signature", detail=detail)
    return SlipReading(
        file="scan",
        page=page,
        slip=slip,
        corners_px=((0, 0), (100, 0), (100, 80), (0, 80)),
        residual_mm=0.1,
        verdict="accepted" if sure else "review",
        **read.model_dump(exclude={"findings"}),
        findings=() if sure else (doubt,),
    )


def sheet_reading(code: SheetCode, answered: Answered | None = SIGNED) -> SlipReading:
    """The sheet of a question, signed; with `answered` other answers, or None where nothing could be read."""
    return SlipReading(
        file="scan",
        page=1,
        slip=1,
        corners_px=(),
        design=None,
        edition=None,
        serial=None,
        residual_mm=None,
        verdict="review",
        sheet=SheetReading(code=code, answered=answered),
    )


def example_rules() -> StudioRules:
    """The example pad, and two promises, of which one is a letter."""
    pad = design()
    return StudioRules(
        policy=Policy(),
        design_of=lambda name, edition: pad if (name, edition) == (pad.design, pad.edition) else None,
        plan=_plan,
        plan_office=lambda _course: (),
    )


def _plan(course: Course) -> Plan:
    kinds = (FollowUpKind.THANK_PROVIDER, FollowUpKind.CONTACT_PATIENT)
    return tuple(PlannedFollowUp(kind=kind, due=course.accepted_on) for kind in kinds if course.last(kind) is None)
