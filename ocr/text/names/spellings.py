"""How a name on record may stand on a slip: with its credentials or without, as an initial, the family name first."""

import re
from collections.abc import Iterator

from schemas.names.salutation import without_credentials

_TITLE = re.compile(r"^(?:dr|doctor)\.?\s+", re.IGNORECASE)
_INITIAL = re.compile(r"[^\W\d_]\.?")
# Letters of credentials that some people part with points: M.D., but no DPT.
_POINTED_MOST = 2


def provider_spellings(name: str) -> tuple[str, ...]:
    """The ways in which whoever signs as `name` may write it; the one on record first."""
    bare, credentials = without_credentials(name)
    titled, full = bool(_TITLE.match(bare)), _TITLE.sub("", bare)
    found = [name, *(f"Dr. {last}" for _, last in _splits(full)), f"Dr. {full}"]
    if " " not in full and titled:
        return tuple(dict.fromkeys(found))
    shorter = [f"{first[0]}. {last}" for first, last in _splits(full) if first]
    for who in (full, *shorter):
        found += [who, *(f"{who}{between}{title}" for title in _pointed(credentials) for between in (", ", " "))]
    return tuple(dict.fromkeys(found))


def patient_spellings(name: str) -> tuple[str, ...]:
    """The ways in which the name of a patient may stand on a slip; the one on record first."""
    last, comma, first = (part.strip() for part in name.partition(","))
    pairs = [(first, last)] if comma else list(_splits(name))
    found = [name]
    for first_names, family in pairs:
        given = [word for word in first_names.split() if not _INITIAL.fullmatch(word)] or first_names.split()
        for names in dict.fromkeys([first_names, " ".join(given)]):
            found += [f"{names} {family}", f"{family}, {names}"] if names else []
    return tuple(dict.fromkeys(found))


def _splits(full: str) -> Iterator[tuple[str, str]]:
    """First names and family name: the last word alone, or the last two, as in De Luca; never an initial."""
    words = full.split()
    for count in (1, 2):
        if len(words) > count or (len(words) == count == 1):
            first, last = words[:-count], words[-count:]
            if count == 1 or not _INITIAL.fullmatch(last[0]):
                yield " ".join(first), " ".join(last)


def _pointed(credentials: str) -> tuple[str, ...]:
    """The credentials as they are, and with or without points: MD and M.D."""
    plain = credentials.replace(".", "")
    pointed = "".join(f"{letter}." for letter in plain) if plain.isalpha() and len(plain) <= _POINTED_MOST else plain
    return tuple(title for title in dict.fromkeys([credentials, plain, pointed]) if title)
