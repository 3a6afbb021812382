"""All texts one edit away, scored together: the same figures as one by one."""

import numpy as np
import pytest

from ocr.language.alphabet import END, SIZE
from ocr.language.letter_edits import best_edits, best_sign_edits
from ocr.language.rescore import ink_of

ALL = 10_000


@pytest.mark.parametrize("text", ["a. bell, md", "ann", "o'hara-lee", "a"])
def test_texts_scored_together_score_as_one_by_one(text: str) -> None:
    """A shared sum that is off by a path would let a stranger's letter pass unseen."""
    rng = np.random.default_rng(7)
    views = [rng.dirichlet(np.full(SIZE, 0.05), steps).astype(np.float32) for steps in (60, 75)]
    letters, signs = best_edits(text, views, ALL)
    edits = [*letters, *signs]
    alone = np.mean(ink_of([edit.text for edit in edits], views), axis=0)
    np.testing.assert_allclose([edit.ink for edit in edits], alone, atol=1e-6)


def test_each_letter_may_be_another_one_lost_or_doubled() -> None:
    """And each sign; a space is none of both, since a lost one makes no other name."""
    blank = np.full((20, SIZE), 1e-3, np.float32)
    blank[:, END] = 1.0
    letters, signs = ({edit.text for edit in edits} for edits in best_edits("jo lee, md", [blank], ALL))
    assert {"jo let, md", "jo le, md", "jo leee, md", "jon lee, md", "ja lee, md"} <= letters
    assert {"jo lee md", "jo lee. md", "jo. lee, md", "jo lee, md."} <= signs
    assert not {"jolee, md", "jo le e, md"} & (letters | signs)


@pytest.mark.parametrize("text", ["a. bell, md", "no lifting; ice", "o'hara-lee", "a"])
def test_texts_with_another_sign_score_as_one_by_one(text: str) -> None:
    """What speaks for a comma must not depend on how many others were weighed with it."""
    rng = np.random.default_rng(8)
    views = [rng.dirichlet(np.full(SIZE, 0.05), steps).astype(np.float32) for steps in (60, 75)]
    edits = best_sign_edits(text, views, ALL)
    alone = np.mean(ink_of([edit.text for edit in edits], views), axis=0)
    np.testing.assert_allclose([edit.ink for edit in edits], alone, atol=1e-6)


def test_a_sign_may_be_another_one_or_none_or_was_missed() -> None:
    """Behind a word, an apostrophe within one; letters stay as they are."""
    blank = np.full((20, SIZE), 1e-3, np.float32)
    blank[:, END] = 1.0
    texts = {edit.text for edit in best_sign_edits("ohara, md", [blank], ALL)}
    assert {"ohara md", "ohara. md", "ohara; md", "ohara, md.", "o'hara, md"} <= texts
    assert {"".join(filter(str.isalnum, text)) for text in texts} == {"oharamd"}
