"""Parquet: the columns of the CSV with their types."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from exports.to_csv import COLUMNS
from exports.to_parquet import write_parquet
from schemas.errors import MachineError
from schemas.export import ExportedFollowUp, ExportedReferral
from schemas.office import OfficeActivity
from tests.exports.test_to_csv import _row


def table_in(path: Path) -> Any:  # noqa: ANN401 - pyarrow has no types
    """The file as another program reads it."""
    from pyarrow import parquet  # slow to load, for these tests alone

    return parquet.read_table(path)


def test_a_referral_has_the_columns_of_the_csv_with_their_types(tmp_path: Path) -> None:
    """Dates are dates, numbers numbers, and checked boxes a list; an empty cell is null."""
    path = tmp_path / "referrals.parquet"
    answered = _row(answers={"limits": ["no_load", "no_impact"], "weeks": 6}, next_visit_on=None)
    assert write_parquet([answered, _row()], path, ExportedReferral, ("limits", "weeks")) == 2
    table = table_in(path)
    assert set(table.column_names) == {*COLUMNS, "answer_limits", "answer_weeks"}
    first, second = table.to_pylist()
    assert first["signed_on"] == date(2026, 3, 2)
    assert first["conditions"] == ["joint_replacement", "osteoarthritis"]
    assert (first["serial"], first["next_visit_on"], first["signature"]) == (123, None, "handwritten")
    assert (first["answer_limits"], first["answer_weeks"], second["answer_weeks"]) == ("no_load; no_impact", "6", None)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("model", [ExportedReferral, ExportedFollowUp, OfficeActivity])
def test_every_export_has_types_also_when_it_is_empty(model: type[ExportedReferral], tmp_path: Path) -> None:
    """A program that reads it daily finds the columns from the first day on."""
    path = tmp_path / "empty.parquet"
    assert write_parquet([], path, model) == 0
    assert table_in(path).num_columns > 10


def test_a_missing_folder_is_one_sentence(tmp_path: Path) -> None:
    """The person who typed the path learns what to mend."""
    with pytest.raises(MachineError, match="No such file or directory"):
        write_parquet([_row()], tmp_path / "nowhere" / "a.parquet", ExportedReferral)
