"""Lines as the reader prepares them from clean paper: `python -m training.text.loose_lines`.

On slips lines are short and stand on their rule (training/text/gather_lines.py). These are longer, in running hands,
without paper and channel: without them the network unlearns plain writing.
"""

import argparse
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ocr.recognizers.crop import scale_line
from ocr.recognizers.ppocr import LEAST_WIDTH_PX, LINE_HEIGHT_PX
from ocr.text.views import first_view, second_view
from pads.simulate.printed_slips import PX_PER_MM
from training.text.fonts import find_fonts
from training.text.gather_lines import LINES_A_SHARD, Hands, Part, hands_of
from training.text.phrases import phrase_for
from training.text.rows import INKED, Row, draw_habit
from training.text.shards import NO_CHANNEL, LabelledLine, write_shard
from training.text.strokes import read_pen_writers

SEEDS: dict[Part, int] = {"train": 31, "valid": 32}
WIDTH_CAPS = (6.0, 26.0)  # in heights of a capital
PEN_CAPS = (0.04, 0.13)
CAPITALS_SHARE, SECOND_SHARE = 0.15, 0.35
EDGE_PX = 2


def loose_lines(hands: Hands, part: Part, number: int) -> Iterator[LabelledLine]:
    """Lines without end, the same for the same part and number."""
    rng, words = np.random.default_rng([SEEDS[part], number]), random.Random(f"loose {part} {number}")  # noqa: S311
    while True:
        group = hands.group(rng)
        name = list(group)[int(rng.integers(len(group)))]
        habit = replace(draw_habit(PX_PER_MM, rng), capitals=bool(rng.random() < CAPITALS_SHARE))
        width, pen = (rng.uniform(*caps) * habit.cap_px for caps in (WIDTH_CAPS, PEN_CAPS))
        wanted = " ".join(phrase_for("text", words) for _ in range(2))
        row = group[name].write(wanted, width, habit, pen, rng)
        picture = line_of(row) if row else None
        if row and picture is not None:
            view = second_view if rng.random() < SECOND_SHARE else first_view
            shown = scale_line(view(picture), LINE_HEIGHT_PX, LEAST_WIDTH_PX)
            yield LabelledLine(shown, row.text, hands.source(name), name, NO_CHANNEL)


def line_of(row: Row) -> NDArray[np.uint8] | None:
    """The row dark on white and cut tight; None when it has no ink."""
    rows, columns = (np.flatnonzero((row.ink > INKED).any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return None
    cut = row.ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return np.asarray(255 - np.pad(cut, EDGE_PX), np.uint8)


def main(out: Path, hands: dict[Part, Hands], counts: dict[Part, int]) -> None:
    """Write the shards that are asked for as out/part/loose-NNN.npz."""
    for part, count in counts.items():
        (out / part).mkdir(parents=True, exist_ok=True)
        for number in range(count):
            lines = loose_lines(hands[part], part, number)
            path = out / part / f"loose-{number:03d}.npz"
            write_shard(path, [line for line, _ in zip(lines, range(LINES_A_SHARD), strict=False)])
            sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("out", type=Path, help="folder for train/ and valid/")
    parser.add_argument("--fonts", type=Path, help="folder of @fontsource packages, or of font files")
    parser.add_argument("--unipen", type=Path, help="checkout of GreenCappuccino/train_r01_v07; fonts alone without it")
    parser.add_argument("--train", type=int, default=12, help=f"shards of {LINES_A_SHARD} lines to train on")
    parser.add_argument("--valid", type=int, default=1)
    asked = parser.parse_args()
    fonts, writers = find_fonts(asked.fonts), read_pen_writers(asked.unipen) if asked.unipen else {}
    parts: tuple[Part, Part] = ("valid", "train")
    main(
        asked.out,
        {part: hands_of(part, fonts, writers) for part in parts},
        {"valid": asked.valid, "train": asked.train},
    )
