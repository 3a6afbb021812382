"""Trained weights in files, and between two networks."""

from pathlib import Path

import numpy as np

from training.text.network.weights import between, read_weights, write_weights

FIRST = {"conv.w_0": np.array([0.0, 2.0], np.float32), "b": np.array([[1.0]], np.float32)}
SECOND = {"conv.w_0": np.array([4.0, 2.0], np.float32), "b": np.array([[2.0]], np.float32)}


def test_weights_come_back_under_their_names(tmp_path: Path) -> None:
    """The next run goes on from them, and names are where they belong in the graph."""
    path = tmp_path / "runs" / "weights-neck.npz"
    write_weights(path, FIRST)
    write_weights(path, SECOND)
    held = read_weights(path)
    assert held.keys() == SECOND.keys()
    assert all(np.array_equal(held[name], SECOND[name]) for name in held)
    assert [one.name for one in path.parent.iterdir()] == ["weights-neck.npz"]


def test_a_share_leads_from_the_first_to_the_second() -> None:
    """A quarter of the way is nearer to what was there before."""
    assert between(FIRST, SECOND, 0.0)["conv.w_0"].tolist() == [0.0, 2.0]
    assert between(FIRST, SECOND, 0.25)["conv.w_0"].tolist() == [1.0, 2.0]
    assert between(FIRST, SECOND, 1.0)["b"].tolist() == [[2.0]]
