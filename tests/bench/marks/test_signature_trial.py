"""Signatures, and what is none, drawn, sent through a channel and counted."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bench.marks.report import signature_rows, unsigned_rows
from bench.marks.signature_pictures import RealSignature, real_signatures
from bench.marks.signature_trial import SIGNED, signature_lines, try_signatures
from bench.marks.trial import TrialSetup
from bench.marks.unsigned_lines import Unsigned
from pads.simulate.pen.signature import sign
from schemas.reading import SignatureState

SIGNATURES = 4


@pytest.fixture
def signatures(tmp_path: Path) -> list[RealSignature]:
    """Drawn ones in the place of real ones: black on white, tightly cut, two to a writer."""
    rows = ["file,writer"]
    for number in range(SIGNATURES):
        ink = np.zeros((300, 900), np.uint8)
        sign(ink, (20, 30, 860, 220), 9, np.random.default_rng(number))
        Image.fromarray(255 - ink).save(tmp_path / f"{number}.png")
        rows.append(f"{number}.png,{number // 2}")
    (tmp_path / "truth.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return real_signatures(tmp_path)


def test_signatures_and_what_is_none_are_told_apart(trial: TrialSetup, signatures: list[RealSignature]) -> None:
    """Every line is counted under what was drawn there."""
    drawn = list(signature_lines(signatures, 1, 1))
    assert len(drawn) == SIGNATURES + len(Unsigned)
    tried = try_signatures(trial, drawn)
    unsigned = [kind.value for kind in Unsigned]
    assert (tried.of(SIGNED), tried.of(unsigned)) == (SIGNATURES, len(Unsigned))
    assert tried.of(SIGNED, SignatureState.ABSENT) == 0
    assert tried.of(SIGNED, SignatureState.PRESENT) >= SIGNATURES - 1
    assert tried.of(unsigned, SignatureState.PRESENT) <= 1
    (row,) = signature_rows([tried])
    assert row["false absent"].startswith(f"0/{SIGNATURES} = 0.0%")
    assert [unsigned_row["on the line"] for unsigned_row in unsigned_rows([tried])] == unsigned


def test_half_of_the_writers_are_held_out(signatures: list[RealSignature]) -> None:
    """What limits were set on cannot tell how well they hold; writers are kept whole."""
    kinds = [line.kind for line in signature_lines(signatures, 0, 0)]
    assert kinds == [SIGNED[0], SIGNED[0], SIGNED[1], SIGNED[1]]
