"""What many forms ask beyond what every referral says: fields by their labels, and questions that boxes answer."""

import re
from collections.abc import Sequence

from pads.adopt.form_parts import NAME_MOST, FormParts, FormWords, is_asking, is_level, plain, slug, unused
from schemas.pad import Checkbox, FieldKind

# Kept as answers of these names. Looked for first: a fax number is no telephone, a physician's license not their name.
OWN_WORDS: tuple[tuple[str, FieldKind, str], ...] = (
    ("npi", FieldKind.NPI, r"\bnpi\b"),
    ("diagnosis_code", FieldKind.ICD10, r"^(?!.*diagnos).*\b(icd|dx code)"),
    ("fax", FieldKind.PHONE, r"\bfax\b"),
    ("office_phone", FieldKind.PHONE, r"(office|provider|physician|doctor|clinic|practice|emergency).*(phone|\btel\b)"),
    ("frequency", FieldKind.TEXT, r"frequency|(times?|sessions?|visits?) (a|per) week"),
    ("duration", FieldKind.TEXT, r"\bduration\b|number of (weeks|visits|sessions)"),
    ("insurer", FieldKind.TEXT, r"insur|\bpayer\b"),
    ("policy", FieldKind.TEXT, r"policy|member id|group (no|number)"),
    ("license", FieldKind.TEXT, r"licen[cs]e"),
    ("email", FieldKind.TEXT, r"e.?mail"),
    ("address", FieldKind.TEXT, r"address"),
)
# Labels of boxes that answer a question printed left of them, of which one is meant.
ANSWER_WORDS = r"yes|no|y|n|n/?a|unknown|left|right|both|bilateral|routine|urgent|asap"
# A question before conditions, or before services: those are known by their own names.
ROLE_WORDS = r"condition|diagnos|service|program|activit|type of|refer(red)? (to|for)|treat(ment)?s?:"
QUESTION_LEFT_MM = 60.0  # from a question to its first box
CLEARANCE_WORDS, NOT_CLEARED_WORDS = r"clear|may exercise|safe (to|for)", r"no|not (yet|cleared)|not yet cleared|hold"
NOT_CLEARED = "The provider has not cleared the patient for exercise; call the office before anything is booked."
WORDS_APART_MM = 6.0  # typewriter faces part words so far that they are found one by one


def own_name(label: str) -> tuple[str, FieldKind] | None:
    """The name of the answer that a label asks for, and what is written there; None for what refpad knows otherwise."""
    text = label.casefold()
    return next(((name, holds) for name, holds, words in OWN_WORDS if re.search(words, text)), None)


def group_answers(boxes: Sequence[Checkbox], printed: FormParts, taken: set[str]) -> list[Checkbox]:
    """The boxes; those in a row that answer a question left of them are a group named after it.

    Conditions and services stay what they are, also where such a word stands before them.
    """
    found, left = list(boxes), list(boxes)
    while left:
        first = left[0]
        level = [box for box in left if is_level(box.box_mm, first.box_mm)]
        left = [box for box in left if box not in level]
        row = [box for box in level if re.fullmatch(ANSWER_WORDS, box.label, re.IGNORECASE)]
        question = _question_of(row, boxes, printed.words) if row else None
        if question is None or len(row) < len(level):
            asked = _question_of(level, boxes, printed.words)
            row, question = (level, asked) if asked and is_asking(asked) else (row, question)
        if question is None or len(row) < 2 or re.search(ROLE_WORDS, question, re.IGNORECASE):
            continue
        group = unused(slug(plain(question)), taken)
        for box in row:
            name = unused(f"{group[:30]}_{slug(box.label)}"[:NAME_MOST].strip("_"), taken)
            found[boxes.index(box)] = box.model_copy(update={"group": group, "name": name})
    return found


def _question_of(row: Sequence[Checkbox], boxes: Sequence[Checkbox], words: Sequence[FormWords]) -> str | None:
    """What is printed left of the first of these boxes, and is no other box's label."""
    start = min(box.box_mm.x for box in row)
    labels = {box.label for box in boxes}
    left = [
        word
        for word in words
        if is_level(word.box_mm, row[0].box_mm)
        and 0 <= start - word.box_mm.right <= QUESTION_LEFT_MM
        and plain(word.text) not in labels
    ]
    question: list[FormWords] = []
    for word in sorted(left, key=lambda word: -word.box_mm.right):
        if question and question[0].box_mm.x - word.box_mm.right > WORDS_APART_MM:
            break
        question.insert(0, word)
    return " ".join(word.text for word in question) if question else None


def blocking(question: str, boxes: Sequence[Checkbox]) -> str | None:
    """The box of a question that says that the patient is not cleared for exercise, by its name."""
    if not re.search(CLEARANCE_WORDS, question, re.IGNORECASE):
        return None
    return next((box.name for box in boxes if re.fullmatch(NOT_CLEARED_WORDS, box.label, re.IGNORECASE)), None)
