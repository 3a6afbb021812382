"""Fit how far a name on record is believed, on simulated slips, and count how well that holds on others.

    python scripts/calibrate_known.py [--slips N] [--hands FOLDER]

Hands and words are those of scripts/calibrate.py. Each name that was written is looked for by a record that has it,
spelled so or otherwise, among others; by one that has names near it besides; and, as a stranger's, by records that have
only names near it. Prints the weights for ocr/text/names/known.py, and what passes with them.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from calibration_readings import CHANNELS, SEEDS, registered_slips, written_by

from bench.intervals import share_with_interval
from bench.text.calibration_slips import Part, calibration_files
from bench.text.metrics import fold_case
from bench.text.near_names import near_names
from ocr.language.alphabet import fold
from ocr.language.fields import Languages
from ocr.recognizers import open_recognizers
from ocr.text.confidence.judge import judge_empty
from ocr.text.field_reader import WordFieldReader
from ocr.text.line_decoder import LineReading
from ocr.text.meaning import meaning
from ocr.text.names.known import SIGNS, SPELLINGS, WORDS, Match, find_match, match_confidence
from ocr.text.read_fields import ask_reader, open_fields
from pads.catalog import load_all
from pads.simulate.pen.fonts import FONT_ENDING, HANDWRITINGS
from pads.simulate.truth import Legibility
from pads.simulate.words import FIRST_NAMES
from refpad.settings import Settings
from schemas.bars import SHIPPED, ValueKind
from schemas.names.known_people import KnownName
from schemas.names.spelling import NAMES
from training.logistic import fit_weights
from training.progress import say

BAR = SHIPPED[ValueKind.PHRASE]
# The record has so many others, and a name near that which was written at so many places; strangers are tried so often.
OTHERS, NEAR_KNOWN, NEAR, STRANGERS = 100, 4, 6, 3
# The record spells some names in another way than the slip does.
OTHERWISE_SHARE = 0.3
# Few strangers have a name near a known one, but to be taken for another person is worse than a question.
STRANGERS_COUNT = 5
LANGUAGES = Languages()

Kind: TypeAlias = Literal["known", "known, others near", "stranger", "stranger, nobody near"]
KINDS: tuple[Kind, ...] = ("known", "known, others near", "stranger", "stranger, nobody near")


@dataclass(frozen=True)
class Named:
    """A name as it was written and read: how sure it is without help."""

    field: str
    channel: str
    truth: str
    line: LineReading
    sure: float

    @property
    def read_right(self) -> bool:
        """Whether it is read to the letter without help."""
        return fold_case(self.line.value) == fold_case(self.truth)


@dataclass(frozen=True)
class Trial:
    """A name looked for in one record."""

    kind: Kind
    named: Named
    match: Match

    @property
    def same(self) -> bool:
        """Whether the name found means what was written."""
        return meaning(fold(self.match.text)) == meaning(fold(self.named.truth))

    @property
    def right(self) -> bool:
        """Whether it is that to the letter, case aside."""
        return fold_case(self.match.text) == fold_case(self.named.truth)


Weights: TypeAlias = tuple[Sequence[float], Sequence[float]]  # of words, and of signs


def read_names(part: Part, hands: Sequence[str], slips: int) -> Iterator[Named]:
    """All names on `slips` simulated slips in the words of that part, by turns in each channel and hand."""
    settings = Settings()
    recognizer = open_recognizers(settings.limits, settings.text_model)[0]
    planned = list(written_by(calibration_files(load_all(), slips, CHANNELS, SEEDS[part], part), hands))
    channels = {slip.serial: file.channel.value for file in planned for page in file.pages for slip in page.slips}
    for slip, truth in registered_slips(planned):
        for field in open_fields(slip.picture, slip.template):
            if field.name in NAMES and isinstance(field, WordFieldReader) and judge_empty(field.circumstances) is None:
                ask_reader(recognizer, [field], LANGUAGES)
                if (line := field.only_line) is not None and field.name in truth.text:
                    sure = field.opinions[0].confidence
                    yield Named(field.name, channels[truth.serial], truth.text[field.name], line, sure)


def trials(several: Sequence[Named], seed: int) -> Iterator[Trial]:
    """Each name looked for by records that have it, and by others that do not."""
    rng, first_names = np.random.default_rng(seed), FIRST_NAMES
    for named in several:
        said = meaning(fold(named.truth))
        pool = sorted({other.truth for other in several if other.field == named.field})
        others = [name for name in pool if meaning(fold(name)) != said]
        chosen = [others[int(at)] for at in rng.permutation(len(others))[:OTHERS]]
        spelled = SPELLINGS[named.field](named.truth)
        otherwise = spelled[int(rng.integers(len(spelled)))] if rng.random() < OTHERWISE_SHARE else named.truth
        near = [near_names(named.truth, NEAR, first_names, rng) for _ in range(STRANGERS)]
        records: list[tuple[Kind, list[str]]] = [
            ("known", [*chosen, otherwise]),
            ("known, others near", [*chosen, *near[0][:NEAR_KNOWN], named.truth]),
            *(("stranger", names) for names in near),
            ("stranger, nobody near", chosen),
        ]
        for kind, names in records:
            known = [KnownName(name=name, who="") for name in names]
            match = find_match(named.field, named.line, named.sure, known, LANGUAGES.of("names"))
            if match is not None:
                yield Trial(kind, named, match)


def fit(tried: Sequence[Trial]) -> Weights:
    """The weights of words, and of signs where the words are right."""
    counted = [trial for trial in tried for _ in range(1 if trial.same else _counts(trial))]
    same = [trial for trial in tried if trial.same and trial.kind in KINDS[:2]]
    words = fit_weights([trial.match.words for trial in counted], [trial.same for trial in counted])
    return words, fit_weights([trial.match.signs for trial in same], [trial.right for trial in same])


def _counts(trial: Trial) -> int:
    return STRANGERS_COUNT if trial.kind == "stranger" else 1


def report(title: str, several: Sequence[Named], tried: Sequence[Trial], weights: Weights) -> None:
    """What passes and what of it is wrong: all in all, and the known names by channel."""
    alone = sum(named.sure >= BAR for named in several)
    say(f"{title}: {len(several)} names, {sum(named.read_right for named in several)} read right, {alone} pass alone")
    passing = [trial for trial in tried if match_confidence(trial.match, *weights) >= BAR]
    for kind in KINDS:
        sure = [trial for trial in passing if trial.kind == kind]
        names = {id(trial.named) for trial in sure} | {id(named) for named in several if named.sure >= BAR}
        wrong, other = (sum(not hit for hit in hits) for hits in ([t.right for t in sure], [t.same for t in sure]))
        say(
            f"  {kind}: {len(sure)} pass, wrong {share_with_interval(wrong, len(sure))}, another name {other}; "
            f"with those that pass alone {len(names)}"
        )
    for channel in sorted({named.channel for named in several}):
        here = [named for named in several if named.channel == channel]
        sure = [trial for trial in passing if trial.kind == "known" and trial.named.channel == channel]
        names = {id(trial.named) for trial in sure} | {id(named) for named in here if named.sure >= BAR}
        say(f"  {channel}: of {len(here)} known names pass {len(names)}, {sum(n.sure >= BAR for n in here)} alone")
    for trial in (trial for trial in passing if not trial.right):
        say(f"  wrong on {trial.named.channel} ({trial.kind}): {trial.named.truth} | {trial.match.text}")


def main(slips: int, folder: Path | None) -> None:
    """Read, fit, print, count."""
    own = [hand.name for hand in HANDWRITINGS if hand.legibility is not Legibility.TYPED]
    others = sorted(map(str, folder.glob(f"*{FONT_ENDING}"))) if folder else own
    fitted, checked = list(read_names("fit", own, slips)), list(read_names("check", others, slips))
    tried = list(trials(fitted, SEEDS["fit"]))
    weights = fit(tried)
    for name, found, shipped in zip(("words", "signs"), weights, (WORDS, SIGNS), strict=True):
        say(f"{name}: {', '.join(f'{weight:.2f}' for weight in found)}; shipped {shipped}")
    report("fitted", fitted, tried, weights)
    report("checked, with the shipped weights", checked, list(trials(checked, SEEDS["check"])), (WORDS, SIGNS))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--slips", type=int, default=250, help="simulated slips to fit on, and to check on")
    parser.add_argument("--hands", type=Path, help="a folder with handwriting fonts (.ttf) to check in")
    arguments = parser.parse_args()
    main(arguments.slips, arguments.hands)
