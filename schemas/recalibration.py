"""From labeled examples to the bar at which a kind of value is wrong no more often than its owner wants.

Cox's logistic recalibration (Biometrika 45, 1958; the form that Platt, 1999, made known): the odds of being right are
a line in the odds that the confidence claims, whose prior is the shipped curve; fitted by Newton's method, with the
normal approximation of the posterior (Laplace) for its interval. Evidence: docs/decisions/0030-a-target.md.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from schemas.log_odds import log_odds, probability
from schemas.quality import Share

# The shipped curve. At 0.97, 3 of 941 held-out texts were wrong where their confidence itself claims 0.8 %: the odds of
# being right are 2.5 times those claimed (ln 2.5 = 0.9). How far a studio may lie from that: on simulated slips phrases
# were fitted by 0.8 and 0.84, names by 0.17 and 1.13; of numbers and dates too few were wrong to tell.
PRIOR = (0.9, 1.0)
PRIOR_SD = (0.7, 0.3)
ONE_SIDED_95 = 1.645  # standard deviations
CONFIDENCE_MOST = 1 - 1e-4
NEWTON_STEPS, NEWTON_ENOUGH = 25, 1e-6

# The newest examples that count: enough for 1 wrong in 300 to show, and few enough for a new scanner to show soon.
LONG, SHORT = 1000, 150
TIGHTEN_FROM, BELIEVE_FROM, LOOSEN_FROM = 30, 100, 200  # examples
# How many examples the shipped curve weighs where single errors are counted.
PRIOR_COUNT = 300
GRID = (*(hundredth / 100 for hundredth in range(80, 100)), 0.992, 0.994, 0.996, 0.998, 0.999, 1.0)


class Labeled(NamedTuple):
    """One settled value. `weight` is how many values it stands for: 1 for a doubt, 1 / chance for one drawn."""

    confidence: float
    is_right: bool
    weight: float = 1.0


class Curve(NamedTuple):
    """ln odds of being right = `shift` + `slope` * ln odds claimed; `spread` is the posterior's covariance by rows."""

    shift: float
    slope: float
    spread: tuple[float, float, float] = (0.0, 0.0, 0.0)


class ChosenBar(NamedTuple):
    """The bar chosen, and what it stands on: the error expected among what passes, its safe side, and the examples."""

    bar: float
    error: float
    error_most: float
    examples: int


def fit(values: Sequence[Labeled]) -> Curve:
    """The likeliest curve, between the shipped one and what the values say."""
    shift, slope = PRIOR
    spread = (PRIOR_SD[0] ** 2, 0.0, PRIOR_SD[1] ** 2)
    points = [(_log_odds(value.confidence), value.is_right) for value in values]
    for _ in range(NEWTON_STEPS):
        spread, step = _newton(points, shift, slope)
        shift, slope = shift + step[0], slope + step[1]
        if max(map(abs, step)) < NEWTON_ENOUGH:
            break
    return Curve(shift, slope, spread)


def choose(examples: Sequence[Labeled], now: float, least: float, target: float, since: int) -> ChosenBar | None:
    """The bar for a kind from its `examples`, oldest first; None where the bar of `now` stays.

    Tightened as soon as the curve expects more errors than `target` (0..1), as the newest examples alone say so for
    sure, or as single errors do. Loosened, never below `least`, only where `since`, the examples since it was
    tightened last, are enough, and the safe side of the curve and the errors counted allow it.
    """
    if len(examples) < TIGHTEN_FROM:
        return None
    judged = _Judged(examples, target)
    if judged.is_too_loose(now):
        stricter = [bar for bar in GRID if bar > now]
        bar = next((bar for bar in stricter if not judged.is_too_loose(bar)), max(GRID))
        return judged.choice(bar) if bar > now else None
    if since < LOOSEN_FROM:
        return None
    looser = [bar for bar in GRID if least <= bar < now]
    return next((judged.choice(bar) for bar in looser if judged.is_safe(bar)), None)


class _Sums(NamedTuple):
    """Over the values from some bar on: their weights, those squared, those of wrong ones; the wrong ones that a curve
    expects, and how that changes with its shift and slope."""

    weight: float = 0.0
    squared: float = 0.0
    wrong: float = 0.0
    expected: float = 0.0
    by_shift: float = 0.0
    by_slope: float = 0.0


