"""Invent plausible slips: what a doctor's office could have written, and what could have gone wrong."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from pads.simulate import words
from pads.simulate.chance import one_of
from pads.simulate.invent_answers import invent_answers
from pads.simulate.pen.fonts import pick_handwriting
from pads.simulate.truth import Legibility, MarkStyle, MarkTrouble, SlipTruth, Trouble
from schemas.pad import ROLE_GROUPS, SIGNATURE, Checkbox, CombField, PadDesign, TextField

# Handwritten letters are some 2.4 mm wide at the least size that people write; what is longer does not fit.
LETTER_MM = 2.4
MARK_SHARES = {MarkStyle.TICK: 0.42, MarkStyle.CROSS: 0.34, MarkStyle.SLASH: 0.14, MarkStyle.FILL: 0.10}
SIGNED_WITHIN_DAYS = 18
VISIT_AFTER_DAYS = (10, 75)
SECOND_DIAGNOSIS_SHARE = 0.35
EMPTY_SHARES = {"goals": 0.1, "precautions": 0.25, "next_visit_on": 0.2}
# Where a pad has boxes for the commonest diagnoses most hands write no other (assumed: nobody has counted them).
MANY_CONDITIONS, LEFT_TO_BOXES = 20, 0.6
WRITE_INS = {"precautions": words.PRECAUTIONS}  # what is written for a box where it is not just something else
BOX_TROUBLES = {
    Trouble.SCRIBBLED_BOX: MarkTrouble.SCRIBBLED,
    Trouble.TICK_BESIDE: MarkTrouble.BESIDE,
    Trouble.CIRCLED_LABEL: MarkTrouble.CIRCLED,
}


@dataclass(frozen=True)
class SlipSpec:
    """What an invented slip must have; None means random.

    `hand` names the handwriting or typed face. A `brief` one has what a slip needs and no more: no goals, precautions
    or write-ins, and no next visit. `marks` names what stands in or at the boxes; those not named are empty. `text` is
    what stands in fields by their names, where the slip has them filled.
    """

    name: str | None = None
    diagnosis: str | None = None
    provider: str | None = None
    mark_style: MarkStyle | None = None
    legibility: Legibility | None = None
    hand: str | None = None
    brief: bool = False
    troubles: tuple[Trouble, ...] = ()
    marks: Mapping[str, MarkStyle | MarkTrouble] | None = None
    text: Mapping[str, str] | None = None


def invent_slip(
    design: PadDesign, serial: int, today: date, rng: np.random.Generator, spec: SlipSpec = SlipSpec()
) -> SlipTruth:
    """A slip signed at most 18 days before `today`, without fault except for the troubles of `spec`."""
    handwriting = pick_handwriting(rng, spec.legibility, spec.hand)
    marks, styles = _marks(design, [box for box in design.checkboxes if not (spec.brief and box.write_in)], rng)
    if spec.marks is not None:
        marks = {name: mark if isinstance(mark, MarkTrouble) else True for name, mark in spec.marks.items()}
        styles = {name: mark for name, mark in spec.marks.items() if isinstance(mark, MarkStyle)}
    text = _text(design, today, rng, _empty_shares(design, brief=spec.brief))
    written = [*styles, *(name for name, mark in marks.items() if mark is MarkTrouble.WRITTEN)]
    text = _write_ins(design, written, text, rng)
    text |= invent_answers(design, today, rng, brief=spec.brief)
    given = {"patient_name": spec.name, "diagnosis": spec.diagnosis, "provider_name": spec.provider}
    text |= {name: value for name, value in given.items() if value is not None}
    text |= {name: value for name, value in (spec.text or {}).items() if name in text}
    truth = SlipTruth(
        design=design.design,
        edition=design.edition,
        serial=serial,
        marks={box.name: marks.get(box.name, False) for box in design.checkboxes},
        mark_styles={name: spec.mark_style or style for name, style in styles.items()},
        signed=True,
        also_signed=tuple(field.name for field in design.signatures if field.name != SIGNATURE),
        text=text,
        hand=handwriting.name,
        legibility=handwriting.legibility,
    )
    for trouble in spec.troubles:
        truth = _add_trouble(truth, trouble, design, today, rng)
    return truth


def _marks(
    design: PadDesign, boxes: Sequence[Checkbox], rng: np.random.Generator
) -> tuple[dict[str, bool | MarkTrouble], dict[str, MarkStyle]]:
    """One or two conditions, one to three services and one box of each other group, in the writer's own style."""
    ticked: set[str] = set()
    described = [(group.name, 1) for group in design.groups if group.name not in ROLE_GROUPS]
    blocking = {block.box for group in design.groups for block in group.blocks_when}
    for group, most in (("condition", 2), ("service", 3), *described):
        names = [box.name for box in boxes if box.group == group and box.name not in blocking]
        count = min(int(rng.integers(1, most + 1)), len(names))
        ticked |= {str(name) for name in rng.choice(names, count, replace=False)} if names else set()
    styles = list(MARK_SHARES)
    style = styles[int(rng.choice(len(styles), p=list(MARK_SHARES.values())))]
    marks: dict[str, bool | MarkTrouble] = {box.name: box.name in ticked for box in boxes}
    return marks, {name: style for name, mark in marks.items() if mark}


