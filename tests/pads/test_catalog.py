"""Which pads there are, and what a wrong design file is told."""

import hashlib
import json
import re
import textwrap
from pathlib import Path

import pytest

from pads.catalog import BUNDLED, find, load, load_all
from schemas.errors import DesignError, UsageError
from tests.conftest import Golden

HERE = Path(__file__).parent
MET = (BUNDLED / "met-1.toml").read_text(encoding="utf-8")


def _spoiled(folder: Path, old: str, new: str) -> Path:
    """The bundled design met-1 with one thing changed, under its own name."""
    assert old in MET
    path = folder / "met-1.toml"
    path.write_text(MET.replace(old, new, 1), encoding="utf-8")
    return path


def test_every_bundled_design_can_be_printed_and_read() -> None:
    """A design that breaks a rule would be found out by a clinic."""
    assert [f"{design.design}-{design.edition}" for design in load_all()] == ["met-1", "met-2", "metes-2", "post-1"]


def test_printed_editions_are_frozen(golden: Golden) -> None:
    """Old paper keeps coming for years: a change to a pad is a new edition in a new file."""
    sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(BUNDLED.glob("*.toml"))}
    golden(HERE / "golden" / "printed_editions.json", json.dumps(sums, indent=1).encode())


def test_a_name_means_its_latest_edition_and_a_number_that_edition(tmp_path: Path) -> None:
    """People order "met" pads; slips come back from every edition."""
    (tmp_path / "met-7.toml").write_text(MET.replace("edition = 1", "edition = 7"), encoding="utf-8")
    designs = load_all(tmp_path)
    assert find(designs, "met").edition == 7
    assert find(designs, "met-1").edition == 1


def test_an_unknown_name_is_told_what_there_is() -> None:
    """A typing mistake is put right without looking anything up."""
    with pytest.raises(UsageError, match=r'no pad design "mit"; there are: met-1, met-2, metes-2, post-1\.'):
        find(load_all(), "mit")


def test_a_folder_without_designs_adds_none(tmp_path: Path) -> None:
    """Most studios never make a pad of their own, and have no folder for it."""
    assert load_all(tmp_path / "nowhere") == load_all()


