"""What a pad design is made of, in mm from the slip's top-left corner, and the least sizes that can be read."""

from collections import Counter
from enum import StrEnum
from typing import Literal, NamedTuple

from pydantic import Field

from schemas.base import Value
from schemas.fields.kinds import CELLS_FIT as CELLS_FIT
from schemas.fields.kinds import CELLS_NEEDED as CELLS_NEEDED
from schemas.fields.kinds import BoxGroup as BoxGroup
from schemas.fields.kinds import Checkbox as Checkbox
from schemas.fields.kinds import CombField as CombField
from schemas.fields.kinds import PadField as PadField
from schemas.fields.kinds import SignatureField as SignatureField
from schemas.fields.kinds import TextField as TextField
from schemas.fields.roles import DATE_NAMES as DATE_NAMES
from schemas.fields.roles import DATE_TENSES as DATE_TENSES
from schemas.fields.roles import PHONE_NAMES as PHONE_NAMES
from schemas.fields.roles import ROLE_GROUPS as ROLE_GROUPS
from schemas.fields.roles import ROLE_KINDS as ROLE_KINDS
from schemas.fields.roles import ROLES as ROLES
from schemas.fields.roles import SIGNATURE as SIGNATURE
from schemas.fields.roles import TEXT_NAMES as TEXT_NAMES
from schemas.fields.roles import FieldKind as FieldKind
from schemas.geometry import BoxMm, PointMm
from schemas.pad_id import DESIGN_PATTERN, PadId

# Four ArUco markers of dictionary 4X4_50, ids 0-3 clockwise from the top left. 7 mm survive a
# 204 x 98 fax (measured); with 6 modules a side that is 1.17 mm, or 4.5 fax lines, a module.
FIDUCIAL_MM = 7.0
FIDUCIAL_MODULES = 6
FIDUCIAL_INSET_MM = 4.0  # from the slip's edges, unless a design says otherwise
FIDUCIAL_IDS = (0, 1, 2, 3)

# What cannot be told apart any more below this size on a 204 x 98 fax: 3.0 mm is 12 fax lines.
CHECKBOX_MIN_MM = 3.0
CHECKBOX_GAP_MIN_MM = 1.0
LINE_MIN_MM = 6.0
CELL_MIN_MM = 4.0
# Others print smaller than refpad would; below this part of the least sizes a scan of 200 dpi loses them too.
ADOPTED_PART = 0.6
ADOPTED_LINE_MIN_MM = ADOPTED_PART * LINE_MIN_MM
WRITING_MIN_MM = 10.0  # two or three handwritten letters

# The code is a QR of version 1 with the quiet zone of 4 modules that ISO/IEC 18004 asks for. A module of
# 0.7 mm is 2.7 lines of a 204 x 98 fax; the reader samples the modules where the design says they are.
CODE_MODULES = 21
CODE_QUIET_MODULES = 4
CODE_MODULE_MIN_MM = 0.7
CODE_MIN_MM = CODE_MODULE_MIN_MM * (CODE_MODULES + 2 * CODE_QUIET_MODULES)

# Smaller type clogs on a fax.
TYPE_MIN_PT = 6.5
RULE_MIN_MM = 0.2
# A name and four lines of contact at 6.5 pt are 12 mm high; an e-mail address of 30 characters is 36 mm wide.
STUDIO_MIN_MM = (40.0, 12.0)

# Groups of printed cells stand apart by this part of a cell.
GROUP_GAP_CELLS = 0.7


class Guides(StrEnum):
    """How the lines are printed that free writing stands on."""

    SOLID = "solid"
    DOTTED = "dotted"  # so finely that a person sees them and a scan in black and white hardly does


class PrintedText(Value):
    """A heading or sentence printed on the slip: baseline start in mm, size in points (1/72 inch)."""

    text: str = Field(min_length=1, max_length=200)
    at_mm: PointMm
    size_pt: float = Field(ge=TYPE_MIN_PT, le=24)
    weight: Literal["regular", "bold"] = "regular"


class PrintedRule(Value):
    """A level line that parts one section from the next: its left end, length and thickness."""

    at_mm: PointMm
    length_mm: float = Field(gt=0)
    thick_mm: float = Field(default=0.25, ge=RULE_MIN_MM, le=2)

    @property
    def box_mm(self) -> BoxMm:
        """What the line covers."""
        return BoxMm(self.at_mm.x, self.at_mm.y - self.thick_mm / 2, self.length_mm, self.thick_mm)


class Registration(StrEnum):
    """How a slip of a design is found and laid over its blank form."""

    FIDUCIALS = "fiducials"  # by the corner marks and the code that refpad prints
    FEATURES = "features"  # by the look of the whole form, which others have printed


class Imprint(NamedTuple):
    """What only pads of refpad's own print carry; see UncheckedDesign."""

    studio_mm: BoxMm
    code_mm: BoxMm
    serial_at_mm: PointMm