class _Window:
    """Some examples with the curve that fits them, or a given one, added up from the surest down."""

    def __init__(self, values: Sequence[Labeled], curve: Curve | None = None) -> None:
        self._curve = curve or fit(values)
        falling = sorted(values, key=lambda value: -value.confidence)
        self._below = [-value.confidence for value in falling]
        self._sums = [_Sums(), *accumulate((self._of(value) for value in falling), _add)]

    def _of(self, value: Labeled) -> _Sums:
        x, weight = _log_odds(value.confidence), value.weight
        right = probability(self._curve.shift + self._curve.slope * x)
        change = weight * right * (1 - right)
        wrong = 0.0 if value.is_right else weight
        return _Sums(weight, weight**2, wrong, weight * (1 - right), change, change * x)

    def _from(self, bar: float) -> _Sums:
        return self._sums[bisect_right(self._below, -bar)]

    def expected(self, bar: float) -> tuple[float, float]:
        """The share (0..1) of the values from `bar` on that is wrong by the curve; and the factor by which the true
        share may be more, or less (one-sided 95 %). Without any such value, that of one just at the bar."""
        sums = self._from(bar)
        if not sums.weight:
            sums = self._of(Labeled(bar, is_right=True))
        aa, ab, bb = self._curve.spread
        variance = aa * sums.by_shift**2 + 2 * ab * sums.by_shift * sums.by_slope + bb * sums.by_slope**2
        return sums.expected / sums.weight, math.exp(ONE_SIDED_95 * math.sqrt(max(variance, 0.0)) / sums.expected)

    def counted(self, bar: float) -> Share:
        """The errors from `bar` on, as if all had been drawn alike: as many as their weights are worth (Kish 1965)."""
        sums = self._from(bar)
        if not sums.weight:
            return Share(wrong=0, seen=0)
        worth = sums.weight**2 / sums.squared
        return Share(wrong=round(worth * sums.wrong / sums.weight), seen=math.ceil(worth))


class _Judged:
    """What the examples, oldest first, say of any bar."""

    def __init__(self, examples: Sequence[Labeled], target: float) -> None:
        self._target, self._number = target, len(examples[-LONG:])
        self._long, self._short = _Window(examples[-LONG:]), _Window(examples[-SHORT:])
        self._shipped = _Window(examples[-LONG:], Curve(*PRIOR))

    def is_too_loose(self, bar: float) -> bool:
        """Whether more is wrong than may be: likely so by all examples, surely so by fewer or by the newest."""
        error, factor = self._long.expected(bar)
        newest, newest_factor = self._short.expected(bar)
        least = error if self._number >= BELIEVE_FROM else error / factor
        return max(least, newest / newest_factor, self._long.counted(bar).interval[0]) > self._target

    def is_safe(self, bar: float) -> bool:
        """Whether no more is wrong than may be: surely so by the curve, likely so by the newest and by counting."""
        counted, (claimed, _) = self._long.counted(bar), self._shipped.expected(bar)
        mean = (counted.wrong + PRIOR_COUNT * claimed) / (counted.seen + PRIOR_COUNT)
        newest, _ = self._short.expected(bar)
        return max(self.choice(bar).error_most, newest, mean) <= self._target

    def choice(self, bar: float) -> ChosenBar:
        """What is told of a bar that is chosen."""
        error, factor = self._long.expected(bar)
        return ChosenBar(bar, error, min(error * factor, 1.0), self._number)


def looks_enough(target: float) -> int:
    """How many second looks without an error show that the `target` (0..1) is met: by the rule of three 3 / target.

    Hanley and Lippman-Hand, JAMA 249, 1983.
    """
    return math.ceil(3 / target)


def look_share(looks: int, target: float, least: float, most: float) -> float:
    """The share (0..1) of sure values to ask about, after so many `looks` since the bar was tightened.

    Until there are enough the share falls from `most` to `least`.
    """
    return max(least, most * (1 - looks * target / 3))


def _newton(
    points: Sequence[tuple[float, bool]], shift: float, slope: float
) -> tuple[tuple[float, float, float], tuple[float, float]]:
    """One step towards the likeliest curve, and the posterior's covariance where it starts."""
    aa, ab, bb = 1 / PRIOR_SD[0] ** 2, 0.0, 1 / PRIOR_SD[1] ** 2
    ga, gb = (PRIOR[0] - shift) * aa, (PRIOR[1] - slope) * bb
    for x, is_right in points:
        right = probability(shift + slope * x)
        ga, gb = ga + is_right - right, gb + (is_right - right) * x
        weight = right * (1 - right)
        aa, ab, bb = aa + weight, ab + weight * x, bb + weight * x * x
    whole = aa * bb - ab * ab
    spread = (bb / whole, -ab / whole, aa / whole)
    step = (spread[0] * ga + spread[1] * gb, spread[1] * ga + spread[2] * gb)
    longest = max(1.0, *map(abs, step))  # a step of more than 1 may leave the region where the next one leads back
    return spread, (step[0] / longest, step[1] / longest)


def _log_odds(confidence: float) -> float:
    return log_odds(confidence, most=CONFIDENCE_MOST)


def _add(one: _Sums, other: _Sums) -> _Sums:
    return _Sums(*map(float.__add__, one, other))
