"""Lines, words and letters of UNIPEN's collection by writer, each stood on its baseline and brought to one size."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from training.unipen import LEFT_OUT, Stroke, labeled_files, read_components, strokes_at

# Which categories are read: whole lines, words, and single letters, digits and signs.
CATEGORIES = {"8": "TEXT", "7": "WORD", "1a": "CHARACTER", "1b": "CHARACTER", "1c": "CHARACTER", "1d": "CHARACTER"}
MOST = {"TEXT": 60, "WORD": 150}  # of one writer
MOST_OF_A_LETTER = 4
LONGEST = 44  # characters; a field's line holds fewer
# Widths over heights, a character: what lies outside was labeled with another's strokes, or stands on several lines.
ASPECTS = {"TEXT": (0.18, 1.3), "WORD": (0.12, 2.0)}
BAD = {"BAD", "LABEL"}
JOIN = r"\@"  # in labels of one contributor: these two letters hang together
# Its strokes go on where the pen was lifted.
NO_LINES_OF = "atu"
# How high letters stand, and how far they hang below the line, in heights of a capital.
X_HEIGHT = 0.6
_FEET_AND_TOPS: dict[str, tuple[float, float]] = {
    **dict.fromkeys("acemnorsuvwxz", (0.0, X_HEIGHT)),
    **dict.fromkeys("gpqy", (-0.38, X_HEIGHT)),
    **dict.fromkeys("j", (-0.38, 0.9)),
    **dict.fromkeys("it", (0.0, 0.88)),
    **dict.fromkeys("-~", (0.3, 0.42)),
    **dict.fromkeys("=+", (0.15, 0.6)),
    **dict.fromkeys("._", (0.0, 0.1)),
    **dict.fromkeys(",", (-0.15, 0.1)),
    **dict.fromkeys(";", (-0.15, 0.5)),
    **dict.fromkeys(":", (0.0, 0.5)),
    **dict.fromkeys("'\"^`", (0.72, 1.0)),
    **dict.fromkeys("()/[]|", (-0.12, 1.02)),
    **dict.fromkeys("*", (0.4, 0.9)),
    **dict.fromkeys("<>", (0.1, 0.7)),
}
WIDEST = 1.4  # of one letter, in heights of a capital
_SEGMENT = re.compile(r'^\.SEGMENT\s+(TEXT|WORD|CHARACTER)\s+(\S+)\s+(\S+)\s+"(.*)"\s*$', re.MULTILINE)


@dataclass(frozen=True, eq=False)
class PenSample:
    """What one person wrote at once: strokes (points, 2) with the baseline at y = 0, y growing downwards, capitals 1
    high, the leftmost point at x = 0.
    """

    text: str
    strokes: tuple[Stroke, ...]

    @property
    def width(self) -> float:
        return max(float(stroke[:, 0].max()) for stroke in self.strokes)


@dataclass(frozen=True, eq=False)
class PenWriter:
    """All that one person wrote: whole lines, words, and letters by what they are."""

    lines: list[PenSample] = field(default_factory=list)
    words: list[PenSample] = field(default_factory=list)
    letters: dict[str, list[PenSample]] = field(default_factory=lambda: defaultdict(list))


def read_pen_writers(folder: Path) -> dict[str, PenWriter]:
    """The writers of a checkout of the collection by contributor/writer, in the order of their names."""
    found: dict[str, PenWriter] = defaultdict(PenWriter)
    for category, kind in CATEGORIES.items():
        for source, writer, labels in labeled_files(folder, category):
            if LEFT_OUT & {writer.partition("/")[0], writer} or writer.startswith(NO_LINES_OF):
                continue
            for _, places, quality, label in (row for row in _SEGMENT.findall(labels) if row[0] == kind):
                text = _plain(label)
                room = _room_for(found[writer], kind, text)
                if room is not None and quality not in BAD:
                    sample = _sample(kind, text, strokes_at(read_components(source), places))
                    room += [sample] if sample else []
    return {name: writer for name, writer in sorted(found.items()) if writer.lines or writer.words or writer.letters}


def _room_for(writer: PenWriter, kind: str, text: str) -> list[PenSample] | None:
    """Where a sample goes; None when there are enough, or it is nothing that a slip may hold."""
    if not text or len(text) > LONGEST or not all("!" <= letter <= "~" or letter == " " for letter in text):
        return None
    if kind == "CHARACTER":
        return writer.letters[text] if len(text) == 1 and len(writer.letters[text]) < MOST_OF_A_LETTER else None
    room = writer.lines if kind == "TEXT" else writer.words
    return room if len(room) < MOST[kind] and len(text) > 1 and not re.search(r"[\\_|{}~^`]", text) else None


def _plain(label: str) -> str:
    """The label as it is written: UNIPEN parts marks from words, escapes quotes, and has a sign for joins."""
    text = re.sub(r"\\(.)", r"\1", label.replace(JOIN, "")).strip()
    return re.sub(r" ' ", "'", re.sub(r" ([.,;:!?])", r"\1", text))


def _sample(kind: str, text: str, strokes: Sequence[Stroke]) -> PenSample | None:
    if not strokes:
        return None
    wide, high = np.ptp(np.concatenate(strokes), axis=0)
    if kind == "CHARACTER":
        return letter_sample(text, strokes)
    least, most = ASPECTS[kind]
    if high <= 0 or not least * len(text) < wide / high < most * len(text) + 1:
        return None
    return line_sample(text, strokes)


def letter_sample(letter: str, strokes: Sequence[Stroke]) -> PenSample:
    """A single letter, as high as its kind is, and never wider than WIDEST."""
    foot, top = _FEET_AND_TOPS.get(letter, (0.0, 1.0))
    points = np.concatenate(strokes)
    low, extent = points.min(axis=0), np.maximum(np.ptp(points, axis=0), 1e-6)
    scale = min((top - foot) / extent[1], (WIDEST if top - foot > 0.2 else 0.4) / extent[0])
    middle = (top + foot) / 2
    placed = [(stroke - low - (0, extent[1] / 2)) * scale - (0, middle) for stroke in strokes]
    return PenSample(letter, tuple(stroke.astype(np.float32) for stroke in placed))


def line_sample(text: str, strokes: Sequence[Stroke]) -> PenSample | None:
    """A line or word set level, with its baseline where most of its strokes turn upwards."""
    tops, feet = _turns(strokes)
    if len(feet) < 2 or len(tops) < 2:
        return None
    high = float(np.percentile(feet[:, 1], 60) - np.percentile(tops[:, 1], 45))
    tall = sum(letter.isupper() or letter.isdigit() for letter in text) * 2 > len(text.replace(" ", ""))
    if high <= 0:
        return None
    scale = (1.0 if tall else X_HEIGHT) / high
    slope, foot = _baseline(feet, high)
    points = np.concatenate(strokes)
    left = points[:, 0].min()
    placed = [
        np.stack([stroke[:, 0] - left, stroke[:, 1] - foot - slope * stroke[:, 0]], axis=1) * scale
        for stroke in strokes
    ]
    heights = np.concatenate(placed)[:, 1]
    if heights.min() < -2.2 or heights.max() > 1.3:  # strokes of another line, or a size that was guessed wrongly
        return None
    return PenSample(text, tuple(stroke.astype(np.float32) for stroke in placed))


def _turns(strokes: Sequence[Stroke]) -> tuple[Stroke, Stroke]:
    """Where the pen turns downwards, and where it turns upwards, (points, 2) each."""
    tops, feet = [], []
    for stroke in strokes:
        y = cv2.GaussianBlur(stroke[:, 1].astype(np.float32)[None], (5, 1), 0)[0] if len(stroke) > 5 else stroke[:, 1]
        rises = np.sign(np.diff(y))
        moves = np.flatnonzero(rises)
        if not moves.size:
            continue
        turns = moves[1:][rises[moves[1:]] != rises[moves[:-1]]]
        goes_down = rises[turns] > 0
        tops.append(stroke[turns[goes_down]])
        feet.append(stroke[turns[~goes_down]])
        ends = [(stroke[0], rises[moves[0]] > 0), (stroke[-1], rises[moves[-1]] < 0)]
        for end, is_top in ends:
            (tops if is_top else feet).append(end[None])
    nothing = np.zeros((0, 2))
    return np.concatenate([nothing, *tops]), np.concatenate([nothing, *feet])


def _baseline(feet: Stroke, high: float) -> tuple[float, float]:
    """Slope and height (at x = 0) of the line on which most feet stand; level for a short word."""
    foot = float(np.percentile(feet[:, 1], 60))
    near = feet[np.abs(feet[:, 1] - foot) < 0.8 * high]
    if len(near) < 6 or np.ptp(near[:, 0]) < 5 * high:
        return 0.0, foot
    for _ in range(3):
        slope, foot = np.polyfit(near[:, 0], near[:, 1], 1)
        off = near[:, 1] - slope * near[:, 0] - foot
        kept = np.abs(off) < max(0.3 * high, 1e-9)
        if kept.sum() < 6:
            break
        near = near[kept]
    return float(slope), float(foot)


def pooled_letters(writers: Mapping[str, PenWriter]) -> dict[str, list[PenSample]]:
    """Everybody's letters, to lend to those who wrote fewer."""
    pool: dict[str, list[PenSample]] = defaultdict(list)
    for writer in writers.values():
        for letter, samples in writer.letters.items():
            pool[letter] += samples
    return dict(pool)
