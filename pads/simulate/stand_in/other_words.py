"""Other words in the place of those that were read: of the same kind, about as long, and none of them the same."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from pads.simulate import words
from pads.simulate.invent_answers import ICD10_CODES
from schemas.codes.npi import with_check_digit
from schemas.fields.meaning import WrittenField, meaning_of
from schemas.pad import FieldKind, TextField

# A day like any other, on which stand-ins arrive: the true one is a patient's.
RECEIVED_ON = date(2026, 3, 3)
# How old people are, in years, and how far off other days are: a stand-in's is anywhere in the same span.
AGES = ((0, 17), (18, 39), (40, 64), (65, 89), (90, 110), (111, 140))
DAYS = ((-1500, -731), (-730, -366), (-365, -61), (-60, 0), (1, 30), (31, 90), (91, 730), (731, 1500))
USUAL = {"birth": -60 * 365, "past": -10, "future": 40}  # days
NO_DATE, NO_AREA, NO_CODE = "2026-13-40", "012", "Q0Q"  # what no calendar, no telephone and no ICD-10-CM has
DRAWS = 60  # texts of which the one nearest in length is taken
LETTERS = ("bdfgklmnprstv", "aeiou")
_WORDS = re.compile(r"[^\W_]+")
PHRASES = {"goals": words.GOALS, "precautions": words.PRECAUTIONS}


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """All words in some texts that tell something, in small letters."""
    return frozenset(word.lower() for text in texts for word in _WORDS.findall(text) if len(word) > 1)


@dataclass(frozen=True)
class OtherWords:
    """Writes other texts; none has a word that is in `avoid`. `received_on` is the day that the true slip came."""

    avoid: frozenset[str]
    received_on: date
    phone_region: str
    rng: np.random.Generator

    def instead_of(self, field: WrittenField, said: str, *, is_right: bool) -> str:
        """What stands in this field of the stand-in; what means nothing, where what was said was found wrong."""
        match field.content:
            case FieldKind.PHONE:
                return self._phone(said, is_right=is_right)
            case FieldKind.DATE:
                return self._day(field, said) if is_right else NO_DATE
            case FieldKind.NUMBER:
                return self._number(field, is_right=is_right)
            case FieldKind.NPI:
                npi = with_check_digit(f"1{self._below(10**8):08d}")
                return npi if is_right else f"{npi[:-1]}{(int(npi[-1]) + 1) % 10}"
            case FieldKind.ICD10:
                return self._allowed(ICD10_CODES) if is_right else NO_CODE
            case _:
                return self._text(field, said)

    def _phone(self, said: str, *, is_right: bool) -> str:
        area = self._one(words.AREA_CODES) if is_right else NO_AREA
        last = f"{self._below(100):02d}"
        return f"+1{area}55501{last if not said.endswith(last) else f'{(int(last) + 1) % 100:02d}'}"

    def _day(self, field: WrittenField, said: str) -> str:
        """Anywhere in the span in which the true one is, counted from the day that the slip arrived.

        One that could not be read is as far off as most are.
        """
        day = meaning_of(field, said, self.received_on, self.phone_region).value
        away = (date.fromisoformat(str(day)) - self.received_on).days if day else USUAL[field.when or "past"]
        if field.when == "birth" and away <= 0:
            least, most = _span(AGES, int(-away / 365.25))
            away = -int(self.rng.integers(round(least * 365.25) + 1, round((most + 1) * 365.25)))
        else:
            least, most = _span(DAYS, away)
            away = int(self.rng.integers(least, most + 1))
        return (RECEIVED_ON + timedelta(days=away)).isoformat()

    def _number(self, field: WrittenField, *, is_right: bool) -> str:
        least, most = field.least or 0, field.most or 99
        return str(int(self.rng.integers(least, max(least, most) + 1))) if is_right else str(most + 1)

    def _text(self, field: WrittenField, said: str) -> str:
        choices = field.choices if isinstance(field, TextField) else ()
        texts = choices or [self._drawn(field.name, said) for _ in range(DRAWS)]
        allowed = [text for text in texts if not words_of([text]) & self.avoid] or [self._letters(len(said))]
        nearest = min(allowed, key=lambda text: (abs(len(text) - len(said)), self.rng.random()))
        return nearest.upper() if said.isupper() else nearest

    def _drawn(self, name: str, said: str) -> str:
        if name == "patient_name":
            return f"{self._one(words.FIRST_NAMES)} {self._one(words.LAST_NAMES)}"
        if name.endswith("_name"):
            first, last, title = (self._one(of) for of in (words.FIRST_NAMES, words.LAST_NAMES, words.PROVIDER_TITLES))
            return self._one((f"Dr. {last}", f"{first[0]}. {last}, {title}", f"{first} {last}, {title}"))
        if name == "diagnosis":
            phrases: Sequence[str] = [self._diagnosis() for _ in range(2)]
        else:
            phrases = [self._one(PHRASES.get(name, words.OTHERS)) for _ in range(3)]
        text = phrases[0]
        for phrase in phrases[1:]:
            text = f"{text}, {phrase}" if len(text) + len(phrase) <= len(said) and phrase not in text else text
        return text

    def _diagnosis(self) -> str:
        past = f"{self._below(12) + 1}/{self._below(28) + 1}"
        return self._one(words.DIAGNOSES).format(side=self._one(words.SIDES), past=past, weeks=self._below(14) + 3)

    def _allowed(self, texts: Sequence[str]) -> str:
        return self._one([text for text in texts if not words_of([text]) & self.avoid] or texts)

    def _letters(self, count: int) -> str:
        """A word that is none, where all words that there are were said."""
        made = "".join(self._one(LETTERS[place % 2]) for place in range(max(3, min(count, 24))))
        return made if made not in self.avoid else f"{made}{self._one(LETTERS[0])}"

    def _one(self, of: Sequence[str]) -> str:
        return of[self._below(len(of))]

    def _below(self, most: int) -> int:
        return int(self.rng.integers(most))


def _span(spans: Sequence[tuple[int, int]], value: int) -> tuple[int, int]:
    """The span that holds the value, or the one at that end."""
    return next((span for span in spans if value <= span[1]), spans[-1])
