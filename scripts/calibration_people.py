"""People of UNIPEN as writers of simulated slips; used by scripts/calibrate.py.

Only those that training/text keeps for validating: the shipped weights of the reader have seen all others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from pads.simulate.pen.handwriting import Script
from pads.simulate.printed_slips import PX_PER_MM
from pads.simulate.strokes import Box, Mask, add_ink
from training.text.gather_lines import part_of
from training.text.hands.people import PersonalHand, person_hands
from training.text.hands.rows import INKED, Habit, Row, draw_habit
from training.text.hands.strokes import read_pen_writers
from training.text.lines.slip_lines import THICKEST_PEN, THIN

SMALLER, TRIES = 0.85, 6
INDENT = (0.1, 0.9)  # in heights of a capital


@dataclass(frozen=True)
class Person:
    """Somebody of whom there are letters enough to write anything."""

    name: str
    hand: PersonalHand

    def pen_for(self, seed: Sequence[int]) -> "PersonalPen":
        """See calibration_readings.Writer."""
        rng = np.random.default_rng([*seed, 1])
        return PersonalPen(self, draw_habit(PX_PER_MM, rng), rng.uniform(*THIN))


@dataclass
class PersonalPen:
    """One person filling in one slip: all of a text, in smaller letters where it needs more room.

    `unwritten` are the texts that did not fit, or hold a sign that nobody wrote.
    """

    person: Person
    habit: Habit
    thin: float
    unwritten: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """Whose pen it is."""
        return self.person.name

    def write_text(
        self, mask: Mask, text: str, room: Box, lines: int, script: Script, rng: np.random.Generator
    ) -> None:
        """See pads.simulate.pen.fill.TextWriter."""
        left, top, _, height = room
        for number, row in enumerate(self._rows(text, room, lines, script, rng)):
            foot = height / lines * (number + 1) - (self.habit.above + rng.normal(0, 0.03)) * self.habit.cap_px
            first = int(np.flatnonzero((row.ink > INKED).any(axis=0))[0])
            indent = rng.uniform(*INDENT) * self.habit.cap_px
            add_ink(mask, row.ink, left + indent - first, top + foot - row.baseline)

    def _rows(self, text: str, room: Box, lines: int, script: Script, rng: np.random.Generator) -> Sequence[Row]:
        width = room[2] - INDENT[1] * self.habit.cap_px
        for size in SMALLER ** np.arange(TRIES):
            habit = replace(self.habit, cap_px=self.habit.cap_px * size)
            pen_px = min(self.thin * script.pen_px, THICKEST_PEN * habit.cap_px)
            rows = self._fitting(text, width, lines, habit, pen_px, rng)
            if rows:
                return rows
        self.unwritten.add(text)
        return ()

    def _fitting(
        self, text: str, width: float, lines: int, habit: Habit, pen_px: float, rng: np.random.Generator
    ) -> Sequence[Row]:
        """The whole text in at most so many rows; none when it does not fit."""
        rows: list[Row] = []
        rest = text
        while rest and len(rows) < lines:
            row = self.person.hand.spell(rest, width, habit, pen_px, rng)
            if row is None or not rest.casefold().startswith(row.text.casefold()):
                return ()
            rows.append(row)
            rest = rest[len(row.text) :].strip()
        return () if rest else rows


def people_in(folder: Path) -> list[Person]:
    """Those of a checkout of UNIPEN on whom the reader was not trained."""
    hands = person_hands({name: one for name, one in read_pen_writers(folder).items() if part_of(name) == "valid"})
    return [Person(name, hand) for name, hand in hands.items() if hand.can_spell]
