"""Is it one slip that came twice? Told from what two readings of it say, each with its errors."""

import hashlib
import re
import unicodedata
from datetime import date

from rapidfuzz.distance import Levenshtein

from schemas.base import Value
from schemas.dates import parse_date
from schemas.reading import MarkState, ReferralDraft, TextReading

PATIENT = ("patient_name", "patient_phone")
WORDS = ("diagnosis", "goals", "precautions", "other_condition", "other_service")
DAYS = {"signed_on": 0.7, "next_visit_on": 0.3}  # the day of signing is on every slip, and on no other of a patient
PHONE_DIGITS = 10
SOME_DAY = date(2000, 7, 1)  # a day written without its year is compared as one near this

# Set on 640 pairs of one simulated slip that came through two channels, 704 of two slips of one patient, and 25,088 of
# two patients' (bench/slips/rescans.py, seeds 11 and 7021); what came of them on another seed is in docs/accuracy.md.
SHARES = {"patient": 0.3, "provider": 0.1, "words": 0.3, "boxes": 0.3}
ALIKE_LEAST = 0.62  # one slip: 0.66 and above
PATIENT_LEAST = 0.55
WORDS_LEAST = 0.40  # one slip: 0.44 and above; most with other words: 0.33 and below
BOXES_LEAST = 0.60  # one slip: all; another complaint of the patient: 0.50 and below
DAYS_LEAST = 0.35
SURE = 0.90  # what was read with this confidence is taken at its word
A_LETTER = 0.80  # of two names as similar, one may be a slip of the reader all the same
MISREAD = 0.8  # of two days of which one is less sure, this share of what they have in common counts


class Sameness(Value):
    """How far two readings agree, 0 to 1: in patient (name and phone), provider, days, words, and boxes checked."""

    patient: float
    provider: float
    days: float
    words: float
    boxes: float

    @property
    def is_one_slip(self) -> bool:
        """Whether a person must say that it is not one slip that came twice."""
        alike = sum(share * getattr(self, name) for name, share in SHARES.items())
        least = {"patient": PATIENT_LEAST, "words": WORDS_LEAST, "boxes": BOXES_LEAST, "days": DAYS_LEAST}
        return alike >= ALIKE_LEAST and all(getattr(self, name) >= bar for name, bar in least.items())


def compare(one: ReferralDraft, other: ReferralDraft) -> Sameness:
    """How far two drafts of the same pad agree."""
    name, phone = (_same_text(one, other, name) for name in PATIENT)
    return Sameness(
        patient=(name + phone) / 2,
        provider=_similarity(_said(one, "provider_name"), _said(other, "provider_name")),
        days=sum(share * _same_day(one.text.get(name), other.text.get(name)) for name, share in DAYS.items()),
        words=_similarity(_words(one), _words(other)),
        boxes=_same_boxes(one, other),
    )


def keys_of(draft: ReferralDraft) -> frozenset[int]:
    """What a draft is looked up by: numbers of 64 bits, of which another reading of the same slip has at least one.

    Phone, patient and day of signing each alone; and, as any of them may be misread, the boxes checked together with
    a part of one, or with the provider.
    """
    phone, patient, signed = (_said(draft, name) for name in ("patient_phone", "patient_name", "signed_on"))
    provider = _said(draft, "provider_name")
    boxes = ",".join(sorted(name for name, mark in draft.marks.items() if mark.value is MarkState.CHECKED))
    alone = [text for text in (f"phone {phone}", f"patient {patient}", f"signed {signed}") if not text.endswith(" ")]
    parts = (f"end {phone[-4:]}", f"area {phone[:6]}", f"month {signed[:6]}", f"day {signed[6:]}", f"by {provider}")
    return frozenset(_number(text) for text in (*alone, *(f"{boxes} {part}" for part in parts)))


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def _said(draft: ReferralDraft, name: str) -> str:
    reading = draft.text.get(name)
    return _plain(name, reading.value) if reading else ""


def _plain(name: str, value: str) -> str:
    """A value as it is compared: digits, or small letters and digits, without accents, spaces and punctuation."""
    if name in DAYS:
        day = parse_date(value, SOME_DAY).on
        return f"{day:%Y%m%d}" if day else _digits(value)
    if name == "patient_phone":
        return _digits(value)[-PHONE_DIGITS:]
    bare = "".join(ch for ch in unicodedata.normalize("NFKD", value) if not unicodedata.combining(ch))
    return "".join(ch for ch in bare.casefold() if ch.isalnum())


def _digits(text: str) -> str:
    return "".join(re.findall(r"[0-9]", text))


def _words(draft: ReferralDraft) -> str:
    return "".join(_said(draft, name) for name in WORDS)


def _similarity(one: str, other: str) -> float:
    return Levenshtein.normalized_similarity(one, other)


def _same_text(one: ReferralDraft, other: ReferralDraft, name: str) -> float:
    """How similar two texts are; nothing when both are sure and differ by more than a letter."""
    alike = _similarity(_said(one, name), _said(other, name))
    return 0.0 if alike < A_LETTER and _sure(one.text.get(name), other.text.get(name)) else alike


def _sure(*readings: TextReading | None) -> bool:
    return all(reading is not None and reading.confidence >= SURE for reading in readings)


def _same_day(one: TextReading | None, other: TextReading | None) -> float:
    """1 for the same day; for two, nothing when both are sure, otherwise as far as one may be the other misread."""
    texts = [_plain("signed_on", reading.value) if reading else "" for reading in (one, other)]
    if texts[0] == texts[1]:
        return 1.0
    return 0.0 if _sure(one, other) else MISREAD * (_similarity(texts[0], texts[1]) if all(texts) else 0.5)


def _same_boxes(one: ReferralDraft, other: ReferralDraft) -> float:
    """The share of the boxes checked on either that are checked on both, of those that were decided on both."""
    decided = [
        (mark.value is MarkState.CHECKED, other.marks[name].value is MarkState.CHECKED)
        for name, mark in one.marks.items()
        if name in other.marks and MarkState.AMBIGUOUS not in (mark.value, other.marks[name].value)
    ]
    checked = sum(any(pair) for pair in decided)
    return sum(all(pair) for pair in decided) / checked if checked else 1.0
