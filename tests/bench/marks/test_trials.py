"""Marks and signatures of every kind, drawn, sent through a channel and counted."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bench.contact_sheet import Specimen, write_sheet
from bench.intervals import counted
from bench.marks.mark_trial import EMPTY, try_marks
from bench.marks.report import mark_rows, signature_rows, unsigned_rows
from bench.marks.signature_pictures import RealSignature, real_signatures
from bench.marks.signature_trial import SIGNED, lines, try_signatures
from bench.marks.trial import Trial
from bench.marks.unsigned_lines import DRAWN, Unsigned
from ocr.pages.opener import PageOpener
from ocr.reader import Reader
from pads.catalogue import load_all
from pads.simulate.pen.signature import sign
from pads.simulate.truth import Channel, MarkStyle, MarkTrouble
from schemas.acceptance import Policy
from schemas.limits import Limits
from schemas.reading import MarkState, SignatureState
from tests.ocr.paper import templates

SIGNATURES = 4


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    folder = tmp_path_factory.mktemp("trial")
    with PageOpener(Limits(), tmp_path_factory.mktemp("scratch")) as opener:
        reader = Reader(templates(), (), Policy(), marks_only=True)
        yield Trial(Channel.FAX_FINE, load_all(), 3, folder, reader, opener)


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


def test_plain_marks_are_called_right_and_troubled_boxes_hardly_ever(trial: Trial) -> None:
    """Each kind is counted apart, so that a weakness shows."""
    tried = try_marks(trial, 14)
    assert tried.of(EMPTY, MarkState.CHECKED) == 0
    assert sum(tried.of(style.value, MarkState.UNCHECKED) for style in MarkStyle) == 0
    assert sum(tried.of(style.value) for style in MarkStyle) >= 15
    troubled = sum(tried.of(trouble.value) for trouble in MarkTrouble)
    assert troubled >= 14
    assert sum(tried.of(trouble.value, MarkState.AMBIGUOUS) for trouble in MarkTrouble) >= 0.9 * troubled
    assert tried.of(MarkTrouble.FAINT.value) == 0  # a fax leaves nothing of it to read
    (empty, *_), *_ = (list(row.values()) for row in mark_rows([tried]))
    assert empty == EMPTY


def test_signatures_and_what_is_none_are_told_apart(trial: Trial, signatures: list[RealSignature]) -> None:
    """Every line is counted under what was drawn there."""
    drawn = list(lines(signatures, 1))
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
    kinds = [line.kind for line in lines(signatures, 0)]
    assert kinds == [SIGNED[0], SIGNED[0], SIGNED[1], SIGNED[1]]


def test_every_kind_of_unsigned_line_is_drawn() -> None:
    """A kind without a drawing would be counted as never wrong."""
    assert set(DRAWN) == set(Unsigned)


def test_a_contact_sheet_shows_the_worst_and_nothing_plain(tmp_path: Path) -> None:
    """People look at what went wrong, not at hundreds of boxes that are right."""
    picture = np.full((40, 40), 200, np.uint8)
    some = [
        Specimen(picture, (f"box {n}", "truth: empty", "read: checked"), badness)
        for n, badness in enumerate((0.0, 2.0, 1.0))
    ]
    path = tmp_path / "pictures" / "boxes.png"
    assert write_sheet(path, some) == 2
    with Image.open(path) as sheet:
        assert sheet.format == "PNG"
        assert sheet.width > sheet.height
    assert write_sheet(tmp_path / "none.png", some[:1]) == 0
    assert not (tmp_path / "none.png").exists()


def test_a_share_tells_what_it_stands_on() -> None:
    """Zero of ten is not zero of ten thousand."""
    assert counted(0, 10) == "0/10 = 0.0% (0.0% to 27.8%)"
    assert counted(1, 200) == "1/200 = 0.5% (0.1% to 2.8%)"
    assert counted(0, 0) == "-"
