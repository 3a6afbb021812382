"""Whether two referrals may be of one patient: a suggestion for people, by name, date of birth and telephone."""

import unicodedata
from datetime import date

from rapidfuzz.distance import Levenshtein

from schemas.base import Value
from schemas.office import name_key

# Two names are called alike from here on, as of two readings of a slip (schemas.sameness.A_LETTER): a letter or two.
ALIKE_LEAST = 0.8


class PatientFacts(Value):
    """What tells a patient: the name as it is written, the telephone (E.164), and the date of birth where known."""

    name: str
    phone: str
    birth_date: date | None = None


def why_same(one: PatientFacts, other: PatientFacts) -> str | None:
    """Why two may be one patient, in words; None when nothing says so, or two dates of birth say no.

    A telephone alone says nothing, since families share one, and a name alone nothing but where it is the same letter
    by letter.
    """
    births = [born for born in (one.birth_date, other.birth_date) if born is not None]
    same_birth, same_phone = len(births) == 2 and births[0] == births[1], one.phone == other.phone
    if len(births) == 2 and not same_birth:
        return None
    names = [_plain(facts.name) for facts in (one, other)]
    alike = Levenshtein.normalized_similarity(*names) >= ALIKE_LEAST
    if same_birth and (alike or same_phone):
        return "the same date of birth and telephone" if same_phone else "the same date of birth, and a like name"
    if same_phone and alike:
        return "the same telephone, and a like name"
    return "the same name" if names[0] == names[1] and names[0] else None


def _plain(name: str) -> str:
    """The name given name first, in small letters, without titles and accents."""
    bare = "".join(ch for ch in unicodedata.normalize("NFKD", name) if not unicodedata.combining(ch))
    return name_key(bare)
