"""The fonts that slips are written with are free, and say so."""

from pathlib import Path

import pytest

from pads.simulate.pen.fonts import HANDWRITING_FOLDER, HANDWRITINGS, TYPED, TYPED_FOLDER, handwriting_named
from pads.simulate.truth import Legibility

TOGETHER_MOST = 2_000_000  # bytes


FOLDERS = (HANDWRITING_FOLDER, TYPED_FOLDER)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_font_lies_beside_its_license(folder: Path) -> None:
    """The licenses ask for it: their text goes wherever the font goes."""
    for font in folder.glob("*.ttf"):
        text = (folder / f"{font.stem}.LICENSE.txt").read_text("utf-8")
        assert "SIL Open Font License" in text or "Apache License" in text


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_table_names_every_font(folder: Path) -> None:
    """Who drew it, under which license, from where."""
    table = (folder / "README.md").read_text("utf-8")
    assert [font.name for font in folder.glob("*.ttf") if f"`{font.name}`" not in table] == []


def test_every_hand_has_its_font_and_every_font_its_hand() -> None:
    """A font nobody writes with is only weight."""
    fonts = [font.stem for folder in FOLDERS for font in folder.glob("*.ttf")]
    assert {hand.name for hand in HANDWRITINGS} - {TYPED} == set(fonts)
    assert len(fonts) == len(set(fonts))


def test_slips_are_typed_in_five_faces() -> None:
    """What is measured on one face only holds for that face: offices have typewriters, Times, Arial and Courier."""
    faces = [hand for hand in HANDWRITINGS if hand.legibility is Legibility.TYPED]
    assert len(faces) >= 5
    assert {face.wobble for face in faces} == {0.0}


def test_the_fonts_are_small() -> None:
    """They travel with every installation."""
    assert sum(path.stat().st_size for folder in FOLDERS for path in folder.iterdir()) < TOGETHER_MOST


@pytest.mark.parametrize("name", ["caveat", "patrick-hand", "reenie-beanie"])
def test_any_fonts_file_is_a_hand(name: str) -> None:
    """Confidence is checked in hands that refpad does not ship; their strokes are measured as those of ours were."""
    known = handwriting_named(name)
    other = handwriting_named(str(known.file))
    assert other.file == known.file
    assert other.legibility is not Legibility.TYPED
    assert other.stroke == pytest.approx(known.stroke, abs=0.015)
