"""What many forms ask beyond what every referral says: fields by their labels, and questions that boxes answer."""

import re
from collections.abc import Sequence

from pads.adopt.form_parts import NAME_MOST, FormParts, FormWords, is_level, plain, slug, unused
from schemas.pad import Checkbox, FieldKind

# Kept as answers of these names. Looked for first: a fax number is no telephone, a physician's license not their name.
OWN_WORDS: tuple[tuple[str, FieldKind, str], ...] = (
    ("npi", FieldKind.NPI, r"\bnpi\b"),
    ("diagnosis_code", FieldKind.ICD10, r"^(?!.*diagnos).*\b(icd|dx code)"),
    ("fax", FieldKind.PHONE, r"\bfax\b"),
    ("frequency", FieldKind.TEXT, r"frequency|times? (a|per) week|per week"),
    ("duration", FieldKind.TEXT, r"\bduration\b|number of (weeks|visits|sessions)"),
    ("insurer", FieldKind.TEXT, r"insur|\bpayer\b"),
    ("policy", FieldKind.TEXT, r"policy|member id|group (no|number)"),
    ("license", FieldKind.TEXT, r"licen[cs]e"),
    ("email", FieldKind.TEXT, r"e.?mail"),
    ("address", FieldKind.TEXT, r"address"),
)
# Labels of boxes that answer a question printed left of them, of which one is meant.
ANSWER_WORDS = r"yes|no|y|n|n/?a|unknown|left|right|both|bilateral|routine|urgent|asap"
QUESTION_LEFT_MM = 60.0  # from a question to its first box
WORDS_APART_MM = 6.0  # typewriter faces part words so far that they are found one by one


def own_name(label: str) -> tuple[str, FieldKind] | None:
    """The name of the answer that a label asks for, and what is written there; None for what refpad knows otherwise."""
    text = label.casefold()
    return next(((name, holds) for name, holds, words in OWN_WORDS if re.search(words, text)), None)


def group_answers(boxes: Sequence[Checkbox], printed: FormParts, taken: set[str]) -> list[Checkbox]:
    """The boxes; those in a row that answer a question left of them are a group named after it."""
    found = list(boxes)
    answers = [box for box in boxes if re.fullmatch(ANSWER_WORDS, box.label, re.IGNORECASE)]
    while answers:
        first = answers[0]
        row = [box for box in answers if is_level(box.box_mm, first.box_mm)]
        answers = [box for box in answers if box not in row]
        question = _question_of(row, boxes, printed.words)
        if question is None or len(row) < 2:
            continue
        group = unused(slug(question), taken)
        for box in row:
            name = unused(f"{group[:30]}_{slug(box.label)}"[:NAME_MOST].strip("_"), taken)
            found[found.index(box)] = box.model_copy(update={"group": group, "name": name})
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
    return plain(" ".join(word.text for word in question)) if question else None
