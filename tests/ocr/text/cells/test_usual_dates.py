"""Which dates a slip has only by a misread digit."""

from datetime import date

import pytest

from ocr.text.cells.usual_dates import is_usual

TODAY = date(2026, 1, 14)


@pytest.mark.parametrize(
    ("field", "value", "usual"),
    [
        ("signed_on", "2026-01-08", True),
        ("signed_on", "2025-01-08", True),
        ("signed_on", "2023-10-09", True),
        ("signed_on", "2026-01-15", False),
        ("signed_on", "2026-01-14", True),
        ("signed_on", "2016-01-08", False),
        ("signed_on", "2046-01-08", False),
        ("next_visit_on", "2026-01-20", True),
        ("next_visit_on", "2025-01-20", True),
        ("next_visit_on", "2016-01-20", False),
        ("next_visit_on", "2076-01-20", False),
        ("birth_date", "1899-02-28", True),
        ("patient_phone", "+12125550142", True),
    ],
)
def test_a_date_is_unusual_only_where_no_mistake_of_a_writer_makes_it(field: str, value: str, usual: bool) -> None:
    """In January people write last year's number; nobody signs ten years ago, or tomorrow. Births may lie anywhere."""
    assert is_usual(field, value, TODAY) is usual
