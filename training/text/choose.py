"""Compare what can be shipped of a training, on lines of writers and fonts that it has not seen.

    python -m training.text.choose --lines FOLDER --out FOLDER [--start neck|last-stage]

Candidates are PP-OCR's own weights, the new ones, weights between both, and both networks together, their logits
weighed. The folders are those of `training.text.train`. Prints error rates without the language model, by group.
"""

import argparse
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np

from training.text.errors import ErrorCount, count_errors
from training.text.features import seen_lines
from training.text.graph import STARTS, cut_head, stock_model
from training.text.network import logits, open_network, read, weights_of
from training.text.port import LineModel
from training.text.shards import SeenLine
from training.text.train import group_of, say, weights_file
from training.text.weights import Floats, between, read_weights

SHARES = (0.25, 0.5, 0.75)  # of the new weights, or of the new network
Look = Callable[[SeenLine], Floats]


def main(lines: Path, out: Path, start: str) -> None:
    """Print a row for each candidate."""
    characters = cut_head(stock_model()).characters
    valid = list(seen_lines(lines / "valid", start, out / "seen"))
    for name, look in candidates(start, read_weights(weights_file(out, start))).items():
        counts = count_errors((group_of(line), line.text, read(look(line), characters)) for line in valid)
        say(f"{name}: {_told(counts)}")


def candidates(start: str, weights: Mapping[str, Floats]) -> dict[str, Look]:
    """Each candidate by its name: logits of a line."""
    stock, new = open_network(start), open_network(start, weights)
    found: dict[str, Look] = {"stock": partial(_mixed, stock, new, 0.0), "new": partial(_mixed, stock, new, 1.0)}
    own, whole = weights_of(stock), weights_of(new)
    for share in SHARES:
        middle = open_network(start, between(own, whole, share))
        found[f"weights, {share} new"] = partial(_mixed, middle, middle, 0.0)
        found[f"logits, {share} new"] = partial(_mixed, stock, new, share)
    return found


def _mixed(first: LineModel, second: LineModel, share: float, line: SeenLine) -> Floats:
    """Logits of both networks, `share` of the second; a share of 0 or 1 asks one of them only."""
    parts = ((1 - share, first), (share, second))
    return np.asarray(sum(part * logits(network, line.features) for part, network in parts if part))


def _told(counts: Mapping[str, ErrorCount]) -> str:
    return ", ".join(f"{source} {count.rate:.4f} ({count.exact}/{count.lines})" for source, count in counts.items())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--lines", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", choices=STARTS, default="neck")
    arguments = parser.parse_args()
    main(arguments.lines, arguments.out, arguments.start)
