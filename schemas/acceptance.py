"""What needs a person: one pure function that judges machine readings and people's corrections alike."""

import math
from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta

from schemas.bars import SHIPPED_BARS, Bars, value_kind
from schemas.base import Value
from schemas.dates import Tense, parse_date
from schemas.pad import Checkbox, PadDesign
from schemas.phones import parse_phone
from schemas.policy import Policy as Policy
from schemas.policy import bar_for as bar_for
from schemas.reading import Finding, MarkState, ReferralDraft, SignatureState, TextReading
from schemas.reasons import FindingCode as Code
from schemas.referral import VERBATIM, Accepted, NeedsReview, Referral, SignatureKind, text_limit
from schemas.text import clean, counted
from schemas.typed_signature import names_the_signer

PERSON = "person"  # the reader of a value that a person has typed or confirmed
SET_BY_PERSON = "set by a person"  # the reason of a box or signature that a person has decided


class _Case(Value):
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

    def is_by_person(self, name: str) -> bool:
        """Whether a person has typed or confirmed what the field says."""
        reading = self.reading(name)
        return reading is not None and reading.reader == PERSON

    def date_of(self, name: str, tense: Tense) -> date | None:
        return parse_date(self.written(name), self.received_on, tense).on


def assess(
    draft: ReferralDraft,
    design: PadDesign,
    policy: Policy,
    received_on: date,
    bars: Bars = SHIPPED_BARS,
    asked: Collection[str] | None = None,
) -> Accepted | NeedsReview:
    """Judge a draft: accepted only when no rule finds a doubt.

    `received_on` is the day the scan arrived; a signature must not lie after it. The same function
    judges a person's corrections, whose readings carry reader "person" and confidence 1.
    `asked` are written fields of which a person is asked though they are sure: a second look. Where it is given, even
    empty, no finding tells how sure a value was, so that nobody sees which of them are second looks.
    """
    second = None if asked is None else frozenset(asked)
    case = _Case(draft=draft, design=design, policy=policy, received_on=received_on, bars=bars, asked=second)
    findings = [*draft.findings, *(finding for rule in RULES for finding in rule(case))]
    if findings:
        return NeedsReview(findings=tuple(dict.fromkeys(findings)))
    return Accepted(referral=_referral(case))


def _signature(case: _Case) -> Iterator[Finding]:
    state, why = case.draft.signature.value, case.draft.signature.reason
    if state is SignatureState.ABSENT:
        yield _finding(Code.SIGNATURE_ABSENT, "signature", "No signature was found on the signature line.")
    elif state is SignatureState.UNCERTAIN:
        yield _finding(Code.SIGNATURE_UNCERTAIN, "signature", f"It is not certain that someone signed{_because(why)}.")
    elif state is SignatureState.TYPED:
        yield from _typed_signature(case)


def _typed_signature(case: _Case) -> Iterator[Finding]:
    """A printed name is a signature where the studio, or the person who looks at it, takes it for one."""
    policy, read = case.policy.typed_signature, case.draft.signature
    typed = "A typed or stamped name stands where a signature should be"
    if policy == "refuse":
        yield _finding(Code.SIGNATURE_ABSENT, "signature", f"{typed}, which the policy does not accept.")
    elif read.reason == SET_BY_PERSON:
        return
    elif policy == "ask":
        yield _finding(Code.SIGNATURE_TYPED, "signature", f"{typed}.")
    elif not names_the_signer(read.words, case.written("provider_name")):
        detail = f"{typed}; it does not say who signed, or not the provider whose name is on the slip."
        yield _finding(Code.SIGNATURE_TYPED, "signature", detail)


def _marks(case: _Case) -> Iterator[Finding]:
    for box in case.design.checkboxes:
        mark = case.draft.marks.get(box.name)
        if mark is None or mark.value is MarkState.AMBIGUOUS:
            why = mark.reason if mark else "the box was not read"
            yield _finding(
                Code.MARK_AMBIGUOUS,
                box.name,
                f'Box "{case.label(box.name)}" is neither clearly checked nor clearly empty{_because(why)}.',
            )
    if not case.ticked("condition") and not case.ticked("service"):
        yield _finding(Code.NO_BOX_TICKED, None, "No condition and no service is checked.")


def _write_ins(case: _Case) -> Iterator[Finding]:
    for box in case.design.checkboxes:
        mark = case.draft.marks.get(box.name)
        if box.write_in is None or mark is None:
            continue
        written, named = case.written(box.write_in), f'"{case.label(box.name)}"'
        if written and mark.value is MarkState.UNCHECKED:
            detail = f"Something is written beside {named}, but its box is not checked."
            yield _finding(Code.WRITE_IN_UNTICKED, box.name, detail)
        if not written and mark.value is MarkState.CHECKED:
            detail = f"{named} is checked, but nothing is written beside it."
            yield _finding(Code.WRITE_IN_EMPTY, box.write_in, detail)


def _needed(case: _Case) -> Iterator[Finding]:
    for name in ("patient_name", "patient_phone", "signed_on"):
        if not case.written(name):
            yield _finding(Code.FIELD_MISSING, name, f'"{case.label(name)}" is empty.')
    if not case.written("diagnosis") and not case.ticked("condition"):
        yield _finding(Code.FIELD_MISSING, "diagnosis", "Neither a diagnosis is written nor a condition checked.")


