"""What needs a person: one pure function that judges machine readings and people's corrections alike."""

import math
from collections.abc import Callable, Collection, Iterator
from datetime import date

from schemas.bars import SHIPPED_BARS, Bars, value_kind
from schemas.judging.answers import judge_answers
from schemas.judging.case import PERSON as PERSON
from schemas.judging.case import SET_BY_PERSON as SET_BY_PERSON
from schemas.judging.case import Case, because, doubt
from schemas.judging.dates import judge_dates
from schemas.judging.groups import judge_groups
from schemas.judging.scope import judge_scope
from schemas.pad import ROLE_GROUPS, PadDesign
from schemas.phones import parse_phone
from schemas.policy import Policy as Policy
from schemas.policy import bar_for as bar_for
from schemas.reading import Finding, MarkState, ReferralDraft, SignatureState
from schemas.reasons import FindingCode as Code
from schemas.referral import VERBATIM, Accepted, NeedsReview, Referral, SignatureKind, text_limit
from schemas.typed_signature import names_the_signer


def assess(
    draft: ReferralDraft,
    design: PadDesign,
    policy: Policy,
    received_on: date,
    bars: Bars = SHIPPED_BARS,
    asked: Collection[str] | None = None,
    waived: Collection[Code] = (),
) -> Accepted | NeedsReview:
    """Judge a draft: accepted only when no rule finds a doubt.

    `received_on` is the day the scan arrived; a signature must not lie after it. The same function
    judges a person's corrections, whose readings carry reader "person" and confidence 1.
    `asked` are written fields of which a person is asked though they are sure: a second look. Where it is given, even
    empty, no finding tells how sure a value was, so that nobody sees which of them are second looks. `waived` are
    doubts that a person lets stand.
    """
    second = None if asked is None else frozenset(asked)
    case = Case(draft=draft, design=design, policy=policy, received_on=received_on, bars=bars, asked=second)
    findings = [*draft.findings, *(finding for rule in RULES for finding in rule(case))]
    if left := [finding for finding in findings if finding.code not in waived]:
        return NeedsReview(findings=tuple(dict.fromkeys(left)))
    return Accepted(referral=_referral(case))


def _signature(case: Case) -> Iterator[Finding]:
    state, why = case.draft.signature.value, case.draft.signature.reason
    if state is SignatureState.ABSENT:
        yield doubt(Code.SIGNATURE_ABSENT, "signature", "No signature was found on the signature line.")
    elif state is SignatureState.UNCERTAIN:
        yield doubt(Code.SIGNATURE_UNCERTAIN, "signature", f"It is not certain that someone signed{because(why)}.")
    elif state is SignatureState.TYPED:
        yield from _typed_signature(case)


def _typed_signature(case: Case) -> Iterator[Finding]:
    """A printed name is a signature where the studio, or the person who looks at it, takes it for one."""
    policy, read = case.policy.typed_signature, case.draft.signature
    typed = "A typed or stamped name stands where a signature should be"
    if policy == "refuse":
        yield doubt(Code.SIGNATURE_ABSENT, "signature", f"{typed}, which the policy does not accept.")
    elif read.reason == SET_BY_PERSON:
        return
    elif policy == "ask":
        yield doubt(Code.SIGNATURE_TYPED, "signature", f"{typed}.")
    elif not names_the_signer(read.words, case.written("provider_name")):
        detail = f"{typed}; it does not say who signed, or not the provider whose name is on the slip."
        yield doubt(Code.SIGNATURE_TYPED, "signature", detail)


def _marks(case: Case) -> Iterator[Finding]:
    for box in case.design.checkboxes:
        mark = case.draft.marks.get(box.name)
        if mark is None or mark.value is MarkState.AMBIGUOUS:
            why = mark.reason if mark else "the box was not read"
            yield doubt(
                Code.MARK_AMBIGUOUS,
                box.name,
                f'Box "{case.label(box.name)}" is neither clearly checked nor clearly empty{because(why)}.',
            )
    asked = any(box.group in ROLE_GROUPS for box in case.design.checkboxes)
    if asked and not case.ticked("condition") and not case.ticked("service"):
        yield doubt(Code.NO_BOX_TICKED, None, "No condition and no service is checked.")


