"""Lines as the reader prepares them from clean paper: `python -m training.text.loose_lines`.

On slips lines are short and stand on their rule (training/text/gather_lines.py). These are longer, in running hands,
without paper and channel: without them the network unlearns plain writing. Some hold the field's phrases, `loose-NNN`;
some ordinary English as people wrote it, joined letters and all, and fonts that repeat what these people wrote,
`natural-NNN`.
"""

import argparse
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ocr.recognizers.crop import scale_line
from ocr.recognizers.ppocr import LEAST_WIDTH_PX, LINE_HEIGHT_PX
from ocr.text.lines.views import upright_view, wide_view
from pads.simulate.printed_slips import PX_PER_MM
from training.text.gather_lines import FONTS, LINES_A_SHARD, PEOPLE, Hands, Part, hands_of
from training.text.hands.fonts import find_fonts
from training.text.hands.people import PersonalHand
from training.text.hands.rows import INKED, Habit, LineHand, Row, draw_habit
from training.text.hands.strokes import read_pen_writers
from training.text.lines.phrases import phrase_for
from training.text.lines.shards import NATURAL, NO_CHANNEL, LabeledLine, write_shard

SEEDS: dict[Part, int] = {"train": 31, "valid": 32}
NATURAL_SEEDS: dict[Part, int] = {"train": 41, "valid": 42}
WIDTH_CAPS = (6.0, 26.0)  # in heights of a capital
PEN_CAPS = (0.04, 0.13)
# Real English lines have strokes of 2.2 px at 48 px of height (median of 60 lines); PEN_CAPS gives 4.0 px.
NATURAL_PEN_CAPS = (0.015, 0.1)
CAPITALS_SHARE, WIDE_SHARE = 0.15, 0.35
LINES_SHARE, WORDS_SHARE = 0.5, 0.2  # of natural rows: people's lines, and their words; the rest is in fonts
NATURAL_CAPITALS_SHARE = 0.1
DRIFT_SHARE = 0.5  # of the drift of rows on slips: tablets show how level these people write
EDGE_PX = 2


@dataclass(frozen=True, eq=False)
class NaturalHands:
    """Who wrote lines, who wrote words, and fonts, by name; and what fonts are to say."""

    of_lines: Sequence[tuple[str, PersonalHand]]
    of_words: Sequence[tuple[str, PersonalHand]]
    fonts: Sequence[tuple[str, LineHand]]
    texts: Sequence[str]


def natural_hands(people: Mapping[str, PersonalHand], fonts: Mapping[str, LineHand]) -> NaturalHands:
    """The hands of one part; who wrote many lines is drawn more often, but not as often as there are lines."""
    with_lines = [(name, hand) for name, hand in people.items() for _ in range(round(len(hand.own.lines) ** 0.5))]
    with_words = [(name, hand) for name, hand in people.items() if hand.own.words and not hand.own.lines]
    texts = [line.text for hand in people.values() for line in hand.own.lines if " " in line.text]
    return NaturalHands(with_lines, with_words, list(fonts.items()), texts)


def loose_lines(hands: Hands, part: Part, number: int) -> Iterator[LabeledLine]:
    """Lines of the field's phrases without end, the same for the same part and number."""
    rng, words = np.random.default_rng([SEEDS[part], number]), random.Random(f"loose {part} {number}")  # noqa: S311
    while True:
        group = hands.group(rng)
        name = list(group)[int(rng.integers(len(group)))]
        habit = replace(draw_habit(PX_PER_MM, rng), capitals=bool(rng.random() < CAPITALS_SHARE))
        width, pen = (rng.uniform(*caps) * habit.cap_px for caps in (WIDTH_CAPS, PEN_CAPS))
        wanted = " ".join(phrase_for("text", words) for _ in range(2))
        yield from _shown(group[name].write(wanted, width, habit, pen, rng), hands.source(name), name, NO_CHANNEL, rng)


