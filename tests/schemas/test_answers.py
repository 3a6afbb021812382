"""What a pad asks beyond what every referral says, by name and in words."""

from schemas.answers import ToldAnswer, answer_names, told_answers
from tests.schemas.examples import design
from tests.schemas.judging.test_groups import with_groups


def test_answers_are_named_by_the_design_in_its_order() -> None:
    """What every referral has a place of its own for is no answer."""
    assert answer_names(design()) == ()
    assert answer_names(with_groups()) == ("cleared", "limits")


def test_answers_are_told_in_the_words_of_the_pad() -> None:
    """People read what is printed; what says nothing is left out, and an edition that is gone leaves its names."""
    answers = {"cleared": "cleared_yes", "limits": ("no_load", "no_impact"), "weeks": 6, "npi": None}
    assert told_answers(with_groups(), answers, "US") == (
        ToldAnswer("Cleared for exercise", "Yes"),
        ToldAnswer("Limits", "No load; No impact"),
        ToldAnswer("weeks", "6"),
    )
    assert told_answers(None, {"cleared": "cleared_yes"}, "US") == (ToldAnswer("cleared", "cleared_yes"),)


def test_days_and_telephone_numbers_are_told_as_people_write_them() -> None:
    """The letter that thanks a provider had 2026-10-26 and +12125550142 in it."""
    asked = design()
    like = {"fax": "patient_phone", "operated_on": "signed_on"}
    more = [field.model_copy(update={"name": own}) for own, name in like.items() if (field := asked.field(name))]
    own = asked.model_copy(update={"fields": (*asked.fields, *more)})
    answers = {"fax": "+12125550142", "operated_on": "2026-10-26"}
    told = {answer.label: answer.text for answer in told_answers(own, answers, "US")}
    assert set(told.values()) == {"(212) 555-0142", "Oct 26, 2026"}
