"""What the frozen part of the network sees in each line: computed once, and kept."""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ocr.recognizers.onnx_session import open_session
from ocr.recognizers.ppocr import picture_of
from training.text.graph import PICTURE, STARTS, stock_model, up_to
from training.text.shards import Features, SeenLine, read_shard, shard_files


def seen_lines(folder: Path, start: str, cache: Path) -> Iterator[SeenLine]:
    """All lines of a folder's shards as the graph up to STARTS[start] sees them.

    Shards are run once; `cache` keeps what came out, under a hash of the shard.
    """
    cache.mkdir(parents=True, exist_ok=True)
    session = open_session(up_to(stock_model(), STARTS[start]))
    for path in shard_files(folder):
        held = cache / f"{start}-{hashlib.sha256(path.read_bytes()).hexdigest()[:16]}.npz"
        if not held.exists():
            lines = list(read_shard(path))
            found = [session.run(None, {PICTURE: picture_of(line.picture)})[0][0] for line in lines]
            _keep(held, found)
        for line, features in zip(read_shard(path), _kept(held), strict=True):
            yield SeenLine(features, line.text, line.source, line.writer, line.channel)


def _keep(path: Path, found: Sequence[NDArray[np.float32]]) -> None:
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        flat = np.concatenate([one.astype(np.float16).ravel() for one in found])
        np.savez(file, flat=flat, shapes=np.array([one.shape for one in found]))
    part.replace(path)


def _kept(path: Path) -> Iterator[Features]:
    with np.load(path) as held:
        flat, shapes = held["flat"], held["shapes"]
    ends = np.cumsum(shapes.prod(axis=1))
    for shape, (begin, end) in zip(shapes, pairwise([0, *ends]), strict=True):
        yield flat[begin:end].reshape(shape)
