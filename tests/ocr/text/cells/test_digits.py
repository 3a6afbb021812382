"""Both readers of digits weighed together, and the likeliest number that can be."""

from datetime import date
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from ocr.recognizers.cell_digits import NO_DIGIT
from ocr.text.cells.comb import parse_digits
from ocr.text.cells.digits import (
    CELLS_SETTLE_LEAST,
    Decoded,
    Number,
    best_digits,
    decode,
    digits_confidence,
    holds_no_digit,
    likeliest_numbers,
    likely,
    settled_by_cells,
    weigh,
)
from schemas.bars import SHIPPED, ValueKind
from schemas.geometry import BoxMm
from schemas.pad import CombField, FieldKind

TODAY = date(2026, 10, 14)
SURE = SHIPPED[ValueKind.DATE]
SIGNED = CombField(
    name="signed_on", label="Date", kind=FieldKind.DATE, box_mm=BoxMm(5, 5, 40, 7), cells=(2, 2, 2), separator="/"
)
ROWS = st.lists(st.lists(st.integers(1, 40), min_size=10, max_size=10), min_size=1, max_size=3)


def _means(digits: str) -> str | None:
    return parse_digits(digits, SIGNED, TODAY, "US")


def _seen(*cells: dict[str, float]) -> NDArray[np.float64]:
    """(cells, 10): the named digits with their chances, the rest shared by the others."""
    rows = []
    for cell in cells:
        rest = (1 - sum(cell.values())) / (10 - len(cell))
        rows.append([cell.get(str(digit), rest) for digit in range(10)])
    return np.array(rows)


def _clear(digits: str) -> NDArray[np.float64]:
    return _seen(*({digit: 0.999} for digit in digits))


@given(ROWS, st.integers(1, 30))
def test_the_likeliest_numbers_are_those_that_trying_all_finds(rows: list[list[int]], count: int) -> None:
    """The quick search drops beginnings; it must not drop one whose end would have made it likely."""
    chances = np.array(rows, float) / np.sum(rows, axis=1, keepdims=True)
    every = sorted((float(np.prod(one)) for one in product(*chances)), reverse=True)[:count]
    assert [chance for _, chance in likeliest_numbers(chances, count)] == pytest.approx(every)


@pytest.mark.parametrize("month", ["11", "02"])
def test_a_day_that_no_calendar_has_gives_way_to_one_that_the_ink_allows(month: str) -> None:
    """44 November is 14 November where the first stroke may be a one; a person is asked all the same."""
    seen = _clear(f"{month}4426")
    seen[2] = _seen({"4": 0.6, "1": 0.38})[0]
    found = decode(seen, _means)
    assert found.impossible == f"{month}4426"
    assert found.numbers[0].value == f"2026-{month}-14"
    assert all(date.fromisoformat(number.value) for number in found.numbers)


def test_ink_that_says_no_day_is_no_day() -> None:
    """Where nothing that can be is near, nothing is made up: 10/71/26 stays what was written."""
    found = decode(_clear("107126"), _means)
    assert (found.numbers, found.impossible) == ((), "107126")


@pytest.mark.parametrize("written", ["101416", "101421", "101429", "121926", "010100", "022824"])
@pytest.mark.parametrize("doubt", [0.0, 0.2, 0.4])
def test_a_date_that_cannot_be_right_is_never_pulled_to_one_that_can(written: str, doubt: float) -> None:
    """A slip dated ten years ago, or in two months, says so, and is asked about: what is expected weighs nothing."""
    seen = np.stack([(1 - doubt) * row + doubt / 10 for row in _clear(written)])
    found = decode(seen, _means)
    assert found.numbers[0].digits == written
    seen[5] = _seen({written[5]: 0.55, "6": 0.44} if written[5] != "6" else {"6": 0.55, "9": 0.44})[0]
    found = decode(seen, _means)
    assert found.numbers[0].digits == written
    assert digits_confidence(found.numbers[0].share) < SURE


@pytest.mark.parametrize("other", ["1", "9", "3"])
def test_a_digit_that_may_be_another_possible_one_is_doubted(other: str) -> None:
    """Both days are possible, and nothing but the ink can tell them apart."""
    seen = _clear("100726")
    seen[3] = _seen({"7": 0.6, other: 0.39})[0]
    found = decode(seen, _means)
    assert found.numbers[0].value == "2026-10-07"
    assert digits_confidence(found.numbers[0].share) < SURE
    assert len({number.value for number in found.numbers}) == len(found.numbers)