class UncheckedDesign(Value):
    """One edition of a pad as its file describes it, whether or not it can be printed and read (schemas.pad_rules).

    `studio_mm` is the block for the studio's logo, name and contact; `code_mm` the square of the code with
    its white quiet zone; `serial_at_mm` where the baseline of the serial in digits starts; `patient_label_mm` the room
    over which an office sticks its own label of the patient, where the pad has one. A pad that others have
    printed has none of them, no corner marks and no serials: its `registration` is by features, and `blank` names the
    picture of its empty form, a PNG beside the design's file.
    """

    design: str = Field(pattern=DESIGN_PATTERN)
    edition: int = Field(ge=1, le=99)
    title: str = Field(min_length=1, max_length=60)
    width_mm: float = Field(ge=90, le=220)
    height_mm: float = Field(ge=60, le=300)
    registration: Registration = Registration.FIDUCIALS
    guides: Guides = Guides.SOLID
    marks_inset_mm: float = Field(default=FIDUCIAL_INSET_MM, ge=FIDUCIAL_INSET_MM, le=10)
    contact_pt: float = Field(default=7.0, ge=7, le=12)
    blank: str | None = Field(default=None, pattern=r"^[a-z0-9-]{1,40}\.png$")
    studio_mm: BoxMm | None = None
    code_mm: BoxMm | None = None
    serial_at_mm: PointMm | None = None
    patient_label_mm: BoxMm | None = None
    texts: tuple[PrintedText, ...] = ()
    rules: tuple[PrintedRule, ...] = ()
    groups: tuple[BoxGroup, ...] = ()
    fields: tuple[PadField, ...] = Field(min_length=1)

    @property
    def pad_id(self) -> PadId:
        return PadId(self.design, self.edition)

    @property
    def slip_mm(self) -> BoxMm:
        return BoxMm(0, 0, self.width_mm, self.height_mm)

    @property
    def checkboxes(self) -> tuple[Checkbox, ...]:
        return tuple(f for f in self.fields if isinstance(f, Checkbox))

    @property
    def writing(self) -> tuple[TextField | CombField, ...]:
        """The fields a person writes in, the signature aside."""
        return tuple(f for f in self.fields if isinstance(f, TextField | CombField))

    @property
    def signatures(self) -> tuple[SignatureField, ...]:
        """All that is signed, in the order of the file."""
        return tuple(f for f in self.fields if isinstance(f, SignatureField))

    @property
    def signature(self) -> SignatureField:
        """The one of whoever refers."""
        return next(f for f in self.signatures if f.name == SIGNATURE)

    def field(self, name: str) -> Checkbox | TextField | CombField | SignatureField | None:
        return next((f for f in self.fields if f.name == name), None)

    @property
    def labels(self) -> dict[str, str]:
        """What each field is called, by its name; a box of a group that the design describes with the question.

        Of several with one label each with its group: Other (condition).
        """
        often = Counter(field.label for field in self.fields)
        asked = {group.name: group.label for group in self.groups}
        return {f.name: _told(f, asked.get(f.group), is_one_of_many=often[f.label] > 1) for f in self.fields}

    @property
    def adopted(self) -> bool:
        """Whether others have printed it."""
        return self.registration is Registration.FEATURES

    @property
    def imprint(self) -> Imprint:
        """What refpad prints on it; ValueError for an adopted one, which has nothing of that."""
        if self.studio_mm is None or self.code_mm is None or self.serial_at_mm is None:
            raise ValueError(f"{self.pad_id} was printed by others and has no code")
        return Imprint(self.studio_mm, self.code_mm, self.serial_at_mm)

    def fiducials_mm(self) -> tuple[BoxMm, ...]:
        """The four corner markers, clockwise from the top left: ids 0, 1, 2, 3; none on an adopted one."""
        if self.adopted:
            return ()
        near, size = self.marks_inset_mm, FIDUCIAL_MM
        right, low = self.width_mm - near - size, self.height_mm - near - size
        return tuple(BoxMm(x, y, size, size) for x, y in ((near, near), (right, near), (right, low), (near, low)))

    def code_box_mm(self) -> BoxMm:
        """Where the code's 21 x 21 modules lie: `code_mm` without its quiet zone."""
        code = self.imprint.code_mm
        return code.grown(-code.w * CODE_QUIET_MODULES / (CODE_MODULES + 2 * CODE_QUIET_MODULES))


def _told(field: "PadField", question: str | None, *, is_one_of_many: bool) -> str:
    if question:
        return f"{question}: {field.label}"
    return f"{field.label} ({field.group})" if is_one_of_many and field.group else field.label


def cell_boxes_mm(field: CombField) -> tuple[tuple[BoxMm, ...], ...]:
    """The printed cells of a comb field, one tuple a group, left to right.

    Cells are equally wide; groups stand apart by `GROUP_GAP_CELLS` of a cell.
    """
    gap = GROUP_GAP_CELLS
    width = field.box_mm.w / (sum(field.cells) + gap * (len(field.cells) - 1))
    groups, x = [], field.box_mm.x
    for count in field.cells:
        groups.append(tuple(BoxMm(x + i * width, field.box_mm.y, width, field.box_mm.h) for i in range(count)))
        x += (count + gap) * width
    return tuple(groups)
