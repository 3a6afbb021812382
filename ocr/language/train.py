"""Lines of text to a language model: count, weigh, prune, pack. Used when models are made, not when they are read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np

from ocr.language.alphabet import END, PLACE, fold
from ocr.language.context_index import key_of
from ocr.language.ngrams import START, PackedNGrams, in_bytes

_END = "$"  # never in a folded text

Follows = dict[str, dict[str, float]]  # context: what came next, how often


def counts(lines: Iterable[str], order: int = 6) -> Follows:
    """How often each character follows each context of up to `order` - 1 characters."""
    found: Follows = defaultdict(lambda: defaultdict(float))
    for line in lines:
        text = f"{START}{fold(line)}{_END}"
        for at in range(1, len(text)):
            for length in range(min(order, at + 1)):
                found[text[at - length : at]][text[at]] += 1
    return found


def mix_counts(parts: Mapping[str, tuple[float, Follows]], size: float) -> Follows:
    """All parts added up as if the text were `size` characters long, each part its share of it."""
    whole: Follows = defaultdict(lambda: defaultdict(float))
    for weight, part in parts.values():
        scale = weight * size / sum(part[""].values())
        for context, follows in part.items():
            row = whole[context]
            for character, count in follows.items():
                row[character] += scale * count
    return whole


def pack(follows: Follows, least: float) -> PackedNGrams:
    """The model of `follows`; contexts seen less than `least` times are left to shorter ones."""
    kept = {context for context, row in follows.items() if not context or sum(row.values()) >= least}
    contexts = sorted((text for text in kept if all(text[cut:] in kept for cut in range(len(text)))), key=_by_length)
    own, starts, places, shares = [], [0], [], []
    for context in contexts:
        row = follows[context]
        total, kinds = sum(row.values()), len(row)
        own.append(kinds / (total + kinds))
        places += [END if character == _END else PLACE[character] for character in row]
        shares += [count / (total + kinds) for count in row.values()]
        starts.append(len(places))
    return PackedNGrams(
        np.array([key_of(context) for context in contexts], np.uint64),
        in_bytes(np.array(own)),
        np.array(starts, np.int32),
        np.array(places, np.uint8),
        in_bytes(np.array(shares)),
    )


def _by_length(context: str) -> tuple[int, str]:
    return len(context), context
