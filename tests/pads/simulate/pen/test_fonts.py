"""The fonts that slips are written with are free, and say so."""

from pads.simulate.pen.fonts import HANDWRITING_FOLDER, HANDWRITINGS, TYPED

TOGETHER_MOST = 2_000_000  # bytes


def test_every_font_lies_beside_its_licence() -> None:
    """The licenses ask for it: their text goes wherever the font goes."""
    for font in HANDWRITING_FOLDER.glob("*.ttf"):
        text = (HANDWRITING_FOLDER / f"{font.stem}.LICENSE.txt").read_text("utf-8")
        assert "SIL Open Font License" in text or "Apache License" in text


def test_the_table_names_every_font() -> None:
    """Who drew it, under which license, from where."""
    table = (HANDWRITING_FOLDER / "README.md").read_text("utf-8")
    assert [font.name for font in HANDWRITING_FOLDER.glob("*.ttf") if f"`{font.name}`" not in table] == []


def test_every_hand_has_its_font_and_every_font_its_hand() -> None:
    """A font nobody writes with is only weight."""
    assert {hand.name for hand in HANDWRITINGS} - {TYPED} == {font.stem for font in HANDWRITING_FOLDER.glob("*.ttf")}


def test_the_fonts_are_small() -> None:
    """They travel with every installation."""
    assert sum(path.stat().st_size for path in HANDWRITING_FOLDER.iterdir()) < TOGETHER_MOST
