"""Settling a slip word by word, on both databases."""

from pathlib import Path

import pytest

from schemas.errors import UsageError
from schemas.reading import Finding, MarkState, SlipReading
from schemas.reasons import FindingCode
from store.database import Store
from store.review import editing, history, settle
from store.review.corrections import Corrections
from store.review.queue import next_waiting, waiting_list
from store.review.refusals import EditedMeanwhileError
from tests.fake_reader import example_rules, slip_reading
from tests.store.helpers import in_review, recorded, slip_number, taken

WHO = "kim"


def edit(store: Store, item: str, said: Corrections, version: int) -> list[FindingCode]:
    return [each.code for each in editing.edit(store, example_rules(), item, WHO, said, version)]


def test_a_word_is_kept_at_once_and_the_slip_waits_on(store: Store, inbox: Path) -> None:
    """Whoever is called away has lost nothing; only accepting makes a record."""
    item = in_review(store, inbox)
    assert edit(store, item, Corrections(values={"signature": "present"}), 1) == []
    found = settle.find_slip(store, item)
    assert (found.version, found.findings) == (2, ())
    assert [each.item for each in waiting_list(store)] == [item]


def test_undoing_all_brings_back_what_was_read(store: Store, inbox: Path) -> None:
    """Confidences, reasons and doubts included; whatever was said in between."""
    item = in_review(store, inbox)
    before = settle.find_slip(store, item)
    words = [
        Corrections(values={"signature": "present", "goals": "walk"}),
        Corrections(confirmed=("diagnosis",)),
        Corrections(values={"back_pain": "unchecked"}, serial=77),
        Corrections(doubted=("patient_name", "back_pain", "signature")),
    ]
    for version, said in enumerate(words, start=1):
        edit(store, item, said, version)
    for version in range(len(words) + 1, 2 * len(words) + 1):
        editing.undo(store, example_rules(), item, WHO, version)
    after = settle.find_slip(store, item)
    assert (after.draft, after.findings) == (before.draft, before.findings)
    with pytest.raises(UsageError, match="nothing to undo"):
        editing.undo(store, example_rules(), item, WHO, after.version)


def test_what_a_person_calls_wrong_is_in_doubt_until_somebody_says_what_is_right(store: Store, inbox: Path) -> None:
    """A box becomes neither ticked nor empty, a signature uncertain, a text unsure."""
    item = in_review(store, inbox)
    found = edit(store, item, Corrections(doubted=("back_pain", "signature", "patient_name", "nothing")), 1)
    assert {FindingCode.MARK_AMBIGUOUS, FindingCode.SIGNATURE_UNCERTAIN, FindingCode.FIELD_DOUBTFUL} <= set(found)
    draft = settle.find_slip(store, item).draft
    assert draft is not None
    assert draft.marks["back_pain"].value is MarkState.AMBIGUOUS


def test_doubts_about_paper_and_serial_stay_in_sight_while_one_edits(store: Store, inbox: Path) -> None:
    """They must not vanish with the first word about something else; a serial that is typed answers the code."""
    unread = Finding(code=FindingCode.CODE_UNREADABLE, detail="The printed code could not be read.")
    blurred = Finding(code=FindingCode.IMAGE_BLURRED, detail="The picture is blurred.")
    told = slip_reading(serial=None).model_copy(update={"verdict": "review", "findings": (unread, blurred)})
    in_review(store, inbox, b"first", serial=123)
    recorded(store, taken(store, inbox / "scan.pdf"), SlipReading.model_validate(told.model_dump()))
    item = waiting_list(store)[-1].item
    assert edit(store, item, Corrections(values={"goals": "walk"}), 1) == [
        unread.code,
        blurred.code,
        FindingCode.POSSIBLE_DUPLICATE,
    ]
    assert edit(store, item, Corrections(serial=123), 2) == [blurred.code, FindingCode.POSSIBLE_DUPLICATE]


def test_an_older_version_is_refused_for_every_word(store: Store, inbox: Path) -> None:
    """Edit and undo alike; the list of words tells what came between."""
    item = in_review(store, inbox)
    edit(store, item, Corrections(values={"goals": "walk"}), 1)
    with pytest.raises(EditedMeanwhileError):
        edit(store, item, Corrections(values={"goals": "run"}), 1)
    with pytest.raises(EditedMeanwhileError):
        editing.undo(store, example_rules(), item, WHO, 1)
    [word] = history.corrections_of(store, slip_number(item))
    assert [(change.field, change.after) for change in word.changes] == [("goals", "walk")]


def test_a_word_that_changes_nothing_leaves_no_trace_to_undo(store: Store, inbox: Path) -> None:
    """Undo takes back what was done, not a key pressed twice."""
    item = in_review(store, inbox)
    edit(store, item, Corrections(values={"goals": "walk"}), 1)
    edit(store, item, Corrections(values={"goals": "walk"}), 2)
    assert len(history.corrections_of(store, slip_number(item))) == 1


def test_what_the_command_line_says_is_on_the_same_list(store: Store, inbox: Path) -> None:
    """One history, whichever door the word came in by."""
    item = in_review(store, inbox)
    settle.accept(store, example_rules(), item, WHO, Corrections(values={"patient_phone": "12"}))
    assert [change.field for change in history.corrections_of(store, slip_number(item))[0].changes] == ["patient_phone"]


def test_the_queue_goes_round(store: Store, inbox: Path) -> None:
    """After the last item comes the first; an item settled meanwhile counts as before the first."""
    items = [in_review(store, inbox, b"scan %d" % number, serial=number) for number in (1, 2, 3)]
    assert [next_waiting(store, item) for item in items] == [items[1], items[2], items[0]]
    assert next_waiting(store, "") == next_waiting(store, "s99") == items[0]
    settle.reject(store, items[0], WHO, "a copy")
    settle.reject(store, items[1], WHO, "a copy")
    assert next_waiting(store, items[2]) is None
    assert waiting_list(store, "date_stale") == []
