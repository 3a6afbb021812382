"""Groups of boxes of any name: what they must say, and what of it stops a slip."""

import pytest

from schemas.acceptance import Policy, assess
from schemas.fields.kinds import Block
from schemas.pad import BoxGroup, Checkbox, PadDesign
from schemas.reading import Finding, MarkState, ReferralDraft
from schemas.reasons import FindingCode as Code
from schemas.referral import Accepted, NeedsReview
from tests.schemas.examples import RECEIVED_ON, design, draft, mark

CHECKED, UNCHECKED = mark(MarkState.CHECKED), mark(MarkState.UNCHECKED)
NOT_CLEARED = "The provider has not cleared the patient for exercise."
CLEARED = BoxGroup(
    name="cleared",
    label="Cleared for exercise",
    choose="one",
    needed=True,
    blocks_when=(Block("cleared_no", NOT_CLEARED),),
)
BOTH = 'For "Cleared for exercise" "Yes" and "No" are checked, and one is asked for.'
LIMITS = BoxGroup(name="limits", label="Limits")
BOXES = {"cleared_yes": "Yes", "cleared_no": "No", "no_load": "No load", "no_impact": "No impact"}


def with_groups(*groups: BoxGroup) -> PadDesign:
    """The example pad with two groups of its own, of two boxes each."""
    pad = design()
    boxes = [
        Checkbox.model_validate(
            {
                "name": name,
                "label": label,
                "group": "cleared" if name.startswith("cleared") else "limits",
                "box_mm": (12 + 12 * at, 100, 4, 4),
            }
        )
        for at, (name, label) in enumerate(BOXES.items())
    ]
    return PadDesign.model_validate(
        {**pad.model_dump(), "groups": groups or (CLEARED, LIMITS), "fields": (*pad.fields, *boxes)}
    )


def ticked(*names: str) -> ReferralDraft:
    """The slip without a doubt, with these of the four boxes checked."""
    return draft(**{name: CHECKED if name in names else UNCHECKED for name in BOXES})


def judged(*names: str, pad: PadDesign | None = None) -> Accepted | NeedsReview:
    return assess(ticked(*names), pad or with_groups(), Policy(), RECEIVED_ON)


def test_what_is_checked_is_an_answer_on_record() -> None:
    """Of a choice of one the box, of many all of them, in the order of the pad; left empty is said too."""
    verdict = judged("cleared_yes", "no_impact", "no_load")
    assert isinstance(verdict, Accepted)
    assert verdict.referral.answers == {"cleared": "cleared_yes", "limits": ("no_load", "no_impact")}
    assert verdict.referral.conditions == ("back_pain",)
    optional = with_groups(CLEARED.model_copy(update={"needed": False}), LIMITS)
    empty = judged(pad=optional)
    assert isinstance(empty, Accepted)
    assert empty.referral.answers == {"cleared": None, "limits": ()}
    assert verdict.referral == type(verdict.referral).model_validate_json(verdict.referral.model_dump_json())


@pytest.mark.parametrize(
    ("names", "findings"),
    [
        ((), [(Code.FIELD_MISSING, "cleared_yes", 'Nothing is checked for "Cleared for exercise".')]),
        (
            ("cleared_yes", "cleared_no"),
            [
                (
                    Code.CHOICES_CONFLICT,
                    name,
                    'For "Cleared for exercise" "Yes" and "No" are checked, and one is asked for.',
                )
                for name in ("cleared_yes", "cleared_no")
            ]
            + [(Code.ANSWER_BLOCKS, None, NOT_CLEARED)],
        ),
        (("cleared_no",), [(Code.ANSWER_BLOCKS, None, NOT_CLEARED)]),
    ],
)
def test_each_rule_of_a_group_is_told_in_a_sentence(
    names: tuple[str, ...], findings: list[tuple[Code, str | None, str]]
) -> None:
    """Who looks at the slip reads why it waits, in the words of the pad."""
    expected = tuple(Finding(code=code, field=field, detail=detail) for code, field, detail in findings)
    assert judged(*names) == NeedsReview(findings=expected)


def test_only_a_person_who_says_so_lets_a_blocked_slip_pass() -> None:
    """The office may have said otherwise since; what the slip says stays on record as it is."""
    verdict = assess(ticked("cleared_no"), with_groups(), Policy(), RECEIVED_ON, waived=frozenset({Code.ANSWER_BLOCKS}))
    assert isinstance(verdict, Accepted)
    assert verdict.referral.answers["cleared"] == "cleared_no"


def test_boxes_are_called_by_their_question() -> None:
    """ "Yes" alone tells nobody what was affirmed."""
    labels = with_groups().labels
    assert labels["cleared_no"] == "Cleared for exercise: No"
    assert labels["back_pain"] == "Back pain"
    doubted = draft(cleared_yes=mark(MarkState.AMBIGUOUS), cleared_no=UNCHECKED, no_load=UNCHECKED, no_impact=UNCHECKED)
    verdict = assess(doubted, with_groups(), Policy(), RECEIVED_ON)
    assert 'Box "Cleared for exercise: Yes" is neither' in verdict.model_dump_json().replace('\\"', '"')


def test_a_pad_without_conditions_and_services_is_not_asked_for_them() -> None:
    """A slip must not wait for what nobody could have checked."""
    pad = with_groups()
    own = tuple(field for field in pad.fields if field.group not in ("condition", "service"))
    bare = PadDesign.model_validate({**pad.model_dump(), "fields": own})
    assert isinstance(judged("cleared_yes", pad=bare), Accepted)
