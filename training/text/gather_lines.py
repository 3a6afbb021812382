"""`python -m training.text.gather_lines`: draw, send, cut and keep the lines that the recognizer is trained on."""

import argparse
import hashlib
import random
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np

from ocr.pages.opener import PageOpener
from ocr.recognizers.ppocr import PpOcr
from ocr.recognizers.recognizer import TextRecognizer
from ocr.template import Template
from pads.catalog import load_all
from pads.simulate.truth import Channel
from refpad.services.reading.file_reader import open_reader, templates
from refpad.settings import Settings
from schemas.code import SERIAL_MAX
from training.text.hands.fonts import find_fonts, font_hands, typed_hands
from training.text.hands.people import PersonalHand, person_hands
from training.text.hands.rows import LineHand
from training.text.hands.strokes import PenWriter, read_pen_writers
from training.text.lines.shards import LabeledLine, write_shard
from training.text.lines.slip_lines import SlipPen, TextLine, pen_for, plan_file, plan_slip, text_lines

Part = Literal["train", "valid"]
VALID_OF = 8  # one writer of so many, and one font, only checks
LINES_A_SHARD = 500
SEED = {"train": 13, "valid": 14}
PERSON_SHARE, TYPED_SHARE = 0.6, 0.08  # of slips, where there are people
SLIPS_A_PAGE = (0.15, 0.15, 0.1, 0.6)  # one, two, three, four
PEOPLE, FONTS = "unipen", "font"


@dataclass(frozen=True)
class Hands:
    """The hands of one part by name: people, handwriting fonts, and typed faces, which the same reader is shown."""

    people: Mapping[str, PersonalHand]
    fonts: Mapping[str, LineHand]
    typed: Mapping[str, LineHand] = field(default_factory=dict)

    def group(self, rng: np.random.Generator) -> Mapping[str, LineHand]:
        """People, typed faces or fonts, by their shares."""
        drawn = rng.random()
        if self.people and (drawn < PERSON_SHARE or not self.fonts):
            return self.people
        return self.typed if self.typed and drawn > 1 - TYPED_SHARE else self.fonts

    def source(self, name: str) -> str:
        """Which kind of hand it is."""
        return PEOPLE if name in self.people else FONTS


@dataclass(frozen=True, eq=False)
class Desk:
    """What reads the slips."""

    opener: PageOpener
    forms: tuple[Template, ...]
    stock: TextRecognizer


def part_of(name: str) -> Part:
    """The part that a writer or font belongs to, by a hash of its name."""
    return (
        "valid" if int(hashlib.md5(name.encode(), usedforsecurity=False).hexdigest(), 16) % VALID_OF == 0 else "train"
    )


def hands_of(part: Part, fonts: Mapping[str, Path], writers: Mapping[str, PenWriter]) -> Hands:
    """The hands of one part; nobody lends letters across parts."""
    people = person_hands({name: writer for name, writer in writers.items() if part_of(name) == part})
    typed = {name: hand for name, hand in typed_hands().items() if part_of(name) == part}
    return Hands(people, font_hands({name: file for name, file in fonts.items() if part_of(name) == part}), typed)


def shard_lines(hands: Hands, part: Part, number: int, desk: Desk) -> Iterator[TextLine]:
    """Lines without end, the same for the same part and number."""
    designs, channels = load_all(), list(Channel)
    rng, words = np.random.default_rng([SEED[part], number]), random.Random(f"{part} {number}")  # noqa: S311
    made = 0
    while True:
        pens: dict[int, SlipPen] = {}
        slips = []
        for _ in range(1 + int(rng.choice(len(SLIPS_A_PAGE), p=SLIPS_A_PAGE))):
            serial = int(rng.integers(1, SERIAL_MAX))
            pens[serial] = pen_for(hands.group(rng), rng)
            slips.append(plan_slip(designs[int(rng.integers(len(designs)))], serial, pens[serial], words))
        channel = channels[int(rng.integers(len(channels)))]
        file = plan_file(slips, channel, (SEED[part], number, made))
        yield from text_lines(file, pens, desk.opener, desk.forms, desk.stock)
        made += 1


def make_shard(out: Path, hands: Hands, part: Part, number: int, desk: Desk, count: int = LINES_A_SHARD) -> Path:
    """One shard of `count` lines as out/part/NNN.npz, unless it is there already; its path."""
    path = out / part / f"{number:03d}.npz"
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [line for line, _ in zip(shard_lines(hands, part, number, desk), range(count), strict=False)]
    write_shard(path, [_labeled(line, hands) for line in lines])
    return path


def _labeled(line: TextLine, hands: Hands) -> LabeledLine:
    return LabeledLine(line.picture, line.text, hands.source(line.hand), line.hand, line.channel.value)


def main() -> None:
    """Write the shards that are asked for, those of validation first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="folder for train/NNN.npz and valid/NNN.npz")
    parser.add_argument("--fonts", type=Path, help="folder of @fontsource packages, or of font files")
    parser.add_argument("--unipen", type=Path, help="checkout of GreenCappuccino/train_r01_v07")
    parser.add_argument("--fonts-only", action="store_true", help="leave UNIPEN out")
    parser.add_argument("--train", type=int, default=40, help=f"shards of {LINES_A_SHARD} lines to train on")
    parser.add_argument("--valid", type=int, default=4, help="shards to validate on")
    parser.add_argument("--turn", default="0/1", help="K/N: every Nth shard from the Kth on, one process for each K")
    asked = parser.parse_args()
    if not asked.fonts_only and asked.unipen is None:
        parser.error("Name UNIPEN's folder with --unipen, or leave it out with --fonts-only.")
    fonts, writers = find_fonts(asked.fonts), {} if asked.fonts_only else read_pen_writers(asked.unipen)
    turn, turns = (int(one) for one in asked.turn.split("/"))
    counts: dict[Part, int] = {"valid": asked.valid, "train": asked.train}
    with open_reader(Settings(), marks_only=True) as files:
        desk = Desk(files.opener, templates(load_all(), Path()), PpOcr())
        for part, count in counts.items():
            hands = hands_of(part, fonts, writers)
            for number in range(turn, count, turns):
                sys.stdout.write(f"{make_shard(asked.out, hands, part, number, desk)}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
