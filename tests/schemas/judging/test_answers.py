"""Fields of a pad's own: what they must say, and what of it stops a slip."""

import pytest

from schemas.acceptance import SET_BY_PERSON, Policy, assess
from schemas.pad import CombField, PadDesign, SignatureField, TextField
from schemas.reading import Finding, ReferralDraft, SignatureReading, SignatureState, TextReading
from schemas.reasons import FindingCode as Code
from schemas.referral import Accepted, NeedsReview
from tests.schemas.examples import RECEIVED_ON, design, draft, signature, text, typed

OWN = {
    "weeks": {"kind": "number", "label": "Weeks", "cells": (2,), "least": 1, "most": 12, "needed": True},
    "operated_on": {"kind": "date", "label": "Operated", "cells": (2, 2, 2), "tense": "past", "within_days": 90},
    "review_on": {"kind": "date", "label": "Review", "cells": (2, 2, 2), "tense": "future", "within_days": 90},
    "code": {"kind": "icd10", "label": "ICD-10", "cells": (3, 4)},
    "npi": {"kind": "npi", "label": "NPI", "cells": (10,)},
    "fax": {"kind": "phone", "label": "Fax", "cells": (3, 3, 4)},
}
SAID = {
    "weeks": "6",
    "operated_on": "2026-02-20",
    "review_on": "2026-04-01",
    "code": "M17.11",
    "npi": "1234567893",
    "fax": "+12125550101",
    "insurer": "Harbor Health",
}


def with_own(*, consent_needed: bool = True) -> PadDesign:
    """The example pad, made longer, with a field of each kind of its own and a second room to sign in."""
    pad = design()
    own = [
        CombField.model_validate({"name": name, "box_mm": (12, 145 + 10 * at, 60, 7), **entries})
        for at, (name, entries) in enumerate(OWN.items())
    ]
    insurer = TextField.model_validate({"name": "insurer", "label": "Insurer", "box_mm": (80, 145, 90, 8)})
    consent = SignatureField.model_validate(
        {"name": "consent", "label": "Patient", "box_mm": (80, 160, 90, 14), "needed": consent_needed}
    )
    fields = (*pad.fields, *own, insurer, consent)
    return PadDesign.model_validate({**pad.model_dump(), "height_mm": 230, "fields": fields})


def slip(signed: SignatureReading | None = None, **changes: TextReading) -> ReferralDraft:
    """A slip of it without a doubt, with some readings replaced."""
    own = {name: text(value) for name, value in SAID.items()}
    made = draft(**{**own, **changes})
    return made.model_copy(update={"signatures": {"consent": signed or signature(SignatureState.PRESENT)}})


def test_answers_are_on_record_by_name_each_of_its_kind() -> None:
    """Numbers as numbers, days and telephones in the form of all records, what is left empty as nothing."""
    judged = assess(slip(insurer=text("")), with_own(), Policy(), RECEIVED_ON)
    assert isinstance(judged, Accepted)
    assert judged.referral.answers == {**SAID, "weeks": 6, "insurer": None, "consent": "handwritten"}
    assert type(judged.referral).model_validate_json(judged.referral.model_dump_json()) == judged.referral


@pytest.mark.parametrize(
    ("name", "written", "code", "detail"),
    [
        ("weeks", "", Code.FIELD_MISSING, '"Weeks" is empty.'),
        ("weeks", "15", Code.NUMBER_INVALID, '"Weeks": it is 15, above 12.'),
        ("operated_on", "03/05/26", Code.DATE_INVALID, '"Operated" lies 2 days after the slip arrived.'),
        ("operated_on", "11/02/25", Code.DATE_INVALID, '"Operated" lies 121 days back, above 90.'),
        ("review_on", "03/02/26", Code.DATE_INVALID, '"Review" lies 1 day before the slip arrived.'),
        ("review_on", "07/01/26", Code.DATE_INVALID, '"Review" lies 120 days ahead, above 90.'),
        ("code", "M17.99", Code.ICD10_INVALID, '"ICD-10": ICD-10-CM has no code M17.99.'),
        ("npi", "1234567890", Code.NPI_INVALID, '"NPI": its check digit does not fit the others.'),
        ("fax", "555-0142", Code.PHONE_INVALID, '"Fax": its 7 digits are no valid number in US.'),
        ("insurer", "x" * 501, Code.FIELD_DOUBTFUL, '"Insurer" has 501 characters, above 500.'),
    ],
)
def test_each_doubt_about_an_answer_is_told_in_a_sentence(name: str, written: str, code: Code, detail: str) -> None:
    """A person's own words are judged like what was read: the sentence names the field and the figure."""
    for read in (text(written), typed(written)):
        judged = assess(slip(**{name: read}), with_own(), Policy(), RECEIVED_ON)
        assert judged == NeedsReview(findings=(Finding(code=code, field=name, detail=detail),))


@pytest.mark.parametrize(
    ("state", "reason", "needed", "code"),
    [
        (SignatureState.ABSENT, "", True, Code.SIGNATURE_ABSENT),
        (SignatureState.ABSENT, "", False, None),
        (SignatureState.UNCERTAIN, "", False, Code.SIGNATURE_UNCERTAIN),
        (SignatureState.TYPED, "", False, Code.SIGNATURE_TYPED),
        (SignatureState.TYPED, SET_BY_PERSON, True, None),
    ],
)
def test_whoever_else_signs_is_asked_about_like_the_provider(
    state: SignatureState, reason: str, code: Code | None, *, needed: bool
) -> None:
    """The patient's consent to be called is an answer of its own; one that may be empty is no doubt."""
    judged = assess(slip(signature(state, reason)), with_own(consent_needed=needed), Policy(), RECEIVED_ON)
    found = [(finding.code, finding.field) for finding in judged.findings] if isinstance(judged, NeedsReview) else []
    assert found == ([(code, "consent")] if code else [])
    if isinstance(judged, Accepted):
        assert judged.referral.answers["consent"] == (None if state is SignatureState.ABSENT else "typed")


def test_a_rule_on_a_field_that_every_referral_has_is_kept_too() -> None:
    """A pad may ask for the date of birth, or leave it open."""
    pad = with_own()
    visit = pad.field("next_visit_on")
    assert visit is not None
    fields = [visit.model_copy(update={"needed": True}) if field is visit else field for field in pad.fields]
    asked = PadDesign.model_validate({**pad.model_dump(), "fields": fields})
    judged = assess(slip(next_visit_on=text("")), asked, Policy(), RECEIVED_ON)
    assert isinstance(judged, NeedsReview)
    assert [finding.detail for finding in judged.findings] == ['"Next visit" is empty.']
