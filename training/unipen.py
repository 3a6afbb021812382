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
    for source, writer, text in labeled_files(folder, "1a"):
        if LEFT_OUT & {writer.partition("/")[0], writer}:
            continue
        for places, digit in _SEGMENT.findall(text):
            strokes = strokes_at(read_components(source), places)
            if _is_one_digit(strokes):
                yield PenDigit(digit, strokes, writer)


def labeled_files(folder: Path, category: str) -> Iterator[tuple[Path, str, str]]:
    """Of each file of labels of a category: the file of its strokes, its writer, and the labels."""
    for file in sorted(folder.glob(f"data/{category}/**/*.dat")):
        contributor = file.relative_to(folder / "data" / category).parts[0]
        text = file.read_text(encoding="latin-1")
        sources = [folder / "include" / name for name in _INCLUDE.findall(text)]
        if len(sources) == 1 and sources[0].is_file():
            found = _WRITER.search(sources[0].read_text(encoding="latin-1"))
            yield sources[0], f"{contributor}/{found[1] if found else file.stem}", text


@lru_cache(maxsize=4)
def read_components(source: Path) -> tuple[Stroke | None, ...]:
    """The file's pen-down strokes by their number, y growing upwards; None for what the pen did above the paper."""
    found: list[Stroke | None] = []
    is_down = False
    for block in re.split(r"^\.", source.read_text(encoding="latin-1"), flags=re.MULTILINE):
        command, _, lines = block.partition("\n")
        word = command.split(maxsplit=1)[0] if command.strip() else ""
        is_down = word == "PEN_DOWN" or (is_down and word != "PEN_UP")
        points = _points(lines)
        if len(points):
            found.append(points if is_down else None)
    return tuple(found)


def _points(lines: str) -> Stroke:
    """The first two numbers of each line that begins with two, (points, 2)."""
    words = lines.split()
    columns = len(lines.partition("\n")[0].split())
    try:
        if columns >= 2 and len(words) % columns == 0:
            return np.array(words, np.float64).reshape(-1, columns)[:, :2]
    except ValueError:
        pass  # a comment that begins with words
    rows = [row for row in map(str.split, lines.splitlines()) if len(row) >= 2 and all(map(_is_number, row[:2]))]
    return np.array([row[:2] for row in rows], np.float64).reshape(-1, 2)


def _is_number(word: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", word) is not None


def strokes_at(components: tuple[Stroke | None, ...], places: str) -> tuple[Stroke, ...]:
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
