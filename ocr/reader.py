"""A page to readings: the steps in their order, timed, and the verdict on each slip."""

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from ocr.answer_sheets import SheetForms, SheetReader, no_sheets
from ocr.diagnosis import suggest
from ocr.feed_streaks import STREAK_NOTE, without_feed_streaks
from ocr.ink import relative_to_black
from ocr.language.fields import Languages
from ocr.marks.canceling import CancelLine, canceled_finding, find_cancel_lines, with_cancel_lines
from ocr.marks.measure import read_marks
from ocr.marks.round_boxes import square_round_boxes
from ocr.page import Page
from ocr.patient_label.judge import LabelReadings, with_covered, with_label
from ocr.patient_label.on_slip import NO_LABEL, read_patient_label
from ocr.processor_time import StageTimer
from ocr.recognizers.printed_words import WordFinder, open_word_finder
from ocr.recognizers.recognizer import TextRecognizer
from ocr.signature.read import read_signature
from ocr.slips.found_slip import FoundSlip, RegisteredSlip, UnreadSlip
from ocr.slips.page_without_slip import why_no_slip
from ocr.slips.picture_quality import judge_picture
from ocr.slips.search import Searched, search_page
from ocr.streaks import find_lines
from ocr.template import Template
from ocr.text import SlipText, read_ink
from schemas.acceptance import Policy, assess
from schemas.internal_error import NOT_OF_ONE_SLIP, internal_error
from schemas.limits import Limits
from schemas.names.known_people import NOBODY_KNOWN, KnownPeople
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
from schemas.time_spent import Stage, TimeSpent

MARKS_ONLY_NOTE = "only the marks and the signature were read"


@dataclass(frozen=True, eq=False)
class ReadSlip:
    """A slip that was registered to its blank form, and its reading."""

    found: RegisteredSlip
    reading: SlipReading


@dataclass(frozen=True, eq=False)
class RefusedSlip:
    """A slip that could not be read; its reading only says why."""

    found: UnreadSlip
    reading: SlipReading


SlipResult: TypeAlias = ReadSlip | RefusedSlip


@dataclass(frozen=True, eq=False)
class ReadPage:
    """One page, with its slips' pictures; `seconds` are of processor time, by stage, and `spent` by the clock."""

    read: PageRead
    slips: tuple[SlipResult, ...] = ()
    seconds: dict[Stage, float] = field(default_factory=dict)
    spent: TimeSpent = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class _Origin:
    """Where a slip comes from: `file` is the name as given, `number` the slip's own in it."""

    page: Page
    file: str
    received_on: date
    number: int


@dataclass(frozen=True, eq=False)
class _Values:
    marks: dict[str, MarkReading]
    signature: SignatureReading
    others_signed: dict[str, SignatureReading]
    text: SlipText
    canceling: tuple[CancelLine, ...]
    label: LabelReadings = NO_LABEL
    notes: tuple[str, ...] = ()


