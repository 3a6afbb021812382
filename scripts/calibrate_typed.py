"""Fit the weights of ocr/text/typed/agreement.py on simulated typed slips, and count how they hold on others.

    python scripts/calibrate_typed.py [--fields N] [--seed N]

Slips in FIT_FACES are fitted; slips in CHECK_FACES, with texts that no fitted slip has, are only counted. Both readers
are asked about every typed field, sure or not; through the letters of every third one a stroke runs, as signatures and
ticks leave it. Prints the weights, and for each half what reaches the bar and what of that is wrong, with these weights
and with those shipped. N fields a half: 60 take a minute. Needs matplotlib, as scripts/calibrate.py does.

The shipped weights were fitted on all five faces, in sizes and phrases of their own, mostly above the rules, and
checked in eight faces that are no part of refpad: a run comes near them, not upon them, and with some hundred fields
too few agreements are wrong to tell the weights of alike, spaced and facts kept. The last, CROSSED, was chosen, not
fitted: it lets fewer values pass that a stroke touches than the fit would.
"""

import argparse
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from calibration_readings import REGION, TODAY, registered_slips
from numpy.typing import NDArray

from bench.intervals import share_with_interval
from bench.text.calibration_slips import calibration_files
from bench.text.metrics import fold_case
from ocr.language.fields import Languages, kind_of
from ocr.recognizers import open_recognizers
from ocr.recognizers.recognizer import RecognizedLine
from ocr.scale import PX_PER_MM
from ocr.slips.found_slip import RegisteredSlip
from ocr.text.confidence.judge import is_doubtful, judge_empty
from ocr.text.lines.ink_line import InkLine
from ocr.text.lines.segment_lines import FieldInk
from ocr.text.read_fields import open_fields, read_open_fields
from ocr.text.typed.agreement import AGREED, CROSSED
from ocr.text.typed.reader import TypedFieldReader
from pads.catalog import load_all
from pads.simulate.scenes import PlannedFile
from pads.simulate.strokes import Mask, draw_path
from pads.simulate.truth import Channel
from refpad.settings import Settings
from schemas.bars import SHIPPED, ValueKind
from schemas.pad import TextField
from training.logistic import fit_weights
from training.progress import say

SEED = 601
FIT_FACES, CHECK_FACES = ("typed", "cousine", "tinos"), ("arimo", "special-elite")
# A clean 300 dpi scan as PNG reads as one with a scanner's noise does.
CHANNELS = tuple(channel for channel in Channel if channel is not Channel.SCAN_300_PNG)
BARS = (SHIPPED[ValueKind.PHRASE], 0.98)
CROSSED_EVERY = 3  # through every so manyth field a stroke runs
FROM_BELOW_SHARE = 0.75  # signatures reach up into a line more often than ticks and tails down into it
# How wide the stroke's loop is and how thick its pen; how far it comes from; how far in it reaches, as a share of the
# line's height.
LOOP_MM, PEN_MM, OUTSIDE_MM, DEPTH = (1.3, 7.6), (0.25, 0.55), 3.0, (0.1, 0.75)
MEASURES = ("constant", "margin", "facts kept", "Tesseract", "alike", "spaced", "crossed")


@dataclass(frozen=True)
class Case:
    """One typed field: what both readers say of it, if the same; `believed` unless paper or value forbids it."""

    channel: Channel
    truth: str
    value: str = ""
    seen: tuple[float, ...] = ()
    believed: bool = False

    @property
    def right(self) -> bool:
        """Whether the value says what was typed, case aside."""
        return self.value == self.truth

    @property
    def crossed(self) -> bool:
        """Whether a stroke from outside touches the words."""
        return bool(self.seen) and self.seen[-1] > 0


class AskedTwice(TypedFieldReader):
    """A typed field of which the second reader is asked even where the first is sure."""

    def add(self, reader: str, seen: Sequence[RecognizedLine], languages: Languages) -> None:
        """See Written.add."""
        super().add(reader, seen, languages)
        self._settled = False


