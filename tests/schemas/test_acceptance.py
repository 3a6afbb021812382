"""What needs a person: the rule that stands between paper and record."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.acceptance import SET_BY_PERSON, Policy, assess
from schemas.bars import SHIPPED, ValueKind
from schemas.reading import (
    Finding,
    MarkReading,
    MarkState,
    ReferralDraft,
    SignatureReading,
    SignatureState,
    TextReading,
)
from schemas.reasons import FindingCode as Code
from schemas.referral import Accepted, NeedsReview, Referral, SignatureKind, text_limit
from schemas.typed_signature import TypedSignature
from tests.schemas.examples import (
    MARKS,
    RECEIVED_ON,
    TEXT,
    Reading,
    design,
    draft,
    mark,
    signature,
    text,
    typed,
    verdict,
)

CONFIDENCE = st.floats(0, 1)
WRITING = st.sampled_from([*TEXT.values(), "02/30/26", "03/09/26", "555-0142", "x", "\u200b", "a" * 1001]) | st.text()
TEXT_READINGS = st.builds(TextReading, value=WRITING, confidence=CONFIDENCE, reader=st.just("ppocr"))
MARK_READINGS = st.builds(MarkReading, value=st.sampled_from(MarkState), confidence=CONFIDENCE, ink=CONFIDENCE)
SIGNATURES = st.builds(SignatureReading, value=st.sampled_from(SignatureState), confidence=CONFIDENCE)


@st.composite
def drafts(draw: st.DrawFn) -> ReferralDraft:
    """The slip without a doubt, with up to three readings drawn at random: most doubts come alone."""
    spoilt = draw(st.lists(st.sampled_from([*TEXT, *MARKS, "signature"]), max_size=3, unique=True))
    return draft(**{name: draw(_kind(name)) for name in spoilt})


def _kind(name: str) -> st.SearchStrategy[Reading]:
    if name in TEXT:
        return TEXT_READINGS
    return MARK_READINGS if name in MARKS else SIGNATURES


def _findings(judged: Accepted | NeedsReview) -> list[tuple[Code, str | None]]:
    return [(finding.code, finding.field) for finding in judged.findings] if isinstance(judged, NeedsReview) else []


def test_a_slip_without_a_doubt_becomes_a_referral() -> None:
    """The record holds what was written: verbatim text, E.164 phone, real dates, ticked boxes by name."""
    judged = verdict(draft())
    assert isinstance(judged, Accepted)
    assert judged.referral == Referral(
        design="tst",
        edition=1,
        serial=123,
        patient_name="Ada Quill",
        patient_phone="+12125550142",
        provider_name="Dr. B. Fenn",
        diagnosis="s/p L TKA 9/14",
        goals="stairs",
        precautions="no kneeling",
        conditions=("back_pain",),
        services=("post_rehab",),
        signed_on=date(2026, 3, 2),
        next_visit_on=date(2026, 4, 20),
    )


UNTICKED = {name: mark(MarkState.UNCHECKED) for name in MARKS}

DOUBTS: tuple[tuple[dict[str, Reading | None], Code, str | None, str], ...] = (
    (
        {"signature": signature(SignatureState.ABSENT)},
        Code.SIGNATURE_ABSENT,
        "signature",
        "No signature was found on the signature line.",
    ),
    (
        {"signature": signature(SignatureState.UNCERTAIN, "a smudge")},
        Code.SIGNATURE_UNCERTAIN,
        "signature",
        "It is not certain that someone signed (a smudge).",
    ),
    (
        {"signature": signature(SignatureState.TYPED, words="Dr. B. Fenn")},
        Code.SIGNATURE_TYPED,
        "signature",
        "A typed or stamped name stands where a signature should be.",
    ),
    (
        {"arthritis": mark(MarkState.AMBIGUOUS, "scribbled out")},
        Code.MARK_AMBIGUOUS,
        "arthritis",
        'Box "Arthritis" is neither clearly checked nor clearly empty (scribbled out).',
    ),
    (
        {"arthritis": None},
        Code.MARK_AMBIGUOUS,
        "arthritis",
        'Box "Arthritis" is neither clearly checked nor clearly empty (the box was not read).',
    ),
    ({**UNTICKED}, Code.NO_BOX_TICKED, None, "No condition and no service is checked."),
    (
        {"other_condition": text("gout")},
        Code.WRITE_IN_UNTICKED,
        "other",
        'Something is written beside "Other (condition)", but its box is not checked.',
    ),
    (
        {"other": mark(MarkState.CHECKED)},
        Code.WRITE_IN_EMPTY,
        "other_condition",
        '"Other (condition)" is checked, but nothing is written beside it.',
    ),
    ({"patient_name": text("")}, Code.FIELD_MISSING, "patient_name", '"Patient" is empty.'),
    ({"patient_phone": text(" ")}, Code.FIELD_MISSING, "patient_phone", '"Phone" is empty.'),
    ({"signed_on": text("")}, Code.FIELD_MISSING, "signed_on", '"Date" is empty.'),
    (
        {"diagnosis": text(""), "back_pain": mark(MarkState.UNCHECKED)},
        Code.FIELD_MISSING,
        "diagnosis",
        "Neither a diagnosis is written nor a condition checked.",
    ),
    (
        {"goals": text("stars", confidence=0.894)},
        Code.FIELD_DOUBTFUL,
        "goals",
        '"Goals" was read with confidence 0.89, below 0.97.',
    ),
    ({"goals": None}, Code.FIELD_DOUBTFUL, "goals", '"Goals" was not read.'),
    (
        {"diagnosis": text("x" * 501)},
        Code.FIELD_DOUBTFUL,
        "diagnosis",
        '"Diagnosis" has 501 characters, above 500.',
    ),
    ({"patient_name": text("A")}, Code.FIELD_DOUBTFUL, "patient_name", '"Patient" has 1 character, below 2.'),
    (
        {"patient_phone": text("555-0142")},
        Code.PHONE_INVALID,
        "patient_phone",
        '"Phone": its 7 digits are no valid number in US.',
    ),
    (
        {"signed_on": text("02/30/26")},
        Code.DATE_INVALID,
        "signed_on",
        '"Date": there is no day 30 in month 2.',
    ),
    (
        {"next_visit_on": text("after Easter")},
        Code.DATE_INVALID,
        "next_visit_on",
        '"Next visit": it does not read as month, day and year.',
    ),
    (
        {"signed_on": text("03/05/26")},
        Code.DATE_FUTURE,
        "signed_on",
        "The signature is dated 2 days after the slip arrived.",
    ),
    (
        {"signed_on": text("03/02/25")},
        Code.DATE_STALE,
        "signed_on",
        "The signature is 366 days old, above 365.",
    ),
    (
        {"next_visit_on": text("03/01/26")},
        Code.NEXT_VISIT_BEFORE_SIGNATURE,
        "next_visit_on",
        "The next visit lies 1 day before the signature.",
    ),
    (
        {"next_visit_on": text("03/02/26")},
        Code.NEXT_VISIT_BEFORE_ARRIVAL,
        "next_visit_on",
        "The next visit lies 1 day before the slip arrived.",
    ),
    (
        {"next_visit_on": text("01/04/2017"), "signed_on": text("1x/14/26")},
        Code.NEXT_VISIT_BEFORE_ARRIVAL,
        "next_visit_on",
        "The next visit lies 3345 days before the slip arrived.",
    ),
    (
        {"next_visit_on": text("03/03/28")},
        Code.DATE_INVALID,
        "next_visit_on",
        "The next visit lies 731 days ahead, above 730.",
    ),
)


@pytest.mark.parametrize(("spoilt", "code", "field", "detail"), DOUBTS, ids=[f"{d[1]}-{d[2]}" for d in DOUBTS])
def test_each_doubt_is_one_finding_that_says_what_to_look_at(
    spoilt: dict[str, Reading | None], code: Code, field: str | None, detail: str
) -> None:
    """A person reads the sentence beside the slip: it names the field as printed, and the figure."""
    judged = verdict(draft(**spoilt))
    assert isinstance(judged, NeedsReview)
    assert Finding(code=code, field=field, detail=detail) in judged.findings


@pytest.mark.parametrize(
    "allowed",
    [
        {"next_visit_on": text("")},
        {"goals": text(""), "precautions": text(""), "provider_name": text("")},
        {"diagnosis": text("")},
        {"back_pain": mark(MarkState.UNCHECKED)},
        {"post_rehab": mark(MarkState.UNCHECKED)},
        {"other": mark(MarkState.CHECKED), "other_condition": text("gout")},
        {"signed_on": text("03/03/26")},
        {"signed_on": text("03/03/25")},
        {"next_visit_on": text("03/03/26")},
        {"next_visit_on": typed("03/02/26")},  # a slip that came late
    ],
)
def test_what_a_slip_may_leave_out_needs_no_person(
    allowed: dict[str, Reading | None],
) -> None:
    """Asking people about what is right teaches them to click without looking."""
    assert isinstance(verdict(draft(**allowed)), Accepted)


STAMPED = signature(SignatureState.TYPED, words="B. FENN, M.D. NPI 1234567893")
BY_A_PERSON = signature(SignatureState.TYPED, SET_BY_PERSON, "B. FENN, M.D.")
OTHER_STAMP = signature(SignatureState.TYPED, words="RECEIVED NOV 19")


@pytest.mark.parametrize(
    ("policy", "read", "codes"),
    [
        ("ask", STAMPED, [Code.SIGNATURE_TYPED]),
        ("ask", BY_A_PERSON, []),
        ("accept", STAMPED, []),
        ("accept", BY_A_PERSON, []),
        ("accept", OTHER_STAMP, [Code.SIGNATURE_TYPED]),
        ("refuse", STAMPED, [Code.SIGNATURE_ABSENT]),
        ("refuse", BY_A_PERSON, [Code.SIGNATURE_ABSENT]),
    ],
)
def test_the_policy_says_whether_a_typed_name_is_a_signature(
    policy: TypedSignature, read: SignatureReading, codes: list[Code]
) -> None:
    """An e-signature is as good as a pen's to some; what passes is kept as typed, and COPY passes for nobody."""
    judged = verdict(draft(signature=read), Policy(typed_signature=policy))
    assert [code for code, _ in _findings(judged)] == codes
    if isinstance(judged, Accepted):
        assert judged.referral.signature is SignatureKind.TYPED


