"""Which of many contexts a text ends in: a table of 8 bytes a context, where a dictionary takes 140."""

from array import array
from bisect import bisect_left
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
LONGEST_MOST = 8  # characters: as many bytes as one number has
FOUND_MOST = 16_384  # of so many endings of texts the answer is kept: some 3 MB a model
_LEAST = np.array([256**length for length in range(LONGEST_MOST)], np.uint64)  # the least key of each length but 0


def key_of(context: str) -> int:
    """The bytes of an ASCII text of LONGEST_MOST characters at most as one number: longer ones are larger."""
    return int.from_bytes(context.encode("ascii"), "big")


def lengths_of(keys: Keys) -> NDArray[np.intp]:
    """How many characters each context has."""
    return np.searchsorted(_LEAST, keys, side="right")


class ContextIndex:
    """The numbers of contexts, by their `keys` in ascending order: the empty one, then by length and characters."""

    def __init__(self, keys: Keys) -> None:
        self.longest = int(lengths_of(keys[-1:])[0])
        self._keys = array("Q", keys.tobytes())
        self._kept = lru_cache(FOUND_MOST)(self._find)

    def number(self, ending: str) -> int:
        """The number of the longest context that `ending`, no longer than `longest`, ends in."""
        return self._kept(ending)

    def _find(self, ending: str) -> int:
        keys = self._keys
        while True:
            at = bisect_left(keys, key := key_of(ending))
            if at < len(keys) and keys[at] == key:
                return at
            ending = ending[1:]


def numbers_of_shorter(keys: Keys) -> NDArray[np.intp]:
    """(contexts,): for each context the number of that without its first character; the empty one's is itself."""
    kept = np.maximum(lengths_of(keys), 1).astype(np.uint64) - np.uint64(1)
    return np.searchsorted(keys, keys & ((np.uint64(1) << (np.uint64(8) * kept)) - np.uint64(1)))
