"""Days as people read them: one way on pages, in letters and on the screen, whatever files for programs have."""

import re

MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
# What is not "Nov 3, 2026": ISO 8601, figures with strokes or dots, names written out, the day first, no year.
OTHER_FORMS = re.compile(
    r"\b\d{4}-\d{2}(?:-\d{2})?\b(?!-)"
    r"|\b\d{1,2}/\d{1,2}/\d{2,4}\b"
    r"|\b\d{1,2}\.\d{1,2}\.\d{4}\b"
    r"|\b(?:January|February|March|April|June|July|August|September|October|November|December) \d{1,2}\b"
    rf"|\b\d{{1,2}} (?:{MONTH})[a-z]* \d{{4}}\b"
    rf"|\b(?:{MONTH}) 0\d\b"
)


def other_dates(text: str) -> list[str]:
    """Every date in the text that is written in another way than "Nov 3, 2026"."""
    return OTHER_FORMS.findall(text)