def test_findings_of_the_paper_always_need_a_person() -> None:
    """Nothing in the text outweighs a slip that was cut off."""
    cut = Finding(code=Code.SLIP_CUT_OFF, detail="The slip's lower edge is not on the page.")
    judged = verdict(draft().model_copy(update={"findings": (cut, cut)}))
    assert judged == NeedsReview(findings=(cut,))


def test_a_person_s_corrections_pass_the_same_rule() -> None:
    """A typed value is judged like a read one: sure, but not beyond doubt."""
    doubtful = draft(patient_phone=text("212 555 014", confidence=0.4), arthritis=mark(MarkState.AMBIGUOUS))
    assert _findings(verdict(doubtful)) == [
        (Code.MARK_AMBIGUOUS, "arthritis"),
        (Code.FIELD_DOUBTFUL, "patient_phone"),
        (Code.PHONE_INVALID, "patient_phone"),
    ]
    settled = {"arthritis": mark(MarkState.UNCHECKED)}
    assert isinstance(verdict(draft(patient_phone=typed("212 555 0142"), **settled)), Accepted)
    assert _findings(verdict(draft(patient_phone=typed("212 555 01"), **settled))) == [
        (Code.PHONE_INVALID, "patient_phone")
    ]


def test_what_is_not_on_the_pad_does_not_reach_the_record() -> None:
    """No rule has judged it: a design without goals has no goals."""
    pad = design()
    smaller = pad.model_copy(update={"fields": tuple(f for f in pad.fields if f.name != "goals")})
    judged = assess(draft(goals=text("win the lottery", confidence=0.01)), smaller, Policy(), RECEIVED_ON)
    assert isinstance(judged, Accepted)
    assert judged.referral.goals == ""


