"""Suggest ICD-10-CM codes for a written diagnosis: expand shorthand, then match the codes' descriptions."""

import heapq
import re
from collections.abc import Iterator

from ocr.diagnosis.codes import SIDES, Code, CodeList, code_list, shorthand, stems
from schemas.reading import CodeSuggestion

MOST = 3
# Less than this share of what is written and described in common is no suggestion (40 diagnoses, tests).
LEAST = 0.45
# A right side named for a left one is wrong; a side that nobody named is only too exact.
WRONG_SIDE, UNASKED_SIDE, MISSED_SIDE = 0.5, 0.85, 0.9
# Codes that need more characters, or stand for whole groups of codes, are less use than complete ones.
INCOMPLETE = 0.9
_PARTS = re.compile(r"\s*[,;&+]\s*|\s+(?:and|w/|with)\s+|\n")
# What the patient does not have, or is only to be ruled out, up to the next clause: no code may say that it is there.
_DENIED = re.compile(
    r"\b(?:no(?![.\w]| *\d)|not|den(?:ies|ied)|neg(?:ative|\.)? for|r/o|ruled? out)\b"
    r".*?(?=[,;\n]|\.\s|\bbut\b|\bwith\b|\bw/|$)",
    re.IGNORECASE,
)
_CODE = re.compile(r"\b([A-Z][0-9A-Z]{2})(?:\.?([0-9A-Z]{1,4}))?\b")
_NUMBERED = frozenset({"type", "stage", "class", "grade"})  # elsewhere a number is a date or a time
_TOKEN = re.compile(r"[a-z0-9]+(?:[-/'][a-z0-9]+)*")


def suggest(diagnosis: str, most: int = MOST) -> tuple[CodeSuggestion, ...]:
    """At most `most` ICD-10-CM codes that `diagnosis` may mean, the likeliest first; () when nothing comes near.

    A code that is written out comes first; then each part of the diagnosis ("LBP, HTN") brings its best. What is
    denied ("no radiculopathy") brings none.
    """
    codes = code_list()
    diagnosis = _DENIED.sub(" ", diagnosis)
    parts = [_nearest(part, codes, most) for part in _PARTS.split(diagnosis) if part.strip()]
    ranked = [*_written_codes(diagnosis, codes)]
    for place in range(most):
        ranked += [part[place] for part in parts if place < len(part)]
    unique = {suggestion.code: suggestion for suggestion in reversed(ranked)}
    return tuple(dict.fromkeys(unique[suggestion.code] for suggestion in ranked))[:most]


def _written_codes(diagnosis: str, codes: CodeList) -> Iterator[CodeSuggestion]:
    for match in _CODE.finditer(diagnosis):
        code = codes.by_code.get(f"{match[1]}.{match[2]}" if match[2] else match[1])
        if code is not None:
            yield _suggestion(code, 1.0)


def _nearest(part: str, codes: CodeList, most: int) -> list[CodeSuggestion]:
    """The codes that have most in common with what is written (Dice 1945, weighted), sides considered."""
    words, sides = expand_shorthand(part)
    if not words:
        return []
    asked = codes.weight(words)
    likely = ((2 * weight / (asked + codes.weights[index]), index) for index, weight in codes.matches(words).items())
    scored = ((share * _fit(sides, codes.codes[index]), index) for share, index in likely if share >= LEAST)
    best = heapq.nsmallest(most, ((-score, index) for score, index in scored if score >= LEAST))
    return [_suggestion(codes.codes[index], -score) for score, index in best]


def expand_shorthand(part: str) -> tuple[frozenset[str], frozenset[str]]:
    """The stems that a part of a diagnosis stands for, and the sides that it names."""
    means, sides = shorthand().means, shorthand().sides
    tokens = _TOKEN.findall(part.lower())
    words, named, at = [], set(), 0
    while at < len(tokens):
        length = next(
            n for n in range(min(4, len(tokens) - at), 0, -1) if n == 1 or " ".join(tokens[at : at + n]) in means
        )
        phrase = " ".join(tokens[at : at + length])
        at += length
        if phrase in sides:
            named.add(sides[phrase])
        elif phrase in means:
            words += stems(means[phrase])
        elif not phrase[0].isdigit() or (at > 1 and tokens[at - 2] in _NUMBERED):
            words += stems(phrase)
    return frozenset(words) - SIDES, frozenset(named)


def _fit(sides: frozenset[str], code: Code) -> float:
    """By how much less likely a code is for the side that it names, or does not, and for what it leaves open."""
    fit = INCOMPLETE if code.needs_more else 1.0
    if sides and code.sides:
        return fit if sides & code.sides else fit * WRONG_SIDE
    if code.sides:
        return fit * UNASKED_SIDE
    return fit * MISSED_SIDE if sides else fit


def _suggestion(code: Code, score: float) -> CodeSuggestion:
    return CodeSuggestion(
        code=code.code, description=code.description, needs_more=code.needs_more, score=round(score, 3)
    )
