"""What a letter only quotes, blanked for the search for offers."""

from followup.quoted import without_names, without_quotes
from refpad.services.letters.samples import sample
from schemas.answers import ToldAnswer
from schemas.followup import LetterKind
from schemas.letter import ThankYou
from schemas.studio import Studio

STUDIO = Studio(name="Rewarding Movement")


def test_only_letters_and_digits_are_blanked() -> None:
    """A template that cuts a name in two finds as many words in it."""
    blank = without_quotes(sample(LetterKind.PROGRESS_REPORT, STUDIO))
    assert blank.to.person == "__. _. ____"
    assert without_names(STUDIO).name == "_________ ________"
    assert without_names(STUDIO).phone == STUDIO.phone


def test_what_the_pad_prints_stays_and_what_is_written_beside_it_is_blanked() -> None:
    """The one is the studio's own word, the other the doctor's."""
    letter = sample(LetterKind.THANK_YOU, STUDIO)
    assert isinstance(letter, ThankYou)
    record = letter.referral.model_copy(update={"other_condition": "cash work", "answers": {"aim": "win a prize"}})
    told = {"conditions": ("Free class: cash work",), "answers": (ToldAnswer("A prize?", "win a prize"),)}
    blank = without_quotes(letter.model_copy(update={"referral": record, **told}))
    assert isinstance(blank, ThankYou)
    assert blank.conditions == ("Free class: ____ ____",)
    assert blank.answers == (ToldAnswer("A prize?", "___ _ _____"),)
    assert blank.referral.signed_on == letter.referral.signed_on
