"""Fit the weights of words on simulated slips, and count and draw how well they hold on others.

    python scripts/calibrate.py [--slips N] [--more-hands FOLDER] [--people UNIPEN] [--check N] [--hands FOLDER]
                                [--data FOLDER] [--cache FOLDER] [--only signs|again|new|shapes|none]

Fitted are slips in the handwritings of pads/fonts/hand and `--more-hands`, and of the people of UNIPEN
(training/README.md) on whom the reader was not trained, in half of the words; checked are slips in the other words, in
the handwriting fonts (.ttf) of `--hands`, or in refpad's own hands without it. `--data` adds real lines of handwriting
to the drawing (a folder with the materials of `refpad bench --data`), which are never fitted. `--cache` keeps what the
reader saw, 20 slips a file: other measures or weights need no second reading, and a run that is stopped goes on where
it was. With `--only none` nothing is fitted, and what is shipped is counted. `--only signs` fits shape functions and
weights of commas and points alone, the weights from the shipped ones on. Else all shape functions are fitted; of the
weights `--only again` fits those after a second look alone, from the shipped ones on, `--only new` those after looks
that have none yet, from those of one look less on (after the first, from PP-OCR's), and `--only shapes` none. Which
networks look, REFPAD_TEXT_MODEL says; what others have stays.

Writes word_weights.json and word_shapes.json of ocr/text/confidence/data, and docs/images/reliability.png. Needs
matplotlib (dependency group dev) and scikit-learn (training).
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from calibration_cases import Case, Look, hits_of, measured
from calibration_curves import Pairs, draw
from calibration_fit import fit_measures, fit_shapes, in_lines
from calibration_people import people_in
from calibration_readings import (
    CHANNELS,
    REGION,
    SEEDS,
    TODAY,
    Hand,
    registered_slips,
    seen_fields,
    written_by,
)

from bench.intervals import share_with_interval
from bench.text.calibration_slips import Part as Words
from bench.text.calibration_slips import calibration_files
from bench.text.materials import known_materials, open_material
from bench.text.metrics import fold_case
from ocr.language.fields import Languages
from ocr.recognizers import open_recognizers
from ocr.recognizers.recognizer import TextRecognizer
from ocr.text.confidence.probability import (
    SHAPES,
    WEIGHTS,
    Part,
    Shape,
    shipped_shapes,
    shipped_weights,
    weights_of,
)
from ocr.text.digit_reader import DigitFieldReader
from ocr.text.read_fields import open_fields, read_open_fields
from pads.catalog import load_all
from pads.simulate.pen.fonts import FONT_ENDING, HANDWRITINGS
from pads.simulate.truth import Legibility
from refpad.settings import Settings
from schemas.bars import SHIPPED, ValueKind
from schemas.names.spelling import NAMES
from training.progress import say

BAR = SHIPPED[ValueKind.PHRASE]
# Which weights alone are fitted; none, but the shape functions.
SIGNS, AGAIN, NEW, STEPS, NONE = "signs", "again", "new", "shapes", "none"
DIGIT_SLIPS = 160  # of which digits are drawn beside the words


@dataclass(frozen=True)
class DigitCase:
    """A field of digits in cells: how sure the reading is, and whether it is right."""

    sure: float
    right: bool


def shapes_of(cases: Sequence[Case], only: str | None) -> dict[str, dict[Part, dict[str, Shape]]]:
    """The shipped shape functions, with others after each look of these cases; with SIGNS those of words stay."""
    fitted, networks = dict(shipped_shapes()), cases[0].networks
    for number in range(len(networks)):
        looks = [case.looks[number] for case in cases]
        same = [one for one in looks if one.same]
        key = "+".join(networks[: number + 1])
        words = fitted[key]["words"] if only == SIGNS and key in fitted else _word_shapes(looks)
        fitted[key] = {"words": words, "signs": fit_shapes([one.signs for one in same], [one.right for one in same])}
    return fitted


def _word_shapes(looks: Sequence[Look]) -> dict[str, Shape]:
    return fit_shapes([one.words for one in looks], [one.same for one in looks])


def fit_parts(cases: Sequence[Case], only: str | None) -> dict[str, dict[Part, dict[str, float]]]:
    """The shipped weights, with others after each look of these cases.

    Those of words, and those of signs where the words are right. With `only`, SIGNS, AGAIN or NEW, the others stay as
    they are, and these begin at the shipped ones; looks that have none begin at those of one look less, or at PP-OCR's.
    """
    fitted, networks = dict(shipped_weights()), cases[0].networks
    for number in range(0 if only != AGAIN else 1, len(networks)):
        looks, names = [case.looks[number] for case in cases], networks[: number + 1]
        key, less = "+".join(names), "+".join(names[:-1])
        if only == NEW and key in fitted:
            continue
        same, known = [one for one in looks if one.same], fitted.get(key) or fitted.get(less) or weights_of(names)
        start = known if only else {}
        words = fit_measures([one.words for one in looks], [one.same for one in looks], start.get("words"))
        signs = fit_measures([one.signs for one in same], [one.right for one in same], start.get("signs"))
        fitted[key] = {"words": dict(known["words"]) if only == SIGNS else words, "signs": signs}
    return fitted


def report(name: str, cases: Sequence[Case]) -> None:
    """What passes, and what of that is wrong; by kind of field and by channel."""
    say(f"{name}: {len(cases)} fields, {sum(case.final.right for case in cases)} right to the letter")
    kinds = {"names": [case for case in cases if case.field in NAMES]}
    kinds["phrases"] = [case for case in cases if case.field not in NAMES]
    kinds |= {channel.value: [case for case in cases if case.channel is channel] for channel in CHANNELS}
    for kind, several in (("all", cases), *kinds.items()):
        sure = [case for case in several if case.sure >= BAR]
        wrong, other = (
            (sum(not hit for hit in hits) for hits in zip(*map(hits_of, sure), strict=True)) if sure else (0, 0)
        )
        say(
            f"  {kind}: of {len(several)} pass {len(sure)}, wrong {share_with_interval(wrong, len(sure))}, "
            f"in more than commas and points {share_with_interval(other, len(sure))}"
        )
    for case in (case for case in cases if case.sure >= BAR and not case.final.right):
        say(f"  wrong on {case.channel.value}: {case.truth} | {case.value}")


def digit_cases(slips: int, hands: Sequence[str], reader: TextRecognizer) -> Iterator[DigitCase]:
    """All filled fields of digits in cells."""
    for slip, truth in registered_slips(
        written_by(calibration_files(load_all(), slips, CHANNELS, SEEDS["fit"]), hands)
    ):
        fields = [field for field in open_fields(slip.picture, slip.template) if isinstance(field, DigitFieldReader)]
        readings = read_open_fields(fields, [reader], TODAY, REGION).readings
        for field in (field for field in fields if field.was_read):
            reading = readings[field.name]
            right = fold_case(truth.text.get(field.name, "")) == fold_case(reading.value)
            yield DigitCase(reading.confidence, right)


def real(data: Path, recognizers: Sequence[TextRecognizer]) -> Iterator[tuple[float, bool]]:
    """How sure each real line was, and whether it was right; without the help of closed lists."""
    for material in (known_material for known_material in known_materials(data) if not known_material.closed):
        truths, fields = open_material(material, data)
        readings = read_open_fields(fields, recognizers, TODAY, REGION, Languages()).readings
        for truth, field in zip(truths, fields, strict=True):
            yield readings[field.name].confidence, material.same(truth, readings[field.name].value)


def cases_of(part: Words, hands: Sequence[Hand], slips: int, cache: Path | None) -> list[Case]:
    """The cases of a part."""
    languages = Languages()
    return [measured(seen, languages) for seen in seen_fields(part, hands, slips, _recognizers()[0], cache)]


def _fonts_in(folder: Path | None) -> list[str]:
    return sorted(map(str, folder.glob(f"*{FONT_ENDING}"))) if folder else []


def _recognizers() -> tuple[TextRecognizer, ...]:
    settings = Settings()
    return open_recognizers(settings.limits, settings.text_model)


def curves_of(cases: Sequence[Case]) -> dict[str, Pairs]:
    """How sure and whether right, by kind of field."""
    names = [case for case in cases if case.field in NAMES]
    phrases = [case for case in cases if case.field not in NAMES]
    several = {"simulated names": names, "simulated phrases": phrases}
    return {name: [(case.sure, case.final.right) for case in cases] for name, cases in several.items()}


def hands_to_fit(own: Sequence[str], more: Path | None, unipen: Path | None) -> list[Hand]:
    """Fonts and people by turns, so that few slips have both."""
    fonts, people = [*own, *_fonts_in(more)], people_in(unipen) if unipen else []
    return [hand for pair in zip_longest(fonts, people) for hand in pair if hand is not None]


def write_fits(fitted: Sequence[Case], only: str | None) -> None:
    """Fit, and ship what came of it: from here on it is what confidence is reckoned with."""
    if only != STEPS:
        WEIGHTS.write_text(json.dumps(fit_parts(fitted, only), indent=1) + "\n", encoding="utf-8")
    SHAPES.write_text(in_lines(shapes_of(fitted, only)), encoding="utf-8")
    shipped_weights.cache_clear()
    shipped_shapes.cache_clear()


def draw_and_count(curves: dict[str, Pairs]) -> None:
    """The picture of all curves, and of each what passes at some bars and is wrong."""
    draw(curves, BAR)
    for name, pairs in curves.items():
        for least in (0.9, 0.95, 0.96, 0.97, 0.98):
            sure = [right for share, right in pairs if share >= least]
            say(f"{name} >= {least}: {len(sure)} of {len(pairs)}, wrong {len(sure) - sum(sure)}")


def main(given: argparse.Namespace) -> None:
    """Read, fit and write; then count and draw."""
    own = [hand.name for hand in HANDWRITINGS if hand.legibility is not Legibility.TYPED]
    fitted = cases_of("fit", hands_to_fit(own, given.more_hands, given.people), given.slips, given.cache)
    checked = cases_of("check", _fonts_in(given.hands) or own, given.check or given.slips, given.cache)
    if given.only != NONE:
        write_fits(fitted, given.only)
    report("fitted", fitted)
    report("checked", checked)
    recognizers = _recognizers()
    digits = digit_cases(DIGIT_SLIPS, own, recognizers[0])
    curves = curves_of(checked) | {"simulated digits": [(case.sure, case.right) for case in digits]}
    if given.data is not None:
        curves["real lines"] = list(real(given.data, recognizers))
    draw_and_count(curves)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--slips", type=int, default=300, help="simulated slips to fit, and to check")
    parser.add_argument("--check", type=int, help="simulated slips to check, where they are to be others")
    parser.add_argument("--more-hands", type=Path, help="a folder with handwriting fonts (.ttf) to fit in as well")
    parser.add_argument("--people", type=Path, help="a checkout of UNIPEN, whose people are to be fitted in as well")
    parser.add_argument("--hands", type=Path, help="a folder with handwriting fonts (.ttf) to check in")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--cache", type=Path, help="a folder to keep in what was seen")
    only = "fit these weights alone, from the shipped ones on; shapes: only these; none: nothing"
    parser.add_argument("--only", choices=[SIGNS, AGAIN, NEW, STEPS, NONE], help=only)
    main(parser.parse_args())