def half(faces: Sequence[str], fields: int, seed: int, known: Collection[str]) -> Iterator[Case]:
    """About `fields` typed fields in all, an equal part in each channel; those whose text is `known` are left out."""
    settings, languages = Settings(), Languages()
    recognizers = open_recognizers(settings.limits, settings.text_model)
    for number, channel in enumerate(CHANNELS):
        own_seed = seed * len(CHANNELS) + number
        rng, least, count = np.random.default_rng(own_seed), -(-fields // len(CHANNELS)), 0
        for slip, truth in registered_slips(planned(faces, channel, fields, own_seed)):
            texts = {name: fold_case(text) for name, text in truth.text.items()}
            fresh = [field for field in typed_fields(slip) if texts.get(field.name, "") not in known]
            for field in fresh:
                count += 1
                field.ink = crossed(field.ink, rng) if count % CROSSED_EVERY == 0 else field.ink
            read_open_fields(fresh, recognizers, TODAY, REGION, languages)
            yield from (case(field, texts.get(field.name, ""), channel) for field in fresh)
            if count >= least:
                break
        say(f"{channel.value} in {', '.join(faces)}: {count} fields are read")


def planned(faces: Sequence[str], channel: Channel, most: int, seed: int) -> Iterator[PlannedFile]:
    """At most so many slips, one a file, typed in `faces` by turns."""
    for number, file in enumerate(calibration_files(load_all(), most, [channel], seed)):
        (page,) = file.pages
        (slip,) = page.slips
        spec = replace(slip.spec, hand=faces[number % len(faces)])
        yield replace(file, pages=(replace(page, slips=(replace(slip, spec=spec),)),))


def typed_fields(slip: RegisteredSlip) -> Iterator[AskedTwice]:
    """The filled typed fields of one slip, those with a closed list aside."""
    closed = {field.name for field in slip.template.design.writing if isinstance(field, TextField) and field.choices}
    for field in open_fields(slip.picture, slip.template):
        written = judge_empty(field.circumstances) is None and field.name not in closed
        if isinstance(field, TypedFieldReader) and written:
            yield AskedTwice(field.name, field.ink, kind_of(field.name))


def crossed(ink: FieldInk, rng: np.random.Generator) -> FieldInk:
    """The ink with a stroke from outside through each of its lines, cut off at the field's edge."""
    return replace(ink, lines=tuple(cross(line, rng) for line in ink.lines), torn=True)


def cross(line: InkLine, rng: np.random.Generator) -> InkLine:
    """One loop or tail that comes into the line from below or above, and leaves it again."""
    outside = round(OUTSIDE_MM * PX_PER_MM)
    height, width = (max(sides) for sides in zip(line.picture.shape, line.ruled.shape, strict=True))
    mask, turn = np.zeros((outside + height, width), np.uint8), rng.uniform(0.1, 0.9) * width
    reach, inside = rng.uniform(*LOOP_MM) * PX_PER_MM / 2, outside + rng.uniform(*DEPTH) * len(line.picture)
    path = np.array([(turn - reach, 0.0), (turn, inside), (turn + reach, 0.0)])
    draw_path(mask, path, rng.uniform(*PEN_MM) * PX_PER_MM, rng)
    below = bool(rng.random() < FROM_BELOW_SHARE)
    return replace(
        line, picture=with_stroke(line.picture, mask, below=below), ruled=with_stroke(line.ruled, mask, below=below)
    )


def with_stroke(picture: NDArray[np.uint8], mask: Mask, *, below: bool) -> NDArray[np.uint8]:
    """The line (H, W), taller by what of the stroke lies outside; `mask` has the stroke as it comes from above."""
    height, width = picture.shape
    outside = round(OUTSIDE_MM * PX_PER_MM)
    stroke = mask[: outside + height, :width]
    around = ((0, outside), (0, 0)) if below else ((outside, 0), (0, 0))
    return np.minimum(np.pad(picture, around, constant_values=255), 255 - (stroke[::-1] if below else stroke))


def case(field: AskedTwice, truth: str, channel: Channel) -> Case:
    """What came of one field that both readers saw."""
    agreed = field.agreement
    if agreed is None:
        return Case(channel, truth)
    believed = not is_doubtful(field.agreement_facts(agreed))
    return Case(channel, truth, fold_case(agreed.value), field.agreement_measures(agreed), believed)


def passing(several: Sequence[Case], weights: Sequence[float], bar: float) -> list[Case]:
    """The agreements that reach the bar with these weights."""
    least = np.log(bar / (1 - bar))
    return [case for case in several if case.believed and float(np.dot(weights, case.seen)) >= least]


def wrong_share(several: Sequence[Case]) -> str:
    """How many of them are wrong, with the 95 % interval."""
    return share_with_interval(sum(not case.right for case in several), len(several))


def report(name: str, several: Sequence[Case], weights: Sequence[float]) -> None:
    """What passes in one half and what of it is wrong, with the fitted weights and with the shipped ones."""
    agreed = [case for case in several if case.seen]
    believed = sum(case.believed for case in agreed)
    say(f"{name}: {len(several)} fields, {len(agreed)} agreements, {believed} to be believed")
    for title, used in (("fitted", weights), ("shipped", AGREED)):
        for bar in BARS:
            sure = passing(several, used, bar)
            touched = [case for case in sure if case.crossed]
            say(f"  {title}, at {bar}: {len(sure)}, wrong {wrong_share(sure)}; crossed ones {wrong_share(touched)}")
    sure = passing(several, AGREED, BARS[0])
    for channel in CHANNELS:
        filled = sum(case.channel is channel for case in several)
        say(f"  {channel.value}: of {filled}, wrong {wrong_share([case for case in sure if case.channel is channel])}")
    for case in (case for case in sure if not case.right):
        say(f"  wrong on {case.channel.value}: {case.truth} | {case.value}")


def main(fields: int, seed: int) -> None:
    """Fit on one half, print, count on both."""
    fitted = list(half(FIT_FACES, fields, 2 * seed, ()))
    checked = list(half(CHECK_FACES, fields, 2 * seed + 1, {case.truth for case in fitted}))
    taught = [case for case in fitted if case.believed]
    weights = fit_weights([case.seen for case in taught], [case.right for case in taught])
    say(f"{len(taught)} agreements to fit on, wrong {wrong_share(taught)}")
    for name, weight, shipped in zip(MEASURES, weights, AGREED, strict=True):
        say(f"{name}: {weight:.2f}, shipped {shipped:.2f}")
    say(f"(crossed is shipped as {CROSSED} by choice, so that fewer values pass that a stroke touches)")
    report(f"fitted, in {', '.join(FIT_FACES)}", fitted, weights)
    report(f"checked, in {', '.join(CHECK_FACES)}", checked, weights)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--fields", type=int, default=1800, help="typed fields to read in each half")
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    main(arguments.fields, arguments.seed)
