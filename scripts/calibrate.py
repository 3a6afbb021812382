"""Fit the constants of ocr/text/confidence.py on simulated slips and draw how well they hold on others.

    python scripts/calibrate.py [--slips N] [--data FOLDER]

Half of the slips are fitted, the other half is drawn; `--data` adds real lines of handwriting to the drawing (a folder
with the materials of `refpad bench --data`), which are never fitted. Writes docs/images/reliability.png. Needs
matplotlib (dependency group dev).
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, pairwise
from pathlib import Path

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray

from bench.text.calibration_slips import calibration_files
from bench.text.materials import known_materials, open_material
from bench.text.metrics import fold_case
from ocr.language.fields import Languages
from ocr.page import Page
from ocr.recognizers import open_recognizers
from ocr.recognizers.recognizer import TextRecognizer
from ocr.slips.find import find_slips
from ocr.slips.found_slip import RegisteredSlip
from ocr.text.confidence import Evidence, measures
from ocr.text.field_reader import DigitFieldReader, FieldReader, WordFieldReader
from ocr.text.judge import judge_empty, likeness
from ocr.text.read_fields import open_fields, read_open_fields
from pads.catalogue import load_all
from pads.simulate.scenes import PlannedFile, make_file
from pads.simulate.truth import Channel, SlipTruth
from refpad.services.reading.file_reader import open_reader, templates
from refpad.settings import Settings
from schemas.studio import Studio

mpl.use("Agg")
from matplotlib import pyplot as plt

PICTURE = Path(__file__).parents[1] / "docs" / "images" / "reliability.png"
TODAY = date(2026, 11, 23)
REGION = "US"
SEED = 501
RIDGE = 1.0  # pulls weights that the data do not call for towards 0
LEAST_A_BIN = 5
BINS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0001)


@dataclass(frozen=True)
class Case:
    """One field as it was read: what spoke for it, how sure it was, and whether it was right; `half` is by slip."""

    kind: str
    seen: tuple[float, ...]
    seconded: tuple[float, ...] | None
    sure: float
    right: bool
    half: int


def simulated(slips: int, recognizers: Sequence[TextRecognizer]) -> Iterator[Case]:
    """All filled fields of `slips` simulated slips a channel."""
    for channel in Channel:
        for slip, truth in registered_slips(calibration_files(load_all(), slips, [channel], SEED)):
            yield from cases(open_fields(slip.picture, slip.template), truth, recognizers)
        say(f"{channel.value} is read")


def registered_slips(planned: Iterable[PlannedFile]) -> Iterator[tuple[RegisteredSlip, SlipTruth]]:
    """The slips of simulated files as they are found on their pages, each with its truth."""
    forms = templates(load_all(), Path())
    with tempfile.TemporaryDirectory() as folder, open_reader(Settings(), marks_only=True) as files:
        for scan in chain.from_iterable(make_file(Path(folder), file, TODAY, Studio()) for file in planned):
            truths = {placed.slip.serial: placed.slip for placed in scan.slips}
            opened = [page for page in files.opener.pages(Path(folder) / scan.file) if isinstance(page, Page)]
            for page in (one for one in opened if one.number == scan.page):
                for slip in find_slips(page, forms):
                    if isinstance(slip, RegisteredSlip) and slip.code and slip.code.serial in truths:
                        yield slip, truths[slip.code.serial]


def cases(fields: Sequence[FieldReader], truth: SlipTruth, recognizers: Sequence[TextRecognizer]) -> Iterator[Case]:
    """The filled fields of one slip."""
    readings = read_open_fields(fields, recognizers, TODAY, REGION).readings
    for field in fields:
        if judge_empty(field.circumstances) is None and field.name in readings:
            reading = readings[field.name]
            right = fold_case(truth.text.get(field.name, "")) == fold_case(reading.value)
            yield case(field, reading.confidence, right, truth.serial % 2, recognizers)


def case(field: FieldReader, sure: float, right: bool, half: int, recognizers: Sequence[TextRecognizer]) -> Case:
    """The measures of one field that was read; a second reader is asked whether it was needed or not."""
    if isinstance(field, DigitFieldReader):
        views = [opinion.confidence for opinion in field.opinions]
        return Case("digits", (1.0, logit(sum(views) / len(views))), None, sure, right, half)
    if not isinstance(field, WordFieldReader):
        raise TypeError(field)
    other = " ".join(line.text for line in recognizers[1].recognize([line.picture for line in field.ink.lines]))
    alone: Evidence = field.evidence
    second = replace(alone, likeness=likeness(field.value, other))
    return Case("words", measures(alone), measures(second), sure, right, half)


def logit(share: float) -> float:
    """ln(p / (1 - p)), within reason."""
    inside = min(max(share, 1e-4), 1 - 1e-4)
    return float(np.log(inside / (1 - inside)))


def fit_weights(seen: Sequence[Sequence[float]], right: Sequence[bool]) -> list[float]:
    """The weights of a logistic regression with a ridge on all but the constant (Newton's method)."""
    x, y = np.array(seen), np.array(right, float)
    weights, ridge = np.zeros(x.shape[1]), RIDGE * np.eye(x.shape[1])
    ridge[0, 0] = 0.0
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (p - y) + ridge @ weights
        weights -= np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + ridge + 1e-9 * np.eye(len(weights)), slope)
    return [float(weight) for weight in weights.round(2)]


