"""Signs that carry a value: "HR < 120" is not "HR 120". One that may be dropped, added or another leaves a doubt.

What people write expects few signs, so that the search for the likeliest text keeps hardly a rival with one.
"""

import re
from collections.abc import Iterator

import numpy as np

from ocr.language.alphabet import DIGITS, PLACE
from ocr.language.letter_edits import Edit, Floats
from ocr.language.ngrams import Prior
from ocr.language.rescore import language_of
from ocr.text.line_decoder import LineReading

# A text with another sign must be so far behind by the ink, in nats.
BEHIND_LEAST = 5.0
# A sign in the place of a letter or digit is absurd that is so far behind by ink and language together: nobody reads
# "walk / mile" for "walk 1 mile"; and so is the loss of one that stands there, if the ink shows it by so much. By the
# ink alone 20 of 308 right phrases on slips with a sign in nearly every phrase were doubted, now 13 (decision 66).
ABSURD, SHOWN = 7.0, 2.5
# A point or a stroke between two digits, which any speck may be, so much nearer.
IN_NUMBER = 2.0
# Before a number a sign that compares is missed where it is so much likelier than a digit, in nats: of 385 phrases
# without one it is in 3, of 18 that lost theirs in 13.
EXPECTED_MOST = 0.0
COMPARE = "<>"
_SHORT, _LETTER = r"\b[a-z]{1,2}", r"\b[a-z]"
# Where each sign may have been missed: what stands before it, and behind it.
_MISSED: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (signs, re.compile(f"(?:{before})$"), re.compile(behind))
    for signs, before, behind in (
        ("<>=", r"[a-z)] ?", r" ?\d"),
        ("<>", rf"{_SHORT} ", rf"{_SHORT}\b"),
        ("+", r"\d", r"\D|$"),
        ("+", r"^| ", r"\w"),
        ("+/&", _LETTER, rf"{_LETTER[2:]}\b"),
        ("-.", r"^|[ \d]", r"\d"),
        ("/", r"\d", r"\d"),
        ("&", r"\w ", r"\w"),
        ("%#", r"\d", r" |$"),
        ("x", r" |\d ?", r"\d"),
        ("x", r"\d", r"[ /]|$"),
    )
)
# Signs that may be none, and what may be a sign: another sign, or a letter or digit beside no letter.
_STANDS = re.compile(r"[<>=+%&#]|(?<=\d)/|/(?=\d)|[-.](?=\d)|(?<![a-z])x(?= ?\d)|(?<=\d)x(?![a-z])")
_MAY_BE = re.compile(r"[<>=+%&#]|[-./](?=\d)|(?<![a-z])[a-z\d](?![a-z])")
_OTHERS = "<>=+-/%&#"
# A sign that compares stands before a number, or before a word and then a number; or between two sides ("R > L").
_COMPARED = re.compile(r"\W*(?:\w+\W+)?\d|\W*[a-z]{1,2}\b")
_SIGNS = _OTHERS + ".x"
_PLACES = [PLACE[sign] for sign in _SIGNS]
_COMPARES, _DIGITS = re.compile(f"[{COMPARE}]"), [PLACE[digit] for digit in DIGITS]
_NUMBER_BEHIND_WORD = re.compile(r"(?<=[a-z\d][a-z\d] )(?<!\d\d )\d")


def near_sign(line: LineReading, prior: Prior, before: str = "") -> str | None:
    """The folded text with another sign that the line may say as well; `before` is the text above, which it continues.

    None when there is none so near.
    """
    text = line.best.text
    if not text:
        return None
    sensible = (edit for edit in _near_edits(line) if not _is_absurd(edit, line, prior, before))
    nearest = max(sensible, key=lambda edit: edit.ink, default=None)
    return nearest.text if nearest else _expected(text, prior, before)


def _is_absurd(edit: Edit, line: LineReading, prior: Prior, before: str) -> bool:
    """Whether the language speaks against the edit as nobody would read it; a sign that was missed it never expects."""
    text, behind = line.best.text, line.best.ink - edit.ink
    is_lost, is_missed = len(edit.text) < len(text), len(edit.text) > len(text)
    changed = next((one for one, other in zip(text, edit.text, strict=False) if one != other), "")
    if is_missed or (is_lost and behind < SHOWN) or not (is_lost or changed.isalnum()):
        return False
    unexpected = language_of(text, prior, before) - language_of(edit.text, prior, before)
    return behind + prior.weight * unexpected >= ABSURD


def _near_edits(line: LineReading) -> Iterator[Edit]:
    text, (replaced, added), least = line.best.text, line.edited, line.best.ink - BEHIND_LEAST
    for at, sign, ink in _near(added, least):
        within = text[at - 1 : at].isdigit() and text[at : at + 1].isdigit()
        if sign in _missed(text[:at], text[at:]) and not (within and ink - IN_NUMBER < least):
            yield Edit(text[:at] + sign + text[at:], ink)
    may_be = {found.start() for found in _MAY_BE.finditer(text)}
    for at, sign, ink in _near(replaced, least):
        if sign in COMPARE and not _COMPARED.match(text[at + 1 :]):
            continue
        if at in may_be and sign in _OTHERS and sign not in text[max(at - 1, 0) : at + 2]:
            yield Edit(text[:at] + sign + text[at + 1 :], ink)
    yield from _digits_read_as_signs(text, replaced, line.best.ink)
    without = [text[: found.start()] + text[found.end() :] for found in _STANDS.finditer(text)]
    yield from (Edit(one, ink) for one, ink in zip(without, line.inks_of(without), strict=True) if ink > least)


def _digits_read_as_signs(text: str, replaced: Floats, ink: float) -> Iterator[Edit]:
    """The text with the digit that the ink shows where the language made a sign of it ("pain < of 9")."""
    for at in (found.start() for found in _COMPARES.finditer(text)):
        digits = replaced[at, _DIGITS]
        if digits.max() > ink:
            yield Edit(text[:at] + DIGITS[int(digits.argmax())] + text[at + 1 :], float(digits.max()))


def _near(inks: Floats, least: float) -> Iterator[tuple[int, str, float]]:
    """The places and signs of `inks` (places, characters) above `least`, and their inks."""
    shown = inks[:, _PLACES]
    for at, number in np.argwhere(shown > least).tolist():
        yield at, _SIGNS[number], float(shown[at, number])


def _missed(left: str, right: str) -> str:
    return "".join(signs for signs, before, behind in _MISSED if before.search(left) and behind.match(right))


def _expected(text: str, prior: Prior, before: str) -> str | None:
    """The text with a sign that compares before a number, where people write one; None where they do not."""
    for found in _NUMBER_BEHIND_WORD.finditer(text):
        row = prior.row(before + text[: found.start()])
        sign = max(COMPARE, key=lambda sign: row[PLACE[sign]])
        digits = float(np.logaddexp.reduce([row[PLACE[digit]] for digit in DIGITS]))
        if float(row[PLACE[sign]]) - digits > EXPECTED_MOST:
            return f"{text[: found.start()]}{sign} {text[found.start() :]}"
    return None