def _text(
    design: PadDesign, today: date, rng: np.random.Generator, empty_shares: Mapping[str, float]
) -> dict[str, str]:
    signed_on = today - timedelta(days=int(rng.integers(0, SIGNED_WITHIN_DAYS + 1)))
    visit_on = signed_on + timedelta(days=int(rng.integers(*VISIT_AFTER_DAYS)))
    values = {
        "patient_name": _person(rng),
        "patient_phone": f"+1{one_of(words.AREA_CODES, rng)}55501{int(rng.integers(100)):02d}",
        "provider_name": _provider(rng),
        "diagnosis": _fit_phrases(design, "diagnosis", _diagnoses(signed_on, rng)),
        "goals": _fit_phrases(design, "goals", _some_of(words.GOALS, 3, rng)),
        "precautions": _fit_phrases(design, "precautions", _some_of(words.PRECAUTIONS, 2, rng)),
        "signed_on": signed_on.isoformat(),
        "next_visit_on": max(visit_on, today + timedelta(days=3)).isoformat(),
    }
    left_empty = {name for name, share in empty_shares.items() if rng.random() < share}
    printed = {field.name for field in design.writing} - left_empty
    return {name: value for name, value in values.items() if name in printed}


def _empty_shares(design: PadDesign, *, brief: bool) -> dict[str, float]:
    if brief:
        return dict.fromkeys(EMPTY_SHARES, 1.0)
    conditions = sum(box.group == "condition" for box in design.checkboxes)
    return {**EMPTY_SHARES, "diagnosis": LEFT_TO_BOXES} if conditions >= MANY_CONDITIONS else EMPTY_SHARES


def _write_ins(
    design: PadDesign, ticked: Collection[str], text: Mapping[str, str], rng: np.random.Generator
) -> dict[str, str]:
    """`text` with something written for each ticked box that has room for it, and nothing for others."""
    rooms = {box.name: box.write_in for box in design.checkboxes if box.write_in}
    beside = {
        room: text.get(room) or one_of(WRITE_INS.get(room, words.OTHERS), rng)
        for name, room in rooms.items()
        if name in ticked
    }
    return {name: value for name, value in text.items() if name not in rooms.values()} | beside


def _add_trouble(
    truth: SlipTruth, trouble: Trouble, design: PadDesign, today: date, rng: np.random.Generator
) -> SlipTruth:
    change: dict[str, object] = {"troubles": (*truth.troubles, trouble)}
    if trouble in BOX_TROUBLES:
        empty = [box.name for box in design.checkboxes if truth.marks[box.name] is False and box.write_in is None]
        change["marks"] = truth.marks | {one_of(empty, rng): BOX_TROUBLES[trouble]}
    elif trouble in (Trouble.NOT_SIGNED, Trouble.SMUDGE_FOR_SIGNATURE):
        change["signed"] = False
    elif trouble is Trouble.DATE_IN_FUTURE:
        change["text"] = truth.text | {"signed_on": (today + timedelta(days=int(rng.integers(20, 300)))).isoformat()}
    return truth.model_copy(update=change)


def _person(rng: np.random.Generator) -> str:
    return f"{one_of(words.FIRST_NAMES, rng)} {one_of(words.LAST_NAMES, rng)}"


def _provider(rng: np.random.Generator) -> str:
    first, last = one_of(words.FIRST_NAMES, rng), one_of(words.LAST_NAMES, rng)
    if rng.random() < 0.3:
        return f"Dr. {last}"
    return f"{first[0]}. {last}, {one_of(words.PROVIDER_TITLES, rng)}"


def _diagnoses(signed_on: date, rng: np.random.Generator) -> list[str]:
    """One, or now and then two."""
    return [_diagnosis(signed_on, rng) for _ in range(1 + int(rng.random() < SECOND_DIAGNOSIS_SHARE))]


def _diagnosis(signed_on: date, rng: np.random.Generator) -> str:
    operated = signed_on - timedelta(days=int(rng.integers(20, 120)))
    return one_of(words.DIAGNOSES, rng).format(
        side=one_of(words.SIDES, rng), past=f"{operated.month}/{operated.day}", weeks=int(rng.integers(3, 17))
    )


def _fit_phrases(design: PadDesign, name: str, phrases: Sequence[str]) -> str:
    """As many of `phrases` as the field has room for; always the first."""
    field = design.field(name)
    if not isinstance(field, TextField | CombField):
        return phrases[0]
    lines = field.lines if isinstance(field, TextField) else 1
    room = int(lines * (field.box_mm.w / LETTER_MM - 4))
    text = phrases[0]
    for phrase in phrases[1:]:
        if len(text) + 2 + len(phrase) <= room and phrase not in text:
            text = f"{text}, {phrase}"
    return text


def _some_of(choices: Sequence[str], most: int, rng: np.random.Generator) -> list[str]:
    count = int(rng.integers(1, most + 1))
    return [choices[int(i)] for i in rng.choice(len(choices), count, replace=False)]
