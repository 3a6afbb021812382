"""Reading a spread with a prior: right where the ink is unsure, silent where it is sure."""

import math
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ocr.language.alphabet import CHARACTERS, END, PLACE, SIZE, folding_matrix
from ocr.language.beam_search import LETTER_BONUS, WIDE, Breadth, search_texts
from ocr.language.ngrams import Next, Prior, Row, model
from ocr.language.own_words import OwnWords
from ocr.language.rescore import ink_of, rescore, restore_symbols

Chances = NDArray[np.float32]


class Flat:
    """A prior that expects nothing."""

    weight = 1.0

    def row(self, before: str) -> Row:
        return np.full(SIZE, -np.log(SIZE), np.float32)

    def after(self, before: str) -> Next:
        return Next(self.row(before))

    def along(self, text: str, before: str) -> Row:
        return np.full(len(text) + 1, -np.log(SIZE), np.float32)


def seen(*steps: dict[str, float]) -> Chances:
    """(2 steps each, SIZE): a step for each dict of characters, then one of blank."""
    chances = np.zeros((2 * len(steps), SIZE), np.float32)
    for at, step in enumerate(steps):
        for character, chance in step.items():
            chances[2 * at, PLACE[character]] = chance
        chances[2 * at, END] = 1 - sum(step.values())
        chances[2 * at + 1, END] = 1.0
    return chances


def sure(text: str) -> list[dict[str, float]]:
    return [{character: 0.999999} for character in text]


@given(st.text("abcdefghijklmnopqrstuvwxyz -/.", min_size=1, max_size=14).filter(lambda t: t == " ".join(t.split())))
@settings(max_examples=50, deadline=None)
def test_clear_ink_is_read_as_it_stands(text: str) -> None:
    """Whatever the language thinks of it."""
    assert search_texts(seen(*sure(text)), model("text"))[0] == text


@pytest.mark.parametrize("text", ["12 wks", "9/14/26", "l4-5", "a1c 7.2", "lift < 25 lbs", "dm2", "x 6 mos", "0-120"])
def test_clear_numbers_are_read_as_they_stand(text: str) -> None:
    """A lost digit is another dose, another date, another joint."""
    assert search_texts(seen(*sure(text)), model("text"))[0] == text


def test_the_language_decides_between_letters_that_look_alike() -> None:
    """Half an n and half an m: only one of them makes a word."""
    chances = seen(*sure("knee pai"), {"m": 0.5, "n": 0.45})
    assert search_texts(chances, Flat())[0] == "knee paim"
    assert search_texts(chances, model("text"))[0] == "knee pain"


def test_doubled_letters_need_a_blank_between_them() -> None:
    """CTC merges what is not parted."""
    one = np.zeros((3, SIZE), np.float32)
    one[:2, PLACE["l"]] = one[2, END] = 1.0
    assert search_texts(one, Flat())[0] == "l"
    assert search_texts(seen({"l": 1.0}, {"l": 1.0}), Flat())[0] == "ll"


@given(st.lists(st.sampled_from(["a", "b", " "]), min_size=1, max_size=4))
@settings(max_examples=30, deadline=None)
def test_the_probabilities_of_all_texts_add_up_to_one(letters: Sequence[str]) -> None:
    """The sum over alignments is a probability, and the weights of guesses can be compared."""
    rng = np.random.default_rng(len(letters))
    chances = np.zeros((len(letters), SIZE), np.float32)
    part = rng.random((len(letters), 3)).astype(np.float32)
    chances[:, [PLACE["a"], PLACE["b"], END]] = part / part.sum(axis=1, keepdims=True)
    texts = ["", *(_all_texts(len(letters)))]
    assert float(np.exp(ink_of(texts, [chances])).sum()) == pytest.approx(1.0, rel=0.01)


def _all_texts(most: int) -> list[str]:
    found, last = [], [""]
    for _ in range(most):
        last = [text + letter for text in last for letter in "ab"]
        found += last
    return found


@pytest.mark.parametrize("breadth", [WIDE, Breadth(symbols_most=6, beam_least=0.001, beams_most=200)])
def test_a_search_finds_what_one_that_drops_no_text_early_finds(breadth: Breadth) -> None:
    """What is left out before it is weighed could not have been kept."""
    priors: tuple[Prior, ...] = (model("text"), model("numbers"), OwnWords(model("names"), ["tranobex"]))
    for seed, prior in enumerate(priors * 4):
        chances = smeared("tranobex 4 knee pain 12 wks", np.random.default_rng(seed))
        found = search_texts(chances, prior, "for ", breadth.beams_most, breadth)
        assert found == plainly_found(chances, prior, "for ", breadth)
        assert len(found) > 1


