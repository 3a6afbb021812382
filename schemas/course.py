"""What the specialist enters in the course of a referral: the assessment, progress, and the discharge."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from schemas.base import Value
from schemas.errors import UsageError
from schemas.measures import Measure
from schemas.referral import Line

Paragraph = Annotated[Line, Field(max_length=900)]


class Heading(StrEnum):
    """What a specialist looks at, in the order of a report."""

    FUNCTION = "function"
    STRENGTH = "strength"
    FLEXIBILITY = "flexibility"
    STABILITY = "stability"
    ENDURANCE = "endurance"
    BALANCE = "balance"


HEADING_LABELS: Mapping[Heading, str] = {
    Heading.FUNCTION: "Function",
    Heading.STRENGTH: "Strength",
    Heading.FLEXIBILITY: "Flexibility and range of motion",
    Heading.STABILITY: "Stability",
    Heading.ENDURANCE: "Endurance",
    Heading.BALANCE: "Balance and coordination",
}


class GoalState(StrEnum):
    OPEN = "open"
    MET = "met"
    CHANGED = "changed"
    DROPPED = "dropped"


class Goal(Value):
    """What the patient wants to be able to do, and how far that is."""

    text: Line = Field(min_length=2, max_length=160)
    state: GoalState = GoalState.OPEN


class ExercisePlan(Value):
    """What is trained, how often and how long."""

    sessions_per_week: int = Field(ge=1, le=7)
    minutes: int = Field(ge=10, le=120)
    weeks: int = Field(ge=1, le=52)
    exercises: tuple[Annotated[Line, Field(min_length=2, max_length=140)], ...] = Field(min_length=1, max_length=12)


class EntryKind(StrEnum):
    ASSESSMENT = "assessment"
    PROGRESS = "progress"
    DISCHARGE = "discharge"


class _Entry(Value):
    """`on` is the day it is about. `next_visit_on` is the visit to the provider that the patient told of, if any."""

    on: date
    next_visit_on: date | None = None
    observed: dict[Heading, Paragraph] = Field(default_factory=dict)
    measures: tuple[Measure, ...] = Field(default=(), max_length=24)


class Assessment(_Entry):
    """The initial findings, with the plan and the goals that follow from them."""

    kind: Literal[EntryKind.ASSESSMENT] = EntryKind.ASSESSMENT
    observed: dict[Heading, Paragraph] = Field(min_length=1)
    plan: ExercisePlan
    goals: tuple[Goal, ...] = Field(min_length=1, max_length=6)


class Progress(_Entry):
    """What has changed since the last report. Plan and goals are those of before where nothing is said of them."""

    kind: Literal[EntryKind.PROGRESS] = EntryKind.PROGRESS
    sessions_attended: int = Field(ge=0, le=200)
    improvements: Paragraph = Field(min_length=2)
    plan: ExercisePlan | None = None
    goals: tuple[Goal, ...] = Field(default=(), max_length=6)
    question: Line = Field(default="", max_length=300)


class Outcome(StrEnum):
    """How a course ended."""

    GOALS_MET = "goals_met"
    PLATEAU = "plateau"
    REFERRED_BACK = "referred_back"
    MOVED_AWAY = "moved_away"
    STOPPED_COMING = "stopped_coming"
    NOT_REACHED = "not_reached"
    DECLINED = "declined"


class Discharge(_Entry):
    """The end of the course, whether or not it ever began."""

    kind: Literal[EntryKind.DISCHARGE] = EntryKind.DISCHARGE
    outcome: Outcome
    sessions_attended: int = Field(default=0, ge=0, le=500)
    summary: Paragraph = Field(min_length=2)
    goals: tuple[Goal, ...] = Field(default=(), max_length=6)
    home_program: Paragraph = ""


Entry = Annotated[Assessment | Progress | Discharge, Field(discriminator="kind")]
_entry: TypeAdapter[Assessment | Progress | Discharge] = TypeAdapter(Entry)


def entry_of(content: Mapping[str, Any]) -> Assessment | Progress | Discharge:
    """The entry that `content` holds; raises UsageError that names each wrong field and why, never its value."""
    try:
        return _entry.validate_python(dict(content))
    except ValidationError as error:
        raise UsageError(f"The entry is not complete: {'; '.join(_complaints(error))}.") from None


def _complaints(error: ValidationError) -> list[str]:
    return [f"{_place(detail['loc'])}: {_why(detail['type'], detail['msg'])}" for detail in error.errors()]


def _place(loc: tuple[int | str, ...]) -> str:
    """Where it is wrong, as people count: "measures 2 value"."""
    kinds = {kind.value for kind in EntryKind}
    parts = [str(part + 1) if isinstance(part, int) else part.replace("_", " ") for part in loc if part not in kinds]
    return " ".join(parts) or "kind"


def _why(kind: str, message: str) -> str:
    if kind.startswith("union_tag"):
        return "write assessment, progress or discharge"
    if kind == "missing":
        return "missing"
    return message.removeprefix("Value error, ")