class Reader:
    """Reads pages; holds the templates and the recognizers, and nothing of any page.

    `finder` tells a typed or stamped name from a signature; None is Tesseract. `sheets` has the forms of answer sheets,
    `languages` is asked before each slip for the language models to use; `people` are those on record. With
    `marks_only` no text is read, no recognizer is needed, and no slip is accepted.
    """

    def __init__(
        self,
        templates: Sequence[Template],
        recognizers: Sequence[TextRecognizer],
        policy: Policy,
        *,
        finder: WordFinder | None = None,
        languages: Callable[[], Languages] = Languages,
        people: KnownPeople = NOBODY_KNOWN,
        sheets: SheetForms = no_sheets,
        marks_only: bool = False,
    ) -> None:
        self._templates = tuple(templates)
        self._languages = languages
        self.people = people
        self._recognizers = tuple(recognizers)
        self._finder = finder or open_word_finder(Limits())
        self._policy = policy
        self._marks_only = marks_only
        self._sheets = SheetReader(self._recognizers, self._finder, policy.phone_region, languages, sheets)

    def knowing(self, people: KnownPeople) -> "Reader":
        """The same reader that knows these people on record, and no others."""
        other = copy(self)
        other.people = people
        return other

    def read_page(self, page: Page, file: str, received_on: date, first_slip: int = 1) -> ReadPage:
        """All slips of a page, or why there are none; `file` is the name as given, slips count from `first_slip`."""
        watch = StageTimer()
        with watch.on("find"):
            found, set_aside = self._find(page, file)
        if set_aside is not None:
            return ReadPage(PageRead(page=page.number, set_aside=set_aside), (), watch.seconds, watch.spent)
        slips = tuple(
            self._read_slip(slip, _Origin(found.page, file, received_on, number), watch)
            for number, slip in enumerate(found.slips, first_slip)
        )
        read = PageRead(page=page.number, slips=tuple(slip.reading for slip in slips))
        return ReadPage(read, slips, watch.seconds, watch.spent)

    def _find(self, page: Page, file: str) -> tuple[Searched, PageSetAside | None]:
        """The slips of a page, or why there are none; an unforeseen error costs this page alone."""
        try:
            found = search_page(page, self._templates)
            return found, None if found.slips else why_no_slip(found, file)
        except NOT_OF_ONE_SLIP:
            raise
        except Exception as error:  # noqa: BLE001 - whatever fails at one page, the pages after it are read
            reason, sentence = SetAsideReason.INTERNAL_ERROR, f"Page {page.number}: {internal_error(error).detail}"
            return Searched(page), PageSetAside(file=file, page=page.number, reason=reason, message=sentence)

    def _read_slip(self, slip: FoundSlip, origin: _Origin, watch: StageTimer) -> SlipResult:
        """The slip with its reading; an unforeseen error costs this slip alone, whose picture a person sees."""
        try:
            if isinstance(slip, RegisteredSlip):
                return self._read_registered(slip, origin, watch)
            with watch.on("judge"):
                return self._read_unregistered(slip, origin)
        except NOT_OF_ONE_SLIP:
            raise
        except Exception as error:  # noqa: BLE001 - whatever fails at one slip, the slips after it are read
            refused = slip.to_unread(internal_error(error))
            return RefusedSlip(refused, self._base_reading(refused, origin))

    def _read_unregistered(self, slip: UnreadSlip, origin: _Origin) -> RefusedSlip:
        """What is no slip that can be read may be the sheet on which an office answers."""
        sheet = self._sheets.read(slip, origin.page, origin.received_on, self.people.questions)
        found, told = (sheet.found, {"sheet": sheet.reading}) if sheet else (slip, {})
        return RefusedSlip(found, self._base_reading(found, origin).model_copy(update=told))

    def _read_registered(self, slip: RegisteredSlip, origin: _Origin, watch: StageTimer) -> SlipResult:
        values = self._read_values(slip, origin.received_on, watch)
        if slip.unless_labeled and not values.label.text:
            refused = slip.to_unread(*slip.unless_labeled)
            return RefusedSlip(refused, self._base_reading(refused, origin))
        doubts = (*judge_picture(slip.picture, slip.template, slip.dpi), *_doubts(slip, values))
        with watch.on("judge"):
            return ReadSlip(slip, self._judge(slip, values, doubts, origin))

    def _read_values(self, slip: RegisteredSlip, received_on: date, watch: StageTimer) -> _Values:
        template = slip.template
        with watch.on("marks"):
            seen = relative_to_black(slip.dark, template.solid_mm)
            ink = without_feed_streaks(seen, template.print_reach, slip.feed_lean)
            notes = () if ink is seen else (STREAK_NOTE,)
            lines = find_lines(ink, template.print_reach)
            canceling = find_cancel_lines(ink, lines, template)
            boxes = square_round_boxes(ink, template) if template.design.adopted else ink
            marks = read_marks(boxes, with_cancel_lines(lines, canceling, ink.shape), template)
        with watch.on("signature"):
            signature = read_signature(ink, lines, template, self._finder)
            others = {
                name: read_signature(ink, lines, room, self._finder) for name, room in template.others_signed.items()
            }
        if self._marks_only:
            return _Values(marks, signature, others, SlipText({}), canceling, notes=notes)
        with watch.on("text"):
            people = self.people.of_slip(template.design.pad_id, slip.code.serial if slip.code else None)
            region, languages = self._policy.phone_region, self._languages()
            text = read_ink(ink, template, self._recognizers, received_on, region, languages, people)
            label = read_patient_label(ink, template, self._finder, self._recognizers, received_on, region)
            readings, doubts = with_label(text.readings, label, template.design.labels)
        told = SlipText(readings, (*text.findings, *doubts))
        return _Values(with_covered(marks, label.covered), signature, others, told, canceling, label, notes)

    def _judge(
        self, slip: RegisteredSlip, values: _Values, doubts: tuple[Finding, ...], origin: _Origin
    ) -> SlipReading:
        """The slip's reading with the verdict on it; `doubts` are those of picture and values."""
        unread = self._base_reading(slip, origin)
        accepted, findings = self._verdict(slip, values, (*unread.findings, *doubts), origin.received_on)
        return unread.model_copy(
            update={
                "marks": values.marks,
                "signature": values.signature,
                "signatures": values.others_signed,
                "text": values.text.readings,
                "suggestions": _suggest_codes(values),
                "verdict": "accepted" if accepted else "review",
                "findings": findings,
                "notes": (*unread.notes, *values.notes),
            }
        )

    def _verdict(
        self, slip: RegisteredSlip, values: _Values, findings: tuple[Finding, ...], received_on: date
    ) -> tuple[bool, tuple[Finding, ...]]:
        """Whether the slip is accepted, and the findings that remain."""
        design = slip.template.design
        draft = ReferralDraft(
            design=design.design,
            edition=design.edition,
            serial=slip.code.serial if slip.code else None,
            marks=values.marks,
            signature=values.signature,
            signatures=values.others_signed,
            text=values.text.readings,
            findings=findings,
        )
        verdict = assess(draft, design, self._policy, received_on)
        if isinstance(verdict, Accepted):
            return not self._marks_only, ()
        if not self._marks_only:
            return False, verdict.findings
        return False, tuple(one for one in verdict.findings if one.field not in {f.name for f in design.writing})

    def _base_reading(self, slip: FoundSlip, origin: _Origin) -> SlipReading:
        """The reading of a slip before any of its fields is read: its place, its design, and the findings so far."""
        design = slip.template.design if slip.template else None
        return SlipReading(
            file=origin.file,
            page=origin.page.number,
            slip=origin.number,
            corners_px=tuple((round(float(x), 1), round(float(y), 1)) for x, y in slip.corners_px),
            design=design.design if design else None,
            edition=design.edition if design else None,
            serial=slip.code.serial if slip.code else None,
            residual_mm=None if slip.residual_mm is None else round(slip.residual_mm, 3),
            channel=origin.page.channel,
            verdict="review",
            findings=(*origin.page.findings, *slip.findings),
            notes=(*origin.page.notes, *slip.notes, *((MARKS_ONLY_NOTE,) if self._marks_only else ())),
        )


def _suggest_codes(values: _Values) -> tuple[CodeSuggestion, ...]:
    diagnosis = values.text.readings.get("diagnosis")
    return suggest(diagnosis.value) if diagnosis and diagnosis.value else ()


def _doubts(slip: RegisteredSlip, values: _Values) -> Iterator[Finding]:
    """Findings of lines over the slip, of readers that broke down, and of fields whose own printed rule does not show.

    Paper over a field hides its writing, or carries writing of its own. A coarse fax sometimes loses the rule of a
    write-in; beside an empty box that does not matter.
    """
    if values.canceling:
        yield canceled_finding(values.canceling)
    yield from values.text.findings
    empty = {name for name, read in values.text.readings.items() if not read.value}
    boxes = slip.template.design.checkboxes
    unasked = {box.write_in for box in boxes if values.marks[box.name].value is MarkState.UNCHECKED} & empty
    for part in slip.template.design.fields:
        if part.name in slip.hidden and part.name not in unasked | values.label.covered:
            detail = f'"{part.label}" does not show its own rule; something may lie over it.'
            yield Finding(code=FindingCode.FIELD_DOUBTFUL, field=part.name, detail=detail)