def _cells(digits: str, no_digit: float = 0.0) -> NDArray[np.float32]:
    rows = np.hstack([_clear(digits) * (1 - no_digit), np.full((len(digits), 1), no_digit)])
    return rows.astype(np.float32)


def test_readers_that_contradict_each_other_are_not_sure() -> None:
    """Each may be rather sure of what it sees; they cannot both be right."""
    contrary = _cells("100926")
    contrary[3] = np.append(_seen({"4": 0.97}), 0.0)
    found = decode(weigh([_clear("100926")] * 2, contrary), _means)
    assert digits_confidence(found.numbers[0].share) < SURE


def test_readers_that_agree_are_sure() -> None:
    """Two that look in different ways and see the same digits need nobody."""
    found = decode(weigh([_clear("100926")] * 2, _cells("100926")), _means)
    assert found.numbers[0].value == "2026-10-09"
    assert digits_confidence(found.numbers[0].share) >= SURE


def test_what_the_reader_of_cells_takes_for_no_digit_is_told() -> None:
    """Struck out, written over, two in one cell: no digit is likelier for it, and somebody must look."""
    spoiled = _cells("100926")
    spoiled[2] = _cells("0", no_digit=0.9)[0]
    assert holds_no_digit(spoiled, spoiled)
    assert not holds_no_digit(_cells("100926"), spoiled)
    assert best_digits(spoiled[:, :NO_DIGIT]) == "100926"


@pytest.mark.parametrize(("clear", "doubted"), [("100926", False), ("170926", True)])
def test_rests_of_print_beside_a_digit_spoil_no_cell(clear: str, doubted: bool) -> None:
    """A fax leaves dashes of the rule below a digit; without them it is the same digit, or somebody must look."""
    spoiled = _cells("100926")
    spoiled[1] = _cells("0", no_digit=0.4)[0]
    assert holds_no_digit(spoiled, _cells(clear)) is doubted


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_larger_share_never_makes_a_number_less_sure(one: float, other: float) -> None:
    """A judgment that falls as the evidence rises cannot be explained to anybody."""
    low, high = sorted((one, other))
    assert 0 <= digits_confidence(low) <= digits_confidence(high) <= 1


@pytest.mark.parametrize(("weakest", "settled"), [(0.99, True), (0.95, True), (0.8, False), (0.4, False)])
def test_cells_settle_a_number_only_if_every_digit_is_clear(weakest: float, settled: bool) -> None:
    """One digit that may be another one is a call to the wrong person."""
    cells = np.hstack([_seen(*({"5": 0.985} for _ in range(5)), {"7": weakest}), np.zeros((6, 1))])
    assert settled_by_cells(cells.astype(np.float32)) is settled


def test_what_cells_settle_is_sure_enough_to_pass() -> None:
    """Else the reader of lines would have been spared where a person is asked for it."""
    assert digits_confidence(CELLS_SETTLE_LEAST, by_cells_alone=True) >= max(SURE, SHIPPED[ValueKind.NUMBER])


def test_a_date_that_no_slip_has_makes_one_that_slips_have_hardly_less_sure() -> None:
    """A 2 like a 1: a slip that arrives in 2026 and was signed in 2016 is no doubt that a person would have."""
    torn = _seen(*({digit: 0.999} for digit in "1009"), {"2": 0.9, "1": 0.099}, {"6": 0.999})
    found = decode(torn, _means)
    assert [number.value for number in found.numbers[:2]] == ["2026-10-09", "2016-10-09"]
    assert digits_confidence(found.share) < SURE <= digits_confidence(likely(found, lambda value: value > "2025"))


def test_what_is_usual_pulls_no_number_into_place() -> None:
    """Who wrote last year's number, or one of ten years ago, is read so, and asked."""
    torn = _seen(*({digit: 0.999} for digit in "1009"), {"1": 0.9, "2": 0.099}, {"6": 0.999})
    found = decode(torn, _means)
    assert found.numbers[0].value == "2016-10-09"
    assert likely(found, lambda value: value > "2025") == found.share


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=5), st.integers(0, 31))
def test_what_is_unusual_beside_a_number_only_ever_makes_it_likelier(shares: list[float], usual: int) -> None:
    """And never surer than sure."""
    ranked = sorted((share / sum(shares) for share in shares), reverse=True)
    found = Decoded(tuple(Number(str(at), str(at), share) for at, share in enumerate(ranked)))
    assert found.share <= likely(found, lambda value: bool(usual >> int(value) & 1)) <= 1 + 1e-9
