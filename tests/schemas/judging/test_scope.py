"""What a specialist may not do is told before anybody trains, and no diagnosis is taken for a request."""

import pytest

from schemas.acceptance import Policy, assess
from schemas.judging.scope import asked_for
from schemas.reasons import FindingCode as Code
from schemas.referral import Accepted, NeedsReview
from tests.schemas.examples import RECEIVED_ON, design, draft, text


@pytest.mark.parametrize(
    ("written", "service"),
    [
        ("Therapeutic exercise 2x/wk", "therapeutic exercise"),
        ("ther-ex and conditioning", "therapeutic exercise"),
        ("CPT 97110", "therapeutic exercise"),
        ("PT evaluate and treat", "evaluate and treat"),
        ("LBP. Eval & treat", "evaluate and treat"),
        ("completed PT, now manual therapy for the neck", "manual therapy"),
        ("knee OA; soft tissue mobilization", "manual therapy"),
        ("start PT 3x/week", "physical therapy"),
        ("neuromuscular re-education", "neuromuscular re-education"),
        ("e-stim to quads", "a treatment with needles, current or traction"),
    ],
)
def test_a_request_outside_the_scope_is_seen(written: str, service: str) -> None:
    """Spelled out, short, hyphenated, or as a billing code; after what is over, too."""
    assert [name for name, _ in asked_for(written)] == [service]


@pytest.mark.parametrize(
    "written",
    [
        "",
        "post PT",
        "completed physical therapy",
        "s/p L TKA 9/14, PT completed",
        "Low back pain after manual therapy",
        "had dry needling without relief",
        "no manual therapy",
        "discharged from physical therapy 10/2026",
        "physical therapy ended, home exercise program",
        "manual therapy x 6 done",
        "failed therapeutic exercise",
        "therapeutic exercise completed 9/26",
        "spinal cord stimulator",
        "MUA right shoulder",
        "gait instability, exercise training",
        "return to manual work",
        "evaluate function; treated for breast cancer",
        "PT referral for MET",
    ],
)
def test_what_is_over_or_a_diagnosis_asks_for_nothing(written: str) -> None:
    """A doubt at which a person would laugh costs the trust in those that count."""
    assert asked_for(written) == []


def test_a_person_may_let_it_stand() -> None:
    """The office said on the telephone that they mean training; the slip says what it says."""
    said = draft(goals=text("therapeutic exercise"))
    judged = assess(said, design(), Policy(), RECEIVED_ON)
    assert isinstance(judged, NeedsReview)
    [finding] = judged.findings
    assert (finding.code, finding.field) == (Code.OUT_OF_SCOPE, None)
    assert "ask the office whether they mean medical exercise training" in finding.detail
    passed = assess(said, design(), Policy(), RECEIVED_ON, waived=frozenset({Code.OUT_OF_SCOPE}))
    assert isinstance(passed, Accepted)
