"""Pads that others have printed: what their designs may say, what they need, and what refpad will not do."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from pads.adopt.blank_picture import load_blank, size_px
from pads.adopt.draft_design import write_draft
from pads.catalog import load, load_all, printable
from pads.simulate.foreign_form import foreign_blank, foreign_design
from schemas.errors import DesignError
from schemas.pad import PadDesign


def adopted(folder: Path) -> Path:
    """The simulated foreign form with its picture, as `refpad pad adopt` writes them."""
    return write_draft(folder, "lake", "Lakeside", foreign_blank(200), foreign_design().fields, ()).design


def test_a_draft_that_lacks_nothing_is_a_design(tmp_path: Path) -> None:
    """What the command writes is what the reader loads, to a hundredth of a millimeter."""
    design = load(adopted(tmp_path))
    assert design.adopted
    assert design.fiducials_mm() == ()
    truth = foreign_design()
    assert [field.name for field in design.fields] == [field.name for field in truth.fields]
    for field, true in zip(design.fields, truth.fields, strict=True):
        assert np.allclose(field.box_mm, true.box_mm, atol=0.01)
    assert load_blank(design, tmp_path).shape == size_px(design)[::-1]


def test_an_adopted_design_is_read_and_not_printed(tmp_path: Path) -> None:
    """A copy of somebody's form without its code would be a pad of nobody's."""
    adopted(tmp_path)
    assert [design.design for design in load_all(tmp_path)] == ["lake", "met", "met", "metes", "post"]
    assert [design.design for design in printable(load_all(tmp_path))] == ["met", "met", "metes", "post"]
    with pytest.raises(ValueError, match="printed by others"):
        _ = foreign_design().imprint


def test_a_design_without_its_picture_says_which(tmp_path: Path) -> None:
    """Two files belong together; one alone would find no slip, without a word."""
    path = adopted(tmp_path)
    (tmp_path / "lake-1.png").unlink()
    with pytest.raises(DesignError, match=r"lake-1\.toml: blank lake-1\.png is not beside it; copy both files"):
        load(path)


def test_a_picture_of_another_size_is_refused(tmp_path: Path) -> None:
    """Fields would lie elsewhere than the design says."""
    path = adopted(tmp_path)
    Image.fromarray(foreign_blank(150)).save(tmp_path / "lake-1.png")
    with pytest.raises(DesignError, match="has 825 x 1275 pixels, not the 1100 x 1700"):
        load(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"blank": None}, "blank: missing; name the picture of the empty form"),
        ({"code_mm": (10, 10, 22, 22)}, "code_mm: a pad that others have printed has none; leave it out"),
        ({"registration": "fiducials"}, "blank: refpad draws the empty form of its own pads; leave it out"),
        ({"blank": "../lake.png"}, "pattern"),
    ],
)
def test_a_design_is_wholly_refpads_or_wholly_another_s(change: dict[str, object], message: str) -> None:
    """Half of both could be found by neither way."""
    with pytest.raises(ValueError, match=message):
        PadDesign.model_validate(foreign_design().model_dump() | change)


def test_a_form_without_a_place_for_name_or_signature_is_not_usable_yet(tmp_path: Path) -> None:
    """The draft says so, and is written all the same: the person who edits it sees where they are."""
    fields = [field for field in foreign_design().fields if field.name != "signature"]
    draft = write_draft(tmp_path, "lake", "Lakeside", foreign_blank(200), fields, ())
    assert draft.lacks == ("field signature: missing; a referral cannot be worked without it",)
    assert "Still to do: field signature" in draft.design.read_text(encoding="utf-8")


def test_lines_of_a_form_may_be_lower_than_refpads_own(tmp_path: Path) -> None:
    """Others print for people only; what a scan still shows is read."""
    lowered = [
        field.model_copy(update={"box_mm": field.box_mm._replace(h=4.0)}) if field.name == "patient_phone" else field
        for field in foreign_design().fields
    ]
    assert write_draft(tmp_path, "lake", "Lakeside", foreign_blank(200), lowered, ()).lacks == ()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=20))
@example('say "A\\B"\x00\x1f\x7f\x85\u2028\r\n')
def test_any_words_of_a_form_survive_its_design_file(tmp_path: Path, title: str) -> None:
    """What is printed on somebody's form, or typed as its title, must not make its design unreadable."""
    draft = write_draft(tmp_path, "lake", title, foreign_blank(200), foreign_design().fields, ())
    assert tomllib.loads(draft.design.read_bytes().decode("utf-8"))["title"] == title
