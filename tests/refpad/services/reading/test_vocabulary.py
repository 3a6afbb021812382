"""A studio's own words: those added by hand and those learned from what people confirmed."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from refpad.services.reading.vocabulary import ADDED, LEARNED, WordBook
from schemas.errors import MachineError, UsageError
from schemas.referral import Accepted, Referral
from tests.schemas.examples import draft, text, verdict


@pytest.fixture
def book(tmp_path: Path) -> WordBook:
    return WordBook(tmp_path / "words")


def _confirmed(**changes: str) -> Referral:
    accepted = verdict(draft(**{name: text(value) for name, value in changes.items()}))
    assert isinstance(accepted, Accepted)
    return accepted.referral


def test_a_word_is_added_once(book: WordBook) -> None:
    """New words are told from known ones, and both are there after a restart."""
    assert book.add(["Gonstead", "Gonstead", "nortriptyline"]) == {"Gonstead", "nortriptyline"}
    assert book.add(["Gonstead", "O'Brien"]) == {"O'Brien"}
    assert book.words(ADDED) == {"Gonstead", "nortriptyline", "O'Brien"}


@pytest.mark.parametrize("text", ["", "ab", "two words", "12345", "3rd", "x" * 41, "a\nb c"])
def test_one_thing_that_is_no_word_adds_none_of_them(book: WordBook, text: str) -> None:
    """Half of a list would be added otherwise, and nobody would know which half."""
    with pytest.raises(UsageError, match="no word of 3 to 40 letters"):
        book.add(["Gonstead", text])
    assert book.words(ADDED) == frozenset()


def test_a_word_that_is_not_there_cannot_be_removed(book: WordBook) -> None:
    """A misspelled word is named, and the others stay."""
    book.add(["Gonstead", "Ossur"])
    with pytest.raises(UsageError, match="Gonsted is not among the 2 added words"):
        book.remove(["Ossur", "Gonsted"])
    book.remove(["Ossur"])
    assert book.words(ADDED) == {"Gonstead"}


def test_no_name_of_a_patient_is_learned(book: WordBook) -> None:
    """The next patient is somebody else, and a list of words is no place for names."""
    book.learn(_confirmed(patient_name="Quillon Xavierson", diagnosis="tendinopathy R knee 9/14"))
    learned = book.words(LEARNED)
    assert "tendinopathy" in learned
    assert not learned & {"Quillon", "Xavierson"}
    assert not [word for word in learned if len(word) < 3 or word[0].isdigit()]


def test_the_reader_expects_a_new_word_at_once(book: WordBook) -> None:
    """Whoever adds a word does so for the slip that lies before them."""
    before = book.languages()
    assert book.languages() is before
    book.add(["Gonstead"])
    assert book.languages() is not before


def _add(book: WordBook, words: Sequence[str]) -> None:
    for word in words:
        book.add([word])


def _remove(book: WordBook, words: Sequence[str]) -> None:
    for word in words:
        book.remove([word])


def _learn(book: WordBook, words: Sequence[str]) -> None:
    for word in words:
        book.learn(_confirmed(diagnosis=word))


def _at_once(folder: Path, *changes: tuple[Callable[[WordBook, Sequence[str]], None], Sequence[str]]) -> None:
    """Each change by a book of its own, as commands and the front desk have theirs."""
    with ThreadPoolExecutor(len(changes)) as pool:
        for done in [pool.submit(change, WordBook(folder), words) for change, words in changes]:
            done.result()


def test_words_that_are_added_and_removed_at_once_are_all_kept(tmp_path: Path) -> None:
    """`refpad words add` runs beside another: whoever writes last must not undo what came since they looked."""
    ours, theirs, old = ([f"{name}{n:02}" for n in range(20)] for name in ("ours", "theirs", "old"))
    book = WordBook(tmp_path / "words")
    book.add(old)
    _at_once(tmp_path / "words", (_add, ours), (_add, theirs), (_remove, old))
    assert book.words(ADDED) == {*ours, *theirs}


def test_words_that_are_learned_at_once_are_all_kept(tmp_path: Path) -> None:
    """`refpad review accept` in a terminal and the front desk learn from two slips in the same moment."""
    ours, theirs = ([f"{name}{n:02}" for n in range(20)] for name in ("ours", "theirs"))
    _at_once(tmp_path / "words", (_learn, ours), (_learn, theirs))
    assert {*ours, *theirs} <= WordBook(tmp_path / "words").words(LEARNED)


@pytest.mark.parametrize("in_the_way", ["words", "words/added.txt"])
def test_a_list_that_cannot_be_read_is_a_sentence(in_the_way: str, tmp_path: Path) -> None:
    """Nor written. The message names the list and the remedy; a traceback would name neither."""
    path = tmp_path / in_the_way
    if path.suffix:
        path.mkdir(parents=True)
    else:
        path.write_text("a file where the folder should be")
    with pytest.raises(MachineError, match=r"added\.txt cannot be \w+ \([^)]+\); check the data folder's rights\."):
        WordBook(tmp_path / "words").add(["Gonstead"])
