"""What people type about pads."""

import json
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageDraw
from typer.testing import CliRunner, Result

from pads.adopt.draft_design import write_draft
from pads.catalog import load
from pads.simulate.foreign_form import draw_foreign, foreign_blank, foreign_design
from refpad.cli.pads.pad import app
from schemas.errors import UsageError
from schemas.office import Office
from store.clock import SystemClock
from store.database import open_store
from store.directory.offices import SerialRange, add, ranges
from tests.audit import audit_lines


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings point at a folder of the test's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REFPAD_FOLDER", str(tmp_path / "data"))
    return tmp_path / "data"


def _pad(*words: str) -> Result:
    """Run `refpad pad ...`; an error passes through, as it does to the front door."""
    return CliRunner().invoke(app, words, catch_exceptions=False)


def _serials(folder: Path) -> list[SerialRange]:
    store = open_store(f"sqlite:///{folder / 'store' / 'refpad.sqlite'}", folder / "store", SystemClock("UTC"))
    try:
        return ranges(store)
    finally:
        store.close()


def test_list_shows_every_pad() -> None:
    """For people a table, for programs JSON."""
    assert "Medical exercise referral" in _pad("list").stdout
    assert [each["design"] for each in json.loads(_pad("list", "--json").stdout)] == ["met", "met", "metes", "post"]


def test_layout_prints_the_geometry_as_json() -> None:
    """One document on stdout and nothing else."""
    told = json.loads(_pad("layout", "post-1").stdout)
    assert (told["design"], told["edition"], told["width_mm"]) == ("post", 1, 139.7)


def test_a_design_in_the_users_folder_is_a_pad_like_any_other(folder: Path) -> None:
    """A studio adds a pad without touching the program."""
    (folder / "designs").mkdir(parents=True)
    bundled = Path(__file__).parents[4] / "pads" / "designs" / "met-1.toml"
    own = bundled.read_text(encoding="utf-8").replace('design = "met"', 'design = "mine"')
    (folder / "designs" / "mine-1.toml").write_text(own, encoding="utf-8")
    assert json.loads(_pad("layout", "mine").stdout)["design"] == "mine"


def test_a_proof_is_printed_without_any_record(tmp_path: Path, folder: Path) -> None:
    """Trying a printer out leaves no database behind."""
    _pad("print", "met", "--out", "met.pdf", "--slips", "5")
    with pikepdf.open(tmp_path / "met.pdf") as pdf:
        assert len(pdf.pages) == 2
    assert not folder.exists()


def test_slips_for_an_office_carry_serials_on_record(folder: Path) -> None:
    """A slip tells its office years later; the next pad goes on where this one ends."""
    store = open_store(f"sqlite:///{folder / 'store' / 'refpad.sqlite'}", folder / "store", SystemClock("UTC"))
    add(store, Office(id="elm-ortho", name="Elm Street Orthopedics"), who="test")
    store.close()
    _pad("print", "met", "--out", "one.pdf", "--slips", "8", "--office", "elm-ortho")
    _pad("print", "met", "--out", "two.pdf", "--slips", "4", "--office", "elm-ortho")
    assert [(serial.office_id, serial.first, serial.last) for serial in _serials(folder)] == [
        ("elm-ortho", 1, 8),
        ("elm-ortho", 9, 12),
    ]


def test_printing_numbers_is_on_record_as_on_the_pages(folder: Path) -> None:
    """The page Activity shows who printed which numbers, wherever it was done."""
    store = open_store(f"sqlite:///{folder / 'store' / 'refpad.sqlite'}", folder / "store", SystemClock("UTC"))
    add(store, Office(id="elm-ortho", name="Elm Street Orthopedics"), who="test")
    _pad("print", "met", "--out", "one.pdf", "--slips", "8", "--office", "elm-ortho")
    _pad("print", "met", "--out", "two.pdf", "--slips", "4", "--serial-start", "50")
    told = [(line["subject"], line["detail"]) for line in audit_lines(store) if line["what"] == "print"]
    store.close()
    assert told == [
        ("office elm-ortho", {"pad": "met-2", "first": 1, "last": 8}),
        ("pad met-2", {"pad": "met-2", "first": 50, "last": 53}),
    ]


