"""What was read from paper: values with confidence, never yet a record."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from schemas.base import Value, is_empty
from schemas.codes.icd10cm import ICD10CM_CODE
from schemas.fields.roles import SIGNATURE
from schemas.geometry import PointMm
from schemas.pad_id import PadId
from schemas.reasons import FindingCode, SetAsideReason
from schemas.sheet_code import SheetCode

LABEL = "label"  # among the readers of a value that the office's patient label says


class MarkState(StrEnum):
    CHECKED = "checked"
    UNCHECKED = "unchecked"
    AMBIGUOUS = "ambiguous"


class SignatureState(StrEnum):
    """Present is by hand; typed is a name that was typed, stamped or printed in its place."""

    PRESENT = "present"
    ABSENT = "absent"
    TYPED = "typed"
    UNCERTAIN = "uncertain"


class PageChannel(StrEnum):
    """The way a page came, as far as its picture tells: see ocr.page.Page.channel."""

    SCAN = "scan"
    BLACK_AND_WHITE = "black_and_white"
    FAX = "fax"
    PHOTO = "photo"


class Finding(Value):
    """One reason why a person must look: a code, the field it is about (or None), one sentence.

    `other_slip` is the number of the slip that a possible duplicate is compared with, `courses_mm` where the strokes
    run that it is about, each as points from end to end.
    """

    code: FindingCode
    field: str | None = None
    detail: str
    other_slip: int | None = None
    courses_mm: tuple[tuple[PointMm, ...], ...] = ()


class MarkReading(Value):
    """The state of one checkbox. `ink` is the share (0..1) of the box darkened above the blank form."""

    value: MarkState
    confidence: float = Field(ge=0, le=1)
    ink: float = Field(ge=0, le=1)
    reason: str = ""


class SignatureReading(Value):
    """Whether someone signed; presence only, never that the signature is genuine.

    `words` are those in print on the line, as they were read.
    """

    value: SignatureState
    confidence: float = Field(ge=0, le=1)
    reason: str = ""
    words: str = ""


class Candidate(Value):
    """One reader's proposal for a field."""

    value: str
    confidence: float = Field(ge=0, le=1)
    reader: str


class TextReading(Value):
    """What a field says. An empty `value` with confidence 1 means nothing is written there.

    Phones are E.164 and dates ISO 8601 once they parse; before that `value` is what was read. `known` says who that
    is on record ("a provider on record"), when a name is believed since it is known; else it is empty.
    """

    value: str
    confidence: float = Field(ge=0, le=1)
    candidates: tuple[Candidate, ...] = ()
    reader: str
    known: str = ""


class CodeSuggestion(Value):
    """An ICD-10-CM code that a diagnosis may mean: a suggestion, which only a person can confirm.

    `score` (0..1) is how alike the words are; a code that `needs_more` is billed only with further characters.
    """

    code: str = Field(pattern=rf"^{ICD10CM_CODE}$")
    description: str
    needs_more: bool
    score: float = Field(ge=0, le=1)


class ReferralDraft(Value):
    """All readings of one slip. Findings here are of the paper; `assess` adds those of the content.

    `signature` is that of whoever refers, `signatures` are others that the pad asks for, by their names.
    """

    design: str
    edition: int
    serial: int | None = None
    marks: dict[str, MarkReading]
    signature: SignatureReading
    signatures: dict[str, SignatureReading] = Field(default_factory=dict, exclude_if=is_empty)
    text: dict[str, TextReading]
    findings: tuple[Finding, ...] = ()

    @property
    def pad_id(self) -> PadId:
        return PadId(self.design, self.edition)

    @property
    def all_signatures(self) -> dict[str, SignatureReading]:
        """The provider's and all others, by the names of their fields."""
        return {SIGNATURE: self.signature, **self.signatures}


class Answered(Value):
    """What an office wrote on an answer sheet, by the names of the pad's fields; a field left empty is not in it."""

    marks: dict[str, MarkReading] = Field(default_factory=dict)
    signatures: dict[str, SignatureReading] = Field(default_factory=dict)
    text: dict[str, TextReading] = Field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The fields that are answered."""
        return (*self.text, *self.signatures, *self.marks)


class SheetReading(Value):
    """An answer sheet: its code, and what the office answered; None when that could not be read."""

    code: SheetCode
    answered: Answered | None = None


class SlipReading(Value):
    """One slip found on a page, as `refpad read --json` prints it.

    `file` is the name as given, `page` and `slip` are 1-based, `corners_px` the slip's corners on the
    upright page in pixels (clockwise from the slip's own top left), `residual_mm` the registration's
    root-mean-square error, `suggestions` codes for the diagnosis as it was read. A slip that could not be
    identified has design None and no draft; nor has an answer sheet, which is kept beside slips.
    """

    file: str
    page: int
    slip: int
    corners_px: tuple[tuple[float, float], ...]
    design: str | None
    edition: int | None
    serial: int | None
    residual_mm: float | None
    channel: PageChannel | None = None
    marks: dict[str, MarkReading] = Field(default_factory=dict)
    signature: SignatureReading | None = None
    signatures: dict[str, SignatureReading] = Field(default_factory=dict, exclude_if=is_empty)
    text: dict[str, TextReading] = Field(default_factory=dict)
    suggestions: tuple[CodeSuggestion, ...] = ()
    verdict: Literal["accepted", "review"]
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    sheet: SheetReading | None = Field(default=None, exclude_if=is_empty)

    @property
    def pad_id(self) -> PadId | None:
        """None when the slip could not be identified."""
        return None if self.design is None or self.edition is None else PadId(self.design, self.edition)

    def draft(self) -> ReferralDraft | None:
        """The readings alone, or None when the slip's design is unknown."""
        if self.design is None or self.edition is None or self.signature is None:
            return None
        return ReferralDraft(
            design=self.design,
            edition=self.edition,
            serial=self.serial,
            marks=self.marks,
            signature=self.signature,
            signatures=self.signatures,
            text=self.text,
            findings=self.findings,
        )


class PageSetAside(Value):
    """A page without a slip, or (`page` None) a file that could not be used."""

    file: str
    page: int | None
    verdict: Literal["set_aside"] = "set_aside"
    reason: SetAsideReason
    message: str


class PageRead(Value):
    """All that came of one page of a file."""

    page: int
    slips: tuple[SlipReading, ...] = ()
    set_aside: PageSetAside | None = None