def _write_ins(case: Case) -> Iterator[Finding]:
    for box in case.design.checkboxes:
        mark = case.draft.marks.get(box.name)
        if box.write_in is None or mark is None:
            continue
        written, named = case.written(box.write_in), f'"{case.label(box.name)}"'
        if written and mark.value is MarkState.UNCHECKED:
            detail = f"Something is written beside {named}, but its box is not checked."
            yield doubt(Code.WRITE_IN_UNTICKED, box.name, detail)
        if not written and mark.value is MarkState.CHECKED:
            detail = f"{named} is checked, but nothing is written beside it."
            yield doubt(Code.WRITE_IN_EMPTY, box.write_in, detail)


def _needed(case: Case) -> Iterator[Finding]:
    for name in ("patient_name", "patient_phone", "signed_on"):
        if not case.written(name):
            yield doubt(Code.FIELD_MISSING, name, f'"{case.label(name)}" is empty.')
    if not case.written("diagnosis") and not case.ticked("condition"):
        yield doubt(Code.FIELD_MISSING, "diagnosis", "Neither a diagnosis is written nor a condition checked.")


def _sure_enough(case: Case) -> Iterator[Finding]:
    for field in case.design.writing:
        reading = case.reading(field.name)
        if reading is None:
            yield doubt(Code.FIELD_DOUBTFUL, field.name, f'"{field.label}" was not read.')
            continue
        needed = bar_for(value_kind(field, reading), case.policy, case.bars)
        is_asked = field.name in (case.asked or ()) and reading.reader != PERSON
        if is_asked or reading.confidence < needed:
            yield doubt(Code.FIELD_DOUBTFUL, field.name, _how_sure(case, field.label, reading.confidence, needed))


def _how_sure(case: Case, label: str, confidence: float, needed: float) -> str:
    if case.asked is not None:
        return f'"{label}" waits for a person: confirm it, or enter what the slip says.'
    return f'"{label}" was read with confidence {math.floor(100 * confidence) / 100:.2f}, below {needed:.2f}.'


def _fits(case: Case) -> Iterator[Finding]:
    for name in VERBATIM:
        written, most = case.written(name), text_limit(name)
        if len(written) > most:
            detail = f'"{case.label(name)}" has {len(written)} characters, above {most}.'
            yield doubt(Code.FIELD_DOUBTFUL, name, detail)
    if len(case.written("patient_name")) == 1:
        yield doubt(Code.FIELD_DOUBTFUL, "patient_name", f'"{case.label("patient_name")}" has 1 character, below 2.')


def _phone(case: Case) -> Iterator[Finding]:
    written = case.written("patient_phone")
    if written and (problem := parse_phone(written, case.policy.phone_region).problem):
        yield doubt(Code.PHONE_INVALID, "patient_phone", f'"{case.label("patient_phone")}": {problem}.')


RULES: tuple[Callable[[Case], Iterator[Finding]], ...] = (
    _signature,
    _marks,
    judge_groups,
    _write_ins,
    _needed,
    _sure_enough,
    _fits,
    _phone,
    judge_dates,
    judge_answers,
    judge_scope,
)


def _referral(case: Case) -> Referral:
    signed_on = case.date_of("signed_on")
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
        next_visit_on=case.date_of("next_visit_on"),
        birth_date=case.date_of("birth_date"),
        answers=case.answers,
        **{name: case.written(name) for name in VERBATIM},
    )


def _signature_kind(case: Case) -> SignatureKind:
    typed = case.draft.signature.value is SignatureState.TYPED
    return SignatureKind.TYPED if typed else SignatureKind.HANDWRITTEN
