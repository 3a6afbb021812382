"""What two readers of typed words agree on, with texts alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.language.rescore import Guess
from ocr.text.confidence.judge import Opinion
from ocr.text.line_decoder import LineReading
from ocr.text.typed.agreement import Agreement, agreement_confidence, as_typed, find_agreement, measures
from schemas.bars import SHIPPED, ValueKind

SURE = SHIPPED[ValueKind.PHRASE]


def _agreed(field: str, value: str, *others: str) -> Agreement | None:
    return find_agreement(field, value, [Opinion("tesseract", other, 0.9) for other in others])


def _line(value: str, *rivals: tuple[str, float]) -> LineReading:
    guesses = [Guess(value, -1.0, -10.0, 0.0), *(Guess(text, -2.0, -10.0, -behind) for text, behind in rivals)]
    return LineReading(value, (), tuple(guesses), guesses[0], ())


@pytest.mark.parametrize(
    ("field", "value", "others", "said"),
    [
        ("goals", "walk 30 min", ["walk 30 min"], "walk 30 min"),
        ("goals", "walk 30 min", ["walk 3D min", "walk 30 min"], "walk 30 min"),
        ("diagnosis", "Parkinson's dz", ["Parkinson’s dz"], "Parkinson's dz"),  # noqa: RUF001
        ("diagnosis", "spondylolisthesis gr I", ["spondylolisthesis gr |"], "spondylolisthesis gr I"),
        ("patient_name", "o'Brien, Imani", ["O'Brien, Imani"], "O'Brien, Imani"),
    ],
)
def test_what_both_readers_say_is_agreed(field: str, value: str, others: list[str], said: str) -> None:
    """Either picture will do; typographic quotes are quotes, and capitals are as the reader of print has them."""
    assert _agreed(field, value, *others) == Agreement(said, 0.9)


@pytest.mark.parametrize(
    ("value", "other"),
    [
        ("L knee OA", "R knee OA"),
        ("R THA (ant. approa\u00e7h)", "R THA (ant. approach)"),
        ("LBP, lumbar DDD", "LBP. lumbar DDD"),
        ("walk 30 min", "walk 80 min"),
        ("", ""),
        ("...", "..."),
    ],
)
def test_one_other_letter_is_no_agreement(value: str, other: str) -> None:
    """Sides, digits, a comma for a point, an accent: the record would hold another word."""
    assert _agreed("diagnosis", value, other) is None


def test_signs_of_one_shape_are_agreed_on_and_doubted() -> None:
    """Tesseract writes Ibs for lbs; a name with a digit in it is the less likely one of two."""
    assert _agreed("goals", "lift 25 lbs", "lift 25 Ibs") == Agreement("lift 25 lbs", 0.9, alike=True)
    assert _agreed("patient_name", "Ingo 0'Brien", "Ingo O'Brien") == Agreement("Ingo O'Brien", 0.9, alike=True)
    clear = measures("goals", Agreement("lift 25 lbs", 0.9), [_line("lift 25 lbs")], facts_kept=True)
    alike = measures("goals", Agreement("lift 25 lbs", 0.9, alike=True), [_line("lift 25 lbs")], facts_kept=True)
    assert agreement_confidence(alike) < agreement_confidence(clear)


def test_the_reader_of_print_knows_where_a_space_is() -> None:
    """Its word stands, and the value is doubted: one of the two lost a space, or found one."""
    agreed = _agreed("precautions", "RPE11-13", "RPE 11-13")
    assert agreed == Agreement("RPE 11-13", 0.9, spaced=True)
    assert agreement_confidence(measures("goals", agreed, [_line("rpe11-13")], facts_kept=True)) < SURE


def test_no_name_begins_with_a_small_l() -> None:
    """In many faces it is the same stroke as a capital I, and both readers take it for one; de la Cruz keeps hers."""
    assert as_typed("patient_name", "Owen lyer") == "Owen Iyer"
    assert as_typed("provider_name", "lan de la Cruz, DPT") == "Ian de la Cruz, DPT"
    assert as_typed("goals", "lift lan") == "lift lan"
    assert _agreed("patient_name", "Owen lyer", "Owen lyer") == Agreement("Owen Iyer", 0.9)


def test_a_rival_that_differs_only_in_a_space_is_no_rival() -> None:
    """What both readers see need not be looked at by a person because a space might be one letter further."""
    spaces = measures("goals", Agreement("rpe 11-13", 0.9), [_line("rpe 11-13", ("rpe11-13", 0.1))], facts_kept=True)
    letters = measures("goals", Agreement("rpe 11-13", 0.9), [_line("rpe 11-13", ("rpe 11-18", 0.1))], facts_kept=True)
    assert agreement_confidence(letters) < SURE < agreement_confidence(spaces)


def test_a_stroke_that_touches_the_words_takes_more_to_pass() -> None:
    """A signature's loop below a name hides nothing: a clear agreement stands, one that only just passes does not."""
    for rivals, passes in (([], (True, True)), ([("walk 3 min", 5.0)], (True, False))):
        lines, agreed = [_line("walk 30 min", *rivals)], Agreement("walk 30 min", 0.9)
        seen = [measures("goals", agreed, lines, facts_kept=True, crossed=crossed) for crossed in (False, True)]
        assert tuple(agreement_confidence(one) >= SURE for one in seen) == passes


def test_the_same_name_with_its_first_letter_misread_is_no_rival() -> None:
    """Where no name begins with a small l, it cannot be what was meant."""
    agreed = Agreement("Ian Cho", 0.9)
    lines = {name: [_line("lan cho", (name, 0.1))] for name in ("ian cho", "jan cho")}
    same, other = (measures("patient_name", agreed, line, facts_kept=True) for line in lines.values())
    assert agreement_confidence(other) < SURE < agreement_confidence(same)


@given(st.floats(0, 40), st.floats(0, 5), st.floats(0, 1), st.floats(0, 1))
def test_more_evidence_never_makes_an_agreement_less_sure(margin: float, more: float, one: float, other: float) -> None:
    """A judgment that falls as the evidence rises cannot be explained to anybody."""

    def sure(margin: float, second: float, *, facts_kept: bool = False, crossed: bool = False) -> float:
        lines = [_line("a", ("b", margin))]
        seen = measures("goals", Agreement("a", second), lines, facts_kept=facts_kept, crossed=crossed)
        return agreement_confidence(seen)

    low, high = sorted((one, other))
    assert sure(margin, low) <= sure(margin + more, low)
    assert sure(margin, low) <= sure(margin, high)
    assert sure(margin, low) <= sure(margin, low, facts_kept=True)
    assert sure(margin, low, crossed=True) <= sure(margin, low)
