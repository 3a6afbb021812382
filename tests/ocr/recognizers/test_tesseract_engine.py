"""Tesseract's table: words with their places, page by page, and nothing that it only puts around them."""

from ocr.recognizers.tesseract_engine import TableWord, words_of

HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
PAGE = "1\t2\t0\t0\t0\t0\t0\t0\t220\t60\t-1\t\n"
WORD = "5\t2\t1\t1\t1\t1\t12\t9\t70\t31\t96.583221\tknee\n"
BLANK = "5\t2\t1\t1\t1\t2\t90\t9\t70\t31\t95.0\t \n"
QUOTE = '5\t3\t1\t1\t1\t1\t1\t2\t3\t4\t-2\t"left\n'


def test_each_page_has_its_words() -> None:
    """A picture on which nothing was read must not get the next one's words."""
    first, second, third = words_of(HEAD + PAGE + WORD + BLANK + QUOTE, 3)
    assert first == []
    assert second == [TableWord("knee", 96.583221, 12, 9, 70, 31)]
    assert third == [TableWord('"left', 0.0, 1, 2, 3, 4)]


def test_a_table_without_head_or_words_is_read_too() -> None:
    """The library writes no head; of white paper there is nothing to tell."""
    assert words_of("") == [[]]
    assert words_of(WORD.replace("5\t2", "5\t1")) == [[TableWord("knee", 96.583221, 12, 9, 70, 31)]]
