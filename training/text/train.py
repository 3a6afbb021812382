"""Train refpad's own weights of the line reader, from PP-OCR's or from the last ones.

    python -m training.text.train --lines FOLDER --out FOLDER [--start START] [--begin MODEL] [--bf16] [--device DEVICE]

The folder of lines has `train` and `valid` with shards (training/text/lines/shards.py); `valid` is of writers and fonts
that are not trained on; `--source unipen` or `font` takes those lines alone. Writes to `--out` the weights,
`weights-START.npz`, from which the next run goes on, and as often as it looks at `valid` those of that step and a line
of `curve.jsonl`. The first run goes on from `--begin`, a model that training/text/export.py wrote. Keeps in `seen` what
the frozen part of the network makes of `valid`. Needs the dependency group `training`, and takes 55 ms of a core for a
line of 380 px (`--start neck`: 34; `third-stage`: some 110, and 75 with `--bf16`).

Runs on a GPU where PyTorch finds one, else on the processor; `--device cpu` or `cuda` chooses. The frozen part runs on
the processor either way. Weights in files belong to no device: what one began, another goes on with.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
import torch

from training.device import add_device
from training.progress import say
from training.text.check import require_port
from training.text.errors import ErrorCount, count_errors
from training.text.lines.examples import Batch, Example, batches, examples_of
from training.text.lines.shards import NATURAL, NO_CHANNEL, LabeledLine, SeenLine, read_shard, shard_files
from training.text.network.features import seen_batches, seen_lines
from training.text.network.graph import STARTS, cut_head, shipped_weights, stock_model
from training.text.network.network import Plan, Training, logits, open_network, read, weights_of
from training.text.network.port import LineModel
from training.text.network.weights import Weights, read_weights, write_weights

ALL = "all"
LOOSE = {NO_CHANNEL: "loose", NATURAL: "English"}
VALID_STEP = 4  # every fourth line is enough to see where a training goes


def main(arguments: argparse.Namespace) -> None:
    """Check the port, gather, train, and write weights and curve as they come."""
    torch.set_num_threads(1)  # onnxruntime has the other core; two threads here took 1.4 core-seconds a step, one 0.9
    torch.backends.cudnn.allow_tf32 = False  # a GPU's convolutions would keep 10 of 23 bits: for that is --bf16
    start, out, device = arguments.start, arguments.out, arguments.device
    require_port(device)
    kept = weights_file(out, start)
    valid = list(seen_lines(arguments.lines / "valid", start, out / "seen"))[::VALID_STEP]
    characters = cut_head(stock_model()).characters
    lines = (line for path in shard_files(arguments.lines / "train") for line in read_shard(path))
    found = examples_of((line for line in lines if arguments.source in (ALL, line.source)), characters)
    say(f"{len(found.usable)} lines to train on; {found.unknown} have unknown characters, {found.crowded} are short")
    _tell(out, start, 0, 0.0, errors(open_network(start, device=device), valid, characters))
    network = open_network(start, _weights_before(kept, arguments.begin, start), device)
    training = Training(network, Plan(arguments.steps, arguments.rate, arguments.seed, bf16=arguments.bf16))
    for step, loss in training.run(seen_batches(_passes(found.usable, arguments.seed), start)):
        for path in (kept, kept.with_stem(f"{kept.stem}-{step}")):
            write_weights(path, weights_of(training.averaged.module))
        _tell(out, start, step, loss, errors(training.averaged.module, valid, characters))


def _weights_before(kept: Path, begin: Path | None, start: str) -> Weights | None:
    """The weights to go on from: the last of this folder, or those of `begin`; None for PP-OCR's own."""
    if kept.exists():
        return read_weights(kept)
    if begin is None:
        return None
    held = shipped_weights(onnx.load(begin))
    return {name: held[name] for name in weights_of(open_network(start))}


def _passes(examples: Sequence[Example], seed: int) -> Iterator[Batch]:
    """Batches without end."""
    rng = np.random.default_rng(seed)
    while True:
        yield from batches(examples, rng)


def weights_file(out: Path, start: str) -> Path:
    """Where a training keeps its weights."""
    return out / f"weights-{start}.npz"


def errors(network: LineModel, lines: Sequence[SeenLine], characters: Sequence[str]) -> Mapping[str, ErrorCount]:
    """What the network misreads of the lines, without the language model, by group."""
    return count_errors((group_of(line), line.text, read(logits(network, line.features), characters)) for line in lines)


def group_of(line: SeenLine | LabeledLine) -> str:
    """Lines that count together: by source, and on slips or loose."""
    return f"{line.source}, {LOOSE[line.channel]}" if line.channel in LOOSE else line.source


def _tell(out: Path, start: str, step: int, loss: float, counts: Mapping[str, ErrorCount]) -> None:
    rates = {source: round(count.rate, 4) for source, count in sorted(counts.items())}
    with (out / "curve.jsonl").open("a") as file:
        file.write(json.dumps({"start": start, "step": step, "loss": round(loss, 4), "error_rates": rates}) + "\n")
    exact = ", ".join(f"{source} {count.exact}/{count.lines}" for source, count in sorted(counts.items()))
    state = f"step {step}: loss {loss:.3f}" if step else "stock"
    say(f"{state}, error rates {rates}, exact {exact}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--lines", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", choices=STARTS, default="neck")
    parser.add_argument("--begin", type=Path, help="a model of refpad's own, whose weights the first run goes on from")
    parser.add_argument("--source", default=ALL, help="train on lines of this source only")
    parser.add_argument("--steps", type=int, default=2600, help="of at most 16 lines")
    parser.add_argument("--rate", type=float, default=4e-4)
    parser.add_argument("--seed", type=int, default=21)
    parser.add_argument("--bf16", action="store_true", help="multiply in bfloat16, where the device has it")
    add_device(parser, has_cuda=torch.cuda.is_available())
    main(parser.parse_args())
