"""Words in print on a signature line to a verdict: a typed or stamped name, or a signature over one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ocr.signature.judge import SignatureMeasure
from schemas.reading import SignatureReading, SignatureState

# A name in print has three small shapes at least, blurred or not. Of real signatures 12 % have on scans and photos,
# half on coarse faxes; for these a reader of print is asked.
ASK_SHAPES = 3
# Words that it is sure of: clear printed names have 5 letters and more in them, none of 702 real signatures has.
WORD_SURE, WORD_LETTERS_LEAST, WORD_HEIGHT_MOST_MM = 0.7, 2, 5.6
# Turned level, a neat signature had a word of 5; nearly all names that were stamped or typed askew have 8 and more.
LETTERS_LEAST, LETTERS_TURNED_LEAST = 5, 7
# What programs print with who signed, a time of day too; a name in a script face beside it is their doing.
BY_A_PROGRAM = re.compile(r"sign|electron|digital|\d:\d\d|/s/", re.IGNORECASE)
TYPED_REASON = "a typed or stamped name"
UNREAD_REASON = "it may be a typed or stamped name, and the reader of print failed"
WORDS_MOST = 200  # characters kept


@dataclass(frozen=True)
class WordMeasure:
    """A word that was read as print: its text, the reader's confidence (0..1) and its height."""

    text: str
    confidence: float
    height_mm: float

    @property
    def letters(self) -> int:
        """Letters and digits, when the word is sure and as low as print; 0 otherwise."""
        count = sum(map(str.isalnum, self.text))
        return count if self.is_sure and count >= WORD_LETTERS_LEAST else 0

    @property
    def is_sure(self) -> bool:
        """Whether it was read for sure, and is as low as print."""
        return self.confidence >= WORD_SURE and self.height_mm <= WORD_HEIGHT_MOST_MM

    @property
    def is_by_a_program(self) -> bool:
        """Whether it is a word with which programs sign; one is enough."""
        return self.is_sure and bool(BY_A_PROGRAM.search(self.text))


def may_be_print(measure: SignatureMeasure) -> bool:
    """Whether a reader of print must be asked before the ink is called a signature."""
    return measure.small_shapes >= ASK_SHAPES


def printed_text(level: Sequence[Sequence[WordMeasure]], turned: Sequence[Sequence[WordMeasure]] = ()) -> str:
    """The sure words of the view that has most letters; empty when they are too few for print.

    `turned` are views of rows that ran askew; of these more letters are asked.
    """
    return max(_sure_words(level, LETTERS_LEAST), _sure_words(turned, LETTERS_TURNED_LEAST), key=len)


def _sure_words(views: Sequence[Sequence[WordMeasure]], least: int) -> str:
    best = max(views, key=lambda view: sum(word.letters for word in view), default=())
    if sum(word.letters for word in best) < least and not any(word.is_by_a_program for word in best):
        return ""
    return " ".join(word.text for word in best if word.letters or word.is_by_a_program)[:WORDS_MOST]


def judge_print(read: SignatureReading, rest: SignatureReading, words: str) -> SignatureReading:
    """The verdict where `words` are in print: `read` is of all the ink, `rest` of what lies beside them."""
    signed_over = read.value is rest.value is SignatureState.PRESENT and not BY_A_PROGRAM.search(words)
    if signed_over:
        return rest.model_copy(update={"words": words})
    return SignatureReading(value=SignatureState.TYPED, confidence=WORD_SURE, reason=TYPED_REASON, words=words)


def judge_unread(read: SignatureReading) -> SignatureReading:
    """The verdict when the reader of print failed: never a signature."""
    if read.value is not SignatureState.PRESENT:
        return read
    return SignatureReading(value=SignatureState.UNCERTAIN, confidence=0.5, reason=UNREAD_REASON)
