"""What makes a pad design printable and readable; each rule yields sentences that name field and figure."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import combinations

from schemas import pad_parts as p
from schemas.geometry import BoxMm
from schemas.pad_parts import FieldKind

NEEDED = ("patient_name", "patient_phone", "diagnosis", "provider_name", "signature", "signed_on")
LABELED = ("patient_name", "birth_date", "patient_phone")
NEEDED_ADOPTED = ("patient_name", "signature")  # what else others do not ask for, a person finds out

Rule = Callable[[p.UncheckedDesign], Iterator[str]]


def faults(design: p.UncheckedDesign) -> list[str]:
    """All rules a design breaks, as sentences; an empty list when it may be printed."""
    return [sentence for rule in RULES for sentence in rule(design)]


def _names_are_unique(design: p.UncheckedDesign) -> Iterator[str]:
    seen: set[str] = set()
    for field in design.fields:
        if field.name in seen:
            yield f"field {field.name}: the name is used twice; give each field its own"
        seen.add(field.name)


def _roles_have_their_kind(design: p.UncheckedDesign) -> Iterator[str]:
    """What every referral has a place for is of one kind; others print lines where refpad prints cells."""
    for field in design.fields:
        kind = p.ROLE_KINDS.get(field.name)
        is_line = design.adopted and isinstance(field, p.TextField) and field.content is kind
        if kind and field.kind is not kind and not is_line:
            yield f"field {field.name}: its kind is {field.kind}, and must be {kind}"
        if kind is FieldKind.TEXT and isinstance(field, p.TextField) and field.content is not kind:
            yield f"field {field.name}: its kind is {kind}, and holds {field.holds}; leave the entry out"


def _rules_fit_what_is_written(design: p.UncheckedDesign) -> Iterator[str]:
    for field in design.writing:
        is_date, is_number = field.content is FieldKind.DATE, field.content is FieldKind.NUMBER
        if is_date and field.when is None:
            yield f'field {field.name}: say on which side of the arrival it lies: tense = "past", "future" or "birth"'
        if is_date and field.name in p.DATE_TENSES and field.tense not in (None, p.DATE_TENSES[field.name]):
            yield f"field {field.name}: its tense is {p.DATE_TENSES[field.name]}; leave the entry out"
        if field.within_days and (not is_date or field.when == "birth"):
            yield f"field {field.name}: within_days is for dates that are past or future"
        if field.tense and not is_date:
            yield f"field {field.name}: tense is for dates"
        if (field.least is not None or field.most is not None) and not is_number:
            yield f"field {field.name}: least and most are for numbers"
        if field.least is not None and field.most is not None and field.least > field.most:
            yield f"field {field.name}: least is {field.least}, above most, {field.most}"
        if is_number and isinstance(field, p.CombField) and (field.least or 0) >= (beyond := 10 ** sum(field.cells)):
            yield f"field {field.name}: least is {field.least}, and its cells hold {beyond - 1} at most"


def _cells_hold_what_is_written(design: p.UncheckedDesign) -> Iterator[str]:
    for field in design.writing:
        if isinstance(field, p.CombField) and not p.CELLS_FIT[field.kind](field.cells):
            yield f"field {field.name}: cells = {list(field.cells)} hold no {field.kind}; {p.CELLS_NEEDED[field.kind]}"


def _needed_fields_are_there(design: p.UncheckedDesign) -> Iterator[str]:
    names = {field.name for field in design.fields}
    for needed in NEEDED_ADOPTED if design.adopted else NEEDED:
        if needed not in names:
            yield f"field {needed}: missing; a referral cannot be worked without it"
    if not design.checkboxes and not design.adopted:
        yield "fields: no checkbox; a slip needs at least 1 condition or service to tick"


def _imprint_is_whole(design: p.UncheckedDesign) -> Iterator[str]:
    """Either all that refpad prints and reads by, or, printed by others, nothing of it and a picture of the blank."""
    imprint = {"studio_mm": design.studio_mm, "code_mm": design.code_mm, "serial_at_mm": design.serial_at_mm}
    for name, place in imprint.items():
        if design.adopted and place is not None:
            yield f"{name}: a pad that others have printed has none; leave it out"
        if not design.adopted and place is None:
            yield f"{name}: missing"
    if design.adopted and design.blank is None:
        yield 'blank: missing; name the picture of the empty form, as in blank = "bay-1.png"'
    if not design.adopted and design.blank is not None:
        yield "blank: refpad draws the empty form of its own pads; leave it out"
    if design.adopted and (design.texts or design.rules):
        yield "texts, rules: the picture of the empty form has them; leave them out"


def _write_ins_exist(design: p.UncheckedDesign) -> Iterator[str]:
    for box in design.checkboxes:
        if box.write_in and not isinstance(design.field(box.write_in), p.TextField):
            yield f"field {box.name}: write_in names {box.write_in}, which is no text field of this design"


def _groups_are_described(design: p.UncheckedDesign) -> Iterator[str]:
    """Each box belongs to a group that is known or described, and each description has boxes."""
    described = Counter(group.name for group in design.groups)
    names = {field.name for field in design.fields}
    boxes = {name: [box.name for box in design.checkboxes if box.group == name] for name in described}
    for box in design.checkboxes:
        if box.group not in p.ROLE_GROUPS and box.group not in described:
            known = ", ".join(sorted(p.ROLE_GROUPS))
            yield (
                f"field {box.name}: group {box.group} is neither {known} nor described; add "
                f'groups = [{{ name = "{box.group}", label = "..." }}]'
            )
    for name, times in described.items():
        if times > 1 or name in names:
            yield f"group {name}: the name is used twice; give each group and field its own"
    for group in design.groups:
        least = 2 if group.choose == "one" else 1
        if len(boxes[group.name]) < least:
            yield f"group {group.name}: {len(boxes[group.name])} boxes, below {least}"
        for name in sorted({block.box for block in group.blocks_when} - {*boxes[group.name]}):
            yield f"group {group.name}: blocks_when names {name}, which is no box of this group"


def _choices_are_a_choice(design: p.UncheckedDesign) -> Iterator[str]:
    for field in design.fields:
        if isinstance(field, p.TextField) and field.choices:
            folded = {_as_read(choice) for choice in field.choices}
            if len(folded) < max(len(field.choices), 2):
                yield (
                    f"field {field.name}: {len(folded)} different choices of {len(field.choices)}, capitals and "
                    "accents aside; give 2 or more"
                )
            for choice in field.choices:
                if not any(character.isascii() and character.isprintable() for character in _as_read(choice)):
                    yield f'field {field.name}: choice "{choice}" has nothing that is read: A to Z, digits, signs'


def _as_read(text: str) -> str:
    """`text` as readers of handwriting tell it from another: without capitals, accents and spaces at its ends."""
    plain = unicodedata.normalize("NFD", text.casefold())
    return " ".join("".join(character for character in plain if not unicodedata.combining(character)).split())


def _label_lies_over_the_patient(design: p.UncheckedDesign) -> Iterator[str]:
    """An office's label may hide who the patient is, which it says itself, and nothing that finds the slip."""
    label = design.patient_label_mm
    if label is None:
        return
    if not any(label.overlap_mm2(field.box_mm) > 0.01 for field in design.fields if field.name in LABELED):
        yield f"patient_label_mm: lies over none of {', '.join(LABELED)}"
    for name, box in [*_marks(design), *_imprint(design)]:
        if (shared := label.overlap_mm2(box)) > 0.01:
            yield f"patient_label_mm and {name}: overlap by {shared:.1f} mm2; move one of them"


