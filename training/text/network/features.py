"""What the frozen part of the network sees of lines: kept where they only validate, ahead where they are trained on."""

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ocr.recognizers.inference.onnx_session import open_session
from ocr.recognizers.ppocr import picture_of
from training.text.lines.examples import Batch
from training.text.lines.shards import Features, SeenLine, read_shard, shard_files
from training.text.network.graph import PICTURE, STARTS, stock_model, up_to

AHEAD = 4  # batches that are seen while one is learned from


@dataclass(frozen=True, eq=False)
class SeenBatch:
    """Features (N, channels, rows, steps) of one width, and the columns of each line's characters."""

    features: NDArray[np.float32]
    columns: tuple[tuple[int, ...], ...]


def seen_batches(found: Iterable[Batch], start: str) -> Iterator[SeenBatch]:
    """The batches as the graph up to STARTS[start] sees them, some of them ahead on a thread of their own."""
    session = open_session(up_to(stock_model(), STARTS[start]))

    def see(batch: Batch) -> SeenBatch:
        gray = batch.pictures.astype(np.float32)[:, None] / 127.5 - 1
        given = np.ascontiguousarray(np.broadcast_to(gray, (len(gray), 3, *gray.shape[2:])))
        return SeenBatch(session.run(None, {PICTURE: given})[0], batch.columns)

    with ThreadPoolExecutor(1) as thread:
        waiting: deque[Future[SeenBatch]] = deque()
        for batch in found:
            waiting.append(thread.submit(see, batch))
            if len(waiting) > AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


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
