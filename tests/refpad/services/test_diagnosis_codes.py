"""Any code of the list can be confirmed for a slip, and is kept as it is."""

from pathlib import Path

import pytest

from ocr.diagnosis.codes import code_list
from refpad.services.diagnosis_codes import codes_of, find_codes, keep_codes
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.errors import UsageError
from store.review.settle import find_slip
from store.tables import slip_code
from tests.store.helpers import in_review


def test_every_code_can_be_searched_for_and_fits_the_record() -> None:
    """PostgreSQL refuses what is longer than its column, SQLite does not: no test with SQLite alone would tell."""
    codes = [code.code for code in code_list().codes]
    assert [code for code in codes if code not in {found.code for found in find_codes(code)}] == []
    assert max(map(len, codes)) <= slip_code.c.code.type.length


def test_codes_of_every_shape_are_kept(tmp_path: Path) -> None:
    """One of each pattern of letters, digits, and length."""
    shapes = {
        "".join("9" if sign.isdigit() else "A" if sign.isalpha() else sign for sign in code.code[1:]): code.code
        for code in code_list().codes
    }
    one_each = sorted(shapes.values())
    store = open_record(Settings(folder=tmp_path))
    for start in range(0, len(one_each), 12):
        item = in_review(store, tmp_path / "scans", f"scan {start}".encode(), serial=start + 1)
        slip, some = find_slip(store, item), one_each[start : start + 12]
        keep_codes(store, slip, some, [], "kim")
        assert sorted(code.code for code in codes_of(store, slip.number, None)[0]) == some
        keep_codes(store, slip, [], some, "kim")
        assert codes_of(store, slip.number, None)[0] == []
    with pytest.raises(UsageError, match="no such code"):
        keep_codes(store, slip, ["U07.9"], [], "kim")
    store.close()
