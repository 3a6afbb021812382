"""Train the reader of single digits, fit its confidence, and count how both hold on hands that neither has seen.

    python -m training.digits --unipen FOLDER [--fonts-only] [--slips N] [--out FOLDER] [--device DEVICE]

FOLDER is a checkout of GreenCappuccino/train_r01_v07 (CC BY 4.0). With `--fonts-only` the network is trained on fonts
alone, for whoever doubts that license; the confidence is fitted and checked on the same people all the same. Needs the
dependency group `training`. Prints the weights for ocr/text/cells/digits.py, the network's hash for
ocr/recognizers/cell_digits.py, and the figures of ocr/recognizers/data/cell_digits.md; writes the network to `--out`.
Takes 15 minutes of one core with 1,000 slips. Trains on a GPU where PyTorch finds one, else on the processor;
`--device cpu` or `cuda` chooses.
"""

import argparse
import hashlib
from collections.abc import Sequence
from pathlib import Path

import torch

from ocr.recognizers.ppocr import PpOcr
from ocr.text.cells import digits as weights
from training.cells import FilledCells
from training.confidence import (
    BARS,
    Count,
    ReadField,
    count,
    count_settled,
    fit_cell_weights,
    fit_confidence,
    read_fields,
)
from training.device import add_device
from training.gather import Part, cells_of, gather, line_views
from training.network import Epoch, probabilities, to_onnx, train
from training.progress import say
from training.unipen import PenDigit, read_pen_digits

SEEDS: dict[Part, int] = {"train": 11, "fit": 12, "check": 13}
# Slips for fitting and for checking, as shares of those trained on.
SHARES: dict[Part, float] = {"train": 1.0, "fit": 0.34, "check": 0.24}
NETWORK = "cell_digits.onnx"


def main(unipen: Path, slips: int, out: Path, device: str, *, fonts_only: bool) -> None:
    """Gather, train, fit, check, and write the network."""
    digits = list(read_pen_digits(unipen))
    say(f"{len(digits)} digits by {len({digit.writer for digit in digits})} people")
    trained = list(gather("train", [] if fonts_only else digits, slips, SEEDS["train"]))
    fit, check = (_fields(part, digits, slips) for part in ("fit", "check"))
    cells = cells_of(trained)
    say(f"{len(cells.classes)} cells to train on, {len(fit)} fields to fit and {len(check)} to check")
    network = train(cells, cells_of(check), SEEDS["train"], _tell, device)
    model = to_onnx(network)
    (out / NETWORK).write_bytes(model)
    say(f'SHA256 = "{hashlib.sha256(model).hexdigest()}"')

    line_reader = PpOcr()
    seen_fit, seen_check = (
        list(read_fields(part, line_views(part, line_reader), lambda seen: probabilities(network, seen)))
        for part in (fit, check)
    )
    report(seen_fit, seen_check)


def _fields(part: Part, digits: Sequence[PenDigit], slips: int) -> list[FilledCells]:
    return list(gather(part, digits, round(slips * SHARES[part]), SEEDS[part]))


def report(fit: Sequence[ReadField], check: Sequence[ReadField]) -> None:
    """Fit the weights, and count with them."""
    weights.LINE_WEIGHT, weights.CELL_WEIGHT = fit_cell_weights(fit)
    say(f"LINE_WEIGHT, CELL_WEIGHT = {weights.LINE_WEIGHT}, {weights.CELL_WEIGHT}")
    weights.CONFIDENCE = fit_confidence(fit)
    weights.CELLS_CONFIDENCE = fit_confidence(fit, by_cells_alone=True)
    say(f"CONFIDENCE, CELLS_CONFIDENCE = {weights.CONFIDENCE}, {weights.CELLS_CONFIDENCE}")
    for name, fields in (("fitted", fit), ("checked", check)):
        _say_count(name, count(fields))
        settled, wrong = count_settled(fields)
        say(f"{name}: {settled} told by their cells alone, {wrong} of them wrong")


def _say_count(name: str, found: Count) -> None:
    passing = ", ".join(f"{found.passing[bar][0]} at {bar}, {found.passing[bar][1]} wrong" for bar in BARS)
    say(f"{name}: {found.right} of {found.fields} fields right; pass: {passing}")


def _tell(epoch: Epoch) -> None:
    say(f"pass {epoch.number}: loss {epoch.loss:.3f}, {100 * epoch.right:.2f} % of checked digits right")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--unipen", type=Path, required=True)
    parser.add_argument("--fonts-only", action="store_true")
    parser.add_argument("--slips", type=int, default=1000, help="simulated slips to train on")
    parser.add_argument("--out", type=Path, default=Path("ocr/recognizers/data"))
    add_device(parser, has_cuda=torch.cuda.is_available())
    asked = parser.parse_args()
    main(asked.unipen, asked.slips, asked.out, asked.device, fonts_only=asked.fonts_only)
