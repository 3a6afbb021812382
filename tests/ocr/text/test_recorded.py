"""Lines become one text, as whoever wrote it would have typed it."""

import pytest

from ocr.text.recorded import as_recorded


@pytest.mark.parametrize(
    ("field", "lines", "recorded"),
    [
        ("diagnosis", ["low back pain,", "R > L"], "low back pain, R > L"),
        ("goals", ["walk 1 mile,", ""], "walk 1 mile"),
        ("goals", ["  return  to golf ;"], "return to golf"),
        ("patient_name", ["dana Bell"], "Dana Bell"),
        ("provider_name", ["esther Jackson", "pa-c"], "Esther Jackson PA-C"),
        ("provider_name", ["Ana de la Cruz"], "Ana de la Cruz"),
        ("goals", ["knee OA"], "knee OA"),
        ("precautions", [], ""),
    ],
)
def test_lines_are_one_text_without_a_pause_at_its_end(field: str, lines: list[str], recorded: str) -> None:
    """And names have their capitals, whatever the pen did."""
    assert as_recorded(field, lines) == recorded
