"""Pictures for docs/accuracy.md: how trainings went, and the lines that were read worst before, with what is read now.

    python -m training.text.pictures curves CURVE... --out PICTURE
    python -m training.text.pictures worst --lines FOLDER --model FILE --out PICTURE

CURVE is a `curve.jsonl` of `training.text.train`. The worst lines are of fonts only, which anybody may show, and which
were not trained on; both readings are without the language model.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from rapidfuzz.distance import Levenshtein

mpl.use("Agg")
from matplotlib import pyplot as plt

from ocr.recognizers.ppocr import PpOcr
from ocr.recognizers.recognizer import TextRecognizer
from training.text.gather_lines import FONTS
from training.text.lines.shards import LabeledLine, read_shard, shard_files

WORST = 24
SHEET_INCHES, LINE_INCHES = 11.0, 0.42
SHOWN_LEAST = 6  # letters: a short line is wrong as a whole or not at all

Curve = Sequence[Mapping[str, Any]]


def curves(named: Mapping[str, Curve], out: Path) -> None:
    """Error rate by step, a panel for each group of lines and a line for each training."""
    groups = sorted({group for curve in named.values() for look in curve for group in look["error_rates"]})
    figure, panels = plt.subplots(1, len(groups), figsize=(SHEET_INCHES, 3.4), squeeze=False)
    for panel, group in zip(panels[0], groups, strict=True):
        for name, curve in named.items():
            looks = [(look["step"], look["error_rates"][group]) for look in curve if group in look["error_rates"]]
            panel.plot(*zip(*looks, strict=True), marker=".", label=name)
        panel.set(title=group, xlabel="steps", ylim=(0, None))
    panels[0][0].set_ylabel("character error rate")
    figure.legend(*panels[0][-1].get_legend_handles_labels(), loc="lower center", ncols=len(named))
    _save(figure, out, below=0.1)


def worst(lines: Sequence[LabeledLine], before: TextRecognizer, after: TextRecognizer, out: Path) -> None:
    """A sheet of the lines that `before` read worst: what stands there, what it read, and what `after` reads."""
    chosen = worst_lines(lines, before)
    figure, panels = plt.subplots(len(chosen), 2, figsize=(SHEET_INCHES, LINE_INCHES * len(chosen)), squeeze=False)
    again = after.recognize([line.picture for line, _ in chosen])
    for (left, right), (line, was), now in zip(panels, chosen, again, strict=True):
        left.imshow(line.picture, cmap="gray", vmin=0, vmax=255)
        told = f"{line.text}\n{was} ({_changes(line, was)})   now   {now.text} ({_changes(line, now.text)})"
        right.text(0, 0.5, told.replace("$", r"\$"), fontsize=7, va="center")
        for panel in (left, right):
            panel.set_axis_off()
    _save(figure, out)


def worst_lines(lines: Sequence[LabeledLine], reader: TextRecognizer) -> list[tuple[LabeledLine, str]]:
    """The lines in fonts that lose the largest share of their letters, worst first, one of a text, as they are read."""
    long_ones = {line.text: line for line in lines if line.source == FONTS and len(line.text) >= SHOWN_LEAST}
    seen = reader.recognize([line.picture for line in long_ones.values()])
    read = [(line, found.text) for line, found in zip(long_ones.values(), seen, strict=True)]
    return sorted(read, key=lambda one: _changes(*one) / len(one[0].text), reverse=True)[:WORST]


def _changes(line: LabeledLine, text: str) -> int:
    return int(Levenshtein.distance(line.text.casefold(), text.casefold()))


def _save(figure: "mpl.figure.Figure", out: Path, below: float = 0.0) -> None:
    """Write the figure; `below` is the share of its height that is left free for a legend."""
    figure.tight_layout(rect=(0, below, 1, 1))
    figure.savefig(out, dpi=110)
    plt.close(figure)


def main() -> None:
    """Make the picture that is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    kinds = parser.add_subparsers(dest="kind", required=True)
    of_curves, of_worst = kinds.add_parser("curves"), kinds.add_parser("worst")
    of_curves.add_argument("curves", type=Path, nargs="+")
    of_worst.add_argument("--lines", type=Path, required=True)
    of_worst.add_argument("--model", type=Path, required=True)
    for kind in (of_curves, of_worst):
        kind.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    if asked.kind == "curves":
        curves(
            {path.parent.name: [json.loads(row) for row in path.read_text().splitlines()] for path in asked.curves},
            asked.out,
        )
    else:
        lines = [line for path in shard_files(asked.lines / "valid") for line in read_shard(path)]
        worst(lines, PpOcr(), PpOcr(str(asked.model)), asked.out)


if __name__ == "__main__":
    main()
