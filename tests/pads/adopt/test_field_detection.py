"""From boxes, rules and words to fields: a guess that is right on plain forms and says nothing it cannot know."""

from hypothesis import given
from hypothesis import strategies as st

from pads.adopt.field_detection import FormParts, FormWords, guess_fields
from schemas.geometry import BoxMm
from schemas.pad import Checkbox, TextField


def words(text: str, x: float, y: float) -> FormWords:
    """8 pt type: 1.5 mm a letter, 2.2 mm high."""
    return FormWords(text, BoxMm(x, y, 1.5 * len(text), 2.2))


def test_a_box_is_named_by_the_words_beside_it() -> None:
    """That is how people read a checklist."""
    boxes = [BoxMm(10, 50 + 7 * row, 3, 3) for row in range(3)]
    labels = [words(text, 15, 50.4 + 7 * row) for row, text in enumerate(["Back pain", "Gait training", "Parkinson's"])]
    found = guess_fields(FormParts(boxes, [], [], labels))
    assert [(field.name, field.label, field.group) for field in found] == [
        ("back_pain", "Back pain", "condition"),
        ("gait_training", "Gait training", "service"),
        ("parkinsons", "Parkinson's", "condition"),
    ]


def test_boxes_in_a_row_are_named_by_the_words_above_them() -> None:
    """A scale from poor to good has its words on top; the words of the next box are not this one's."""
    boxes = [BoxMm(20 + 20 * column, 50, 4, 4) for column in range(3)]
    labels = [words(text, 19 + 20 * column, 45) for column, text in enumerate(["Poor", "Fair", "Good"])]
    assert [field.name for field in guess_fields(FormParts(boxes, [], [], labels))] == ["poor", "fair", "good"]


def test_a_name_is_used_once() -> None:
    """A form may ask the same twice; the record needs two names."""
    boxes = [BoxMm(10, 50, 3, 3), BoxMm(10, 60, 3, 3)]
    found = guess_fields(FormParts(boxes, [], [], [words("Yes", 15, 50.4), words("Yes", 15, 60.4)]))
    assert [field.name for field in found] == ["yes", "yes_2"]


def test_an_other_gets_the_rule_beside_it_and_the_group_above_it() -> None:
    """What is written there belongs to the tick."""
    boxes = [BoxMm(10, 50, 3, 3), BoxMm(10, 57, 3, 3)]
    labels = [words("Strength training", 15, 50.4), words("Other", 15, 57.4)]
    _, other, room = guess_fields(FormParts(boxes, [BoxMm(25, 60, 40, 0.3)], [], labels))
    assert isinstance(other, Checkbox)
    assert (other.group, other.write_in) == ("service", "other_service")
    assert (room.name, room.kind) == ("other_service", "text")


def test_rules_of_one_length_below_each_other_are_lines_of_one_field() -> None:
    """Goals take two lines; the second has no label of its own."""
    rules = [BoxMm(30, 60, 90, 0.3), BoxMm(30, 68, 90, 0.3), BoxMm(30, 80, 90, 0.3)]
    labels = [words("Goals:", 10, 57.5), words("Precautions:", 10, 77.5)]
    goals, precautions = guess_fields(FormParts([], rules, [], labels))
    assert isinstance(goals, TextField)
    assert (goals.name, goals.lines, goals.box_mm.bottom) == ("goals", 2, 68.15)
    assert (precautions.name, precautions.box_mm.bottom) == ("precautions", 80.15)


def test_a_caption_under_its_rule_and_a_label_in_its_frame_count() -> None:
    """Signatures have the one, boxes for a diagnosis the other."""
    frame = BoxMm(10, 30, 100, 22)
    labels = [words("Diagnosis", 12, 31), words("Physician signature", 10, 101)]
    found = guess_fields(FormParts([], [BoxMm(10, 100, 60, 0.3)], [frame], labels))
    assert {field.name: field.kind.value for field in found} == {"signature": "signature", "diagnosis": "text"}
    diagnosis = next(field for field in found if field.name == "diagnosis")
    assert diagnosis.box_mm.y > 33.2
    assert diagnosis.box_mm.inside(frame)


def test_what_refpad_does_not_keep_becomes_no_field() -> None:
    """A date of birth is not the date of the signature, and a fax number no telephone."""
    rules = [BoxMm(30, 60, 40, 0.3), BoxMm(30, 70, 40, 0.3), BoxMm(30, 80, 40, 0.3)]
    labels = [words("Date of birth", 9, 57.5), words("Fax", 20, 67.5), words("Insurance", 15, 77.5)]
    assert guess_fields(FormParts([], rules, [], labels)) == ()


@given(
    st.lists(st.builds(BoxMm, st.floats(5, 100), st.floats(5, 190), st.just(3.0), st.just(3.0)), max_size=8),
    st.lists(st.builds(BoxMm, st.floats(5, 60), st.floats(5, 190), st.floats(15, 70), st.just(0.3)), max_size=8),
    st.lists(st.builds(words, st.text(max_size=30), st.floats(0, 100), st.floats(0, 190)), max_size=12),
)
def test_any_form_gives_fields_with_names_of_their_own(
    boxes: list[BoxMm], rules: list[BoxMm], labels: list[FormWords]
) -> None:
    """Whatever a reader makes of somebody's print, the draft can be written."""
    found = guess_fields(FormParts(boxes, rules, [], labels))
    assert len({field.name for field in found}) == len(found)
    assert sum(isinstance(field, Checkbox) for field in found) == len(boxes)
