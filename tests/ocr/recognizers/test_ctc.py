"""From steps of probabilities to text, and to exactly so many digits."""

from itertools import groupby, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.recognizers.ctc import DIGITS, read_digits, read_greedily, read_signs
from ocr.recognizers.recognizer import Spread

SYMBOLS = "\0" + "".join(map(chr, range(0x20, 0x7F)))


def _spread(steps: list[dict[str, float]]) -> Spread:
    table = np.full((len(steps), len(SYMBOLS)), 1e-7, np.float32)
    for row, step in zip(table, steps, strict=True):
        for symbol, chance in step.items():
            row[SYMBOLS.index(symbol)] = chance
    return Spread(SYMBOLS, table)


def _certain(path: str) -> Spread:
    """Each step sure of one symbol; `_` is the blank."""
    return _spread([{"\0" if symbol == "_" else symbol: 0.99} for symbol in path])


def test_repeats_are_one_letter_unless_a_blank_parts_them() -> None:
    """That is what the blank is for: "ll" is two letters only with a blank between (Graves et al. 2006)."""
    assert read_greedily(_certain("__hheel_l__oo"))[0] == "hello"


def test_space_at_the_ends_goes_with_its_probability() -> None:
    """Probabilities belong to characters by place."""
    text, chances = read_greedily(_certain(" _a_ _b_ "))
    assert (text, len(chances)) == ("a b", 3)
    assert read_greedily(_certain(" _ ")) == ("", ())


def test_what_no_step_is_sure_of_counts_with_its_best_step() -> None:
    """A letter is as sure as its clearest step, not as its blurred edges."""
    assert read_greedily(_spread([{"a": 0.5}, {"a": 0.9}, {"a": 0.6}]))[1] == (np.float32(0.9),)


def test_separators_and_letters_are_no_digits() -> None:
    """Printed slashes and scraps of cells stand between the digits of a date."""
    digits, chances = read_digits(_certain("_1_0/0_9x/2__6_"), 6)
    assert digits == "100926"
    assert chances.shape == (6, 10)
    assert chances.max(axis=1).min() > 0.9
    assert np.allclose(chances.sum(axis=1), 1)


def test_letters_that_look_like_digits_are_taken_for_them() -> None:
    """A hand-drawn 0 is read as O, a 1 as l; in a cell neither can be meant."""
    assert read_digits(_certain("l_O_S_Z"), 4)[0] == "1052"


def test_a_missing_digit_is_found_where_it_is_likeliest_and_with_doubt() -> None:
    """Ten cells hold ten digits: the tenth is there, but nobody is sure of it."""
    spread = _spread([{"5": 0.99}, {"\0": 0.9}, {"\0": 0.6, "7": 0.3}, {"\0": 0.9}, {"2": 0.99}])
    digits, chances = read_digits(spread, 3)
    assert digits == "572"
    assert chances[1].max() < 0.5


def test_a_line_too_short_for_its_digits_has_none() -> None:
    """A single step cannot hold two digits."""
    digits, chances = read_digits(_certain("7"), 2)
    assert (digits, len(chances)) == ("", 0)


def test_letters_of_a_code_are_read_as_digits_are_and_a_sign_twice_across_a_blank() -> None:
    """A code has letters too: more signs than a number has, of which each counts."""
    signs = [*DIGITS, *"ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    chances = read_signs(_certain("M_5_44_4"), signs, 4)
    assert "".join(signs[place] for place in chances.argmax(axis=1)) == "M544"
    assert read_signs(_certain("M"), signs, 2).shape == (0, len(signs))


SHARES = st.lists(st.lists(st.integers(1, 9), min_size=4, max_size=4), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(SHARES, st.integers(1, 3))
def test_the_digits_are_those_of_the_likeliest_path(rows: list[list[int]], count: int) -> None:
    """The quick search must find what trying every path finds (three digits, up to five steps)."""
    options = ("\0", "0", "1", "2")
    steps = [{s: w / sum(row) for s, w in zip(options, row, strict=True)} for row in rows]
    best, best_chance = "", 0.0
    for path in product(options, repeat=len(steps)):
        digits = "".join(symbol for symbol, _ in groupby(path) if symbol != "\0")
        chance = float(np.prod([step[symbol] for step, symbol in zip(steps, path, strict=True)]))
        if len(digits) == count and chance > best_chance * (1 + 1e-6):
            best, best_chance = digits, chance
    found, chances = read_digits(_spread(steps), count)
    assert len(found) == len(chances) == (count if best else 0)
    assert set(found) <= set(DIGITS)
    assert _chance_of(found, steps, options) >= best_chance * (1 - 1e-3)


def _chance_of(digits: str, steps: list[dict[str, float]], options: tuple[str, ...]) -> float:
    """The likeliest path that spells `digits`."""
    return max(
        (
            float(np.prod([step[symbol] for step, symbol in zip(steps, path, strict=True)]))
            for path in product(options, repeat=len(steps))
            if "".join(symbol for symbol, _ in groupby(path) if symbol != "\0") == digits
        ),
        default=0.0,
    )
