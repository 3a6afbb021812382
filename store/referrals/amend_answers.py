"""Correcting what only this pad asks of an accepted referral: judged by its field's kind, or by its group's rules."""

from collections.abc import Mapping
from datetime import date

from schemas.acceptance import SET_BY_PERSON
from schemas.answers import AnswerValue
from schemas.fields.meaning import WrittenField, meaning_of
from schemas.pad import BoxGroup, Checkbox, PadDesign
from schemas.reading import MarkReading, MarkState
from schemas.referral import Referral
from schemas.text import clean

BETWEEN = ","  # of several boxes of a group, by their names


def written_answers(design: PadDesign | None, record: Referral) -> tuple[WrittenField, ...]:
    """The fields of the pad's own whose writing can be corrected; signatures say what they say."""
    return tuple(field for field in (design.writing if design else ()) if field.name in record.answers)


def asked_groups(design: PadDesign | None, record: Referral) -> tuple[BoxGroup, ...]:
    """The groups of boxes of the pad's own, whose answers can be corrected too."""
    return tuple(group for group in (design.groups if design else ()) if group.name in record.answers)


def boxes_of(design: PadDesign | None, group: BoxGroup) -> dict[str, str]:
    """The boxes of a group, each with its label; none when the pad is not there any more."""
    return {box.name: box.label for box in (design.checkboxes if design else ()) if box.group == group.name}


def corrected_answers(
    design: PadDesign | None, record: Referral, typed: Mapping[str, str], today: date, phone_region: str
) -> tuple[dict[str, AnswerValue], dict[str, str]]:
    """All answers of the record, with those of `typed` as they are to be; and what is wrong with which.

    Of a group the names of its boxes are typed, with commas between, or the label of one.
    """
    answers, problems = dict(record.answers), dict[str, str]()
    for field in written_answers(design, record):
        if field.name not in typed:
            continue
        written = str(clean(typed[field.name]))
        meaning = meaning_of(field, written, today, phone_region) if written else None
        answers[field.name] = meaning.value if meaning else None
        if meaning and meaning.problem:
            problems[field.name] = meaning.problem
        if field.needed and meaning is None:
            problems[field.name] = "it is needed on this pad, and cannot be empty"
    for group in asked_groups(design, record):
        if group.name in typed:
            answers[group.name], problem = _chosen(group, boxes_of(design, group), str(clean(typed[group.name])))
            problems |= {group.name: problem} if problem else {}
    return answers, problems


def missing_write_ins(design: PadDesign | None, before: Referral, after: Referral) -> dict[str, str]:
    """What is to be written beside the pad's own boxes that the correction checks, or whose words it takes away."""
    if design is None:
        return {}
    boxes = [box for box in design.checkboxes if box.write_in and box.group in after.answers]
    return {
        str(box.write_in): f'"{box.label}" is checked: write what belongs beside it'
        for box in boxes
        if _lacks_words(box, after) and not _lacks_words(box, before)
    }


def _lacks_words(box: Checkbox, record: Referral) -> bool:
    value = record.answers.get(box.group)
    checked = box.name in (value if isinstance(value, tuple) else (value,))
    return checked and not {**record.model_dump(), **record.answers}.get(str(box.write_in))


def _chosen(group: BoxGroup, boxes: Mapping[str, str], written: str) -> tuple[AnswerValue, str]:
    """Which boxes are to be checked, and what is wrong with that."""
    labels = {label.casefold(): name for name, label in boxes.items()}
    named = {labels[written.casefold()]} if written.casefold() in labels else set(filter(None, _split(written)))
    chosen = tuple(name for name in boxes if name in named)
    value: AnswerValue = next(iter(chosen), None) if group.choose == "one" else chosen
    if named - set(boxes):
        return value, f"name one of {', '.join(boxes)}"
    if group.choose == "one" and len(chosen) > 1:
        return value, "only one of its boxes can be right"
    if group.needed and not chosen:
        return value, "it is needed on this pad, and cannot be empty"
    blocked = next((block.sentence for block in group.blocks_when if block.box in chosen), "")
    return value, f"{blocked.rstrip('.')}; no slip that says so is accepted" if blocked else ""


def _split(written: str) -> list[str]:
    return [part.strip() for part in written.split(BETWEEN)]


def answer_in_words(design: PadDesign | None, name: str, value: AnswerValue) -> str:
    """An answer for the list of corrections: boxes by their labels."""
    group = next((group for group in design.groups if group.name == name), None) if design else None
    if design is None or group is None:
        return str(value or "")
    boxes = boxes_of(design, group)
    return "; ".join(boxes.get(str(one), str(one)) for one in (value if isinstance(value, tuple) else (value,)) if one)


def corrected_marks(
    design: PadDesign | None, record: Referral, marks: Mapping[str, MarkReading], names: set[str]
) -> dict[str, MarkReading]:
    """The boxes of the groups `names`, as the corrected record has them."""
    said: dict[str, MarkReading] = {}
    for group in asked_groups(design, record):
        value = record.answers[group.name]
        checked = value if isinstance(value, tuple) else (value,)
        for box in boxes_of(design, group) if group.name in names else ():
            state = MarkState.CHECKED if box in checked else MarkState.UNCHECKED
            ink = marks[box].ink if box in marks else 0.0
            said[box] = MarkReading(value=state, confidence=1.0, ink=ink, reason=SET_BY_PERSON)
    return said
