"""Guess the fields of a form from what is printed on it: a first draft, for a person to correct."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from pads.adopt.form_parts import (
    LABEL_MOST,
    FormParts,
    FormWords,
    Room,
    is_asking,
    is_level,
    joined_words,
    plain,
    slug,
    unused,
)
from pads.adopt.own_answers import group_answers
from pads.adopt.room_names import NamedRoom, Tell, name_rooms
from schemas.geometry import BoxMm
from schemas.pad import ADOPTED_LINE_MIN_MM, ROLES, Checkbox, FieldKind, PadField, SignatureField, TextField

SERVICE_WORDS = (
    r"train|exercis|program|therap|strength|gait|balance|condition|educat|massage|aqua|evaluat|assess|treat|"
    r"endurance|mobili|stretch|ergonom|rehab|wellness|fitness|nutrition|aerobic|yoga|pilates"
)
OTHER_WORDS = r"^other\b|specify"
LABEL_BESIDE_MM = 6.0  # from a box to its label
LABEL_LEFT_MM = 24.0  # from a label to its rule, with nothing else between
LABEL_ABOVE_MM = 5.0
ROOM_MOST_MM, ROOM_CLEAR_MM = 11.0, 0.6
LINE_PITCH_MM = (5.0, 12.0)
SAME_MM = 2.5  # rules of one field begin and end together
FRAME_LABEL_SHARE = 0.6


def guess_fields(found: FormParts, tell: Tell = lambda _sentence: None) -> tuple[PadField, ...]:
    """Fields that the form may have; each name once. `tell` gets a sentence about what is left out, or asked twice."""
    taken: set[str] = set()
    printed = replace(found, words=joined_words(found))
    rooms = [*_ruled_rooms(printed), *_framed_rooms(printed)]
    boxes = group_answers(list(_boxes(printed, taken)), printed, taken)
    beside = {id(room) for box in boxes for room in _write_in_rooms(box, rooms)}
    written = list(_written_fields(name_rooms([room for room in rooms if id(room) not in beside], taken, tell)))
    return (*_with_write_ins(boxes, rooms, written), *written)


def _boxes(printed: FormParts, taken: set[str]) -> Iterator[Checkbox]:
    columns: dict[int, str] = {}
    for box in printed.boxes:
        label = _label_beside(box, printed) or _label_over(box, printed.words)
        text = plain(label.text) if label else f"Box {len(taken) + 1}"
        name = unused(slug(text), taken)
        group = "service" if re.search(SERVICE_WORDS, text, re.IGNORECASE) else "condition"
        if re.search(OTHER_WORDS, text, re.IGNORECASE):  # says nothing by itself: what stands above it does
            group = columns.get(round(box.x / SAME_MM), group)
        columns[round(box.x / SAME_MM)] = group
        yield Checkbox.model_validate({"name": name, "label": text, "box_mm": _round(box), "group": group})


def _label_beside(box: BoxMm, printed: FormParts) -> FormWords | None:
    """The words right of a box, on its own line, with no other box between."""
    level = [words for words in printed.words if is_level(words.box_mm, box) and words.box_mm.x >= box.right - 0.5]
    nearest = min(level, key=lambda words: words.box_mm.x, default=None)
    if nearest is None or nearest.box_mm.x - box.right > LABEL_BESIDE_MM:
        return None
    between = (other for other in printed.boxes if is_level(other, box) and box.right <= other.x < nearest.box_mm.x)
    return None if any(between) else nearest


def _label_over(box: BoxMm, words: Sequence[FormWords]) -> FormWords | None:
    """The words above a box that stand over its middle."""
    over = [
        word
        for word in words
        if word.box_mm.x - 1 <= box.center.x <= word.box_mm.right + 1
        and 0 <= box.y - word.box_mm.bottom <= LABEL_ABOVE_MM
    ]
    return max(over, key=lambda word: word.box_mm.bottom, default=None)


def _ruled_rooms(printed: FormParts) -> Iterator[Room]:
    """Rooms above rules that have a label left of them, above, or underneath."""
    rules = list(printed.rules)
    while rules:
        first = rules.pop(0)
        label = _rule_label(first, printed.words)
        if label is None:
            continue
        lines = [first]
        for rule in list(rules):
            if _continues(lines[-1], rule, printed.words):
                lines.append(rule)
                rules.remove(rule)
        room = _room_above(lines, printed)
        if room.h >= ADOPTED_LINE_MIN_MM * len(lines):
            yield Room(room, len(lines), plain(label.text), label.asks)


def _continues(line: BoxMm, rule: BoxMm, words: Sequence[FormWords]) -> bool:
    """Whether a rule is the next line of the same field: equally long, a line below, with no label of its own."""
    same = abs(line.x - rule.x) <= SAME_MM and abs(line.right - rule.right) <= SAME_MM
    pitch = LINE_PITCH_MM[0] <= rule.y - line.y <= LINE_PITCH_MM[1]
    return same and pitch and _rule_label(rule, words) is None


class _Label(NamedTuple):
    """What is printed at a rule, and whether it asks for something: by a colon, or as a caption at its start."""

    text: str
    asks: bool


def _rule_label(rule: BoxMm, words: Sequence[FormWords]) -> _Label | None:
    """What is printed left of a rule, or just under it, or over its start."""
    left = [
        word
        for word in words
        if -1 <= rule.x - word.box_mm.right <= LABEL_LEFT_MM and -1.5 <= rule.y - word.box_mm.bottom <= 2.5
    ]
    if left:
        text = max(left, key=lambda word: word.box_mm.right).text
        return _Label(text, is_asking(text))
    under = [word for word in words if _overlaps(word.box_mm, rule) and 0 <= word.box_mm.y - rule.bottom <= 2.0]
    over = [
        word for word in words if abs(word.box_mm.x - rule.x) <= SAME_MM and 3.5 <= rule.y - word.box_mm.bottom <= 9
    ]
    near = (under or over)[:1]
    if not near:
        return None
    is_caption = bool(under) and abs(near[0].box_mm.x - rule.x) <= SAME_MM
    return _Label(near[0].text, is_caption or is_asking(near[0].text))


def _room_above(lines: Sequence[BoxMm], printed: FormParts) -> BoxMm:
    """From the first rule up to what is printed above it, down to the last rule."""
    first, last = lines[0], lines[-1]
    above = [
        word.box_mm.bottom for word in printed.words if _overlaps(word.box_mm, first) and word.box_mm.bottom < first.y
    ]
    above += [
        part.bottom for part in (*printed.rules, *printed.boxes) if _overlaps(part, first) and part.bottom < first.y
    ]
    top = max([first.y - ROOM_MOST_MM, *(edge + ROOM_CLEAR_MM for edge in above)])
    return BoxMm(first.x, top, first.w, last.center.y - top)


def _framed_rooms(printed: FormParts) -> Iterator[Room]:
    """Rooms inside frames that hold one label and nothing else."""
    for frame in printed.frames:
        inside = [word for word in printed.words if word.box_mm.inside(frame.grown(0.5))]
        other = [
            part for part in (*printed.boxes, *printed.rules, *printed.frames) if part != frame and part.inside(frame)
        ]
        if len(inside) != 1 or other:
            continue
        label, room = inside[0], frame
        if label.box_mm.right - frame.x < FRAME_LABEL_SHARE * frame.w and frame.h < 2 * label.box_mm.h + 6:
            room = BoxMm(label.box_mm.right + 1, frame.y, frame.right - label.box_mm.right - 1, frame.h)
        else:
            room = BoxMm(frame.x, label.box_mm.bottom + 0.5, frame.w, frame.bottom - label.box_mm.bottom - 0.5)
        room = room.grown(-0.4)
        if room.h >= ADOPTED_LINE_MIN_MM and room.w >= 10:
            yield Room(room, max(1, min(8, int(room.h // 8))), plain(label.text), True)


def _written_fields(named: Iterable[NamedRoom]) -> Iterator[TextField | SignatureField]:
    for one in named:
        room, name, holds = one
        data: dict[str, object] = {
            "name": name,
            "label": room.label,
            "box_mm": _round(room.box_mm),
            "label_side": "none",
        }
        if holds is FieldKind.SIGNATURE:
            yield SignatureField.model_validate(data)
        else:
            own: dict[str, object] = {"holds": holds} if holds is not FieldKind.TEXT and name not in ROLES else {}
            own |= {"tense": one.tense} if own and holds is FieldKind.DATE else {}
            yield TextField.model_validate({**data, **own, "lines": room.lines})


def _with_write_ins(
    boxes: Sequence[Checkbox], rooms: Sequence[Room], written: list[TextField | SignatureField]
) -> Iterator[Checkbox]:
    """The boxes; an "Other" gets the rule beside it as the field to write in, which is added to `written`."""
    for box in boxes:
        beside = _write_in_rooms(box, rooms)
        if not beside:
            yield box
            continue
        name = f"other_{box.group}_{box.name}" if box.name != "other" else f"other_{box.group}"
        room = beside[0]
        written.append(
            TextField(
                name=name[:40],
                label=f"{box.label} (written)"[:LABEL_MOST],
                box_mm=_round(room.box_mm),
                label_side="none",
            )
        )
        yield box.model_copy(update={"write_in": name[:40]})


def _write_in_rooms(box: Checkbox, rooms: Sequence[Room]) -> list[Room]:
    """The rule beside an "Other" that its label names."""
    if not re.search(OTHER_WORDS, box.label, re.IGNORECASE):
        return []
    level = (room for room in rooms if abs(room.box_mm.bottom - box.box_mm.bottom) <= SAME_MM)
    return [room for room in level if room.label == box.label]


def _overlaps(one: BoxMm, other: BoxMm) -> bool:
    return one.x < other.right and other.x < one.right


def _round(box: BoxMm) -> BoxMm:
    return BoxMm(*(round(edge, 2) for edge in box))
