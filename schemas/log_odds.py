"""Probabilities and their log-odds: ln(p / (1 - p)), in nats."""

import math

BEYOND = 700.0  # nats, from which on a probability is 0 or 1 for any purpose, and exp() near its limit


def probability(log_odds: float) -> float:
    """The probability (0..1) of these log-odds: the logistic function."""
    return 1 / (1 + math.exp(-max(log_odds, -BEYOND)))


def log_odds(chance: float, *, most: float) -> float:
    """The log-odds of a probability (0..1), which is taken to be 1 - `most` at least and `most` at most."""
    inside = min(max(chance, 1 - most), most)
    return math.log(inside / (1 - inside))