def _all_lies_on_the_slip(design: p.UncheckedDesign) -> Iterator[str]:
    label = design.patient_label_mm
    for name, box in [*solid_parts(design), *([("patient_label_mm", label)] if label else [])]:
        if min(box.x, box.y) < 0 or box.right > design.width_mm or box.bottom > design.height_mm:
            yield (
                f"{name}: reaches {box.right:.1f} x {box.bottom:.1f} mm from {box.x:.1f}, {box.y:.1f}, "
                f"off the slip of {design.width_mm:.1f} x {design.height_mm:.1f} mm"
            )


def _nothing_overlaps(design: p.UncheckedDesign) -> Iterator[str]:
    for (name, box), (other_name, other) in combinations(solid_parts(design), 2):
        shared = box.overlap_mm2(other)
        if shared > 0.01:
            yield f"{name} and {other_name}: overlap by {shared:.1f} mm2; move one of them"


def _all_is_large_enough(design: p.UncheckedDesign) -> Iterator[str]:
    part = p.ADOPTED_PART if design.adopted else 1.0
    for field in design.fields:
        least, size, what = _least_size(field)
        if size < part * least - 1e-6:
            yield f"field {field.name}: {what} is {size:.1f} mm, below the readable {part * least:.1f} mm"
    if design.studio_mm is None or design.code_mm is None:
        return
    code = design.code_mm
    if min(code.w, code.h) < p.CODE_MIN_MM - 1e-6:
        yield f"code_mm: {min(code.w, code.h):.1f} mm, below the readable {p.CODE_MIN_MM:.1f} mm"
    if abs(code.w - code.h) > 1e-6:
        yield f"code_mm: {code.w:.1f} x {code.h:.1f} mm; make it a square"
    studio, (wide, high) = design.studio_mm, p.STUDIO_MIN_MM
    if studio.w < wide or studio.h < high:
        yield f"studio_mm: {studio.w:.1f} x {studio.h:.1f} mm, below {wide:.1f} x {high:.1f} mm"


