"""The kinds of fields that a pad design has: boxes, lines, cells and rooms to sign."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated, Literal, NamedTuple, TypeAlias

from pydantic import BeforeValidator, Field

from schemas.base import Value
from schemas.dates import Tense
from schemas.fields.roles import DATE_NAMES, DATE_TENSES, PHONE_NAMES, FieldKind
from schemas.geometry import BoxMm

NUMBER_DIGITS_MOST = 6
PHONE_DIGITS = range(6, 16)  # ITU-T E.164: 15 at most; the shortest national numbers that people give have 6
NAME_PATTERN = r"^[a-z][a-z0-9_]{1,39}$"

Content: TypeAlias = Literal[
    FieldKind.TEXT, FieldKind.PHONE, FieldKind.DATE, FieldKind.NUMBER, FieldKind.ICD10, FieldKind.NPI
]


class _Field(Value):
    """`label` is what people are told of the field; `printed` is on the paper in its place.

    That is the same in another language, or nothing beside the first of two boxes that share their words.
    """

    name: str = Field(pattern=NAME_PATTERN)
    label: str = Field(min_length=1, max_length=60)
    printed: str | None = Field(default=None, max_length=60)
    box_mm: BoxMm

    @property
    def words(self) -> str:
        """What is printed for the field."""
        return self.label if self.printed is None else self.printed


class Checkbox(_Field):
    """A square to tick; its label is printed to its right. `write_in` names the text field of an "Other ____"."""

    kind: Literal[FieldKind.CHECKBOX] = FieldKind.CHECKBOX
    group: str = Field(pattern=NAME_PATTERN)
    write_in: str | None = None


class _Labeled(_Field):
    """A field whose label stands above its box, or starts `label_room_mm` left of it."""

    label_side: Literal["above", "left", "none"] = "above"
    label_room_mm: float = Field(default=18.0, gt=0, le=60)
    needed: bool = False


class _Written(_Labeled):
    """What is written may be judged: a date by its `tense` and `within_days` of arrival, a number by its bounds."""

    tense: Tense | None = None
    within_days: int | None = Field(default=None, gt=0)
    least: int | None = None
    most: int | None = None

    @property
    def when(self) -> Tense | None:
        """On which side of the slip's arrival the date lies; None where no date is written."""
        return self.tense or DATE_TENSES.get(self.name)


class TextField(_Written):
    """Room for handwriting on `lines` printed rules; `choices`, when nothing but these can be written there.

    `holds` says what is written on the line when that is no free text.
    """

    kind: Literal[FieldKind.TEXT] = FieldKind.TEXT
    group: str = "text"
    lines: int = Field(default=1, ge=1, le=8)
    holds: Content = FieldKind.TEXT
    choices: tuple[Annotated[str, Field(min_length=1, max_length=80)], ...] = ()

    @property
    def guides_mm(self) -> tuple[BoxMm, ...]:
        """The lines to write on, each as a box without height, from the top."""
        box, pitch = self.box_mm, self.box_mm.h / self.lines
        return tuple(BoxMm(box.x, box.y + pitch * line, box.w, 0.0) for line in range(1, self.lines + 1))

    @property
    def content(self) -> FieldKind:
        """What is written there, of the kinds that are written."""
        if self.name in PHONE_NAMES:
            return FieldKind.PHONE
        return FieldKind.DATE if self.name in DATE_NAMES else self.holds


class CombField(_Written):
    """Digits in printed cells; `cells` are the sizes of the groups, e.g. (3, 3, 4) or (2, 2, 2), printed apart."""

    kind: Literal[FieldKind.PHONE, FieldKind.DATE, FieldKind.NUMBER, FieldKind.ICD10, FieldKind.NPI]
    group: str = "text"
    cells: tuple[Annotated[int, Field(ge=1, le=12)], ...] = Field(min_length=1, max_length=4)
    separator: str = Field(default="", max_length=1)

    @property
    def content(self) -> FieldKind:
        """What is written there, of the kinds that are written."""
        return self.kind


class SignatureField(_Labeled):
    """Room to sign above a printed rule at the box's lower edge."""

    kind: Literal[FieldKind.SIGNATURE] = FieldKind.SIGNATURE
    group: str = "signature"


class Block(NamedTuple):
    """A box that stops a slip when it is ticked, and the sentence that says why."""

    box: str
    sentence: Annotated[str, Field(min_length=1, max_length=200)]


def _as_blocks(given: object) -> object:
    """A design's file has them as a table: blocks_when = { box = "sentence" }."""
    return tuple(given.items()) if isinstance(given, Mapping) else given


class BoxGroup(Value):
    """A group of boxes that answer one question: `label` is the question, as messages and the record call it.

    With `choose` "one" a second tick is a doubt; a `needed` group must have one. `blocks_when` has the sentence
    that a person is told when a box is ticked: the slip is then never accepted without one.
    """

    name: str = Field(pattern=NAME_PATTERN)
    label: str = Field(min_length=1, max_length=60)
    choose: Literal["one", "many"] = "many"
    needed: bool = False
    blocks_when: Annotated[tuple[Block, ...], BeforeValidator(_as_blocks)] = ()


PadField = Annotated[Checkbox | TextField | CombField | SignatureField, Field(discriminator="kind")]

# Which cells can hold what is written, and the sentence where they cannot.
CELLS_FIT: Mapping[FieldKind, Callable[[tuple[int, ...]], bool]] = MappingProxyType(
    {
        FieldKind.PHONE: lambda cells: len(cells) > 1 and sum(cells) in PHONE_DIGITS,
        FieldKind.DATE: lambda cells: cells in ((2, 2, 2), (2, 2, 4)),
        FieldKind.NUMBER: lambda cells: len(cells) == 1 and cells[0] <= NUMBER_DIGITS_MOST,
        FieldKind.ICD10: lambda cells: cells[0] == 3 and len(cells) == 2 and cells[1] <= 4,
        FieldKind.NPI: lambda cells: sum(cells) == 10,
    }
)
CELLS_NEEDED: Mapping[FieldKind, str] = MappingProxyType(
    {
        FieldKind.PHONE: "two groups or more, of 6 to 15 digits in all",
        FieldKind.DATE: "[2, 2, 2], or [2, 2, 4] with the year in full",
        FieldKind.NUMBER: "one group of at most 6",
        FieldKind.ICD10: "[3, 4], or fewer behind the point",
        FieldKind.NPI: "10 in all",
    }
)
