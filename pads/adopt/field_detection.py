"""Guess the fields of a form from what is printed on it: a first draft, for a person to correct."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pads.adopt.form_parts import LABEL_MOST, FormParts, FormWords, is_level, plain, slug, unused
from pads.adopt.own_answers import group_answers, own_name
from schemas.geometry import BoxMm
from schemas.pad import ADOPTED_LINE_MIN_MM, Checkbox, FieldKind, PadField, SignatureField, TextField

# What a label says to which field it belongs; the first that fits counts.
FIELD_WORDS: tuple[tuple[str, str], ...] = (
    ("birth_date", r"birth|\bborn\b|\bdob\b"),
    ("signed_on", r"\bdate signed|signed on\b|\bdate of signature"),
    ("signature", r"signature|signed\b|sign here"),
    ("next_visit_on", r"next (visit|appointment|appt)|follow.?up|return (visit|date)"),
    ("signed_on", r"\bdate\b"),
    ("patient_phone", r"phone|\btel\b|\bcell\b|mobile"),
    ("diagnosis", r"diagnos|\bdx\b|\bicd|impression"),
    ("goals", r"\bgoals?\b|objective"),
    ("precautions", r"precaution|restriction|limit|contra|red flag"),
    ("provider_name", r"provider|physician|doctor|referr(ed|ing)|practitioner|clinician|\bdr\b|\bmd\b"),
    ("patient_name", r"patient|\bname\b|client"),
)
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


def guess_fields(printed: FormParts) -> tuple[PadField, ...]:
    """Fields that the form may have; each name once."""
    taken: set[str] = set()
    rooms = [*_ruled_rooms(printed), *_framed_rooms(printed)]
    boxes = group_answers(list(_boxes(printed, taken)), printed, taken)
    written = list(_written_fields(rooms, taken))
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
        if word.box_mm.x - 1 <= box.centre.x <= word.box_mm.right + 1
        and 0 <= box.y - word.box_mm.bottom <= LABEL_ABOVE_MM
    ]
    return max(over, key=lambda word: word.box_mm.bottom, default=None)


class _Room(NamedTuple):
    """A place to write in, of so many lines, and what is printed to say what for."""

    box_mm: BoxMm
    lines: int
    label: str


def _ruled_rooms(printed: FormParts) -> Iterator[_Room]:
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
            yield _Room(room, len(lines), label)


def _continues(line: BoxMm, rule: BoxMm, words: Sequence[FormWords]) -> bool:
    """Whether a rule is the next line of the same field: equally long, a line below, with no label of its own."""
    same = abs(line.x - rule.x) <= SAME_MM and abs(line.right - rule.right) <= SAME_MM
    pitch = LINE_PITCH_MM[0] <= rule.y - line.y <= LINE_PITCH_MM[1]
    return same and pitch and _rule_label(rule, words) is None


def _rule_label(rule: BoxMm, words: Sequence[FormWords]) -> str | None:
    """What is printed left of a rule, or just under it, or over its start."""
    left = [
        word
        for word in words
        if -1 <= rule.x - word.box_mm.right <= LABEL_LEFT_MM and -1.5 <= rule.y - word.box_mm.bottom <= 2.5
    ]
    if left:
        return plain(max(left, key=lambda word: word.box_mm.right).text)
    under = [word for word in words if _overlaps(word.box_mm, rule) and 0 <= word.box_mm.y - rule.bottom <= 2.0]
    over = [
        word for word in words if abs(word.box_mm.x - rule.x) <= SAME_MM and 3.5 <= rule.y - word.box_mm.bottom <= 9
    ]
    near = under or over
    return plain(near[0].text) if near else None


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
    return BoxMm(first.x, top, first.w, last.centre.y - top)


def _framed_rooms(printed: FormParts) -> Iterator[_Room]:
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
            yield _Room(room, max(1, min(8, int(room.h // 8))), plain(label.text))


def _written_fields(rooms: Sequence[_Room], taken: set[str]) -> Iterator[TextField | SignatureField]:
    for room in rooms:
        name, holds = own_name(room.label) or (_field_name(room.label), FieldKind.TEXT)
        if name is None or name in taken:
            continue
        taken.add(name)
        data = {"name": name, "label": room.label, "box_mm": _round(room.box_mm), "label_side": "none"}
        data |= {"holds": holds} if holds is not FieldKind.TEXT else {}
        if name == "signature":
            yield SignatureField.model_validate(data)
        else:
            yield TextField.model_validate(data | {"lines": room.lines})


def _field_name(label: str) -> str | None:
    text = label.casefold()
    return next((name for name, words in FIELD_WORDS if re.search(words, text)), None)


def _with_write_ins(
    boxes: Sequence[Checkbox], rooms: Sequence[_Room], written: list[TextField | SignatureField]
) -> Iterator[Checkbox]:
    """The boxes; an "Other" gets the rule beside it as the field to write in, which is added to `written`."""
    for box in boxes:
        beside = [
            room
            for room in rooms
            if re.search(OTHER_WORDS, box.label, re.IGNORECASE)
            and room.label == box.label
            and abs(room.box_mm.bottom - box.box_mm.bottom) <= SAME_MM
        ]
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


def _overlaps(one: BoxMm, other: BoxMm) -> bool:
    return one.x < other.right and other.x < one.right


def _round(box: BoxMm) -> BoxMm:
    return BoxMm(*(round(edge, 2) for edge in box))
