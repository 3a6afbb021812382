"""A studio's own words: those that people add, and those that they confirmed in review; the reader expects both."""

import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ocr.language.fields import Languages
from schemas.atomic_write import replace_text_file
from schemas.errors import MachineError, UsageError
from schemas.export import MACHINE
from schemas.referral import Referral
from store.database import Store
from store.files import hold_lock, make_folder
from store.referrals.referrals import exported_referrals

ADDED, LEARNED, LOCK = "added.txt", "learned.txt", ".lock"  # hidden: it is not shared with readers elsewhere
# What a person has confirmed in these is learned. Patients' names are not: the next patient is somebody else.
LEARNED_FROM = ("diagnosis", "goals", "precautions", "other_condition", "other_service", "provider_name")
WORD = re.compile(r"[^\W\d_](?:[^\W_]|[-'’])*")  # noqa: RUF001
LETTERS_LEAST, LETTERS_MOST = 3, 40
_Stamp = tuple[int | None, int | None]
_NEVER: _Stamp = (None, None)


class WordBook:
    """The lists in one folder, a word a line; changes are seen by the next page that is read.

    Whoever changes a list, in whatever process, holds the folder's lock from the reading of it to the writing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._languages, self._seen = Languages(), _NEVER

    def languages(self) -> Languages:
        """What readers expect, these words included."""
        stamp = self._stamp()
        if stamp != self._seen:
            self._languages, self._seen = Languages(self.words(ADDED) | self.words(LEARNED)), stamp
        return self._languages

    def words(self, name: str) -> frozenset[str]:
        """One list; empty when there is none. Raises MachineError when it cannot be read."""
        try:
            return frozenset(self._path(name).read_text(encoding="utf-8").split())
        except FileNotFoundError:
            return frozenset()
        except OSError as error:
            raise MachineError(f"{name} cannot be read ({error.strerror}); check the data folder's rights.") from None

    def add(self, words: Iterable[str]) -> frozenset[str]:
        """Add words; those that were new. Raises UsageError for what is no word, and adds none then."""
        wanted = frozenset(_word(word) for word in words)
        with self._held(ADDED):
            known = self.words(ADDED)
            self._write(ADDED, known | wanted)
        return wanted - known

    def remove(self, words: Iterable[str]) -> None:
        """Take added words out again; raises UsageError for one that is not there."""
        unwanted = frozenset(words)
        with self._held(ADDED):
            there = self.words(ADDED)
            if missing := sorted(unwanted - there):
                raise UsageError(f"{missing[0]} is not among the {len(there)} added words: see `refpad words list`.")
            self._write(ADDED, there - unwanted)

    def learn(self, referral: Referral) -> None:
        """Learn the words of a referral that a person has confirmed."""
        with self._held(LEARNED):
            known = self.words(LEARNED)
            if fresh := frozenset(_words_of(referral)) - known:
                self._write(LEARNED, known | fresh)

    def learn_anew(self, store: Store) -> int:
        """Write the learned words anew, from all referrals that people have confirmed; how many there are."""
        with self._held(LEARNED):
            confirmed = (row.referral for row in exported_referrals(store) if row.accepted_by != MACHINE)
            learned = frozenset(word for referral in confirmed for word in _words_of(referral))
            self._write(LEARNED, learned)
        return len(learned)

    @contextmanager
    def _held(self, name: str) -> Iterator[None]:
        """Hold the folder's lock while the block changes the list `name`."""
        with ExitStack() as held:
            with _told(name):
                make_folder(self._folder)
                held.enter_context(hold_lock(self._path(LOCK)))
            yield

    def _write(self, name: str, words: frozenset[str]) -> None:
        with _told(name), replace_text_file(self._path(name), "utf-8") as file:
            file.writelines(f"{word}\n" for word in sorted(words))

    def _path(self, name: str) -> Path:
        return self._folder / name

    def _stamp(self) -> _Stamp:
        """Changes whenever a list does."""
        added, learned = (_changed_ns(self._path(name)) for name in (ADDED, LEARNED))
        return added, learned


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Raise as a MachineError that a list cannot be written."""
    try:
        yield
    except OSError as error:
        raise MachineError(f"{name} cannot be written ({error.strerror}); check the data folder's rights.") from None


def _changed_ns(path: Path) -> int | None:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return None


def _word(text: str) -> str:
    if not WORD.fullmatch(text) or not LETTERS_LEAST <= len(text) <= LETTERS_MOST:
        raise UsageError(f'"{text}" is no word of {LETTERS_LEAST} to {LETTERS_MOST} letters; add words one by one.')
    return text


def _words_of(referral: Referral) -> Iterable[str]:
    texts = (str(getattr(referral, name)) for name in LEARNED_FROM)
    return (word for text in texts for word in WORD.findall(text) if LETTERS_LEAST <= len(word) <= LETTERS_MOST)
