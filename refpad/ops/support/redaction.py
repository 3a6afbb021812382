"""Text that names nobody: only words that the program itself writes are left standing, and no longer numbers."""

import builtins
import errno
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from pathlib import Path

WORD, NUMBER = "[word]", "[number]"
DIGITS_MOST = 6  # a telephone number without its area code has seven
DIGITS_KNOWN = 4  # from here on a number of the people on record is taken for theirs: a ZIP code, a house
# Where names stand in the program: invented ones, and how people are called.
WITH_NAMES = ("simulate", "language", "samples.py", "names", "patient_label")
ROOT = Path(__file__).parents[3]
ROOMS = ("schemas", "ocr", "pads", "store", "followup", "exports", "refpad", "flows", "web")

_TOKEN = re.compile(
    r"(?P<stamp>^(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d[.,]\d+)"  # when a line was logged
    r"|(?P<number>(?<![^\W_])[+(]?\d(?:[ ().\-/]{0,2}\d)*(?![^\W_]))"
    r"|(?P<word>[^\W_]+)",
    re.MULTILINE,
)
_DAY = re.compile(r"\d{1,4}[-/]\d{1,2}[-/]\d{1,4}")
_WORDS = re.compile(r"[^\W_]+")
_SEVERAL = re.compile(rf"{re.escape(WORD)}(?:[\W_]{{0,3}}{re.escape(WORD)})+")


@cache
def program_words() -> frozenset[str]:
    """All words of the program's own source, in small letters, and those with which Python tells of a failure."""
    found = {word for code in errno.errorcode for word in _WORDS.findall(os.strerror(code))}
    found |= {word for name in (*dir(builtins), *_packages()) for word in _WORDS.findall(name)}
    found |= {pad for path in (ROOT / "pads" / "designs").glob("*.toml") for pad in _WORDS.findall(path.stem)}
    for path in _sources():
        found.update(_WORDS.findall(path.read_text("utf-8")))
    return frozenset(word.lower() for word in found)


def _packages() -> Iterable[str]:
    return (distribution.name for distribution in metadata.distributions())


def _sources() -> Iterable[Path]:
    paths = (path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    return (path for path in paths if not set(path.relative_to(ROOT).parts) & set(WITH_NAMES))


@dataclass
class Redaction:
    """Takes out of a text what may name somebody.

    A word that the program does not know itself goes; one that it knows goes too, where somebody on record is called
    so ("Page") and it has a capital. Dates go, but for a log's own, and numbers as long as a telephone's.
    """

    _words: frozenset[str] = field(default_factory=program_words)
    _named: set[str] = field(default_factory=set)
    _numbers: set[str] = field(default_factory=set)

    def learn(self, texts: Iterable[str]) -> None:
        """Take in how people, offices and files on record are called."""
        for text in texts:
            tokens = _WORDS.findall(text)
            self._named.update(token.lower() for token in tokens if not token.isdecimal())
            self._numbers.update(token for token in tokens if token.isdecimal() and len(token) >= DIGITS_KNOWN)

    def clean(self, text: str) -> str:
        """The text without what may name somebody."""
        return _SEVERAL.sub(f"{WORD}...", _TOKEN.sub(self._kept, text))

    def clean_all(self, value: object) -> object:
        """What JSON takes, with each text in it cleaned; the names of fields are the program's own."""
        if isinstance(value, dict):
            return {name: self.clean_all(each) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.clean_all(each) for each in value]
        return self.clean(value) if isinstance(value, str) else value

    def _kept(self, match: re.Match[str]) -> str:
        token = match[0]
        if match["stamp"]:
            return token
        if match["number"]:
            return NUMBER if self._is_telling(token) else token
        word = token.lower()
        is_name = word in self._named and token[:1].isupper()
        return token if word in self._words and not is_name else WORD

    def _is_telling(self, number: str) -> bool:
        digits = "".join(filter(str.isdigit, number))
        of_people = any(part in self._numbers for part in re.findall(r"\d+", number))
        return len(digits) > DIGITS_MOST or of_people or _DAY.search(number) is not None
