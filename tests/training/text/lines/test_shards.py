"""Lines in files, and back."""

from pathlib import Path

import numpy as np
import pytest

from training.text.lines.shards import LabeledLine, read_shard, shard_files, write_shard


def _line(width: int, text: str) -> LabeledLine:
    picture = np.random.default_rng(width).integers(0, 256, (48, width)).astype(np.uint8)
    return LabeledLine(picture, text, "font", "kalam", "fax")


def test_every_line_comes_back_with_what_it_says(tmp_path: Path) -> None:
    """Pictures lie one after the other: one pixel too many would put every later text under another line."""
    lines = [_line(30, "knee pain"), _line(200, "HTN, DM2"), _line(17, "José")]
    write_shard(tmp_path / "b.npz", lines)
    write_shard(tmp_path / "a.npz", lines[:1])
    assert [path.name for path in shard_files(tmp_path)] == ["a.npz", "b.npz"]
    found = list(read_shard(tmp_path / "b.npz"))
    assert [(line.text, line.source, line.writer, line.channel) for line in found] == [
        (line.text, "font", "kalam", "fax") for line in lines
    ]
    assert all(np.array_equal(one.picture, other.picture) for one, other in zip(found, lines, strict=True))


def test_a_shard_that_does_not_fit_together_is_refused(tmp_path: Path) -> None:
    """A file that was cut short would teach wrong texts without a word."""
    path = tmp_path / "a.npz"
    write_shard(path, [_line(30, "knee"), _line(40, "hip")])
    with np.load(path) as shard:
        held = {name: shard[name] for name in shard.files}
    np.savez(path, **{**held, "pixels": held["pixels"][:-1]})
    with pytest.raises(ValueError, match="make it anew"):
        list(read_shard(path))