def smeared(text: str, rng: np.random.Generator) -> Chances:
    """(steps, SIZE): ink in which each letter of a piece of `text` may be others, too, now and then for two steps."""
    first, steps = int(rng.integers(len(text) - 8)), list[NDArray[np.float64]]()
    for letter in text[first : first + 8]:
        step = rng.dirichlet(np.full(SIZE, 0.1)) * rng.uniform(0.05, 0.9)
        step[PLACE[letter]] += rng.uniform(0.05, 1.0)
        steps += [step] * int(rng.integers(1, 3)) + [np.eye(SIZE)[END]] * int(rng.integers(3))
    return np.array([step / step.sum() for step in steps], np.float32)


def plainly_found(chances: Chances, prior: Prior, before: str, breadth: Breadth) -> list[str]:
    """What search_texts is to find: every text of every step is weighed, and only then are the light ones dropped."""

    @cache
    def share(text: str) -> float:
        logs = [float(prior.row(before + text[:at])[PLACE[letter]]) for at, letter in enumerate(text)]
        return math.exp(prior.weight * (sum(logs) + LETTER_BONUS * len(text)))

    beams = {"": [1.0, 0.0]}  # the chances that the last step was blank, and that it was a letter
    for step in chances.tolist():
        found, likely = defaultdict[str, list[float]](lambda: [0.0, 0.0]), sorted(range(END), key=lambda at: -step[at])
        for (text, (off, on)), place in product(beams.items(), [END, *likely[: breadth.symbols_most]]):
            again, goes_on = place != END and text.endswith(CHARACTERS[place]), text + CHARACTERS[place : place + 1]
            if place == END:
                found[text][0] += (off + on) * step[END]
            elif step[place] >= breadth.symbol_least:
                found[text][1] += on * step[place] * again
                if goes_on != " " and not goes_on.endswith("  "):
                    found[goes_on][1] += (off + on * (not again)) * step[place]
        weights = {text: sum(both) * share(text) for text, both in found.items()}
        heavy = sorted(weights, key=weights.__getitem__, reverse=True)[: breadth.beams_most]
        beams = {text: found[text] for text in heavy if weights[text] >= breadth.beam_least * weights[heavy[0]]}
    ends = {text: math.exp(prior.weight * float(prior.row(before + text)[END])) for text in beams}
    ranked = sorted(beams, key=lambda text: sum(beams[text]) * share(text) * ends[text], reverse=True)
    return list(dict.fromkeys(text.strip() for text in ranked))


def test_two_views_of_a_line_count_alike() -> None:
    """What one view misses the other may show."""
    first, second = seen({"a": 0.6, "o": 0.4}), seen({"a": 0.1, "o": 0.9})
    assert rescore(["a", "o"], [first], Flat())[0].text == "a"
    assert rescore(["a", "o"], [first, second], Flat())[0].text == "o"


def test_the_line_before_counts() -> None:
    """A diagnosis goes on in the second line."""
    chances = seen(*sure("pai"), {"m": 0.5, "n": 0.45})
    assert search_texts(chances, model("text"), "chronic low back ")[0] == "pain"


def test_capitals_come_from_the_ink() -> None:
    """TKA is no tka; the model of language knows neither."""
    symbols = "\0TtKka"
    probabilities = np.zeros((6, 6), np.float32)
    probabilities[[0, 2, 4], [1, 4, 5]] = 0.9
    probabilities[[0, 2], [2, 3]] = 0.1
    probabilities[[1, 3, 5], 0] = 1.0
    text, chances = restore_symbols(["tka"], symbols, probabilities, probabilities @ folding_matrix(symbols))[0]
    assert text == "Tka"
    assert chances == pytest.approx((1.0, 1.0, 0.9), abs=1e-6)


def test_a_word_of_ones_own_is_found_in_unclear_ink() -> None:
    """A drug's name is no English; whoever adds it wants it read."""
    chances = seen(*sure("tr"), {"o": 0.6, "a": 0.25}, *sure("nobex"))
    plain, own = model("text"), OwnWords(model("text"), ["tranobex", "Quillfeather"])
    assert search_texts(chances, plain)[0] == "tronobex"
    assert search_texts(chances, own)[0] == "tranobex"


@given(st.text(CHARACTERS[:40], max_size=8))
def test_own_words_take_nothing_away(before: str) -> None:
    """A word that is not on the list stays nearly as likely as it was."""
    base, own = model("text").row(before), OwnWords(model("text"), ["meloxicam"]).row(before)
    if not before.endswith(("m", "me", "mel")):
        assert (own >= base - 0.06).all()
