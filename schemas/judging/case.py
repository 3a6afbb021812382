"""One draft being judged: what it says, by the names of its fields."""

from dataclasses import dataclass
from datetime import date, timedelta

from schemas.answers import AnswerValue, answer_names
from schemas.bars import Bars
from schemas.dates import parse_date
from schemas.fields.meaning import meaning_of
from schemas.pad import DATE_TENSES, Checkbox, CombField, PadDesign, SignatureField, TextField
from schemas.policy import Policy
from schemas.reading import Finding, MarkState, ReferralDraft, TextReading
from schemas.reasons import FindingCode
from schemas.referral import SIGNED, SignatureKind
from schemas.text import clean, counted

PERSON = "person"  # the reader of a value that a person has typed or confirmed
SET_BY_PERSON = "set by a person"  # the reason of a box or signature that a person has decided


@dataclass(frozen=True)
class Case:
    """A draft with all that it is judged by; see `schemas.acceptance.assess`.

    No model of pydantic: that would check the whole design anew for every slip, which takes 3 ms.
    """

    draft: ReferralDraft
    design: PadDesign
    policy: Policy
    received_on: date
    bars: Bars
    asked: frozenset[str] | None = None

    def reading(self, name: str) -> TextReading | None:
        """What was read in a field of the design; what is not on this pad was not read from it."""
        return self.draft.text.get(name) if self.design.field(name) else None

    def written(self, name: str) -> str:
        """The text as the record would hold it, so that no rule is passed by what the record drops."""
        reading = self.reading(name)
        return str(clean(reading.value)) if reading else ""

    def label(self, name: str) -> str:
        return self.design.labels.get(name, name)

    def ticked(self, group: str) -> tuple[str, ...]:
        return tuple(
            box.name for box in self.design.checkboxes if box.group == group and self._state(box) is MarkState.CHECKED
        )

    def _state(self, box: Checkbox) -> MarkState | None:
        mark = self.draft.marks.get(box.name)
        return mark.value if mark else None

    @property
    def answers(self) -> dict[str, AnswerValue]:
        """What the slip says where its pad asks more than every referral says; None where it says nothing."""
        return {name: self._answer(name) for name in answer_names(self.design)}

    def _answer(self, name: str) -> AnswerValue:
        part = self.design.field(name)
        if isinstance(part, SignatureField):
            return self._signed(name)
        if isinstance(part, TextField | CombField):
            written = self.written(name)
            return meaning_of(part, written, self.received_on, self.policy.phone_region).value if written else None
        ticked, group = self.ticked(name), next(group for group in self.design.groups if group.name == name)
        return next(iter(ticked), None) if group.choose == "one" else ticked

    def _signed(self, name: str) -> SignatureKind | None:
        read = self.draft.signatures.get(name)
        return SIGNED.get(read.value) if read else None

    def is_by_person(self, name: str) -> bool:
        """Whether a person has typed or confirmed what the field says."""
        reading = self.reading(name)
        return reading is not None and reading.reader == PERSON

    def date_of(self, name: str) -> date | None:
        """The date that one of DATE_TENSES says; None when it is empty or says none."""
        return parse_date(self.written(name), self.received_on, DATE_TENSES[name]).on

    def own_date(self, name: str) -> date | None:
        """The date of a field of the design's own; None when it is empty or says none."""
        part = self.design.field(name)
        tense = part.when if isinstance(part, TextField | CombField) else None
        return parse_date(self.written(name), self.received_on, tense).on if tense else None


def days(span: timedelta) -> str:
    """`1 day`, `3 days`."""
    return counted(span.days, "day")


def because(why: str) -> str:
    """The reason in brackets, as it ends a sentence; nothing without one."""
    return f" ({why})" if why else ""


def doubt(code: FindingCode, field: str | None, detail: str) -> Finding:
    """A finding about a field, or about the slip as a whole (None)."""
    return Finding(code=code, field=field, detail=detail)
