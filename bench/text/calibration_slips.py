"""Slips that confidence is fitted on: as unkind as real ones, in words that no test has."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np

from pads.simulate.chance import one_of
from pads.simulate.invent import SlipSpec
from pads.simulate.pen.fill import Habits
from pads.simulate.scenes import PlannedFile, PlannedPage, PlannedSlip
from pads.simulate.truth import Channel
from schemas.code import SERIAL_MAX
from schemas.pad import PadDesign

# Of slips seen, most stand on their rules, and every second has its names in capitals.
ON_THE_RULE_SHARE, BLOCK_NAMES_SHARE = 0.7, 0.4
SECOND_SHARE = 0.3  # of phrases are followed by another one, where both have room
WORDS = Path(__file__).with_name("calibration_words.toml")
ROOM_LETTERS = {"diagnosis": 60, "goals": 52, "precautions": 44}
# Some people's names are in no list: here, the beginning of one name with the end of another.
OUTSIDE_LISTS_SHARE = 0.12

Words: TypeAlias = Mapping[str, Sequence[str]]
Part: TypeAlias = Literal[
    "all", "fit", "check"
]  # which words: those fitted on and those checked with have none in common


def calibration_files(
    designs: Sequence[PadDesign], count: int, channels: Sequence[Channel], seed: int, part: Part = "all"
) -> Iterator[PlannedFile]:
    """`count` slips, one a file, in the words of that `part`; channels and designs take turns."""
    words = _words(part)
    rng = np.random.default_rng([seed])
    first = int(rng.integers(1, SERIAL_MAX - count))
    for number in range(count):
        channel = channels[number % len(channels)]
        habits = Habits(bool(rng.random() < ON_THE_RULE_SHARE), bool(rng.random() < BLOCK_NAMES_SHARE))
        design = designs[int(rng.integers(len(designs)))]
        slip = PlannedSlip(design, first + number, SlipSpec(text=_text(words, rng)), habits=habits)
        yield PlannedFile(f"{number:05d}", channel, (PlannedPage((slip,), turned=False),), (seed, number))


@cache
def _words(part: Part) -> Words:
    listed: dict[str, list[str]] = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    steps = {"all": slice(None), "fit": slice(0, None, 2), "check": slice(1, None, 2)}
    return {name: entries if name == "titles" else entries[steps[part]] for name, entries in listed.items()}


def _text(words: Words, rng: np.random.Generator) -> dict[str, str]:
    return {
        "patient_name": _patient(words, rng),
        "provider_name": _provider(words, rng),
        "diagnosis": _phrases("diagnosis", words["diagnoses"], rng),
        "goals": _phrases("goals", words["goals"], rng),
        "precautions": _phrases("precautions", words["precautions"], rng),
        "other_condition": one_of(words["others"], rng),
        "other_service": one_of(words["others"], rng),
    }


def _patient(words: Words, rng: np.random.Generator) -> str:
    first, last = one_of(words["first_names"], rng), _family(words, rng)
    form = rng.random()
    if form < 0.15:
        return f"{last}, {first}"
    middle = f" {_letter(rng)}." if form < 0.4 else ""
    return f"{first}{middle} {last}"


def _provider(words: Words, rng: np.random.Generator) -> str:
    first, last, form = one_of(words["first_names"], rng), _family(words, rng), rng.random()
    if form < 0.2:
        return f"Dr. {last}"
    if form < 0.5:
        return f"{first[0]}. {last}, {one_of(words['titles'], rng)}"
    return f"{first} {last}" if form < 0.65 else f"{first} {last}, {one_of(words['titles'], rng)}"


def _family(words: Words, rng: np.random.Generator) -> str:
    one, other = (one_of(words["last_names"], rng) for _ in range(2))
    if rng.random() >= OUTSIDE_LISTS_SHARE or not (one + other).isalpha():
        return one
    return one[: -(-len(one) // 2)] + other[len(other) // 2 :].lower()


def _phrases(field: str, phrases: Sequence[str], rng: np.random.Generator) -> str:
    text = _phrase(phrases, rng)
    second = _phrase(phrases, rng)
    if rng.random() < SECOND_SHARE and len(text) + len(second) + 2 <= ROOM_LETTERS[field]:
        text = f"{text}{one_of((', ', '; ', ' & '), rng)}{second}"
    return text[:1].upper() + text[1:] if rng.random() < 0.4 else text


def _phrase(phrases: Sequence[str], rng: np.random.Generator) -> str:
    side = one_of(("L", "R", "left", "right"), rng)
    other = {"L": "R", "R": "L", "left": "right", "right": "left"}[side]
    return one_of(phrases, rng).format(
        side=side,
        other=other,
        month=int(rng.integers(1, 13)),
        day=int(rng.integers(1, 29)),
        weeks=int(rng.integers(2, 20)),
        year=int(rng.integers(2012, 2027)),
        digit=int(rng.integers(0, 10)),
    )


def _letter(rng: np.random.Generator) -> str:
    return "ABCDEFGHJKLMNPRSTVW"[int(rng.integers(19))]
