"""Train refpad's own weights of the line reader, from PP-OCR's or from the last ones.

    python -m training.text.train --lines FOLDER --out FOLDER [--start neck|last-stage] [--source unipen|font]

The folder of lines has `train` and `valid` with shards (training/text/shards.py); `valid` is of writers and fonts that
are not trained on. Writes to `--out` the weights, `weights-START.npz`, from which the next run goes on, and a line of
`curve.jsonl` as often as it looks; keeps in `seen` what the frozen part of the network makes of the lines. Needs the
dependency group `training`, and takes 5 ms of one core a line and pass from the neck, 60 ms from the last stage.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch

from training.text.check import require_port
from training.text.errors import ErrorCount, count_errors
from training.text.examples import batches, examples_of
from training.text.features import seen_lines
from training.text.graph import STARTS, cut_head, stock_model
from training.text.network import Plan, Training, logits, open_network, read, weights_of
from training.text.port import LineModel
from training.text.shards import NO_CHANNEL, SeenLine
from training.text.weights import read_weights, write_weights

COLUMNS_A_STEP = {"neck": 1, "last-stage": 2}
ALL = "all"


def main(arguments: argparse.Namespace) -> None:
    """Check the port, gather, train, and write weights and curve as they come."""
    torch.set_num_threads(1)
    require_port()
    start, out = arguments.start, arguments.out
    kept = weights_file(out, start)
    trained, valid = (list(seen_lines(arguments.lines / part, start, out / "seen")) for part in ("train", "valid"))
    characters = cut_head(stock_model()).characters
    chosen = [line for line in trained if arguments.source in (ALL, line.source)]
    found = examples_of(chosen, characters, COLUMNS_A_STEP[start])
    say(f"{len(found.usable)} lines to train on; {found.unknown} have unknown characters, {found.crowded} are short")
    _tell(out, start, 0, 0.0, errors(open_network(start), valid, characters))
    network = open_network(start, read_weights(kept) if kept.exists() else None)
    steps = round(arguments.passes * sum(1 for _ in batches(found.usable, np.random.default_rng(0))))
    training = Training(network, Plan(steps, arguments.rate, arguments.seed))
    for step, loss in training.run(found.usable):
        write_weights(kept, weights_of(training.averaged.module))
        _tell(out, start, step, loss, errors(training.averaged.module, valid, characters))


def weights_file(out: Path, start: str) -> Path:
    """Where a training keeps its weights."""
    return out / f"weights-{start}.npz"


def errors(network: LineModel, lines: Sequence[SeenLine], characters: Sequence[str]) -> Mapping[str, ErrorCount]:
    """What the network misreads of the lines, without the language model, by group."""
    return count_errors((group_of(line), line.text, read(logits(network, line.features), characters)) for line in lines)


def group_of(line: SeenLine) -> str:
    """Lines that count together: by source, and on slips or loose."""
    return line.source if line.channel != NO_CHANNEL else f"{line.source}, loose"


def _tell(out: Path, start: str, step: int, loss: float, counts: Mapping[str, ErrorCount]) -> None:
    rates = {source: round(count.rate, 4) for source, count in sorted(counts.items())}
    with (out / "curve.jsonl").open("a") as file:
        file.write(json.dumps({"start": start, "step": step, "loss": round(loss, 4), "error_rates": rates}) + "\n")
    exact = ", ".join(f"{source} {count.exact}/{count.lines}" for source, count in sorted(counts.items()))
    state = f"step {step}: loss {loss:.3f}" if step else "stock"
    say(f"{state}, error rates {rates}, exact {exact}")


def say(line: str) -> None:
    """One line for whoever waits."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--lines", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", choices=STARTS, default="neck")
    parser.add_argument("--source", default=ALL, help="train on lines of this source only")
    parser.add_argument("--passes", type=float, default=10.0, help="over all lines")
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=21)
    main(parser.parse_args())
