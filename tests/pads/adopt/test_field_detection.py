"""From boxes, rules and words to fields: a guess that is right on plain forms and says nothing it cannot know."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pads.adopt.field_detection import guess_fields
from pads.adopt.form_parts import FormParts, FormWords
from schemas.geometry import BoxMm
from schemas.pad import Checkbox, FieldKind, TextField


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


@pytest.mark.parametrize(
    ("label", "name", "content"),
    [
        ("Date of birth", "birth_date", FieldKind.DATE),
        ("DOB", "birth_date", FieldKind.DATE),
        ("Date", "signed_on", FieldKind.DATE),
        ("Date signed", "signed_on", FieldKind.DATE),
        ("Fax", "fax", FieldKind.PHONE),
        ("Physician NPI", "npi", FieldKind.NPI),
        ("ICD-10 code", "diagnosis_code", FieldKind.ICD10),
        ("Diagnosis (ICD-10)", "diagnosis", FieldKind.TEXT),
        ("Frequency", "frequency", FieldKind.TEXT),
        ("Insurance", "insurer", FieldKind.TEXT),
        ("Patient e-mail", "email", FieldKind.TEXT),
        ("License no.", "license", FieldKind.TEXT),
    ],
)
def test_what_forms_ask_of_their_own_is_kept_for_what_it_is(label: str, name: str, content: FieldKind) -> None:
    """A date of birth is not the date of the signature, a fax number no telephone, a license no name."""
    long = words(label, 5, 57.5)
    (field,) = guess_fields(FormParts([], [BoxMm(long.box_mm.right + 1, 60, 60, 0.3)], [], [long]))
    assert isinstance(field, TextField)
    assert (field.name, field.content) == (name, content)


def test_what_says_nothing_that_is_known_becomes_no_field() -> None:
    """A rule under a slogan is print."""
    assert guess_fields(FormParts([], [BoxMm(30, 60, 40, 0.3)], [], [words("Moving is living", 4, 57.5)])) == ()


def test_what_is_left_out_or_asked_twice_is_said_in_a_sentence() -> None:
    """A second telephone is no patient's, a slogan no field; whoever corrects the file knows where to look."""
    told: list[str] = []
    rules = [BoxMm(30, 60 + 12 * row, 40, 0.3) for row in range(4)]
    labels = [
        words(text, 4, 57.5 + 12 * row) for row, text in enumerate(["Phone:", "Cell:", "Move well", "Chart no.:"])
    ]
    found = guess_fields(FormParts([], rules, [], labels), told.append)
    assert [field.name for field in found] == ["patient_phone", "cell", "chart_no"]
    assert [isinstance(field, TextField) and field.content for field in found] == [
        FieldKind.PHONE,
        FieldKind.PHONE,
        FieldKind.TEXT,
    ]
    assert told == [
        '"Cell" is asked a second time and kept as cell: rename it as you call it',
        '"Move well" became no field, as nothing says that one writes there: add it if it is to be read',
    ]


@pytest.mark.parametrize(
    ("label", "name", "tense"),
    [
        ("Date of surgery:", "date_of_surgery", "past"),
        ("Valid until (date):", "valid_until_date", "future"),
        ("Preferred name:", "patient_name", None),
        ("Preferred pharmacy:", "preferred_pharmacy", None),
        ("Office phone:", "office_phone", None),
        ("Patient ID no.:", "patient_id_no", None),
    ],
)
def test_a_label_that_holds_a_known_word_is_not_taken_for_another_field(
    label: str, name: str, tense: str | None
) -> None:
    """ "Preferred" is no referring provider, a day of surgery not that of the signature."""
    long = words(label, 5, 57.5)
    (field,) = guess_fields(FormParts([], [BoxMm(long.box_mm.right + 1, 60, 60, 0.3)], [], [long]))
    assert isinstance(field, TextField)
    assert (field.name, field.tense) == (name, tense)


def test_services_behind_a_word_stay_services() -> None:
    """ "Services:" before a row of boxes asks for what each of them names; "Intensity:" is a question."""
    boxes = [BoxMm(40 + 30 * column, 50 + 10 * row, 3, 3) for row in range(2) for column in range(2)]
    labels = [words("Services:", 10, 50.4), words("Yoga", 45, 50.4), words("Balance", 75, 50.4)]
    labels += [words("Intensity:", 10, 60.4), words("Light", 45, 60.4), words("Hard", 75, 60.4)]
    found = guess_fields(FormParts(boxes, [], [], labels))
    assert [field.group for field in found] == ["service", "service", "intensity", "intensity"]


def test_boxes_that_answer_a_question_are_a_group_of_that_name() -> None:
    """ "Yes" and "no" are no conditions: what they affirm stands left of them."""
    boxes = [BoxMm(50, 50, 3, 3), BoxMm(70, 50, 3, 3), BoxMm(50, 60, 3, 3), BoxMm(70, 60, 3, 3), BoxMm(10, 70, 3, 3)]
    labels = [
        words("Cleared for", 10, 50.4),
        words("exercise?", 30, 50.4),
        words("Yes", 55, 50.4),
        words("No", 75, 50.4),
    ]
    labels += [words("Side", 10, 60.4), words("Left", 55, 60.4), words("Right", 75, 60.4), words("Yes", 15, 70.4)]
    found = guess_fields(FormParts(boxes, [], [], labels))
    assert [(field.name, field.group) for field in found] == [
        ("cleared_for_exercise_yes", "cleared_for_exercise"),
        ("cleared_for_exercise_no", "cleared_for_exercise"),
        ("side_left", "side"),
        ("side_right", "side"),
        ("yes_2", "condition"),
    ]


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