def test_an_edition_may_not_be_there_twice(tmp_path: Path) -> None:
    """Two files for one code would make slips unreadable."""
    (tmp_path / "met-1.toml").write_text(MET, encoding="utf-8")
    with pytest.raises(DesignError, match=r"met-1\.toml: met-1 comes with refpad; give your own another name"):
        load_all(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("[40.3, 52.0, 3.3, 3.3]", "[5.0, 52.0, 3.3, 3.3]", "field back_pain and field arthritis: overlap by 7.6 mm2"),
        ("[40.3, 52.0, 3.3, 3.3]", "[40.3, 152.0, 3.3, 3.3]", "field arthritis: reaches 43.6 x 155.3 mm"),
        (
            "[40.3, 52.0, 3.3, 3.3]",
            "[40.3, 52.0, 2.3, 2.3]",
            "field arthritis: the box is 2.3 mm, below the readable 3.0",
        ),
        ("[40.3, 52.0, 3.3, 3.3]", "[40.3, 52.0, 3.3]", "field arthritis box_mm 4: missing"),
        ('name = "arthritis"', 'name = "back_pain"', "field back_pain: the name is used twice"),
        ('name = "arthritis"', 'name = "Knees!"', 'field Knees! name: "Knees!" does not fit'),
        ('kind = "signature"', 'kind = "seal"', "field signature: its kind is none of checkbox, text, phone"),
        ("lines = 2", "rows = 2", "field diagnosis rows: no such entry"),
        ("lines = 2", "lines = 9", "field diagnosis lines: 9 is above 8"),
        ("size_pt = 6.5", "size_pt = 5", "texts 2 size_pt: 5 is below 6.5"),
        ("length_mm = 100.0", "length_mm = 0", "rules 1 length_mm: 0 is not above 0"),
        ("length_mm = 100.0", "length_mm = 200", "rule 1: reaches 204.0 x 24.4 mm"),
        ("width_mm = 107.95\n", "", "width_mm: missing"),
        ("21.75, 21.75]", "19.0, 19.5]", "code_mm: 19.0 x 19.5 mm; make it a square"),
        ("55.5, 14.6]", "30.0, 14.6]", "studio_mm: 30.0 x 14.6 mm, below 40.0 x 12.0 mm"),
        ("Arthritis", "Arthritis of the hips, knees and hands", "label of field arthritis: runs"),
        ("Arthritis", "关节炎", "label of field arthritis: 关 节 炎 have no shape"),
        (
            "limits, red flags",
            "limits, red flags, and what to mind",
            'text "limits, red flags, and what to mind": runs',
        ),
        ("at_mm = [22.0, 50.4]", "at_mm = [102.0, 50.4]", 'text "check all that apply": reaches'),
        ("serial_at_mm = [92.6, 18.6]", "serial_at_mm = [85.0, 18.6]", "serial_at_mm: runs"),
        ('design = "met"', 'design = "mets"', "holds mets-1; name the file after what it holds"),
        ("Arthritis", "Arthritis of the hips, knees and hands", "label of field arthritis: runs "),
        ("at_mm = [22.0, 50.4]", "at_mm = [-2.0, 50.4]", "mm from -2.0, "),
        ('design = "met"', "design = met", "cannot be understood at line "),
        ('design = "met"', "design = “met”", "maybe for its curly quotation marks"),
        ("width_mm = 107.95", 'width_mm = "4 in"', 'width_mm: "4 in" must be a number, as in 107.95'),
        ("edition = 1", "edition = 1.5", "edition: 1.5 must be a whole number"),
        ('title = "Medical exercise referral"', 'title = ""', "title: is empty"),
        ('weight = "bold"', 'weight = "italic"', 'texts 1 weight: "italic" is none of regular, bold'),
        ("[40.3, 52.0, 3.3, 3.3]", "[40,3, 52,0, 3,3, 3,3]", "field arthritis box_mm: has 8 entries, above 4"),
        ("lines = 2", 'holds = "money"', 'field diagnosis holds: "money" is none of text, phone, date, number, icd10'),
        ("lines = 2", 'needed = "perhaps"', 'field diagnosis needed: "perhaps" must be true or false'),
        ("lines = 2", 'choices = "yes, no"', 'field diagnosis choices: "yes, no" must be a list in brackets'),
        (
            "lines = 2",
            'choices = ["Sí", "SI"]',
            "1 different choices of 2, capitals and accents aside",
        ),
        ("lines = 2", 'choices = ["Да", "Нет"]', 'field diagnosis: choice "Да" has nothing that is read'),
        ("cells = [3, 3, 4]", "cells = [1, 1]", "hold no phone; two groups or more, of 6 to 15 digits in all"),
        ('separator = "/"', 'separator = "関"', ": 関 has no shape"),
        (
            "width_mm = 107.95\nheight_mm = 139.7",
            "width_mm = 218\nheight_mm = 290",
            "218.0 x 290.0 mm lie on neither letter of 215.9 x 279.4 mm nor a4",
        ),
        ("studio_mm =", "patient_label_mm = [5, 60, 40, 20]\nstudio_mm =", "label_mm: lies over none of patient_name"),
        (
            "studio_mm =",
            "patient_label_mm = [5, 3, 57, 30]\nstudio_mm =",
            "label_mm and corner mark 0: overlap",
        ),
    ],
)
def test_a_wrong_design_is_told_file_field_and_figure(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    """Whoever draws a pad gets on without reading the source."""
    with pytest.raises(DesignError) as caught:
        load(_spoiled(tmp_path, old, new))
    assert str(caught.value).startswith("met-1.toml: ")
    assert sentence in str(caught.value)


def test_the_figure_of_a_long_label_is_what_it_is_too_long_by(tmp_path: Path) -> None:
    """Whoever shortens it by the figure is done: its height stood there, whatever was cut."""
    with pytest.raises(DesignError, match="label of field arthritis: runs ") as caught:
        load(_spoiled(tmp_path, "Arthritis", "Arthritis of the hips, knees and hands"))
    assert max(map(float, re.findall(r"arthritis: runs ([0-9.]+) mm", str(caught.value)))) > 10


def test_a_table_is_told_by_the_names_in_it(tmp_path: Path) -> None:
    """A group's sentence stands beside a box, not at a place 1 2."""
    text = (BUNDLED / "met-2.toml").read_text(encoding="utf-8")
    path, before = tmp_path / "met-2.toml", text.index('{ not_cleared = "')
    path.write_text(f"{text[:before]}{{ not_cleared = 5 }} }},\n]\nx = 1\n", encoding="utf-8")
    with pytest.raises(DesignError, match="group clearance blocks_when not_cleared: 5 must be text in quotation marks"):
        load(path)


def test_a_design_saved_by_another_editor_is_one_all_the_same(tmp_path: Path) -> None:
    """Notepad begins UTF-8 with a mark; what is not UTF-8 is told as that."""
    path = tmp_path / "met-1.toml"
    path.write_text(MET, encoding="utf-8-sig")
    assert load(path).edition == 1
    path.write_text(MET, encoding="utf-16")
    with pytest.raises(DesignError, match=r"met-1\.toml: line 1 is not UTF-8; save the file as UTF-8"):
        load(path)


def test_what_a_computer_lays_beside_a_file_is_no_design(tmp_path: Path) -> None:
    """A Mac writes one such to each file that it copies, an editor while it is open: no scan was read for it."""
    for name in ("._knee-1.toml", ".#knee-1.toml"):
        (tmp_path / name).write_bytes(b"\0\5\x16\7")
    assert load_all(tmp_path) == load_all()


def test_the_example_in_the_documentation_is_a_design(tmp_path: Path) -> None:
    """It is what people start their own pad from."""
    page = (BUNDLED.parents[1] / "docs" / "pad-designs.md").read_text(encoding="utf-8")
    example = page[page.index('    design = "knee"') : page.index("A box is")]
    (tmp_path / "knee-1.toml").write_text(textwrap.dedent(example), encoding="utf-8")
    assert load(tmp_path / "knee-1.toml").title == "Knee class referral"


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    """The path's last part is enough to find it."""
    with pytest.raises(DesignError, match=r"none-1\.toml: cannot be opened \(No such file"):
        load(tmp_path / "none-1.toml")
