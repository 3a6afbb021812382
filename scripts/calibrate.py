"""Fit the weights of words on simulated slips, and count and draw how well they hold on others.

    python scripts/calibrate.py [--slips N] [--hands FOLDER] [--data FOLDER] [--cache FOLDER]

Fitted are slips in the handwritings of pads/fonts/hand and in half of the words; checked are slips in the other words,
in the handwriting fonts (.ttf) of `--hands`, or in the same hands without it. `--data` adds real lines of handwriting
to the drawing (a folder with the materials of `refpad bench --data`), which are never fitted. `--cache` keeps what was
measured, so that a second run needs no reading. Writes ocr/text/data/word_weights.json and docs/images/reliability.png.
Needs matplotlib (dependency group dev).
"""

import argparse
import json
import pickle
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path

from calibration_curves import Pairs, draw
from calibration_fit import fit_measures

from bench.intervals import share_with_interval
from bench.text.calibration_slips import Part, calibration_files
from bench.text.materials import known_materials, open_material
from bench.text.metrics import fold_case
from ocr.language.alphabet import fold
from ocr.language.fields import Languages
from ocr.page import Page
from ocr.recognizers import open_recognizers
from ocr.recognizers.recognizer import TextRecognizer
from ocr.slips.find import find_slips
from ocr.slips.found_slip import RegisteredSlip
from ocr.text.confidence import WEIGHTS, Measures, words_confidence
from ocr.text.field_reader import LOOK_AGAIN_BELOW, DigitFieldReader, WordFieldReader
from ocr.text.judge import judge_empty
from ocr.text.meaning import meaning
from ocr.text.plausible import NAMES
from ocr.text.read_fields import open_fields, read_open_fields
from ocr.text.views import first_view, second_view
from ocr.text.word_evidence import sign_evidence, word_evidence
from pads.catalogue import load_all
from pads.simulate.pen.fonts import FONT_ENDING, HANDWRITINGS
from pads.simulate.scenes import PlannedFile, make_file
from pads.simulate.truth import Channel, Legibility, SlipTruth
from refpad.services.reading.file_reader import open_reader, templates
from refpad.settings import Settings
from schemas.bars import SHIPPED, ValueKind
from schemas.pad import TextField
from schemas.studio import Studio

TODAY = date(2026, 11, 23)
REGION = "US"
SEEDS: dict[Part, int] = {"fit": 11, "check": 12}
# A clean 300 dpi scan as PNG reads as one with a scanner's noise does.
CHANNELS = tuple(channel for channel in Channel if channel is not Channel.SCAN_300_PNG)
BAR = SHIPPED[ValueKind.PHRASE]


@dataclass(frozen=True)
class Look:
    """A field after one look or two: what speaks for its words and for its signs, and whether they are right.

    `same` is whether it means what was written, `right` whether it is that to the letter, case aside.
    """

    words: Measures
    signs: Measures
    same: bool
    right: bool


@dataclass(frozen=True)
class Case:
    """One field of words as it was read."""

    field: str
    channel: Channel
    hand: str
    truth: str
    value: str
    looks: tuple[Look, Look]

    @property
    def sure(self) -> float:
        """The confidence that its reading has, once shipped weights are those of the file."""
        first, again = (
            words_confidence(look.words, look.signs, again=bool(number)) for number, look in enumerate(self.looks)
        )
        return again if first < LOOK_AGAIN_BELOW else first

    @property
    def final(self) -> Look:
        """What counts: the second look where it is taken."""
        first = words_confidence(self.looks[0].words, self.looks[0].signs, again=False)
        return self.looks[1] if first < LOOK_AGAIN_BELOW else self.looks[0]


@dataclass(frozen=True)
class DigitCase:
    """A field of digits in cells: how sure the reading is, and whether it is right."""

    sure: float
    right: bool


def simulated(part: Part, hands: Sequence[str], slips: int, reader: TextRecognizer) -> Iterator[Case]:
    """All filled fields of words on `slips` slips in the words of that part, by turns in each channel and hand."""
    planned = list(written_by(calibration_files(load_all(), slips, CHANNELS, SEEDS[part], part), hands))
    channels = {slip.serial: file.channel for file in planned for page in file.pages for slip in page.slips}
    for number, (slip, truth) in enumerate(registered_slips(planned), 1):
        closed = {
            field.name for field in slip.template.design.writing if isinstance(field, TextField) and field.choices
        }
        for field in open_fields(slip.picture, slip.template):
            filled = judge_empty(field.circumstances) is None and field.name in truth.text
            if isinstance(field, WordFieldReader) and filled and field.name not in closed:
                yield measured(field, truth, channels[truth.serial], reader)
        if number % 20 == 0:
            say(f"{number} slips to {part} are read")