def test_a_serial_is_never_printed_twice() -> None:
    """Two slips of one number could not be told apart."""
    _pad("print", "met", "--out", "one.pdf", "--slips", "8", "--serial-start", "1")
    with pytest.raises(UsageError, match="start at 9"):
        _pad("print", "met", "--out", "two.pdf", "--slips", "8", "--serial-start", "5")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--paper", "a4", "--out", "x.pdf"), "4 slips of pad met-2 need 215.9 x 279.4 mm, and a4 has"),
        (("--out", "nowhere/x.pdf"), "nowhere/x.pdf cannot be written"),
        (("--out", "."), ". cannot be written"),
        (("--out", "x.pdf", "--office", "nobody"), 'There is no office "nobody"'),
    ],
)
def test_what_cannot_be_printed_is_refused_and_uses_up_no_serial(
    folder: Path, words: tuple[str, ...], sentence: str
) -> None:
    """The numbers stay free for the next try."""
    with pytest.raises(UsageError) as caught:
        _pad("print", "met", "--serial-start", "1", *words)
    assert sentence in str(caught.value)
    assert _serials(folder) == []


def test_a_form_of_others_is_adopted_into_files_to_check(tmp_path: Path) -> None:
    """A design, its picture, and a picture that a person compares with the form."""
    pdf = BytesIO()
    draw_foreign(pdf)
    blank = tmp_path / "Lakeside form.pdf"
    blank.write_bytes(pdf.getvalue())
    done = json.loads(_pad("adopt", str(blank), "--out", str(tmp_path / "out"), "--json").stdout)
    assert done["lacks"] == []
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "lakes-1-check.png",
        "lakes-1.png",
        "lakes-1.toml",
    ]
    assert load(Path(done["design"])).signature.label == "Physician signature"


def test_a_form_that_lacks_a_field_is_a_person_s_to_complete(tmp_path: Path) -> None:
    """Exit code 1, and the file says what is missing: nothing is invented to make it whole."""
    page = Image.new("L", (1100, 1400), 255)
    ImageDraw.Draw(page).rectangle((100, 100, 140, 140), outline=0, width=3)
    page.save(tmp_path / "bare.png", dpi=(200, 200))
    done = _pad("adopt", str(tmp_path / "bare.png"), "--out", str(tmp_path))
    assert done.exit_code == 1
    assert "Still to do: field patient_name: missing" in (tmp_path / "bare-1.toml").read_text("utf-8")


def test_a_picture_that_tells_no_resolution_needs_one(tmp_path: Path) -> None:
    """Without it nobody knows how large a millimeter is."""
    Image.new("L", (1100, 1400), 255).save(tmp_path / "bare.png")
    page = Image.new("L", (1100, 1400), 255)
    ImageDraw.Draw(page).rectangle((100, 100, 900, 1140), outline=0, width=3)
    page.save(tmp_path / "bare.png")
    with pytest.raises(UsageError, match="say it with --dpi"):
        _pad("adopt", str(tmp_path / "bare.png"))
    assert _pad("adopt", str(tmp_path / "bare.png"), "--dpi", "200").exit_code == 1
    with pytest.raises(UsageError, match="makes no name for a pad"):
        _pad("adopt", str(tmp_path / "bare.png"), "--name", "9", "--dpi", "200")


def test_a_pad_that_others_have_printed_is_not_printed(folder: Path) -> None:
    """It has no code, and is theirs."""
    write_draft(folder / "designs", "lake", "Lakeside", foreign_blank(200), foreign_design().fields, ())
    with pytest.raises(UsageError, match="printed by others"):
        _pad("print", "lake", "--out", "lake.pdf")