def _sure_enough(case: _Case) -> Iterator[Finding]:
    for field in case.design.writing:
        reading = case.reading(field.name)
        if reading is None:
            yield _finding(Code.FIELD_DOUBTFUL, field.name, f'"{field.label}" was not read.')
            continue
        needed = bar_for(value_kind(field, reading), case.policy, case.bars)
        is_asked = field.name in (case.asked or ()) and reading.reader != PERSON
        if is_asked or reading.confidence < needed:
            yield _finding(Code.FIELD_DOUBTFUL, field.name, _how_sure(case, field.label, reading.confidence, needed))


def _how_sure(case: _Case, label: str, confidence: float, needed: float) -> str:
    if case.asked is not None:
        return f'"{label}" waits for a person: confirm it, or enter what the slip says.'
    return f'"{label}" was read with confidence {math.floor(100 * confidence) / 100:.2f}, below {needed:.2f}.'


def _fits(case: _Case) -> Iterator[Finding]:
    for name in VERBATIM:
        written, most = case.written(name), text_limit(name)
        if len(written) > most:
            detail = f'"{case.label(name)}" has {len(written)} characters, above {most}.'
            yield _finding(Code.FIELD_DOUBTFUL, name, detail)
    if len(case.written("patient_name")) == 1:
        yield _finding(Code.FIELD_DOUBTFUL, "patient_name", f'"{case.label("patient_name")}" has 1 character, below 2.')


def _phone(case: _Case) -> Iterator[Finding]:
    written = case.written("patient_phone")
    if written and (problem := parse_phone(written, case.policy.phone_region).problem):
        yield _finding(Code.PHONE_INVALID, "patient_phone", f'"{case.label("patient_phone")}": {problem}.')


def _dates(case: _Case) -> Iterator[Finding]:
    for name, tense in DATE_TENSES.items():
        written = case.written(name)
        if written and (problem := parse_date(written, case.received_on, tense).problem):
            yield _finding(Code.DATE_INVALID, name, f'"{case.label(name)}": {problem}.')
    yield from _signing_date(case)
    yield from _next_visit(case)


def _signing_date(case: _Case) -> Iterator[Finding]:
    signed = case.date_of("signed_on", "past")
    if signed is None:
        return
    if signed > case.received_on:
        late = _days(signed - case.received_on)
        yield _finding(Code.DATE_FUTURE, "signed_on", f"The signature is dated {late} after the slip arrived.")
    elif signed < case.received_on - timedelta(days=case.policy.signed_within_days):
        age = _days(case.received_on - signed)
        detail = f"The signature is {age} old, above {case.policy.signed_within_days}."
        yield _finding(Code.DATE_STALE, "signed_on", detail)


def _next_visit(case: _Case) -> Iterator[Finding]:
    """The next visit is not past, whatever the signature's date says: both may be misread.

    A slip that came late is possible; a person says so by confirming the date.
    """
    signed, visit = case.date_of("signed_on", "past"), case.date_of("next_visit_on", "future")
    if visit is None:
        return
    if signed is not None and visit < signed:
        yield _finding(
            Code.NEXT_VISIT_BEFORE_SIGNATURE,
            "next_visit_on",
            f"The next visit lies {_days(signed - visit)} before the signature.",
        )
    elif visit < case.received_on and not case.is_by_person("next_visit_on"):
        before = _days(case.received_on - visit)
        detail = f"The next visit lies {before} before the slip arrived."
        yield _finding(Code.NEXT_VISIT_BEFORE_ARRIVAL, "next_visit_on", detail)
    elif (visit - case.received_on).days > case.policy.next_visit_within_days:
        ahead = _days(visit - case.received_on)
        detail = f"The next visit lies {ahead} ahead, above {case.policy.next_visit_within_days}."
        yield _finding(Code.DATE_INVALID, "next_visit_on", detail)


DATE_TENSES: dict[str, Tense] = {"signed_on": "past", "next_visit_on": "future"}

RULES: tuple[Callable[[_Case], Iterator[Finding]], ...] = (
    _signature,
    _marks,
    _write_ins,
    _needed,
    _sure_enough,
    _fits,
    _phone,
    _dates,
)


def _referral(case: _Case) -> Referral:
    signed_on = case.date_of("signed_on", "past")
    phone = parse_phone(case.written("patient_phone"), case.policy.phone_region).e164
    if signed_on is None or phone is None:
        raise AssertionError("the rules let an unreadable date or phone pass")
    return Referral(
        design=case.draft.design,
        edition=case.draft.edition,
        serial=case.draft.serial,
        patient_phone=phone,
        conditions=case.ticked("condition"),
        services=case.ticked("service"),
        signature=_signature_kind(case),
        signed_on=signed_on,
        next_visit_on=case.date_of("next_visit_on", "future"),
        **{name: case.written(name) for name in VERBATIM},
    )


def _signature_kind(case: _Case) -> SignatureKind:
    typed = case.draft.signature.value is SignatureState.TYPED
    return SignatureKind.TYPED if typed else SignatureKind.HANDWRITTEN


def _days(span: timedelta) -> str:
    return counted(span.days, "day")


def _because(why: str) -> str:
    return f" ({why})" if why else ""


def _finding(code: Code, field: str | None, detail: str) -> Finding:
    return Finding(code=code, field=field, detail=detail)