def test_the_policy_says_how_sure_is_sure() -> None:
    """A studio that wants to see every slip sets the bar to 1; the bar itself passes."""
    assert isinstance(verdict(draft(goals=text("stairs", confidence=SHIPPED[ValueKind.PHRASE]))), Accepted)
    assert isinstance(verdict(draft(), Policy(text_confidence=1)), NeedsReview)


@given(drafts())
def test_every_draft_ends_in_a_verdict(judged: ReferralDraft) -> None:
    """Whatever is read: no exception, and what is accepted is a valid record."""
    result = verdict(judged)
    if isinstance(result, Accepted):
        assert Referral.model_validate(result.referral.model_dump()) == result.referral


@given(drafts())
def test_no_doubtful_mark_or_signature_is_ever_accepted(judged: ReferralDraft) -> None:
    """The promise of the product, for every draft that can be drawn."""
    doubtful_mark = any(judged.marks[name].value is MarkState.AMBIGUOUS for name in MARKS)
    unsigned = judged.signature.value is not SignatureState.PRESENT
    unsure = any(reading.confidence < SHIPPED[ValueKind.PHRASE] for reading in judged.text.values())
    if doubtful_mark or unsigned or unsure:
        assert isinstance(verdict(judged), NeedsReview)


@given(drafts())
def test_the_order_of_the_readings_does_not_matter(judged: ReferralDraft) -> None:
    """Readers finish in any order; the verdict and its findings stay the same."""
    turned = judged.model_copy(
        update={
            "marks": dict(reversed(judged.marks.items())),
            "text": dict(reversed(judged.text.items())),
        }
    )
    assert verdict(turned) == verdict(judged)


