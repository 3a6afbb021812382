"""A stand-in says what the slip says, in the same places, without a word of it."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pads.catalog import load_all, printable
from pads.simulate.invent import SlipSpec, invent_slip
from pads.simulate.paper.overlays import Overlay
from pads.simulate.stand_in.answers import OtherAnswers, legibility_of, other_answers, said_words
from pads.simulate.stand_in.other_words import words_of
from pads.simulate.truth import Legibility, MarkStyle, MarkTrouble, SlipTruth, Trouble
from schemas.pad import PadDesign
from schemas.reading import (
    LABEL,
    Finding,
    MarkReading,
    MarkState,
    SignatureReading,
    SignatureState,
    SlipReading,
    TextReading,
)
from schemas.reasons import FindingCode

CAME = date(2026, 11, 20)
DESIGNS = printable(load_all())
MET = next(design for design in DESIGNS if str(design.pad_id) == "met-1")


def reading_of(truth: SlipTruth, confidence: float = 0.99, **changes: object) -> SlipReading:
    """What a reader without fault makes of a slip."""
    states = {True: MarkState.CHECKED, False: MarkState.UNCHECKED}
    text = {name: TextReading(value=said, confidence=confidence, reader="ppocr") for name, said in truth.text.items()}
    read = SlipReading(
        file="scan",
        page=1,
        slip=1,
        corners_px=((0, 0), (1275, 0), (1275, 1650), (0, 1650)),
        design=truth.design,
        edition=truth.edition,
        serial=truth.serial,
        residual_mm=0.1,
        marks={
            name: MarkReading(value=states[bool(mark)], confidence=1, ink=0.2) for name, mark in truth.marks.items()
        },
        signature=SignatureReading(value=SignatureState.PRESENT, confidence=1),
        text=text,
        verdict="accepted",
    )
    return read.model_copy(update=changes)


def invented(design: PadDesign, seed: int) -> SlipTruth:
    return invent_slip(design, 7, CAME, np.random.default_rng(seed), SlipSpec())


def answers(design: PadDesign, reading: SlipReading, seed: int = 1) -> OtherAnswers:
    return other_answers(design, reading, CAME, "US", Legibility.NEAT, np.random.default_rng(seed))


@settings(max_examples=40)
@given(st.sampled_from(DESIGNS), st.integers(0, 10**6))
def test_the_same_boxes_and_lines_are_filled_and_no_word_comes_back(design: PadDesign, seed: int) -> None:
    """Of every pad: what is doubted hangs on where ink is, and who somebody is hangs on the words."""
    slip = invented(design, seed)
    reading = reading_of(slip)
    made = answers(design, reading, seed).truth
    assert {name for name, mark in made.marks.items() if mark} == {name for name, mark in slip.marks.items() if mark}
    assert set(made.text) == set(slip.text)
    free = [name for name in slip.text if not getattr(design.field(name), "choices", ())]
    for name in free:
        if name.endswith("_name") or name in ("diagnosis", "goals", "precautions"):
            assert words_of([made.text[name]]) & said_words(reading) == set()
    assert made.text["patient_phone"] != slip.text["patient_phone"]
    assert (made.text["next_visit_on"] > made.text["signed_on"]) if "next_visit_on" in slip.text else True


@pytest.mark.parametrize(
    ("reason", "trouble"),
    [
        ("it looks scribbled out", MarkTrouble.SCRIBBLED),
        ("something is drawn over or around its label", MarkTrouble.CIRCLED),
        ("something is drawn around it", MarkTrouble.RINGED),
        ("a line runs through it", MarkTrouble.STRUCK),
        ("a mark stands beside it", MarkTrouble.BESIDE),
        ("a dot of 0.9 mm", MarkTrouble.DOT),
        ("a faint mark of 2.1 mm", MarkTrouble.FAINT),
    ],
)
def test_a_doubt_about_a_box_is_drawn_again(reason: str, trouble: MarkTrouble) -> None:
    """It is what the report is about."""
    reading = reading_of(invented(MET, 1))
    mark = MarkReading(value=MarkState.AMBIGUOUS, confidence=0.5, ink=0.3, reason=reason)
    made = answers(MET, reading.model_copy(update={"marks": reading.marks | {"arthritis": mark}}))
    assert (made.truth.marks["arthritis"], made.not_drawn) == (trouble, ())


def test_what_no_pen_here_draws_is_told() -> None:
    """A developer who looks for the doubt in the stand-in must know that it is not there."""
    reading = reading_of(invented(MET, 1))
    mark = MarkReading(value=MarkState.AMBIGUOUS, confidence=0.5, ink=0.3, reason="it looks like letters of a note")
    name = reading.text["patient_name"].model_copy(update={"reader": LABEL})
    changed = {"marks": reading.marks | {"arthritis": mark}, "text": reading.text | {"patient_name": name}}
    made = answers(MET, reading.model_copy(update=changed))
    assert made.not_drawn == ("arthritis", LABEL)
    assert made.truth.mark_styles["arthritis"] is MarkStyle.CROSS


def test_a_slip_is_signed_smudged_stamped_or_canceled_as_it_was() -> None:
    """Who signed is nobody's; that and how it is signed is."""
    reading = reading_of(invented(MET, 1))

    def signed(state: SignatureState, words: str = "") -> OtherAnswers:
        signature = SignatureReading(value=state, confidence=0.5, words=words)
        return answers(MET, reading.model_copy(update={"signature": signature}))

    assert signed(SignatureState.PRESENT).truth.signed
    assert not signed(SignatureState.ABSENT).truth.signed
    assert signed(SignatureState.UNCERTAIN).truth.troubles == (Trouble.SMUDGE_FOR_SIGNATURE,)
    signers = [signed(state, "Dr. Ada Cho").signer for state in (SignatureState.TYPED, SignatureState.UNCERTAIN)]
    assert [signer.__name__ for signer in signers] == ["typed_name", "name_stamp"]
    canceled = Finding(code=FindingCode.POSSIBLY_CANCELED, detail="A line runs over it.")
    assert answers(MET, reading.model_copy(update={"findings": (canceled,)})).overlay is Overlay.LINE


def test_a_hand_that_was_read_worse_is_a_worse_hand() -> None:
    """A stand-in that is read better than the slip has no doubt to show."""
    slip = invented(MET, 1)
    hands = [legibility_of(reading_of(slip, confidence)) for confidence in (0.99, 0.95, 0.6)]
    assert hands == [Legibility.NEAT, Legibility.FAIR, Legibility.MESSY]
    typed = {name: text.model_copy(update={"reader": "tesseract"}) for name, text in reading_of(slip).text.items()}
    assert legibility_of(reading_of(slip, text=typed)) is Legibility.TYPED
    assert legibility_of(reading_of(slip, text={})) is Legibility.NEAT
