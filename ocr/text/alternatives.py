"""What else a field of words may say, for whoever has to decide.

The search for the likeliest text trusts the ink, and keeps texts that differ from it in a comma or a letter. Where a
person is asked, the right one may differ in more: so the search is made once more with the ink trusted less, in the
view that was looked at first; unknown words are exchanged for known ones that are like them; and changes at several
places are joined.
"""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import combinations
from operator import itemgetter
from typing import TypeAlias

import numpy as np

from ocr.language.alphabet import END
from ocr.language.beam_search import LETTER_BONUS, Breadth, search_texts
from ocr.language.lexicon import Lexicon
from ocr.language.ngrams import Prior
from ocr.language.rescore import CHANCE_LEAST, Chances, Guess, rescore
from ocr.text.line_decoder import LineReading
from ocr.text.meaning import without_end_pause

# Readers add up neighboring steps as if they knew nothing of each other, and are some three times too sure (see
# ocr.language.closed_list): the search has this root of their chances. Of 112 fields of words on 160 filled slips that
# were read wrong, 64 have the right text among the eight so, 41 had it among the two next to the likeliest;
# on simulated slips in other words 34 of 86, and 20.
SEARCH_ROOT, SEARCHED = 2.5, 12
# Roots leave no chance small, and all that is searched takes time: with less, a field takes 10 ms where it took 17, and
# as many of the 112 have the right text. A step that is surely blank is not looked at.
NARROW = Breadth(symbol_least=1e-2, symbols_most=6, beam_least=3e-3)
BLANK_SURE = 0.999
# What is offered first: by the ink, less this share of it, and by the language, less so many nats a word in no list.
RANK_ROOT, UNKNOWN_NATS = 1.6, 4.0
# So many changes are joined in pairs, and so many pairs are weighed.
CHANGES, PAIRS = 40, 30

# Of a field so much is offered: a digit picks one of nine, the text as it was read among them.
OFFERED_MOST = 8
TAIL_LETTERS = 3  # of a line that may be none

Change: TypeAlias = tuple[int, int, tuple[str, ...]]  # these words of the text, from and to, are those


def other_lines(
    lines: Sequence[LineReading], before: Sequence[str], prior: Prior, lexicon: Lexicon
) -> list[tuple[int, str]]:
    """What else a field may say, the likeliest first: the number of a line, and what that is instead; "" for no line.

    `before` is the folded text above each line. A line by itself may be the tail of a letter that belongs elsewhere.
    None ends in a comma, nor differs in that alone.
    """
    tails = [number for number, line in enumerate(lines) if len(lines) > 1 and len(line.value) <= TAIL_LETTERS]
    found = [(0.0, number, "") for number in tails]
    for number, (line, above) in enumerate(zip(lines, before, strict=True)):
        found += [(ahead, number, guess.text) for ahead, guess in other_texts(line, prior, lexicon, above)]
    found.sort(key=itemgetter(0), reverse=True)
    last = len(lines) - 1
    ended = ((number, without_end_pause(text) if number == last else text) for _, number, text in found)
    said = (last, without_end_pause(lines[last].best.text)) if lines else None
    return [other for other in dict.fromkeys(ended) if other != said][:OFFERED_MOST]


def other_texts(line: LineReading, prior: Prior, lexicon: Lexicon, before: str = "") -> list[tuple[float, Guess]]:
    """Other texts than the best, each with the nats by which it is ahead of that, or behind (< 0), the likeliest first.

    `before` is the folded text of the lines above. Ahead are texts that would be the best if the ink counted less.
    """
    best, views = line.best.text, [look.chances for look in line.looks]
    if not best:
        return []

    def weighed(texts: Sequence[str]) -> list[tuple[float, Guess]]:
        return [(_rank(guess, prior, lexicon), guess) for guess in rescore(texts, views, prior, before)]

    texts = dict.fromkeys(guess.text for guess in line.guesses)
    texts |= dict.fromkeys(search_texts(_flattened(views[0]), prior, before, SEARCHED, NARROW))
    texts |= dict.fromkeys(_with_known_words(best, lexicon))
    texts |= dict.fromkeys(change for text in list(texts) for change in _one_by_one(best, text))
    found = weighed(list(texts))
    joined = [text for text in _joined(best, found) if text not in texts]
    found += weighed(joined) if joined else []
    mine = _rank(line.best, prior, lexicon)
    ranked = sorted(((rank - mine, guess) for rank, guess in found), key=lambda one: one[0], reverse=True)
    return [(ahead, guess) for ahead, guess in ranked if guess.text not in ("", best)]


def _rank(guess: Guess, prior: Prior, lexicon: Lexicon) -> float:
    expected = prior.weight * (guess.language + LETTER_BONUS * len(guess.text))
    return guess.ink / RANK_ROOT + expected - UNKNOWN_NATS * len(lexicon.unknown(guess.text))


def _flattened(chances: Chances) -> Chances:
    """The chances with the reader's certainty taken back, but for steps that are surely blank; rows sum to 1."""
    roots = np.maximum(chances, CHANCE_LEAST) ** (1 / SEARCH_ROOT)
    roots[chances[:, END] >= BLANK_SURE, :END] = 0
    return np.asarray(roots / roots.sum(axis=1, keepdims=True), np.float32)


def _with_known_words(text: str, lexicon: Lexicon) -> Iterator[str]:
    for word in lexicon.unknown(text):
        yield from (text.replace(word, near) for near in lexicon.like(word))


def _changes(best: str, other: str) -> list[Change]:
    mine, its = best.split(" "), other.split(" ")
    blocks = SequenceMatcher(None, mine, its, autojunk=False).get_opcodes()
    return [(start, end, tuple(its[left:right])) for tag, start, end, left, right in blocks if tag != "equal"]


def _changed(best: str, changes: Sequence[Change]) -> str:
    words = best.split(" ")
    for start, end, new in sorted(changes, reverse=True):
        words[start:end] = new
    return " ".join(filter(None, words))


def _one_by_one(best: str, other: str) -> Iterator[str]:
    """Each change by itself, where there are several."""
    changes = _changes(best, other)
    if len(changes) > 1:
        yield from (_changed(best, [change]) for change in changes)


def _joined(best: str, found: Sequence[tuple[float, Guess]]) -> list[str]:
    """The likeliest texts with two of the likeliest changes."""
    ranked = sorted(((rank, _changes(best, guess.text)) for rank, guess in found), key=lambda one: one[0], reverse=True)
    single = [(rank, changes[0]) for rank, changes in ranked if len(changes) == 1][:CHANGES]
    pairs = [
        (one_rank + other_rank, _changed(best, [one, other]))
        for (one_rank, one), (other_rank, other) in combinations(single, 2)
        if (one[1] <= other[0] or other[1] <= one[0]) and one[:2] != other[:2]
    ]
    pairs.sort(key=lambda one: one[0], reverse=True)
    return list(dict.fromkeys(text for _, text in pairs))[:PAIRS]
