"""The CSV brought up to date by lines is the file that would be written anew."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.renewed_csv import note_of, read_note, renewed, write_note
from schemas.atomic_write import replace_file

HEAD = b"referral_id,patient_name"
NUMBERS = st.integers(1, 40)


def file_of(rows: dict[int, bytes]) -> bytes:
    return b"\r\n".join([HEAD, *(rows[number] for number in sorted(rows)), b""])


def line(number: int, word: str = "x") -> bytes:
    return f'{number},"a, {word}"'.encode()


@given(st.sets(NUMBERS), st.sets(NUMBERS), st.sets(NUMBERS), st.integers(0, 5))
def test_it_is_the_file_that_would_be_written_anew(
    before: set[int], changed: set[int], gone: set[int], more: int
) -> None:
    """Whatever was changed, added and taken away, in any place."""
    old = {number: line(number) for number in before}
    last = max(before, default=0)
    new = {n: line(n, "new") for n in (changed & before) | set(range(last + 1, last + 1 + more))} if before else {}
    after = {number: text for number, text in (old | new).items() if number not in gone & before}
    new = {number: text for number, text in new.items() if number in after}
    assert renewed(file_of(old), len(old), new, gone & before) == (file_of(after), len(after))


@pytest.mark.parametrize(
    ("old", "rows"),
    [
        (file_of({1: line(1), 2: line(2)}), 3),
        (file_of({1: line(1), 2: line(2)}).removesuffix(b"\r\n"), 2),
        (file_of({1: line(1), 2: b'2,"two\r\nlines"'}), 2),
        (b"", 0),
    ],
)
def test_a_file_that_is_not_as_noted_is_written_anew(old: bytes, rows: int) -> None:
    """A cell over two lines, a line too many, an end cut off: lines are not rows there."""
    assert renewed(old, rows, {3: line(3)}, ()) is None


def test_a_row_that_should_be_there_and_is_not_has_it_written_anew() -> None:
    """Never is a changed referral left out."""
    assert renewed(file_of({1: line(1), 3: line(3)}), 2, {2: line(2)}, ()) is None


def test_the_note_is_of_the_very_file(tmp_path: Path) -> None:
    """Somebody saved the CSV from a spreadsheet: what refpad knew of it is worth nothing."""
    path = tmp_path / "referrals.csv"
    with replace_file(path) as file:
        file.write(file_of({1: line(1)}))
        written = note_of(file, "3-00000000", ["referral_id", "more"], "1", rows=1, last=1)
    write_note(path, written)
    note = read_note(path)
    assert note == written
    assert note.fits(["referral_id"], "1")
    assert not note.fits(["referral_id", "other"], "1")
    assert not note.fits(["referral_id"], "2")
    path.write_bytes(file_of({1: line(1, "y")}))
    assert read_note(path) is None
    (tmp_path / ".referrals.csv.note").write_text("{")
    assert read_note(path) is None
