"""Invent what is written in the fields that only some pads have."""

from datetime import date, timedelta

import numpy as np

from schemas.pad import PadDesign

PATIENT_AGES = (18, 88)  # years


def invent_answers(design: PadDesign, today: date, rng: np.random.Generator) -> dict[str, str]:
    """What stands in the fields of `design` that not every referral has, by their names; draws nothing without them."""
    return {"birth_date": _birth(today, rng).isoformat()} if design.field("birth_date") else {}


def _birth(today: date, rng: np.random.Generator) -> date:
    least, most = PATIENT_AGES
    return today - timedelta(days=int(rng.integers(least * 366, most * 365)))
