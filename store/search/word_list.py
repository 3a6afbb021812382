"""Words in the order in which they came, kept as a few long texts: these are searched for a piece ten times as fast."""

import re
from collections.abc import Iterator
from itertools import chain, islice

END = "\n"  # of each word; none holds one
A_TEXT = 10_000  # words; those that came since the last are looked at one by one, in half a millisecond


class WordList:
    """The words of one kind."""

    def __init__(self) -> None:
        self._texts: list[str] = []  # each begins with an end, too
        self._since: list[str] = []

    def __iter__(self) -> Iterator[str]:
        """All of them, oldest first."""
        return chain(*(text[1:-1].split(END) for text in self._texts), list(self._since))

    def add(self, word: str) -> None:
        """Take in a word that is not among them yet."""
        self._since.append(word)
        if len(self._since) == A_TEXT:
            self._texts.append(f"{END}{END.join(self._since)}{END}")
            self._since = []

    def beginning(self, piece: str, most: int | None = None) -> list[str]:
        """The newest `most` words that begin so, or all."""
        since = (word for word in reversed(self._since) if word.startswith(piece))
        return list(islice(chain(since, self._within_texts(END + piece)), most))

    def holding(self, piece: str, most: int | None = None) -> list[str]:
        """The newest `most` words with this piece in them, or all."""
        since = (word for word in reversed(self._since) if piece in word)
        return list(islice(chain(since, self._within_texts(piece)), most))

    def ending(self, pattern: str) -> list[str]:
        """The words whose end is like a regular expression."""
        end = re.compile(f"(?:{pattern}){END}")
        within = (_word(text, found.start()) for text in self._texts for found in end.finditer(text))
        return [*within, *(word for word in self._since if end.search(word + END))]

    def _within_texts(self, piece: str) -> Iterator[str]:
        for text in reversed(self._texts):
            before = len(text)
            while (at := text.rfind(piece, 0, before)) >= 0:
                word = _word(text, at + piece.startswith(END))
                before = text.rfind(END, 0, at + 1) + 1
                yield word


def _word(text: str, at: int) -> str:
    """The word in which a place lies."""
    return text[text.rfind(END, 0, at) + 1 : text.index(END, at)]
