"""Numbers that no measure has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.text.confidence.plausible import is_plausible
from ocr.text.confidence.possible_numbers import impossible_number


@pytest.mark.parametrize(
    ("text", "impossible"),
    [
        ("T2DM, A1C < 70", "a1c < 70"),
        ("HbA1c 81", "hba1c 81"),
        ("HgbA1c (70)", "hgba1c (70"),
        ("A1C goal below 70", "a1c goal below 70"),
        ("osteopenia, T-score -18", "t-score -18"),
        ("T score -28 hip", "t score -28"),
        ("monitor SpO2 > 190%", "spo2 > 190"),
        ("G20 PD, H&Y 25", "h&y 25"),
        ("gait speed > 06 m/s", "06"),
        ("pain < 310", "pain < 310"),
    ],
)
def test_a_measure_that_lost_a_point_or_a_stroke_is_told(text: str, impossible: str) -> None:
    """Each such text was read, and sure enough to pass: the digits were as clear as any."""
    assert impossible_number(text.casefold()) == impossible
    assert not is_plausible("goals", text)


@pytest.mark.parametrize(
    "text",
    [
        "A1c < 7.0",
        "A1C 12",
        "T-score -2.7 L hip",
        "SpO2 > 90%",
        "EF 35-40%",
        "H&Y stage 2.5",
        "gait speed > 0.8 m/s",
        "improve gait speed 20%",
        "keep HR < 120",
        "resting HR +20 bpm",
        "tolerate sitting 2 hr 15 min",
        "icing 1x/hr 15 min",
        "monitor BP 2x/session",
        "BP < 150/90",
        "pain < 3/10",
        "decrease pain > 50%",
        "low back pain > 12-16 wks",
        "neck pain since 12/10",
        "R knee pain 12/10/25",
        "L EF 4/5",
        "RPE 11-13, no jumping",
        "s/p TKA 08/12",
        "10/04/26 R TKA",
        "call 08:30",
        "ROM 0-120",
        "",
    ],
)
def test_numbers_as_they_are_written_are_no_doubt(text: str) -> None:
    """Weeks, dates, ranges and hours are no measures."""
    assert impossible_number(text.casefold()) is None


@given(st.integers(30, 140), st.integers(0, 9))
def test_an_a1c_without_its_point_is_never_possible(whole: int, tenth: int) -> None:
    """Whatever it was: with the point it can be, without it nobody lives."""
    assert impossible_number(f"a1c {whole / 10:.1f}") is None
    assert impossible_number(f"a1c {whole}{tenth}") is not None
