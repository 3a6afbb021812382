"""The directory: offices that hold pads, and providers who sign slips."""

import re
import unicodedata
from collections.abc import Callable, Container, Mapping
from datetime import date
from itertools import chain, count
from typing import Any

from pydantic import EmailStr, Field, ValidationError

from schemas.base import Value
from schemas.errors import UsageError
from schemas.letter import Prefers
from schemas.names.salutation import given_first
from schemas.phones import phone_problem
from schemas.plain_words import plain
from schemas.referral import Line

SHORT_MOST = 32  # of an office's short name, so that a number still fits behind it

# What stands around a name on a slip and does not tell one provider from another.
_BEFORE = frozenset(["dr", "doctor", "mr", "mrs", "ms"])
_AFTER = frozenset(["md", "dpm", "dpt", "phd", "facs", "faaos", "aprn", "fnp", "dnp"])
_AFTER_TWO = frozenset(["do", "dc", "pa", "pac", "pt", "np", "ot", "rn"])  # names of people, too

# What US states have practices put behind their names: 805 ILCS 180/1-10 and its likes.
_COMPANY = frozenset(["llc", "pllc", "pc", "inc", "ltd", "llp", "corp", "sc"])


class Office(Value):
    """A medical office that holds pads; `id` is the short name that people type. `contact` is whom to ask for."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")
    name: Line = Field(min_length=2, max_length=120)
    contact: Line = Field(default="", max_length=120)
    phone: Line = Field(default="", max_length=40)
    fax: Line = Field(default="", max_length=40)
    email: EmailStr | None = None
    address: Line = Field(default="", max_length=200)
    prefers: Prefers = Prefers.POST


class Provider(Value):
    """Who signs. Fax, e-mail and way of sending are the office's where nothing else is said."""

    id: int
    name: Line = Field(min_length=1, max_length=120)
    office_id: str | None = None
    fax: Line = Field(default="", max_length=40)
    email: EmailStr | None = None
    prefers: Prefers | None = None


def check_entry(
    kind: type[Office] | type[Provider],
    values: Mapping[str, Any],
    region: str,
    entered: Container[str],
    office: Office | None = None,
) -> None:
    """Raise a UsageError that says of each field what to write, when letters or calls could not use what it has.

    `values` are all of the office or provider, `entered` the names of those that somebody entered just now: of what is
    on record already, numbers are not doubted. `region` is the country of numbers without a +, as in US; `office` is
    the provider's, whose fax and e-mail stand in for theirs.
    """
    problems: dict[str, str] = {}
    try:
        kind.model_validate(values)
    except ValidationError as error:
        details = error.errors(include_input=False)
        problems = {str(detail["loc"][0]).replace("_", " "): plain(detail) for detail in details}
    for name, check in _CHECKS.items():
        written = str(values.get(name) or "")
        if written and name in entered and (problem := check(written, region)):
            problems.setdefault(name, problem)
    way = str(values.get("prefers") or "")
    if any(name in entered for name in ("prefers", "office_id", way)) and _lacks(way, values, office):
        problems.setdefault(way, _ENTER[way])
    if problems:
        raise UsageError(f"This does not fit: {'; '.join(f'{name}: {what}' for name, what in problems.items())}.")


def _zip_problem(address: str, region: str) -> str:
    """Of an address in the US that ends with digits behind its state: they are a ZIP code."""
    behind_state = re.search(r"\b[A-Z]{2},?\s+(\d[\d -]*)$", address.strip())
    if region != "US" or behind_state is None or re.fullmatch(r"\d{5}(?:-?\d{4})?", behind_state[1]):
        return ""
    return "write a ZIP code of 5 digits, or of 5 and 4, as in 60622-1234"


def _lacks(way: str, values: Mapping[str, Any], office: Office | None) -> bool:
    """Whether letters are to go by fax or e-mail, and neither number nor address is there."""
    return way in _ENTER and not values.get(way) and not getattr(office, way, None)


_ENTER: Mapping[str, str] = {
    Prefers.FAX: "enter the number, or choose another way for letters",
    Prefers.EMAIL: "enter the address, or choose another way for letters",
}
_CHECKS: Mapping[str, Callable[[str, str], str]] = {
    "phone": phone_problem,
    "fax": phone_problem,
    "address": _zip_problem,
}


def name_key(name: str) -> str:
    """What two spellings of one name share: "Dr. B. Fenn", "B. Fenn, MD" and "Fenn, B." are "b fenn".

    "" when nothing is left.
    """
    spoken = given_first(name).replace(". ", " ")
    words = re.findall(r"[^\W_]+", re.sub(r"[.'\u2019-]", "", spoken).casefold())
    while words and words[0] in _BEFORE:
        words.pop(0)
    while len(words) > 1 and (words[-1] in _AFTER or (len(words) > 2 and words[-1] in _AFTER_TWO)):
        words.pop()
    return " ".join(words)


def office_key(name: str) -> str:
    """What two entries of one office share: "River-Side Spine & Sport, LLC" and "Riverside spine and sport" are one.

    Case, spaces, accents and punctuation tell no office from another, nor what the law calls its company. "" when no
    letter is left.
    """
    bare = "".join(ch for ch in unicodedata.normalize("NFKD", name) if not unicodedata.combining(ch))
    words = re.findall(r"[^\W_]+", re.sub(r"[.'\u2019]", "", bare.replace("&", " and ")).casefold())
    while len(words) > 1 and words[-1] in _COMPANY:
        words.pop()
    return "".join(words)


def office_id_of(name: str, taken: Container[str]) -> str:
    """A short name for an office: "Riverside Spine" is "riverside-spine", or "riverside-spine-2" when that is taken."""
    bare = "".join(ch for ch in unicodedata.normalize("NFKD", name) if not unicodedata.combining(ch))
    words = re.findall(r"[a-z0-9]+", bare.casefold())
    start = "-".join(words)[:SHORT_MOST].rstrip("-")
    if not re.match(r"[a-z].", start):
        start = f"office-{start}".rstrip("-")
    return next(short for short in chain((start,), (f"{start}-{n}" for n in count(2))) if short not in taken)


class MonthCount(Value):
    """Referrals in a month, "2026-03"."""

    month: str
    referrals: int


class OfficeActivity(Value):
    """What passed between an office and the studio. No figure here is for a reward, and none ranks offices.

    Medians are of all referrals whose patient was contacted, or whose provider was thanked: in days, None when
    there were none. `slips_left` counts from the highest serial seen of the latest pads.
    """

    office_id: str
    office_name: str
    contact: str
    providers: int
    referrals: int
    by_month: tuple[MonthCount, ...]
    first_referral_on: date | None
    last_referral_on: date | None
    days_quiet: int | None
    quiet: bool
    days_to_contact: float | None
    days_to_thanks: float | None
    slips_given: int
    slips_left: int
    pads_low: bool
