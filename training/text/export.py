"""Make the model that refpad runs out of trained weights, and print its hash.

    python -m training.text.export --weights FILE [--between SHARE [--begin MODEL] | --together SHARE] [--out FILE]

Weights are stored in 16 bits, and the head has the characters that slips need. With `--between` the shipped weights lie
so far from PP-OCR's own, or from those of the model `--begin`, towards the new ones; with `--together` both networks
run, and SHARE says how much the new one's logits count. Needs the dependency group `training`.
"""

import argparse
import hashlib
from pathlib import Path

import onnx

from training.progress import say
from training.text.network.graph import (
    compact,
    cut_head,
    in_half,
    initializers,
    shipped_weights,
    start_of,
    stock_model,
    store,
    with_head,
    with_second,
)
from training.text.network.weights import Weights, between, read_weights

MODEL = Path("ocr/recognizers/data/own_weights.onnx")


def own_model(weights: Weights) -> onnx.ModelProto:
    """PP-OCR with `weights`, and its head cut to what slips need."""
    made = _cut()
    store(made, weights)
    return made


def between_model(weights: Weights, share: float, begin: Path | None = None) -> onnx.ModelProto:
    """PP-OCR with weights between its own, or those of the model `begin`, and `weights`."""
    held = shipped_weights(onnx.load(begin)) if begin else initializers(_cut())
    return own_model(between({name: held[name] for name in weights}, weights, share))


def together_model(weights: Weights, share: float) -> onnx.ModelProto:
    """Both networks on what they share."""
    model = _cut()
    return with_second(model, start_of(model, weights), weights, share)


def write(model: onnx.ModelProto, out: Path) -> None:
    """Write the model and print what goes into the code and onto the card."""
    held = in_half(compact(model)).SerializeToString()
    out.write_bytes(held)
    say(f'SHA256 = "{hashlib.sha256(held).hexdigest()}"  # {len(held)} bytes')


def _cut() -> onnx.ModelProto:
    model = stock_model()
    return with_head(model, cut_head(model))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--weights", type=Path, required=True)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--between", type=float)
    how.add_argument("--together", type=float)
    parser.add_argument("--begin", type=Path, help="a model of refpad's own, in place of PP-OCR's")
    parser.add_argument("--out", type=Path, default=MODEL)
    arguments = parser.parse_args()
    if arguments.begin and arguments.between is None:
        parser.error("--begin counts for --between alone: name that share, or leave --begin out.")
    trained = read_weights(arguments.weights)
    if arguments.together is not None:
        made = together_model(trained, arguments.together)
    elif arguments.between is not None:
        made = between_model(trained, arguments.between, arguments.begin)
    else:
        made = own_model(trained)
    write(made, arguments.out)
