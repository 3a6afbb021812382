"""Compare what can be shipped of trainings, on lines of writers and fonts that they have not seen.

    python -m training.text.choose --lines FOLDER --weights FILE... [--shares 0.5 1] [--begin MODEL] [--together 0.5]
                                   [--each 120]

Candidates are PP-OCR's own weights, those of each file, weights between both, or between those of the model `--begin`
and these (`--shares`, how far towards the new ones; a file may also be averaged with the others, `--averaged`), and
both networks together, their logits weighed (`--together`). Each is made as it would be shipped, and reads one view of
a line. Prints error rates without and with the language model, by group.
"""

import argparse
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx

from ocr.language.alphabet import fold
from ocr.language.ngrams import Prior
from ocr.language.ngrams import model as language
from ocr.recognizers.ppocr import PpOcr
from ocr.text.line_decoder import read_line
from training.progress import say
from training.text.errors import ErrorCount, count_errors
from training.text.export import between_model, together_model
from training.text.lines.shards import LabeledLine, read_shard, shard_files
from training.text.network.graph import compact, in_half, stock_model
from training.text.network.weights import Weights, read_weights
from training.text.train import group_of

SEED = 5


def main(asked: argparse.Namespace) -> None:
    """Print a row for each candidate."""
    prior = language("text")
    lines = sample((line for path in shard_files(asked.lines / "valid") for line in read_shard(path)), asked.each)
    for name, model in candidates(asked):
        reader = PpOcr(in_half(compact(model)).SerializeToString())
        for how, counts in read_all(reader, lines, prior).items():
            say(f"{name}, {how}: {told(counts)}")


def sample(lines: Iterator[LabeledLine], each: int) -> list[LabeledLine]:
    """At most `each` lines of every group, the same for the same lines."""
    by_group: dict[str, list[LabeledLine]] = defaultdict(list)
    for line in lines:
        by_group[group_of(line)].append(line)
    drawn = random.Random(SEED)  # noqa: S311
    return [line for group in by_group.values() for line in drawn.sample(group, min(each, len(group)))]


def candidates(asked: argparse.Namespace) -> Iterator[tuple[str, onnx.ModelProto]]:
    """Each candidate by its name."""
    yield "stock", stock_model()
    trained: dict[str, Weights] = {path.stem: read_weights(path) for path in asked.weights}
    if asked.averaged and len(trained) > 1:
        trained["averaged"] = averaged(list(trained.values()))
    for name, weights in trained.items():
        for share in asked.shares:
            yield f"{name}, weights {share} new", between_model(weights, share, asked.begin)
        for share in asked.together:
            yield f"{name}, logits {share} new", together_model(weights, share)


def averaged(several: Sequence[Weights]) -> Weights:
    """The mean of several networks of one kind, each counting the same."""
    return {name: np.mean([one[name] for one in several], axis=0) for name in several[0]}


def read_all(reader: PpOcr, lines: Sequence[LabeledLine], prior: Prior) -> Mapping[str, Mapping[str, ErrorCount]]:
    """What the reader misreads by itself, and with the language model."""
    seen = reader.recognize([line.picture for line in lines])
    decoded = [read_line([found], prior).best.text for found in seen]
    read = {"by itself": [found.text for found in seen], "with the language model": decoded}
    return {
        how: count_errors(
            (group_of(line), fold(line.text), fold(text)) for line, text in zip(lines, texts, strict=True)
        )
        for how, texts in read.items()
    }


def told(counts: Mapping[str, ErrorCount]) -> str:
    """Error rates and lines read to the letter, by group."""
    return ", ".join(f"{group} {count.rate:.4f} ({count.exact}/{count.lines})" for group, count in counts.items())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--lines", type=Path, required=True)
    parser.add_argument("--weights", type=Path, nargs="+", required=True)
    parser.add_argument("--shares", type=float, nargs="*", default=[0.5, 1.0])
    parser.add_argument("--begin", type=Path, help="a model of refpad's own, in place of PP-OCR's")
    parser.add_argument("--together", type=float, nargs="*", default=[])
    parser.add_argument("--averaged", action="store_true", help="average the files, too")
    parser.add_argument("--each", type=int, default=120, help="lines of every group")
    arguments = parser.parse_args()
    if arguments.begin and (arguments.together or not arguments.shares):
        parser.error("--begin counts for --shares alone: name these without --together, or leave --begin out.")
    main(arguments)
