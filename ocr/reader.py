"""A page to readings: the steps in their order, timed, and the verdict on each slip."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from time import perf_counter
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ocr.diagnosis import suggest
from ocr.ink import against_black
from ocr.language.fields import Languages
from ocr.marks.measure import marks_in
from ocr.marks.round_boxes import squared
from ocr.page import Page
from ocr.pages.blank import is_blank
from ocr.recognisers.recogniser import TextRecogniser
from ocr.registration.transform import Lie
from ocr.signature.measure import signature_in
from ocr.slips.find import find_slips
from ocr.slips.found_slip import FoundSlip
from ocr.slips.picture_quality import judge_picture, page_complaint
from ocr.streaks import find_lines
from ocr.template import Template
from ocr.text import SlipText, read_text
from schemas.acceptance import Policy, assess
from schemas.reading import (
    CodeSuggestion,
    Finding,
    MarkReading,
    MarkState,
    PageRead,
    PageSetAside,
    ReferralDraft,
    SignatureReading,
    SlipReading,
)
from schemas.reasons import FindingCode, SetAsideReason
from schemas.referral import Accepted

Stage: TypeAlias = Literal["find", "marks", "signature", "text", "judge"]
DIAGNOSIS = "diagnosis"
MARKS_ONLY_NOTE = "only the marks and the signature were read"


@dataclass(frozen=True, eq=False)
class ReadSlip:
    """A reading, and the slip's upright grey picture (H, W) at REGISTERED_DPI.

    `lie` tells how the slip lies on its page; None when the picture does not lie over its blank form but is only turned
    upright.
    """

    reading: SlipReading
    picture: NDArray[np.uint8]
    lie: Lie | None
    template: Template | None

    @property
    def registered(self) -> bool:
        """Whether the picture lies over its blank form."""
        return self.lie is not None


@dataclass(frozen=True, eq=False)
class ReadPage:
    """All that came of a page; `slips` are those of `read.slips`, with their pictures. `seconds` by stage."""

    read: PageRead
    slips: tuple[ReadSlip, ...] = ()
    seconds: dict[Stage, float] = field(default_factory=dict)


@dataclass
class _Watch:
    seconds: dict[Stage, float] = field(default_factory=dict)

    @contextmanager
    def on(self, stage: Stage) -> Iterator[None]:
        start = perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + perf_counter() - start


@dataclass(frozen=True, eq=False)
class _Values:
    template: Template
    marks: dict[str, MarkReading]
    signature: SignatureReading
    text: SlipText


class Reader:
    """Reads pages; holds the templates and the recognisers, and nothing of any page.

    `languages` tells before each slip what is expected to be written. With `marks_only` no text is read, no recogniser
    is needed, and no slip is accepted.
    """

    def __init__(
        self,
        templates: Sequence[Template],
        recognisers: Sequence[TextRecogniser],
        policy: Policy,
        *,
        languages: Callable[[], Languages] = Languages,
        marks_only: bool = False,
    ) -> None:
        self._templates = tuple(templates)
        self._languages = languages
        self._recognisers = tuple(recognisers)
        self._policy = policy
        self._marks_only = marks_only

    def read_page(self, page: Page, file: str, received_on: date, first_slip: int = 1) -> ReadPage:
        """All slips of a page, or why there are none; `file` is the name as given, slips count from `first_slip`."""
        watch = _Watch()
        with watch.on("find"):
            found = find_slips(page, self._templates)
        if not found:
            with watch.on("find"):
                return ReadPage(PageRead(page=page.number, set_aside=_no_slip(page, file)), (), watch.seconds)
        slips = tuple(
            self._read_slip(slip, page, file, received_on, number, watch)
            for number, slip in enumerate(found, first_slip)
        )
        return ReadPage(PageRead(page=page.number, slips=tuple(slip.reading for slip in slips)), slips, watch.seconds)

    def _read_slip(
        self, slip: FoundSlip, page: Page, file: str, received_on: date, number: int, watch: _Watch
    ) -> ReadSlip:
        values, findings = None, (*page.findings, *slip.findings)
        if slip.template is not None and slip.registered is not None and slip.dark is not None:
            values = self._read_values(slip.registered, slip.dark, slip.template, received_on, watch)
            findings += (*judge_picture(slip.registered, slip.template, slip.dpi), *values.text.findings)
            findings += tuple(_covered(slip.hidden, values))
        with watch.on("judge"):
            reading = self._reading(slip, page, file, number, values, findings, received_on)
        return ReadSlip(reading, slip.picture, slip.lie, slip.template)

    def _read_values(
        self,
        registered: NDArray[np.uint8],
        dark: NDArray[np.uint8],
        template: Template,
        received_on: date,
        watch: _Watch,
    ) -> _Values:
        with watch.on("marks"):
            ink = against_black(dark, template.solid_mm)
            lines = find_lines(ink, template.print_reach)
            boxes = squared(ink, template) if template.design.adopted else ink
            marks = marks_in(boxes, lines, template)
        with watch.on("signature"):
            signature = signature_in(ink, lines, template)
        text = SlipText({})
        if not self._marks_only:
            with watch.on("text"):
                text = read_text(registered, template, self._recognisers, received_on, self._languages())
        return _Values(template, marks, signature, text)

    def _reading(
        self,
        slip: FoundSlip,
        page: Page,
        file: str,
        number: int,
        values: _Values | None,
        findings: tuple[Finding, ...],
        received_on: date,
    ) -> SlipReading:
        accepted, judged = False, findings
        if values is not None:
            accepted, judged = self._judged(values, slip, findings, received_on)
        code = slip.code
        design = slip.template.design if slip.template else None
        return SlipReading(
            file=file,
            page=page.number,
            slip=number,
            corners_px=tuple((round(float(x), 1), round(float(y), 1)) for x, y in slip.corners_px),
            design=design.design if design else None,
            edition=design.edition if design else None,
            serial=code.serial if code else None,
            residual_mm=None if slip.residual_mm is None else round(slip.residual_mm, 3),
            marks=values.marks if values else {},
            signature=values.signature if values else None,
            text=values.text.readings if values else {},
            suggestions=_suggested(values),
            verdict="accepted" if accepted else "review",
            findings=judged,
            notes=(*page.notes, *slip.notes, *((MARKS_ONLY_NOTE,) if self._marks_only else ())),
        )

    def _judged(
        self, values: _Values, slip: FoundSlip, findings: tuple[Finding, ...], received_on: date
    ) -> tuple[bool, tuple[Finding, ...]]:
        design = values.template.design
        draft = ReferralDraft(
            design=design.design,
            edition=design.edition,
            serial=slip.code.serial if slip.code else None,
            marks=values.marks,
            signature=values.signature,
            text=values.text.readings,
            findings=findings,
        )
        verdict = assess(draft, design, self._policy, received_on)
        if isinstance(verdict, Accepted):
            return not self._marks_only, ()
        kept = verdict.findings
        if self._marks_only:
            unread = {field.name for field in design.writing}
            kept = tuple(finding for finding in kept if finding.field not in unread)
        return False, kept


def _suggested(values: _Values | None) -> tuple[CodeSuggestion, ...]:
    diagnosis = values.text.readings.get(DIAGNOSIS) if values else None
    return suggest(diagnosis.value) if diagnosis and diagnosis.value else ()


def _covered(hidden: Sequence[str], values: _Values) -> Iterator[Finding]:
    """A doubt for each field that does not show its own rule: what covers it hides writing, or is written on itself.

    A coarse fax loses the lone rule of a write-in now and then; beside an empty box that shows, that is no matter.
    """
    empty = {name for name, read in values.text.readings.items() if not read.value}
    boxes = values.template.design.checkboxes
    unasked = {box.write_in for box in boxes if values.marks[box.name].value is MarkState.UNCHECKED} & empty
    for each in values.template.design.fields:
        if each.name in hidden and each.name not in unasked:
            detail = f'"{each.label}" does not show its own rule; something may lie over it.'
            yield Finding(code=FindingCode.FIELD_DOUBTFUL, field=each.name, detail=detail)


def _no_slip(page: Page, file: str) -> PageSetAside:
    if is_blank(page.grey, page.dpi):
        reason, sentence = SetAsideReason.BLANK_PAGE, f"Page {page.number} is blank; nothing to do."
    else:
        height, width = page.grey.shape
        reason = SetAsideReason.NO_SLIP_FOUND
        why = page_complaint(page) or "Scan the whole slip again if there is one."
        sentence = f"Page {page.number} ({width} x {height} pixels) shows no slip with its 4 corner marks. {why}"
    return PageSetAside(file=file, page=page.number, reason=reason, message=sentence)
