"""Digits of UNIPEN's collection train_r01_v07: the strokes that people wrote on tablets, with who wrote them.

Category 1a of Guyon et al. 1994 (doi 10.1109/ICPR.1994.576870), as the repository GreenCappuccino/train_r01_v07 holds
it: `data/1a` says which strokes are which digit, `include` has the strokes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Stroke = NDArray[np.float64]  # (points, 2) x, y; y grows downwards

# Tablets count from the bottom up: of 24 digits of each of the 17 contributors all stand upright so.
UPRIGHT = (1, -1)
# Left out, for their strokes are not what their labels say (seen on all fields of 80 people that were surely read as
# another number): IBM's zeros are often their slash alone, and these writers' labels are shifted.
LEFT_OUT = frozenset(
    [
        "ibm",
        "aga/crlmtchl",
        "apb/Kenny_Wee",
        "cea/ra3198",
        "ced/SIBI4900",
        "imp/brent",
        "imp/stathaki",
        "tos/1050",
        "tos/2024",
    ]
)
# A "digit" so many times wider than tall is several, or a stroke that was cut wrongly.
WIDEST = 3.0
_SEGMENT = re.compile(r'\.SEGMENT\s+CHARACTER\s+(\S+)\s+\S+\s+"(\d)"')
_INCLUDE = re.compile(r"^\.INCLUDE\s+(\S+\.dat)", re.MULTILINE)
_WRITER = re.compile(r"^\.WRITER_ID\s+(\S+)", re.MULTILINE)


@dataclass(frozen=True, eq=False)
class PenDigit:
    """One digit: its value, the strokes that drew it, and its writer as contributor/writer."""

    digit: str
    strokes: tuple[Stroke, ...]
    writer: str


def read_pen_digits(folder: Path) -> Iterator[PenDigit]:
    """All digits of category 1a in a checkout of the collection, in the order of the files' names."""
    for file in sorted(folder.glob("data/1a/**/*.dat")):
        contributor = file.relative_to(folder / "data" / "1a").parts[0]
        text = file.read_text(encoding="latin-1")
        sources = [folder / "include" / name for name in _INCLUDE.findall(text)]
        if len(sources) != 1 or not sources[0].is_file():
            continue
        found = _WRITER.search(sources[0].read_text(encoding="latin-1"))
        writer = f"{contributor}/{found[1] if found else file.stem}"
        if LEFT_OUT & {contributor, writer}:
            continue
        for places, digit in _SEGMENT.findall(text):
            strokes = _strokes(_components(sources[0]), places)
            if _is_one_digit(strokes):
                yield PenDigit(digit, strokes, writer)


@lru_cache(maxsize=4)
def _components(source: Path) -> tuple[Stroke | None, ...]:
    """The file's pen-down strokes by their number; None for what the pen did above the paper."""
    found: list[Stroke | None] = []
    points: list[tuple[float, float]] = []
    is_down = False

    def close() -> None:
        if points:
            found.append(np.array(points) if is_down else None)
            points.clear()

    for line in source.read_text(encoding="latin-1").splitlines():
        words = line.split()
        if line.startswith("."):
            close()
            is_down = words[0] == ".PEN_DOWN" or (is_down and words[0] not in (".PEN_UP", ".PEN_DOWN"))
        elif len(words) >= 2 and all(re.fullmatch(r"-?\d+(\.\d+)?", word) for word in words[:2]):
            points.append((float(words[0]), float(words[1])))
    close()
    return tuple(found)


def _strokes(components: tuple[Stroke | None, ...], places: str) -> tuple[Stroke, ...]:
    """The strokes at `places`, such as 4-5,7 or 4:10-5:20 (points within strokes)."""
    found = []
    for span in places.split(","):
        first, _, last = span.partition("-")
        (start, start_at), (end, end_at) = _place(first), _place(last or first)
        for number in range(start, min(end, len(components) - 1) + 1):
            stroke = components[number]
            if stroke is not None:
                until = end_at + 1 if number == end and end_at is not None else None
                part = stroke[start_at if number == start else None : until]
                found += [part * UPRIGHT] if len(part) else []
    return tuple(found)


def _place(text: str) -> tuple[int, int | None]:
    stroke, _, point = text.partition(":")
    return int(stroke), int(point) if point else None


def _is_one_digit(strokes: tuple[Stroke, ...]) -> bool:
    if not strokes:
        return False
    wide, high = np.ptp(np.concatenate(strokes), axis=0)
    return bool(high > 0 and wide <= WIDEST * high)
