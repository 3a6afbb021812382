"""Fit logistic regressions and additive models; used by scripts/calibrate.py and scripts/calibrate_typed.py."""

import json
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from ocr.text.confidence.probability import CONSTANT, Measures, Part, Shape
from ocr.text.typed.agreement import CROSSED
from training.logistic import Floats, fit_weights

RIDGE = 1.0  # pulls weights that the data do not call for towards 0, in standard deviations of their measures
# The same towards weights to begin at, which more slips called for; and those of new measures towards 0. Fitted on
# 1,807 fields, of 1,668 in other hands and words 574, 589, 597 and 605 pass with 5, 20, 60 and 150, 1 and three times
# 3 of them wrong; with 400 it is 611 and 5.
KNOWN_RIDGE, NEW_RIDGE = 60.0, 2.0
# Of the boosted trees: they have two leaves each, and none of them is of few fields.
BOOSTED = {"max_leaf_nodes": 2, "max_iter": 600, "learning_rate": 0.1, "min_samples_leaf": 40, "l2_regularization": 5}
# More of these never makes a text less sure, or surer: a fit that says so has learned it of the hands it saw.
FOR = frozenset(
    [
        "margin",
        "lead",
        "edit_lead",
        "ink_margin",
        "view_margin",
        "ink",
        "language",
        "views",
        "unaided",
        "clear",
        "plausible",
    ]
)
AGAINST = frozenset(
    [
        "unknown",
        "near_miss",
        "short_unknown",
        "crossed",
        "dust",
        "comma_expected",
        "point_expected",
        "apostrophe_expected",
    ]
)


def fit_measures(
    measures: Sequence[Measures], right: Sequence[bool], start: Mapping[str, float] | None = None
) -> dict[str, float]:
    """The weight of each measure by its name, and the constant, fitted with all measures on one scale.

    With `start`, weights to begin at, only as far from these as the data call for.
    """
    names, begin = sorted(measures[0]), dict(start or {})
    table = np.array([[one[name] for name in names] for one in measures])
    middle, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
    scaled = np.column_stack([np.ones(len(table)), (table - middle) / spread])
    first = np.array([begin.get(name, 0.0) for name in names])
    ridge = np.array([0.0, *((KNOWN_RIDGE if name in begin else NEW_RIDGE) if begin else RIDGE for name in names)])
    senses = np.array([(name in FOR) - (name in AGAINST) for name in names])
    while True:
        claimed = table @ first + begin.get(CONSTANT, 0.0)
        constant, *weights = fit_weights(scaled, right, ridge, claimed)
        own = np.array(weights) / spread
        against = (first + own) * spread * senses
        if against.min() >= -1e-9:
            break
        first[against.argmin()] = scaled[:, 1 + against.argmin()] = 0.0
    found = dict(zip(names, (first + own).tolist(), strict=True))
    found[CONSTANT] = begin.get(CONSTANT, 0.0) + constant - float(own @ middle)
    if "crossed" in found:  # chosen, not fitted: simulated strokes from outside cover few letters
        found["crossed"] = min(found["crossed"], CROSSED)
    return {name: round(weight, 4) for name, weight in found.items()}


def fit_shapes(measures: Sequence[Measures], right: Sequence[bool]) -> dict[str, Shape]:
    """The shape function of each measure by its name, and the constant as a function without ends.

    Boosted trees with one question each are a sum of steps (Friedman 2001). What speaks for a text only rises, what
    speaks against it only falls. Needs scikit-learn (dependency group training).
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    names = sorted(measures[0])
    table = np.array([[one[name] for name in names] for one in measures])
    senses = [(name in FOR) - (name in AGAINST) for name in names]
    model = HistGradientBoostingClassifier(**BOOSTED, monotonic_cst=senses, early_stopping=False, random_state=0)
    model.fit(table, right)
    usual = np.median(table, axis=0)
    constant = float(model.decision_function(usual[None])[0])
    shapes: dict[str, Shape] = {
        name: _shape(np.unique(table[:, at]), lambda rows: model.decision_function(rows) - constant, usual, at)
        for at, name in enumerate(names)
    }
    if "crossed" in shapes:  # as above
        usually, torn = (shapes["crossed"]["odds"][place] for place in (0, -1))
        shapes["crossed"] = {"ends": [0.5], "odds": [usually, min(torn, usually + CROSSED)]}
    return shapes | {CONSTANT: {"ends": [], "odds": [round(constant, 4)]}}


def _shape(values: Floats, odds_of: Callable[[Floats], Floats], usual: Floats, at: int) -> Shape:
    """What the measure in column `at` adds beside its usual value, as few steps as there are."""
    rows = np.repeat(usual[None], len(values), axis=0)
    rows[:, at] = values
    odds = np.round(odds_of(rows), 3)
    steps = np.flatnonzero(np.diff(odds))
    ends = (values[steps] + values[steps + 1]) / 2
    return {"ends": ends.round(5).tolist(), "odds": [*odds[steps].tolist(), float(odds[-1])]}


def in_lines(shapes: Mapping[str, Mapping[Part, Mapping[str, Shape]]]) -> str:
    """The shape functions as JSON, a line each."""
    one = '"{}": {}'.format
    parts = {
        looks: {
            part: ",\n".join(one(name, json.dumps(found[name])) for name in sorted(found)) for part, found in of.items()
        }
        for looks, of in shapes.items()
    }
    blocks = {
        looks: ",\n".join(one(part, f"{{\n{lines}\n}}") for part, lines in of.items()) for looks, of in parts.items()
    }
    return "{\n" + ",\n".join(one(looks, f"{{\n{block}\n}}") for looks, block in blocks.items()) + "\n}\n"
