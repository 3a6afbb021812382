"""What stands on the lines that the text recognizer is trained on: the field's language, and letters that are none."""

import gzip
import random
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Literal

import ocr.language
from schemas.codes.icd10cm import LIST as CODES

SOURCES = Path(ocr.language.__file__).parent / "sources"
KNOWN_WORDS = Path(ocr.language.__file__).parent / "data" / "words.txt.gz"
# How often a field of free text holds each kind of phrase. Words in no order and misspelled ones keep the network from
# reading what it expects: the language model comes after it, and must be told what stands there.
SHARES = {"rehab": 0.4, "abbreviations": 0.14, "codes": 0.14, "words": 0.16, "numbers": 0.1, "letters": 0.06}
MISSPELLED_SHARE = 0.18  # of words of three letters or more, in half of the phrases
NOT_OF_A_REFERRAL = ("V", "W", "X", "Y", "T")
Kind = Literal["text", "name", "provider"]
_LETTERS = "eeeaaaiiioootttnnnsssrrrllldddccuummpphhgbfywkvxzjq"


@dataclass(frozen=True)
class Drawer:
    """Draws entries of a list, each as often as its weight says."""

    entries: tuple[str, ...]
    sums: tuple[float, ...]

    def draw(self, rng: random.Random) -> str:
        """One entry."""
        return rng.choices(self.entries, cum_weights=self.sums)[0]


def phrase_for(kind: Kind, rng: random.Random) -> str:
    """A phrase of printable ASCII for a field of that kind."""
    text = _person(rng, provider=kind == "provider") if kind != "text" else _free_text(rng)
    if kind == "text" and rng.random() < 0.5:
        text = " ".join(_misspelled(word, rng) if rng.random() < MISSPELLED_SHARE else word for word in text.split())
    cased = rng.random()
    text = text.lower() if cased < 0.1 else text[:1].upper() + text[1:] if cased < 0.3 else text
    return "".join(letter for letter in text if " " <= letter <= "~").strip() or "none"


def _free_text(rng: random.Random) -> str:
    source = rng.choices(list(SHARES), list(SHARES.values()))[0]
    if source == "codes":
        return rng.choice(_codes())
    if source == "words":
        return " ".join(rng.choice(_words()) for _ in range(rng.randint(1, 5)))
    if source == "letters":
        return " ".join("".join(rng.choices(_LETTERS, k=rng.randint(2, 9))) for _ in range(rng.randint(1, 4)))
    return _drawn(_patterns(source).draw(rng), _lists(), rng)


def _person(rng: random.Random, *, provider: bool) -> str:
    """A name as people write it; family names are any words of the list, which is mostly names."""
    given, family = (rng.choice(_words()).title() for _ in range(2))
    if rng.random() < 0.06:
        family = rng.choice(_lists()["apostrophe"].entries)
    if rng.random() < 0.06:
        family += "-" + rng.choice(_words()).title()
    form = rng.random()
    given = f"{given[0]}." if form < 0.2 else f"{given} {rng.choice('ABCDEFGHJKLMPRSTW')}." if form < 0.35 else given
    if provider:
        title = _lists()["title"].draw(rng)
        return f"Dr. {family}" if rng.random() < 0.25 else f"{given} {family}, {title}"
    return f"{family}, {given}" if rng.random() < 0.15 else f"{given} {family}"


def _misspelled(word: str, rng: random.Random) -> str:
    """The word with one letter lost, doubled, exchanged for another or moved."""
    if len(word) < 3:
        return word
    at = rng.randrange(len(word) - 1)
    other = rng.choice(_LETTERS)
    return rng.choice(
        [
            word[:at] + word[at + 1 :],
            word[: at + 1] + word[at:],
            word[:at] + (other.upper() if word[at].isupper() else other) + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        ]
    )


def _drawn(pattern: str, lists: dict[str, Drawer], rng: random.Random) -> str:
    while match := re.search(r"\{([a-z]+)\}", pattern):
        pattern = pattern[: match.start()] + lists[match[1]].draw(rng) + pattern[match.end() :]
    return re.sub(r"\{(\d+)-(\d+)\}", lambda found: str(rng.randint(int(found[1]), int(found[2]))), pattern)


@cache
def _lists() -> dict[str, Drawer]:
    """All lists of the language model's sources."""
    tables = {name: table for file in ("rehab", "abbreviations", "numbers") for name, table in _source(file).items()}
    names = tomllib.loads((SOURCES / "names.toml").read_text(encoding="utf-8"))
    return {name: _weighted(entries) for name, entries in (tables | names).items()}


def _source(file: str) -> dict[str, list[str]]:
    lists: dict[str, list[str]] = tomllib.loads((SOURCES / f"{file}.toml").read_text(encoding="utf-8"))["lists"]
    return lists


@cache
def _patterns(file: str) -> Drawer:
    weights = tomllib.loads((SOURCES / f"{file}.toml").read_text(encoding="utf-8"))["patterns"]
    return Drawer(tuple(weights), tuple(accumulate(weights.values())))


def _weighted(entries: list[str]) -> Drawer:
    """Entries such as "knee*5": five times as often as "wrist"."""
    parted = [match for entry in entries if (match := re.fullmatch(r"(.*?)(?:\*(\d+))?", entry))]
    return Drawer(tuple(match[1] for match in parted), tuple(accumulate(float(match[2] or 1) for match in parted)))


@cache
def _words() -> tuple[str, ...]:
    return tuple(gzip.decompress(KNOWN_WORDS.read_bytes()).decode("utf-8").split())


@cache
def _codes() -> tuple[str, ...]:
    """The descriptions of all diagnoses that a referral may name."""
    rows = gzip.decompress(CODES.read_bytes()).decode("utf-8").splitlines()
    return tuple(row.split("\t")[2] for row in rows if not row.startswith(NOT_OF_A_REFERRAL))