@given(drafts(), st.dates(date(2020, 1, 1), date(2035, 1, 1)))
def test_no_signature_of_a_day_to_come_is_accepted(judged: ReferralDraft, received_on: date) -> None:
    """On whatever day the scan arrives."""
    result = assess(judged, design(), Policy(), received_on)
    if isinstance(result, Accepted):
        assert (received_on - result.referral.signed_on).days in range(366)


SIGNED = st.dates(date(2010, 1, 1), date(2040, 1, 1)).map(str) | st.sampled_from(["", "02/30/26", "1x/14/26"])


@given(st.dates(date(2010, 1, 1), date(2040, 1, 1)), SIGNED, st.dates(date(2020, 1, 1), date(2035, 1, 1)))
def test_a_next_visit_before_the_slip_came_is_a_finding_whatever_the_signature_says(
    visit: date, signed: str, received_on: date
) -> None:
    """Both dates stand in cells of one kind, and one hand's 7 for a 1 spoils both; neither may vouch for the other."""
    read = draft(next_visit_on=text(visit.isoformat()), signed_on=text(signed))
    codes = {
        code for code, field in _findings(assess(read, design(), Policy(), received_on)) if field == "next_visit_on"
    }
    before = {Code.NEXT_VISIT_BEFORE_ARRIVAL, Code.NEXT_VISIT_BEFORE_SIGNATURE}
    assert bool(codes & before) or visit >= received_on
    if visit >= received_on:
        assert Code.NEXT_VISIT_BEFORE_ARRIVAL not in codes


def test_every_verbatim_field_has_a_limit() -> None:
    """The limit is the record's own, so the rule and the record cannot part ways."""
    assert [text_limit(name) for name in ("patient_name", "diagnosis", "goals")] == [120, 500, 1000]
