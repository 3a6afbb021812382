"""A studio's slips, settled one after the other by a person who never errs: do the bars keep to the target?

Readings are drawn, not read: a thousand slips would take ten minutes of a processor. How sure the reader is, and how
often it is right then, are as measured on simulated slips; what is judged, asked, learned and chosen is the product's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random

from schemas.bars import Bars, ValueKind
from schemas.log_odds import probability
from schemas.policy import Policy, bar_for
from schemas.reading import PageChannel
from schemas.recalibration import Labeled, choose, look_share
from store.quality.bars import EVERY, SHARE_FACTOR_MOST
from store.quality.looks import draw

# Over 70 simulated slips a channel (50 of photos), seed 4711: mean and standard deviation of the ln odds that the
# reader claims for a written value.
CLAIMED: Mapping[ValueKind, Mapping[PageChannel, tuple[float, float]]] = {
    ValueKind.NUMBER: {PageChannel.SCAN: (5.4, 2.3), PageChannel.FAX: (4.7, 2.7), PageChannel.PHOTO: (5.2, 2.3)},
    ValueKind.DATE: {PageChannel.SCAN: (5.2, 2.1), PageChannel.FAX: (4.5, 2.4), PageChannel.PHOTO: (5.3, 2.6)},
    ValueKind.NAME: {PageChannel.SCAN: (2.0, 2.2), PageChannel.FAX: (1.1, 2.2), PageChannel.PHOTO: (1.7, 2.3)},
    ValueKind.PHRASE: {PageChannel.SCAN: (3.4, 2.6), PageChannel.FAX: (2.1, 2.9), PageChannel.PHOTO: (2.8, 2.9)},
}
# And how the odds of being right follow from those: shift and slope of the line.
TRUTH = {
    ValueKind.NUMBER: (0.7, 1.3),
    ValueKind.DATE: (-0.1, 1.1),
    ValueKind.NAME: (0.1, 1.0),
    ValueKind.PHRASE: (0.8, 0.9),
}
SUREST = 8.7  # ln odds: no value is read surer
FIELDS = {
    "patient_phone": ValueKind.NUMBER,
    "signed_on": ValueKind.DATE,
    "next_visit_on": ValueKind.DATE,
    "patient_name": ValueKind.NAME,
    "provider_name": ValueKind.NAME,
    "diagnosis": ValueKind.PHRASE,
    "goals": ValueKind.PHRASE,
    "precautions": ValueKind.PHRASE,
}
# A studio's providers, each with a hand that is read better or worse than most, and one way to send slips.
PROVIDERS = 25
WAYS = {PageChannel.SCAN: 0.5, PageChannel.FAX: 0.3, PageChannel.PHOTO: 0.2}
HAND_SD = 0.5


@dataclass(frozen=True)
class WorseReading:
    """What goes wrong from slip `at` on with all that comes by one way: claimed odds fall, or mean less than before."""

    at: int
    way: PageChannel
    claimed: float
    shift: float


# A poor line claims less and is wrong more often still; a new scanner with thinner strokes claims what the old one did.
POOR_FAX = WorseReading(500, PageChannel.FAX, -1.0, -2.0)
NEW_SCANNER = WorseReading(500, PageChannel.SCAN, 0.0, -1.5)
# What is measured: what changes, and whether the studio learns.
SCENES: Mapping[str, tuple[WorseReading | None, bool]] = {
    "nothing changes": (None, True),
    "poor fax line": (POOR_FAX, True),
    "new scanner": (NEW_SCANNER, True),
    "new scanner, bars as shipped": (NEW_SCANNER, False),
}


@dataclass
class SettledSlips:
    """What came of some slips: values read, passed, wrong among those; of which people were asked, and why."""

    slips: int = 0
    whole: int = 0
    values: int = 0
    passed: int = 0
    wrong: int = 0
    doubts: int = 0
    looks: int = 0
    bars: dict[ValueKind, float] = field(default_factory=dict)


@dataclass
class _Learned:
    """What a studio has learned of one kind."""

    examples: list[Labeled] = field(default_factory=list)
    since: int = 0
    looks: int = 0


class LearningStudio:
    """A studio that begins with the shipped bars and learns from each slip, unless it is told not to."""

    def __init__(
        self, seed: int, policy: Policy, sample_share: float, change: WorseReading | None = None, *, learns: bool = True
    ) -> None:
        self._chance = Random(seed)  # noqa: S311 - the same studio each time
        self._policy, self._share, self._change, self._learns = policy, sample_share, change, learns
        self._learned = {kind: _Learned() for kind in CLAIMED}
        self._bars = Bars()
        ways = self._chance.choices(list(WAYS), list(WAYS.values()), k=PROVIDERS)
        self._providers = [(way, self._chance.gauss(0, HAND_SD)) for way in ways]

    def settle(self, slips: int, step: int) -> Iterator[SettledSlips]:
        """What came of each `step` slips."""
        done = SettledSlips()
        for number in range(slips):
            self._slip(number, done)
            if done.slips == step or number == slips - 1:
                done.bars = {kind: self._bar(kind) for kind in CLAIMED}
                yield done
                done = SettledSlips()

    def _slip(self, number: int, done: SettledSlips) -> None:
        way, hand = self._chance.choice(self._providers)
        read = {name: self._read(kind, way, hand, number) for name, kind in FIELDS.items()}
        sure = {name: kind for name, kind in FIELDS.items() if read[name].confidence >= self._bar(kind)}
        is_whole = len(sure) == len(FIELDS)
        asked = draw(sure, self._shares(), self._chance.random, is_accepted=is_whole)
        unseen = sure.keys() - asked.keys()
        done.slips, done.whole = done.slips + 1, done.whole + (is_whole and not asked)
        done.values, done.passed = done.values + len(FIELDS), done.passed + len(unseen)
        done.wrong += sum(not read[name].is_right for name in unseen)
        done.doubts, done.looks = done.doubts + len(FIELDS) - len(sure), done.looks + len(asked)
        for name, kind in FIELDS.items():
            if name not in unseen:
                self._learn(kind, read[name]._replace(weight=1 / asked.get(name, 1.0)), is_look=name in asked)

    def _read(self, kind: ValueKind, way: PageChannel, hand: float, number: int) -> Labeled:
        mean, spread = CLAIMED[kind][way]
        shift, slope = TRUTH[kind]
        if self._change and number >= self._change.at and way is self._change.way:
            mean, shift = mean + self._change.claimed, shift + self._change.shift
        claimed = min(self._chance.gauss(mean + hand, spread), SUREST)
        return Labeled(probability(claimed), self._chance.random() < probability(shift + slope * claimed + hand / 2))

    def _bar(self, kind: ValueKind) -> float:
        return bar_for(kind, self._policy, self._bars)

    def _shares(self) -> dict[ValueKind, float]:
        most = min(1.0, SHARE_FACTOR_MOST * self._share)
        return {
            kind: look_share(learned.looks, self._policy.target(kind), self._share, most)
            for kind, learned in self._learned.items()
        }

    def _learn(self, kind: ValueKind, settled: Labeled, *, is_look: bool) -> None:
        """What `store.quality.bars` does with the record's rows."""
        learned, now = self._learned[kind], self._bar(kind)
        learned.examples.append(settled)
        learned.since, learned.looks = learned.since + 1, learned.looks + is_look
        if len(learned.examples) % EVERY or not self._learns:
            return
        policy = self._policy
        choice = choose(learned.examples, now, policy.least(kind), policy.target(kind), learned.since)
        if choice is not None and choice.bar != now:
            self._bars = Bars(chosen=self._bars.chosen | {kind: choice.bar})
            if choice.bar > now:
                learned.since = learned.looks = 0


def total(steps: list[SettledSlips]) -> SettledSlips:
    """All steps added up, with the bars of the last."""
    whole = SettledSlips(bars=steps[-1].bars)
    for step in steps:
        for name in ("slips", "whole", "values", "passed", "wrong", "doubts", "looks"):
            setattr(whole, name, getattr(whole, name) + getattr(step, name))
    return whole
