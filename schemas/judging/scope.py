"""What a referral asks for that a medical exercise specialist may not do: a person settles it before anybody trains.

A word counts where it asks: not where it says what is over ("completed physical therapy", "manual therapy x 6, done")
or is not wanted.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from schemas.judging.case import Case, doubt
from schemas.pad import ROLES, FieldKind
from schemas.reading import Finding
from schemas.reasons import FindingCode as Code

WORDS = Path(__file__).with_name("scope.toml")
ASKING = ("diagnosis", "goals", "other_service")  # where a doctor writes what is wanted; precautions say what is not
_CLAUSE_END = re.compile(r"[;.,\n]|\bthen\b|\bbut\b|\bnow\b")
# Before the word, within its clause: it is over, or not wanted.
_OVER_BEFORE = re.compile(
    r"\b(?:complet\w+|finish\w+|end\w*|after|post|s/p|status|follow\w+|d/c\w*|dc'?d?|discharg\w+|fail\w*|prior|"
    r"previous\w*|past|had|has|received|underwent|no|not|without|declin\w+|instead|since|from|"
    r"tolerat\w+|graduat\w+|hx|h/o|history)\b"
)
_OVER_BEHIND = re.compile(
    r"\b(?:complet\w+|finish\w+|done|ended|over|discharg\w+|d/c\w*|fail\w*|plateau\w*|not|without|"
    r"helped|ago|in \d{4})\b"
)


class _Service(NamedTuple):
    name: str
    whose: str
    pattern: re.Pattern[str]


def judge_scope(case: Case) -> Iterator[Finding]:
    """One finding for each service outside the specialist's scope that the slip asks for."""
    own = (field.name for field in case.design.writing if field.content is FieldKind.TEXT and field.name not in ROLES)
    asked: dict[str, str] = {}
    for name in (*ASKING, *own):
        asked |= {service: whose for service, whose in asked_for(case.written(name)) if service not in asked}
    for service, whose in asked.items():
        sentence = (
            f"The slip asks for {service}, {whose}: ask the office whether they mean medical exercise training, "
            "and note their answer, or reject the slip."
        )
        yield doubt(Code.OUT_OF_SCOPE, None, sentence)


def asked_for(written: str) -> list[tuple[str, str]]:
    """The services outside the scope that a text asks for, each with whose it is."""
    found: list[tuple[str, str]] = []
    for clause in _CLAUSE_END.split(written.casefold()):
        for service in _services():
            match = service.pattern.search(clause)
            if (
                match
                and not _OVER_BEFORE.search(clause, 0, match.start())
                and not _OVER_BEHIND.search(clause, match.end())
            ):
                found.append((service.name, service.whose))
    return found


@cache
def _services() -> tuple[_Service, ...]:
    told = tomllib.loads(WORDS.read_text("utf-8"))["service"]
    return tuple(_Service(one["name"], one["whose"], _pattern(one["forms"])) for one in told)


def _pattern(forms: list[str]) -> re.Pattern[str]:
    written = (re.escape(form).replace(r"\ ", r"[\s-]+") for form in sorted(forms, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(written)})(?![\w-])")
