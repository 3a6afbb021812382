"""What a pad asks beyond what every referral says: the answers that the record keeps, by the design's own names."""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from schemas.dates import show_kept
from schemas.pad import ROLE_GROUPS, ROLES, Checkbox, FieldKind, PadDesign
from schemas.phones import show_phone

# A text, code or day (ISO 8601); a number; the boxes checked of a group of which many may be; a phone is E.164, a
# signature a SignatureKind. None: the pad asks, and the slip leaves it empty.
AnswerValue: TypeAlias = str | int | tuple[str, ...] | None


def answer_names(design: PadDesign) -> tuple[str, ...]:
    """The names of all that the record of a slip of `design` keeps as answers, in the order of its file."""
    names = (
        part.group if isinstance(part, Checkbox) else part.name
        for part in design.fields
        if (part.group not in ROLE_GROUPS if isinstance(part, Checkbox) else part.name not in ROLES)
    )
    return tuple(dict.fromkeys(names))


class ToldAnswer(NamedTuple):
    """An answer as people read it: the question, and what the slip says."""

    label: str
    text: str


def told_answers(
    design: PadDesign | None, answers: Mapping[str, AnswerValue], phone_region: str
) -> tuple[ToldAnswer, ...]:
    """The answers that say something, in words of the pad; by their own names where the pad is not there any more."""
    phones = {field.name for field in design.writing if field.content is FieldKind.PHONE} if design else set()
    boxes = {box.name: box.label for box in design.checkboxes} if design else {}
    labels = {**design.labels, **{group.name: group.label for group in design.groups}} if design else {}
    grouped = {box.group for box in design.checkboxes} if design else set()
    rows = []
    for name, value in answers.items():
        said = value if isinstance(value, tuple) else () if value is None else (value,)
        words = [boxes.get(str(one), str(one)) if name in grouped else show_kept(str(one)) for one in said]
        if name in phones:
            words = [show_phone(one, phone_region) for one in words]
        if words:
            rows.append(ToldAnswer(labels.get(name, name.replace("_", " ")), "; ".join(words)))
    return tuple(rows)
