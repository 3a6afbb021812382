"""Slips of lines as the recognizer is shown them, kept in files."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from ocr.recognizers.ppocr import LINE_HEIGHT_PX, PpOcr
from ocr.text.confidence.judge import likeness
from pads.catalog import load_all
from refpad.services.reading.file_reader import open_reader, templates
from refpad.settings import Settings
from training.text.gather_lines import Desk, Hands, Part, hands_of, make_shard, part_of, shard_lines
from training.text.hands.fonts import find_fonts
from training.text.hands.strokes import PenWriter
from training.text.lines.shards import read_shard
from training.text.lines.slip_lines import TextLine

LINES, KEPT = 14, 3
PARTS: tuple[Part, ...] = ("train", "valid")


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """What reads the slips."""
    with open_reader(Settings(), marks_only=True) as files:
        yield Desk(files.opener, templates(load_all(), Path()), PpOcr())


@pytest.fixture(scope="module")
def hands() -> Hands:
    """Two of refpad's own handwritings."""
    fonts = find_fonts(None)
    return replace(hands_of("train", {name: fonts[name] for name in ("kalam", "patrick-hand")}, {}), typed={})


@pytest.fixture(scope="module")
def lines(desk: Desk, hands: Hands) -> list[TextLine]:
    """The first lines of a shard."""
    return list(islice(shard_lines(hands, "train", 0, desk), LINES))


def test_each_line_says_what_its_picture_shows(lines: list[TextLine], desk: Desk) -> None:
    """Neat fonts on scans are read by anybody: were the labels another line's, hardly a letter would be the same."""
    seen = desk.stock.recognize([line.picture for line in lines])
    alike = [likeness(line.text.casefold(), found.text.casefold()) for line, found in zip(lines, seen, strict=True)]
    assert np.median(alike) > 0.75


def test_lines_come_as_the_recognizer_is_shown_them(lines: list[TextLine]) -> None:
    """Of its height, dark on white, in the reader's views, and from all kinds of fields."""
    assert {line.picture.shape[0] for line in lines} == {LINE_HEIGHT_PX}
    assert all(line.picture.max() > 200 > line.picture.min() for line in lines)
    assert Counter(line.view for line in lines)["upright"] >= LINES / 3


def test_a_shard_is_the_same_whenever_it_is_made_and_is_made_once(
    lines: list[TextLine], desk: Desk, hands: Hands, tmp_path: Path
) -> None:
    """Weights can be made anew only from the same lines; an interrupted run goes on with the shard that is missing."""
    path = make_shard(tmp_path, hands, "train", 0, desk, KEPT)
    kept = list(read_shard(path))
    assert [line.text for line in kept] == [line.text for line in lines[:KEPT]]
    assert all(np.array_equal(one.picture, other.picture) for one, other in zip(kept, lines, strict=False))
    assert {line.source for line in kept} == {"font"}
    assert {line.writer for line in kept} <= {"kalam", "patrick-hand"}
    made = path.stat().st_mtime_ns
    assert make_shard(tmp_path, hands, "train", 0, desk, KEPT).stat().st_mtime_ns == made


def test_nobody_is_both_trained_on_and_measured_on(writer: PenWriter) -> None:
    """Figures on hands that the network knows say nothing about those that it does not."""
    people = {f"abc/{number}": writer for number in range(40)}
    parts = {part: hands_of(part, find_fonts(None), people) for part in PARTS}
    for kind in ("people", "fonts"):
        train, valid = (set(getattr(parts[part], kind)) for part in PARTS)
        assert train
        assert valid
        assert train.isdisjoint(valid)
        assert {part_of(name) for name in valid} == {"valid"}
