"""Invented truths: a slip without trouble must be good enough to accept, one with trouble must not."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pads.catalog import find, load_all
from pads.simulate.invent import SlipSpec, invent_slip
from pads.simulate.truth import Legibility, MarkStyle, MarkTrouble, SlipTruth, Trouble
from schemas.acceptance import Policy, assess
from schemas.pad import PadDesign
from schemas.reading import (
    MarkReading,
    MarkState,
    ReferralDraft,
    SignatureReading,
    SignatureState,
    TextReading,
)
from schemas.referral import Accepted

TODAY = date(2026, 11, 20)
DESIGNS = st.sampled_from(load_all())
HARMLESS = {Trouble.SMUDGED, Trouble.OVER_THE_LINE}  # hard to read, but nothing to ask the office about


def _draft(truth: SlipTruth, design: PadDesign) -> ReferralDraft:
    """What a reader without fault makes of the slip."""
    states = {True: MarkState.CHECKED, False: MarkState.UNCHECKED}
    marks = {
        name: MarkState.AMBIGUOUS if isinstance(mark, MarkTrouble) else states[mark]
        for name, mark in truth.marks.items()
    }
    signature = SignatureState.PRESENT if truth.signed else SignatureState.ABSENT
    return ReferralDraft(
        design=truth.design,
        edition=truth.edition,
        serial=truth.serial,
        marks={name: MarkReading(value=state, confidence=1, ink=0) for name, state in marks.items()},
        signature=SignatureReading(value=signature, confidence=1),
        text={
            field.name: TextReading(value=truth.text.get(field.name, ""), confidence=1, reader="truth")
            for field in design.writing
        },
    )


@given(DESIGNS, st.integers(0, 10**6))
def test_a_slip_without_trouble_would_be_accepted(design: PadDesign, seed: int) -> None:
    """Else a bench would count the inventor's faults as the reader's."""
    truth = invent_slip(design, 7, TODAY, np.random.default_rng(seed))
    assert isinstance(assess(_draft(truth, design), design, Policy(), TODAY), Accepted)


@pytest.mark.parametrize("trouble", list(Trouble))
@given(DESIGNS, st.integers(0, 10**6))
def test_trouble_needs_a_person(trouble: Trouble, design: PadDesign, seed: int) -> None:
    """Each trouble is one that the rules know."""
    truth = invent_slip(design, 7, TODAY, np.random.default_rng(seed), SlipSpec(troubles=(trouble,)))
    accepted = isinstance(assess(_draft(truth, design), design, Policy(), TODAY), Accepted)
    assert accepted == (trouble in HARMLESS)


@given(DESIGNS, st.integers(0, 10**6), st.sampled_from(Legibility))
def test_wishes_come_true(design: PadDesign, seed: int, legibility: Legibility) -> None:
    """Whoever asks for a name, a diagnosis and a hand gets them."""
    wish = SlipSpec("Ada Cho", "LBP", legibility=legibility, mark_style=MarkStyle.SLASH)
    truth = invent_slip(design, 7, TODAY, np.random.default_rng(seed), wish)
    assert (truth.text["patient_name"], truth.text["diagnosis"], truth.legibility) == ("Ada Cho", "LBP", legibility)
    assert set(truth.mark_styles.values()) == {MarkStyle.SLASH}


@given(DESIGNS, st.integers(0, 10**6))
def test_telephone_numbers_are_those_kept_for_fiction(design: PadDesign, seed: int) -> None:
    """No sample may ring at somebody's home."""
    truth = invent_slip(design, 7, TODAY, np.random.default_rng(seed))
    assert truth.text["patient_phone"][5:10] == "55501"


@given(DESIGNS, st.integers(0, 10**6))
def test_ticked_boxes_have_a_style(design: PadDesign, seed: int) -> None:
    """Figures are wanted by style of mark."""
    truth = invent_slip(design, 7, TODAY, np.random.default_rng(seed))
    assert set(truth.mark_styles) == {name for name, mark in truth.marks.items() if mark is True}


@given(DESIGNS, st.integers(0, 10**6))
def test_a_brief_slip_has_what_is_needed_and_no_more(design: PadDesign, seed: int) -> None:
    """It is what must be read without a person when anything is."""
    truth = invent_slip(design, 7, TODAY, np.random.default_rng(seed), SlipSpec(brief=True))
    assert set(truth.text) == {"patient_name", "patient_phone", "provider_name", "diagnosis", "signed_on"}
    assert isinstance(assess(_draft(truth, design), design, Policy(), TODAY), Accepted)


@given(st.integers(0, 10**6))
def test_what_is_written_for_a_box_stands_there_only_where_the_box_is_ticked(seed: int) -> None:
    """Restrictions beside "no restrictions" would be a slip that contradicts itself."""
    truth = invent_slip(find(load_all(), "met-2"), 7, TODAY, np.random.default_rng(seed))
    assert ("precautions" in truth.text) is (truth.marks["cleared_with_limits"] is True)


def test_where_diagnoses_have_boxes_many_slips_have_no_words_for_one() -> None:
    """A pad is measured as hands would fill it: words that nobody would write say nothing about it."""
    met_1, met_2 = (find(load_all(), name) for name in ("met-1", "met-2"))
    written = [
        sum("diagnosis" in invent_slip(pad, 7, TODAY, np.random.default_rng(seed)).text for seed in range(40))
        for pad in (met_1, met_2)
    ]
    assert written[0] == 40
    assert 8 <= written[1] <= 24
