"""A number that is a diagnosis code with its letter: "E11.9 diabetes, 110" means I10, and the eye sees a one."""

import re

from schemas.codes.icd10cm import is_known

# The letter that a digit may be: chapters of codes that referrals name.
_LETTERS = {"1": "i", "2": "z", "5": "s", "6": "g", "8": "b"}
_BEGINS = r"(?:^|(?<=[,;&/(:] )|(?<=[/(,;:]))"
# A number with a point, or by itself between commas, or before words with which the text begins; not before a unit.
_UNITS = r"(?! ?(?:lbs?|pounds?|kg|mg|cm|mm|m|ft|feet|days?|wks?|weeks?|mos?|months?|yo|yrs?|years?|min|deg|bpm)\b)"
_NUMBER = re.compile(
    rf"{_BEGINS}(\d)(\d[\da-z]\.[\da-z]{{1,4}})(?=[ ,;)]|$){_UNITS}"
    rf"|{_BEGINS}(\d)(\d\d)(?=[,;)]|$)"
    rf"|^(\d)(\d\d)(?= [a-z]){_UNITS}"
)


def near_code(text: str) -> str | None:
    """The folded `text` with the code that a number in it may be; None when none is a code with a letter so alike."""
    for found in _NUMBER.finditer(text):
        digit, rest = filter(None, found.groups())
        letter = _LETTERS.get(digit)
        if letter and is_known(f"{letter}{rest}".upper()):
            at = found.start()
            return f"{text[:at]}{letter}{text[at + 1 :]}"
    return None
