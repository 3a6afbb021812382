"""How well a text fits the ink beside all texts that differ from it in one letter or one sign.

What all texts with one edit at one place have in common is summed once, from both ends of the line, as the gradients
of CTC are (Graves et al. 2006, eq. 5 to 11): some 900 texts cost as much as a few.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ocr.language.alphabet import END, LETTERS, OTHER, PLACE
from ocr.language.rescore import CHANCE_LEAST, Chances, ink_of

Floats = NDArray[np.float64]
# The logarithms of the probabilities of a text with another character at each place, (L, END), and with one more before
# each place or at its end, (L + 1, END).
EditInks: TypeAlias = tuple[Floats, Floats]

SIGNS = ",.'-"
# What may stand between words and be taken for another such sign, or be missed behind a word.
PAUSES = ",.;:"
_TINY = 1e-300


@dataclass(frozen=True)
class Edit:
    """A text one edit away, and the logarithm of its probability by the ink, the mean over all views."""

    text: str
    ink: float


def edit_inks(text: str, views: Sequence[Chances]) -> EditInks:
    """How well each text with another character, or one more, fits the ink: the mean over all views."""
    replaced, added = (
        np.mean(several, axis=0) for several in zip(*(_edit_inks(text, view) for view in views), strict=True)
    )
    return replaced, added


def best_edits(
    text: str, views: Sequence[Chances], most: int, edited: EditInks | None = None
) -> tuple[list[Edit], list[Edit]]:
    """The likeliest texts that differ from the folded `text` in one letter, and in one sign; at most so many of each.

    A space more or less is no edit: it makes no other name. `edited` is from `edit_inks`, where that is known already.
    """
    replaced, added = edited or edit_inks(text, views)
    without = [text[:at] + text[at + 1 :] for at in range(len(text))]
    lost = np.mean(ink_of(without, views), axis=0)
    letters, signs = list[Edit](), list[Edit]()
    for at, character in enumerate(text):
        if character != " ":
            (letters if character.isalnum() else signs).append(Edit(without[at], float(lost[at])))
    for other, ink, is_letter in (*_replaced(text, replaced), *_added(text, added)):
        (letters if is_letter else signs).append(Edit(other, ink))
    return _likeliest(letters, most), _likeliest(signs, most)


def best_sign_edits(text: str, views: Sequence[Chances], most: int, edited: EditInks | None = None) -> list[Edit]:
    """The likeliest texts that differ from the folded `text` in one sign that is another, none, or was missed.

    Commas, points and colons are missed behind words, apostrophes within them. `edited` is as for `best_edits`.
    """
    replaced, added = edited or edit_inks(text, views)
    signs = [at for at, character in enumerate(text) if not character.isalnum() and character != " "]
    without = [text[:at] + text[at + 1 :] for at in signs]
    lost = np.mean(ink_of(without, views), axis=0) if without else ()
    edits = [Edit(one, float(ink)) for one, ink in zip(without, lost, strict=True)]
    for at in signs:
        others = (PAUSES + "'-").replace(text[at], "") if text[at] in PAUSES + "'-" else ""
        edits += [Edit(text[:at] + sign + text[at + 1 :], float(replaced[at, PLACE[sign]])) for sign in others]
    for at in range(1, len(text) + 1):
        missed = _missed_signs(text[at - 1], text[at : at + 1])
        edits += [Edit(text[:at] + sign + text[at:], float(added[at, PLACE[sign]])) for sign in missed]
    return _likeliest(edits, most)


def _missed_signs(before: str, follows: str) -> str:
    if before.isalpha() and follows.isalpha():
        return "'"
    return PAUSES if before.isalnum() and not follows.isalnum() else ""


def _likeliest(edits: Sequence[Edit], most: int) -> list[Edit]:
    return sorted(edits, key=lambda edit: -edit.ink)[:most]


def _replaced(text: str, inks: Floats) -> Iterator[tuple[str, float, bool]]:
    for at, character in enumerate(text):
        for other in LETTERS if character.isalpha() else SIGNS if character in SIGNS else "":
            if other != character:
                yield text[:at] + other + text[at + 1 :], float(inks[at, PLACE[other]]), character.isalpha()


def _added(text: str, inks: Floats) -> Iterator[tuple[str, float, bool]]:
    """A letter anywhere; a comma or a point behind a word."""
    for at in range(len(text) + 1):
        ends_word = text[at - 1 : at].isalnum() and not text[at : at + 1].isalnum()
        for other in LETTERS + (",." if ends_word else ""):
            yield text[:at] + other + text[at:], float(inks[at, PLACE[other]]), other.isalpha()


def _edit_inks(text: str, view: Chances) -> EditInks:
    """Over all steps at which a new letter may stand: in the place of each letter, and before each and at the end."""
    steps = np.maximum(view, CHANCE_LEAST).astype(np.float64)
    places = np.array([PLACE.get(character, PLACE[OTHER]) for character in text], np.intp)
    before, after, scales = _sums(places, steps)
    standing, total = _new_letters(places, before, after, steps[:, :END] / scales[:, None])
    for last in (len(text) - 1, -1):  # the new letter may be the last
        total[last] += standing[last]
    inks = np.log(scales).sum() + np.log(np.maximum(total, _TINY))
    return inks[: len(text)], inks[len(text) :]


def _new_letters(places: NDArray[np.intp], before: Floats, after: Floats, chances: Floats) -> tuple[Floats, Floats]:
    """All ways on which a new letter stands at the last step, and on which it stood, and the text went on behind it.

    (L + L + 1, END) each: in the place of each letter, then before each letter and at the end; `before` and `after` are
    from `_sums`, `chances` (steps, END) scaled as they are. A letter equal to the one beside it is parted from that by
    a blank.
    """
    count = len(places)
    into, out_of = np.r_[:count, : count + 1], np.r_[1 : count + 1, : count + 1]
    blank_in, blank_out = before[:-1, 0::2].copy(), after[1:, 0::2]
    blank_in[0, 0] = 1.0
    any_in = (blank_in + np.pad(before[:-1, 1::2], ((0, 0), (1, 0))))[:, into, None]
    any_out = (blank_out + np.pad(after[1:, 1::2], ((0, 0), (0, 1))))[:, out_of, None]
    same_in, blank_in = _same_letters(places[into - 1], into > 0, blank_in[:, into])
    same_out, blank_out = _same_letters(places[np.minimum(out_of, count - 1)], out_of < count, blank_out[:, out_of])
    standing, ways, total = np.zeros((3, len(into), END))
    flat, flat_ways = standing.reshape(-1), ways.reshape(-1)
    for step, entering, by_blank, leaving, through_blank in zip(
        chances, any_in, blank_in, any_out, blank_out, strict=True
    ):
        parted = flat[same_in] + by_blank
        standing += entering
        flat[same_in] = parted
        standing *= step
        np.multiply(standing, leaving, out=ways)
        flat_ways[same_out] = flat[same_out] * through_blank
        total += ways
    return standing, total


def _same_letters(
    beside: NDArray[np.intp], is_letter: NDArray[np.bool_], by_blank: Floats
) -> tuple[NDArray[np.intp], Floats]:
    """Where a new letter is the one `beside` it, counted through rows of END, and the ways by a blank there."""
    rows = np.flatnonzero(is_letter)
    return rows * END + beside[rows], by_blank[:, rows]


def _sums(places: NDArray[np.intp], steps: Floats) -> tuple[Floats, Floats, Floats]:
    """All ways to each state before each step, and on from it; (steps + 1, states) each, and the steps' scales.

    States are blanks and letters by turns. Row n of the first is what was reached by step n - 1, row n of the second
    what follows if the state is that of step n; each product of both is a share of all ways.
    """
    states = 2 * len(places) + 1
    labels = np.full(states, END, np.intp)
    labels[1::2] = places
    skips = np.zeros(states)  # 1 where a letter may follow the one before without a blank
    skips[3::2] = places[1:] != places[:-1]
    skips_on = np.append(skips[2:], [0.0, 0.0])
    seen, scales = steps[:, labels], np.ones(len(steps))
    before, after = np.zeros((2, len(steps) + 1, states + 2))  # two states beyond either end
    reached = np.zeros(states)
    reached[:2] = 1.0
    for number, (step, now) in enumerate(zip(seen, before[1:], strict=True)):
        reached *= step
        scales[number] = scale = max(np.add.reduce(reached), _TINY)
        np.divide(reached, scale, out=now[2:])
        np.add(now[2:], now[1:-1], out=reached)
        reached += now[:-2] * skips
    follows = np.zeros(states)
    follows[-2:] = 1.0
    for step, scale, now in zip(seen[::-1], scales[::-1], after[-2::-1], strict=True):
        follows *= step
        np.divide(follows, scale, out=now[:-2])
        np.add(now[:-2], now[1:-1], out=follows)
        follows += now[2:] * skips_on
    return before[:, 2:], after[:, :-2], scales
