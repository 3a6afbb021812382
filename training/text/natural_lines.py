"""Lines of ordinary English on clean paper: `python -m training.text.natural_lines`.

A network that is shown the field's phrases and single words only reads running hands worse than before. Most rows here
are lines and words as people wrote them, joined letters and all, most lines by those who wrote lines; fonts repeat
what these people wrote.
"""

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ocr.recognizers.crop import scale_line
from ocr.recognizers.ppocr import LEAST_WIDTH_PX, LINE_HEIGHT_PX
from ocr.text.views import first_view, second_view
from pads.simulate.printed_slips import PX_PER_MM
from training.text.fonts import find_fonts
from training.text.gather_lines import LINES_A_SHARD, Part, hands_of
from training.text.loose_lines import SECOND_SHARE, WIDTH_CAPS, line_of
from training.text.people import PersonalHand
from training.text.phrases import phrase_for
from training.text.rows import LineHand, draw_habit
from training.text.shards import NO_CHANNEL, LabelledLine, write_shard
from training.text.strokes import read_pen_writers

SEEDS: dict[Part, int] = {"train": 41, "valid": 42}
LINES_SHARE, WORDS_SHARE = 0.5, 0.2  # the rest is in fonts
CAPITALS_SHARE = 0.1
# Real English lines have strokes of 0.07 capital heights (median, 316 lines); those of loose_lines are twice as thick.
PEN_CAPS = (0.015, 0.1)
DRIFT_SHARE = 0.5  # of the drift that rows on slips have: tablets show how level these people write


@dataclass(frozen=True, eq=False)
class Writers:
    """Who wrote lines, who wrote words, fonts, and what fonts are to say."""

    of_lines: Sequence[tuple[str, PersonalHand]]
    of_words: Sequence[tuple[str, PersonalHand]]
    fonts: Sequence[tuple[str, LineHand]]
    texts: Sequence[str]


def writers_of(people: dict[str, PersonalHand], fonts: dict[str, LineHand]) -> Writers:
    """The hands of one part; who wrote many lines is drawn more often, but not as often as there are lines."""
    with_lines = [(name, hand) for name, hand in people.items() for _ in range(round(len(hand.own.lines) ** 0.5))]
    with_words = [(name, hand) for name, hand in people.items() if hand.own.words and not hand.own.lines]
    texts = [line.text for hand in people.values() for line in hand.own.lines if " " in line.text]
    return Writers(with_lines, with_words, list(fonts.items()), texts)


def natural_lines(writers: Writers, part: Part, number: int) -> Iterator[LabelledLine]:
    """Lines without end, the same for the same part and number."""
    rng, words = np.random.default_rng([SEEDS[part], number]), random.Random(f"natural {part} {number}")  # noqa: S311
    while True:
        habit = draw_habit(PX_PER_MM, rng)
        habit = replace(habit, drift=habit.drift * DRIFT_SHARE, capitals=bool(rng.random() < CAPITALS_SHARE))
        width, pen = (rng.uniform(*caps) * habit.cap_px for caps in (WIDTH_CAPS, PEN_CAPS))
        drawn = rng.random()
        if drawn < LINES_SHARE + WORDS_SHARE and writers.of_lines:
            group = writers.of_lines if drawn < LINES_SHARE or not writers.of_words else writers.of_words
            name, person = group[int(rng.integers(len(group)))]
            row, source = person.write_own(width, habit, pen, rng), "unipen"
        else:
            name, font = writers.fonts[int(rng.integers(len(writers.fonts)))]
            text = words.choice(writers.texts) if writers.texts else phrase_for("text", words)
            row, source = font.write(text, width, habit, pen, rng), "font"
        picture = line_of(row) if row else None
        if row and picture is not None:
            view = second_view if rng.random() < SECOND_SHARE else first_view
            shown = scale_line(view(picture), LINE_HEIGHT_PX, LEAST_WIDTH_PX)
            yield LabelledLine(shown, row.text, source, name, NO_CHANNEL)


def main(out: Path, writers: dict[Part, Writers], counts: dict[Part, int]) -> None:
    """Write the shards that are asked for as out/part/natural-NNN.npz."""
    for part, count in counts.items():
        (out / part).mkdir(parents=True, exist_ok=True)
        for number in range(count):
            path = out / part / f"natural-{number:03d}.npz"
            if not path.exists():
                lines = natural_lines(writers[part], part, number)
                write_shard(path, [line for line, _ in zip(lines, range(LINES_A_SHARD), strict=False)])
            sys.stdout.write(f"{path}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("out", type=Path, help="folder for train/ and valid/")
    parser.add_argument("--fonts", type=Path, help="folder of @fontsource packages, or of font files")
    parser.add_argument("--unipen", type=Path, help="checkout of GreenCappuccino/train_r01_v07; fonts alone without it")
    parser.add_argument("--train", type=int, default=24, help=f"shards of {LINES_A_SHARD} lines to train on")
    parser.add_argument("--valid", type=int, default=1)
    asked = parser.parse_args()
    fonts, people = find_fonts(asked.fonts), read_pen_writers(asked.unipen) if asked.unipen else {}
    parts: tuple[Part, Part] = ("valid", "train")
    hands = {part: hands_of(part, fonts, people) for part in parts}
    main(
        asked.out,
        {part: writers_of(dict(found.people), dict(found.fonts)) for part, found in hands.items()},
        {"valid": asked.valid, "train": asked.train},
    )