def natural_lines(hands: NaturalHands, part: Part, number: int) -> Iterator[LabeledLine]:
    """Lines of ordinary English without end, the same for the same part and number."""
    rng, words = np.random.default_rng([NATURAL_SEEDS[part], number]), random.Random(f"natural {part} {number}")  # noqa: S311
    while True:
        habit = draw_habit(PX_PER_MM, rng)
        capitals = bool(rng.random() < NATURAL_CAPITALS_SHARE)
        habit = replace(habit, drift=habit.drift * DRIFT_SHARE, capitals=capitals)
        width, pen = (rng.uniform(*caps) * habit.cap_px for caps in (WIDTH_CAPS, NATURAL_PEN_CAPS))
        name, source, row = _natural_row(hands, width, habit, pen, rng, words)
        yield from _shown(row, source, name, NATURAL, rng)


def _natural_row(
    hands: NaturalHands, width: float, habit: Habit, pen: float, rng: np.random.Generator, words: random.Random
) -> tuple[str, str, Row | None]:
    drawn = rng.random()
    if drawn < LINES_SHARE + WORDS_SHARE and hands.of_lines:
        group = hands.of_lines if drawn < LINES_SHARE or not hands.of_words else hands.of_words
        name, person = group[int(rng.integers(len(group)))]
        return name, PEOPLE, person.write_own(width, habit, pen, rng)
    name, font = hands.fonts[int(rng.integers(len(hands.fonts)))]
    text = words.choice(hands.texts) if hands.texts else phrase_for("text", words)
    return name, FONTS, font.write(text, width, habit, pen, rng)


def _shown(row: Row | None, source: str, name: str, channel: str, rng: np.random.Generator) -> Iterator[LabeledLine]:
    """The row as one of the reader's views shows it; nothing when it has no ink."""
    picture = _line_of(row) if row else None
    if row and picture is not None:
        view = wide_view if rng.random() < WIDE_SHARE else upright_view
        yield LabeledLine(scale_line(view(picture), LINE_HEIGHT_PX, LEAST_WIDTH_PX), row.text, source, name, channel)


def _line_of(row: Row) -> NDArray[np.uint8] | None:
    """The row dark on white and cut tight; None when it has no ink."""
    rows, columns = (np.flatnonzero((row.ink > INKED).any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return None
    cut = row.ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return np.asarray(255 - np.pad(cut, EDGE_PX), np.uint8)


def write_shards(folder: Path, name: str, count: int, lines: Callable[[int], Iterator[LabeledLine]]) -> None:
    """Write the shards NAME-000 and on into a folder, but for those that are there."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        path = folder / f"{name}-{number:03d}.npz"
        if not path.exists():
            write_shard(path, [line for line, _ in zip(lines(number), range(LINES_A_SHARD), strict=False)])
        sys.stdout.write(f"{path}\n")
        sys.stdout.flush()


def main() -> None:
    """Write the shards that are asked for, those of validation first."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("out", type=Path, help="folder for train/ and valid/")
    parser.add_argument("--fonts", type=Path, help="folder of @fontsource packages, or of font files")
    parser.add_argument("--unipen", type=Path, help="checkout of GreenCappuccino/train_r01_v07; fonts alone without it")
    parser.add_argument("--train", type=int, default=10, help=f"shards of {LINES_A_SHARD} lines to train on")
    parser.add_argument("--natural", type=int, default=36, help="shards of ordinary English to train on")
    parser.add_argument("--valid", type=int, default=1, help="shards of each kind to validate on")
    asked = parser.parse_args()
    fonts, people = find_fonts(asked.fonts), read_pen_writers(asked.unipen) if asked.unipen else {}
    counts: dict[Part, tuple[int, int]] = {
        "valid": (asked.valid, asked.valid),
        "train": (asked.train, asked.natural),
    }
    for part, (loose, natural) in counts.items():
        hands = hands_of(part, fonts, people)
        english = natural_hands(hands.people, hands.fonts)
        write_shards(asked.out / part, "loose", loose, partial(loose_lines, hands, part))
        write_shards(asked.out / part, "natural", natural, partial(natural_lines, english, part))


if __name__ == "__main__":
    main()