def real(data: Path, recognizers: Sequence[TextRecognizer]) -> Iterator[tuple[float, bool]]:
    """How sure each real line was, and whether it was right; without the help of closed lists."""
    for material in (known_material for known_material in known_materials(data) if not known_material.closed):
        truths, fields = open_material(material, data)
        readings = read_open_fields(fields, recognizers, TODAY, REGION, Languages()).readings
        for truth, field in zip(truths, fields, strict=True):
            yield readings[field.name].confidence, material.same(truth, readings[field.name].value)


Curves = dict[str, list[tuple[float, bool]]]


def draw(curves: Curves) -> None:
    """How often readings of each confidence are right; and how many are wrong among the surest ones."""
    figure, (reliable, covered) = plt.subplots(1, 2, figsize=(9.6, 4.4), dpi=100)
    reliable.plot([0, 1], [0, 1], color="0.7", linewidth=1, label="as it should be")
    for (name, pairs), marker in zip(curves.items(), "os^", strict=False):
        at, share, error = _bins(pairs)
        reliable.errorbar(at, share, error, marker=marker, capsize=2, linewidth=1, label=f"{name} ({len(pairs)})")
        accepted, wrong = _coverage(pairs)
        covered.plot(accepted, wrong, linewidth=1.4, label=name)
    reliable.set(xlabel="confidence", ylabel="share that is right", xlim=(0, 1.02), ylim=(0, 1.02))
    covered.axhline(0.5, color="0.7", linewidth=1)
    covered.set(
        xlabel="share accepted, surest first (%)", ylabel="wrong among the accepted (%)", ylim=(0, 8), xlim=(0, 80)
    )
    for axis in (reliable, covered):
        axis.legend(loc="upper left", frameon=False)
        axis.grid(color="0.92")
    figure.tight_layout()
    figure.savefig(PICTURE)


def _bins(pairs: list[tuple[float, bool]]) -> tuple[list[float], list[float], list[float]]:
    """Mean confidence, share that is right and its 95 % error, for each bin with enough readings in it."""
    sure, right = np.array([share for share, _ in pairs]), np.array([hit for _, hit in pairs], float)
    at, share, error = [], [], []
    for low, high in pairwise(BINS):
        inside = (sure >= low) & (sure < high)
        if inside.sum() >= LEAST_A_BIN:
            mean = float(right[inside].mean())
            at.append(float(sure[inside].mean()))
            share.append(mean)
            error.append(1.96 * (mean * (1 - mean) / int(inside.sum())) ** 0.5)
    return at, share, error


def _coverage(pairs: list[tuple[float, bool]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Per cent accepted, and per cent wrong among them, as the bar falls."""
    ranked = sorted(pairs, key=lambda pair: -pair[0])
    wrong = np.cumsum([not right for _, right in ranked])
    count = np.arange(1, len(ranked) + 1)
    return 100 * count / len(ranked), 100 * wrong / count


def say(line: str) -> None:
    """One line for whoever waits."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(slips: int, data: Path | None) -> None:
    """Fit, print, draw."""
    recognizers = open_recognizers(Settings().limits)
    found = list(simulated(slips, recognizers))
    words, digits = ([case for case in found if case.kind == kind] for kind in ("words", "digits"))
    first = [case for case in words if case.half == 0]
    say(f"ALONE = {fit_weights([case.seen for case in first], [case.right for case in first])}")
    say(f"SECONDED = {fit_weights([case.seconded or () for case in first], [case.right for case in first])}")
    say(f"DIGITS = {fit_weights([case.seen for case in digits], [case.right for case in digits])}")
    for kind, several in (("words", words), ("digits", digits)):
        say(f"{kind}: {len(several)}, wrong {sum(not case.right for case in several)}")
    curves = {"simulated words": [(case.sure, case.right) for case in words if case.half == 1]}
    curves["simulated digits"] = [(case.sure, case.right) for case in digits]
    if data is not None:
        curves["real lines"] = list(real(data, recognizers))
    draw(curves)
    for name, pairs in curves.items():
        for least in (0.9, 0.95, 0.96, 0.97, 0.98):
            sure = [right for share, right in pairs if share >= least]
            say(f"{name} >= {least}: {len(sure)} of {len(pairs)}, wrong {len(sure) - sum(sure)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--slips", type=int, default=60, help="simulated slips a channel")
    parser.add_argument("--data", type=Path)
    arguments = parser.parse_args()
    main(arguments.slips, arguments.data)
