"""A pad with every kind of field, as the documentation shows it, from print over paper and reading to the CSV."""

import csv
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from exports.to_csv import ENCODING, ESCAPE
from ocr.page import Page
from ocr.pages.opener import PageOpener
from ocr.reader import Reader
from ocr.recognizers import open_recognizers
from ocr.template import Template
from pads.blank import blank
from pads.catalog import load
from pads.simulate.invent import SlipSpec
from pads.simulate.scenes import DEFAULT_STUDIO, PlannedFile, PlannedPage, PlannedSlip, make_file
from pads.simulate.truth import Channel, MarkStyle, SlipTruth
from refpad.services.exports import export_referrals
from schemas.limits import Limits
from schemas.pad import FieldKind, PadDesign
from schemas.policy import Policy
from schemas.reading import SignatureState, SlipReading
from schemas.referral import Accepted
from store.clock import SetClock
from store.database import Store, open_store
from store.review.corrections import Corrections
from store.review.settle import accept
from tests.fake_reader import example_rules
from tests.store.helpers import recorded, taken

MANUAL = Path(__file__).parents[1] / "docs" / "pad-designs.md"
TODAY = date(2026, 11, 18)
MARKS = {"heart_failure": MarkStyle.CROSS, "cleared_yes": MarkStyle.CROSS, "no_impact": MarkStyle.TICK}


@pytest.fixture(scope="module")
def pad(tmp_path_factory: pytest.TempPathFactory) -> PadDesign:
    """The example of the documentation."""
    page = MANUAL.read_text(encoding="utf-8")
    example = page[page.index('    design = "care"') : page.index('`printed = ""` on boxes')]
    path = tmp_path_factory.mktemp("designs") / "care-1.toml"
    path.write_text(textwrap.dedent(example), encoding="utf-8")
    return load(path)


@pytest.fixture(scope="module")
def read(pad: PadDesign, tmp_path_factory: pytest.TempPathFactory) -> tuple[SlipTruth, SlipReading]:
    """One slip of it, printed, filled in by hand, scanned and read."""
    folder = tmp_path_factory.mktemp("scans")
    spec = SlipSpec(hand="kalam", marks=MARKS, text={"diagnosis_code": "I25.10", "npi": "1234567893"})
    planned = PlannedFile("slip", Channel.SCAN_300, (PlannedPage((PlannedSlip(pad, 7, spec),)),), (5, 1))
    (scan,) = make_file(folder, planned, TODAY, DEFAULT_STUDIO)
    reader = Reader((Template(pad, blank(pad)),), open_recognizers(Limits()), Policy())
    with PageOpener(Limits(), tmp_path_factory.mktemp("scratch")) as opener:
        (page,) = opener.pages(folder / scan.file)
        assert isinstance(page, Page)
        (slip,) = reader.read_page(page, scan.file, TODAY).read.slips
    return scan.slips[0].slip, slip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    now = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
    opened = open_store(f"sqlite:///{tmp_path / 'refpad.sqlite'}", tmp_path / "store", SetClock(now))
    yield opened
    opened.close()


def test_the_example_has_every_kind_of_field(pad: PadDesign) -> None:
    """What the documentation does not show nobody tries."""
    assert {field.kind for field in pad.fields} == set(FieldKind)
    assert {group.choose for group in pad.groups} == {"one", "many"}


def test_every_kind_of_field_is_read_from_paper(read: tuple[SlipTruth, SlipReading]) -> None:
    """Boxes, cells and signatures to the letter; free writing as far as it passes without a person."""
    truth, slip = read
    assert {name for name, mark in slip.marks.items() if mark.value == "checked"} == set(MARKS)
    cells = ("birth_date", "operated_on", "diagnosis_code", "npi", "sessions_a_week", "heart_rate_most", "language")
    assert {name: slip.text[name].value for name in cells} == {name: truth.text[name] for name in cells}
    assert {name: signed.value for name, signed in slip.signatures.items()} == {"consent": SignatureState.PRESENT}
    assert [finding for finding in slip.findings if finding.field not in slip.text] == []


def test_what_the_slip_says_is_in_the_csv(
    read: tuple[SlipTruth, SlipReading], pad: PadDesign, store: Store, tmp_path: Path
) -> None:
    """A column for each question, named as the design names it, behind those that every referral has."""
    truth, slip = read
    rules = replace(example_rules(), design_of=lambda name, edition: pad if name == pad.design else None)
    if recorded(store, taken(store, tmp_path / "inbox" / "scan.pdf"), slip, rules=rules).accepted == 0:
        assert isinstance(accept(store, rules, "s1", "kim", Corrections(values=dict(truth.text))), Accepted)
    assert export_referrals(store, tmp_path / "exports") == 1
    with (tmp_path / "exports" / "referrals.csv").open(encoding=ENCODING, newline="") as file:
        (row,) = ({name: cell.removeprefix(ESCAPE) for name, cell in row.items()} for row in csv.DictReader(file))
    own = {name.removeprefix("answer_"): cell for name, cell in row.items() if name.startswith("answer_")}
    written = ("diagnosis_code", "operated_on", "sessions_a_week", "heart_rate_most", "insurer", "language", "npi")
    expected = {name: truth.text[name] for name in written}
    assert own == expected | {"cleared": "cleared_yes", "limits": "no_impact", "consent": "handwritten"}
    assert (row["birth_date"], row["conditions"]) == (truth.text["birth_date"], "heart_failure")