def written_by(files: Iterable[PlannedFile], hands: Sequence[str]) -> Iterator[PlannedFile]:
    """The files, each with one slip, written in `hands` by turns, each of them in all channels."""
    for number, file in enumerate(files):
        (page,) = file.pages
        (slip,) = page.slips
        spec = replace(slip.spec, hand=hands[number // len(CHANNELS) % len(hands)])
        yield replace(file, pages=(replace(page, slips=(replace(slip, spec=spec),)),))


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


def measured(field: WordFieldReader, truth: SlipTruth, channel: Channel, reader: TextRecognizer) -> Case:
    """The measures of one field, after one look and after two, whether the second was needed or not."""
    languages, written = Languages(), truth.text[field.name]
    looks = []
    for view in (first_view, second_view):
        field.add(reader.name, reader.recognize([view(line.ruled) for line in field.ink.lines]), languages)
        looks.append(look(field, written, languages))
    return Case(field.name, channel, truth.hand, written, field.value, (looks[0], looks[1]))


def look(field: WordFieldReader, written: str, languages: Languages) -> Look:
    """What speaks for the field's reading as it is now."""
    read = field.reading(languages)
    same = meaning(fold(read.value)) == meaning(fold(written))
    return Look(word_evidence(read), sign_evidence(read), same, fold_case(read.value) == fold_case(written))


def fit_parts(cases: Sequence[Case]) -> dict[str, dict[str, float]]:
    """The weights of words after one look and after two, and those of signs where the words are right."""
    fitted = {}
    for number, ending in ((0, ""), (1, "_again")):
        looks = [case.looks[number] for case in cases]
        same = [one for one in looks if one.same]
        fitted[f"words{ending}"] = fit_measures([one.words for one in looks], [one.same for one in looks])
        fitted[f"signs{ending}"] = fit_measures([one.signs for one in same], [one.right for one in same])
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


def hits_of(case: Case) -> tuple[bool, bool]:
    """Whether it is right to the letter, and but for commas and points."""
    return case.final.right, case.final.same


def digit_cases(slips: int, hands: Sequence[str], reader: TextRecognizer) -> Iterator[DigitCase]:
    """All filled fields of digits in cells."""
    for slip, truth in registered_slips(
        written_by(calibration_files(load_all(), slips, CHANNELS, SEEDS["fit"]), hands)
    ):
        fields = [field for field in open_fields(slip.picture, slip.template) if isinstance(field, DigitFieldReader)]
        readings = read_open_fields(fields, [reader], TODAY, REGION).readings
        for field in (field for field in fields if field.opinions):
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


def say(line: str) -> None:
    """One line for whoever waits."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def cached(part: Part, hands: Sequence[str], slips: int, cache: Path | None) -> list[Case]:
    """The cases of a part, read anew unless the cache has them."""
    kept = cache / f"{part}.pickle" if cache else None
    if kept and kept.exists():
        found: list[Case] = pickle.loads(kept.read_bytes())  # noqa: S301 - our own file
        return found
    cases = list(simulated(part, hands, slips, _recognizers()[0]))
    if kept:
        kept.write_bytes(pickle.dumps(cases))
    return cases


def _recognizers() -> tuple[TextRecognizer, ...]:
    settings = Settings()
    return open_recognizers(settings.limits, settings.text_model)


def curves_of(cases: Sequence[Case]) -> dict[str, Pairs]:
    """How sure and whether right, by kind of field."""
    names = [case for case in cases if case.field in NAMES]
    phrases = [case for case in cases if case.field not in NAMES]
    several = {"simulated names": names, "simulated phrases": phrases}
    return {name: [(case.sure, case.final.right) for case in cases] for name, cases in several.items()}


def main(slips: int, folder: Path | None, data: Path | None, cache: Path | None) -> None:
    """Fit, write, count, draw."""
    own = [hand.name for hand in HANDWRITINGS if hand.legibility is not Legibility.TYPED]
    others = sorted(map(str, folder.glob(f"*{FONT_ENDING}"))) if folder else own
    fitted, checked = cached("fit", own, slips, cache), cached("check", others, slips, cache)
    WEIGHTS.write_text(json.dumps(fit_parts(fitted), indent=1) + "\n", encoding="utf-8")
    report("fitted", fitted)
    report("checked", checked)
    recognizers = _recognizers()
    digits = list(digit_cases(slips, own, recognizers[0]))
    curves = curves_of(checked) | {"simulated digits": [(case.sure, case.right) for case in digits]}
    if data is not None:
        curves["real lines"] = list(real(data, recognizers))
    draw(curves, BAR)
    for name, pairs in curves.items():
        for least in (0.9, 0.95, 0.96, 0.97, 0.98):
            sure = [right for share, right in pairs if share >= least]
            say(f"{name} >= {least}: {len(sure)} of {len(pairs)}, wrong {len(sure) - sum(sure)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--slips", type=int, default=300, help="simulated slips to fit, and to check")
    parser.add_argument("--hands", type=Path, help="a folder with handwriting fonts (.ttf) to check in")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--cache", type=Path, help="a folder to keep the measures in")
    arguments = parser.parse_args()
    main(arguments.slips, arguments.hands, arguments.data, arguments.cache)