def _writing_has_room(design: p.UncheckedDesign) -> Iterator[str]:
    for field in design.fields:
        if not isinstance(field, p.Checkbox | p.CombField) and field.box_mm.w < p.WRITING_MIN_MM:
            yield f"field {field.name}: the width is {field.box_mm.w:.1f} mm, below {p.WRITING_MIN_MM:.1f} mm"


def _boxes_stand_apart(design: p.UncheckedDesign) -> Iterator[str]:
    for one, other in combinations(design.checkboxes, 2):
        if (
            one.box_mm.grown(p.CHECKBOX_GAP_MIN_MM / 2).overlap_mm2(other.box_mm.grown(p.CHECKBOX_GAP_MIN_MM / 2))
            > 0.001
        ):
            yield f"field {one.name} and field {other.name}: closer than {p.CHECKBOX_GAP_MIN_MM:.1f} mm"


def _least_size(field: p.PadField) -> tuple[float, float, str]:
    if isinstance(field, p.Checkbox):
        return p.CHECKBOX_MIN_MM, min(field.box_mm.w, field.box_mm.h), "the box"
    if isinstance(field, p.TextField):
        return p.LINE_MIN_MM, field.box_mm.h / field.lines, "a line"
    if isinstance(field, p.CombField):
        cell = p.cell_boxes_mm(field)[0][0]
        return p.CELL_MIN_MM, min(cell.w, cell.h), "a cell"
    return p.LINE_MIN_MM, field.box_mm.h, "the room to sign"


def solid_parts(design: p.UncheckedDesign) -> list[tuple[str, BoxMm]]:
    """All that may not overlap, with the name to call it by; corner marks with their white quiet zone."""
    parts = [(f"field {field.name}", field.box_mm) for field in design.fields]
    parts += _marks(design)
    parts += [(f"rule {i}", rule.box_mm) for i, rule in enumerate(design.rules, start=1)]
    return [*parts, *_imprint(design)]


def _marks(design: p.UncheckedDesign) -> list[tuple[str, BoxMm]]:
    quiet_mm = p.FIDUCIAL_MM / p.FIDUCIAL_MODULES
    return [(f"corner mark {i}", box.grown(quiet_mm)) for i, box in enumerate(design.fiducials_mm())]


def _imprint(design: p.UncheckedDesign) -> list[tuple[str, BoxMm]]:
    imprint = {"code_mm": design.code_mm, "studio_mm": design.studio_mm}
    return [(name, box) for name, box in imprint.items() if box is not None]


RULES: tuple[Rule, ...] = (
    _names_are_unique,
    _roles_have_their_kind,
    _rules_fit_what_is_written,
    _cells_hold_what_is_written,
    _imprint_is_whole,
    _needed_fields_are_there,
    _write_ins_exist,
    _groups_are_described,
    _choices_are_a_choice,
    _label_lies_over_the_patient,
    _all_lies_on_the_slip,
    _nothing_overlaps,
    _all_is_large_enough,
    _writing_has_room,
    _boxes_stand_apart,
)
