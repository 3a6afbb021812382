"""Words as the search knows them: the same of what is written on record and of what somebody types."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

TEXT, PHONE, SERIAL, CODE, DATE = "text", "phone", "serial", "code", "date"
WORD_MOST = 40
TOKENS_MOST = 6
PHONE_LOCAL, PHONE_WHOLE = 7, 10  # digits without and with the area code

Word = tuple[str, str]  # kind and word

_WORDS = re.compile(r"[a-z0-9]+")
# Letters that have no accent to be taken from them (Unicode gives them no decomposition).
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "\u0131": "i", "þ": "th", "æ": "ae", "œ": "oe", "ŋ": "n"}
)
# An ICD-10-CM code with its point, which is one word: M17.11.
_CODE = re.compile(r"\b([a-z][0-9][0-9a-z])\.([0-9a-z]{1,4})\b")
_PHONE = re.compile(
    r"(?<![\w/])[+(]?\d[\d\s().\u2013\u2014-]{4,}\d(?:\s*(?:x|ext\.?|extension)\s*\d{1,6})?(?!\w)", re.I
)
_EXTENSION = re.compile(r"\s*(?:x|ext).*$", re.I)
_ABROAD = re.compile(r"^(?:011|00|0)")  # what is dialled before a country's number, or before the area at home
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY = re.compile(
    r"\b(?P<iso>\d{4})-(?P<iso_month>\d{1,2})-(?P<iso_day>\d{1,2})\b"
    r"|\b(?P<month>\d{1,2})/(?P<day>\d{1,2})(?:/(?P<year>\d{4}|\d{2}))?\b"
    rf"|\b(?P<name>{'|'.join(_MONTHS)})[a-z]*\.?\s+(?P<named_day>\d{{1,2}})(?:,?\s+(?P<named_year>\d{{4}}))?\b",
    re.I,
)


def plain_words(text: str) -> list[str]:
    """The words of a text in small letters without accents, in order; a diagnosis code is one word."""
    bare = "".join(ch for ch in unicodedata.normalize("NFKD", text) if not unicodedata.combining(ch))
    small = _CODE.sub(r"\1\2", bare.casefold().translate(_LETTERS))
    return [word[:WORD_MOST] for word in _WORDS.findall(small)]


def phone_digits(text: str) -> str:
    """The digits of a telephone number without its extension, the country's own 1 and what is dialled before it."""
    kept = "".join(ch for ch in _EXTENSION.sub("", text).replace("(0)", "") if ch.isascii() and ch.isdigit())
    if len(kept) >= PHONE_LOCAL:
        kept = _ABROAD.sub("", kept)
    return kept[1:] if len(kept) == PHONE_WHOLE + 1 and kept[0] == "1" else kept


def day_word(day: date) -> str:
    """How a day stands in the index."""
    return day.isoformat()


def tokens_of(query: str, *, has_days: bool = False) -> list[str]:
    """The words of a query; a telephone number, however it is written, is one word.

    So is a day, with `has_days`: "2026-11-20", or "-11-20" when its year is not said.
    """
    days: list[str] = []
    if has_days:
        days = list(_days(query))
        query = _DAY.sub(" ", query)
    phones = [phone_digits(found) for found in _PHONE.findall(query)]
    if phones and all(len(phone) >= PHONE_LOCAL for phone in phones):
        query = _PHONE.sub(" ", query)
    else:
        phones = []
    return list(dict.fromkeys([*days, *phones, *plain_words(query)]))[:TOKENS_MOST]


def _days(query: str) -> Iterator[str]:
    for found in _DAY.finditer(query):
        part = found.groupdict()
        if part["iso"]:
            yield f"{part['iso']}-{int(part['iso_month']):02}-{int(part['iso_day']):02}"
            continue
        month = int(part["month"]) if part["month"] else _MONTHS.index(part["name"].lower()) + 1
        year = part["year"] or part["named_year"] or ""
        whole = f"20{year}" if len(year) == len("26") else year
        yield f"{whole}-{month:02}-{int(part['day'] or part['named_day']):02}"
