"""Lines to train on, as they come in files: pictures as the recognizer is given them, with what they say."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ocr.recognizers.ppocr import LINE_HEIGHT_PX

NO_CHANNEL, NATURAL = "none", "natural"  # of lines that were never on paper: the field's phrases, and ordinary English
Features = NDArray[np.float16]


@dataclass(frozen=True, eq=False)
class LabeledLine:
    """A line (LINE_HEIGHT_PX, W), dark on white; `source` is "unipen" or "font", `writer` a person's or font's name."""

    picture: NDArray[np.uint8]
    text: str
    source: str
    writer: str
    channel: str


@dataclass(frozen=True, eq=False)
class SeenLine:
    """What the network's frozen part gives for one line, (channels, rows, steps), and what the line says."""

    features: Features
    text: str
    source: str
    writer: str
    channel: str


def shard_files(folder: Path) -> list[Path]:
    """The shards of a folder, in order of their names."""
    return sorted(folder.glob("*.npz"))


def read_shard(path: Path) -> Iterator[LabeledLine]:
    """The lines of one shard.

    Its arrays: `pixels` (all pictures one after the other, row by row), and one entry a line of `widths`, `texts`,
    `source`, `writer` and `channel`. Raises ValueError when they do not fit each other.
    """
    with np.load(path) as shard:
        pixels, widths = shard["pixels"], shard["widths"].astype(np.int64)
        told = [shard[name].astype(str) for name in ("texts", "source", "writer", "channel")]
    ends = np.cumsum(widths * LINE_HEIGHT_PX)
    if len(pixels) != (ends[-1] if len(ends) else 0):
        raise ValueError(f"{path.name} has {len(pixels)} pixels where its widths ask for {ends[-1:]}: make it anew.")
    pictures = [flat.reshape(LINE_HEIGHT_PX, -1) for flat in np.split(pixels, ends[:-1])] if len(ends) else []
    for picture, *rest in zip(pictures, *told, strict=True):
        yield LabeledLine(picture, *map(str, rest))


def write_shard(path: Path, lines: list[LabeledLine]) -> None:
    """Write lines as `read_shard` reads them; whoever looks into the folder meanwhile sees the whole file or none."""
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.savez(
            file,
            pixels=np.concatenate([line.picture.ravel() for line in lines]),
            widths=np.array([line.picture.shape[1] for line in lines]),
            texts=np.array([line.text for line in lines]),
            source=np.array([line.source for line in lines]),
            writer=np.array([line.writer for line in lines]),
            channel=np.array([line.channel for line in lines]),
        )
    part.replace(path)
