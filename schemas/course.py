"""What the specialist enters in the course of a referral: the assessment, progress, and the discharge."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from schemas.base import Value
from schemas.errors import UsageError
from schemas.measures import Measure
from schemas.plain_words import plain
from schemas.referral import Line

Paragraph = Annotated[Line, Field(max_length=900)]
MEASURES_MOST = 100  # a form of more would be no form; what fits on the report's page is said there


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
    STATUS_CHANGE = "status_change"


class _Entry(Value):
    """`on` is the day it is about. `next_visit_on` is the visit to the provider that the patient told of, if any."""

    on: date
    next_visit_on: date | None = None
    observed: dict[Heading, Paragraph] = Field(default_factory=dict)
    measures: tuple[Measure, ...] = Field(default=(), max_length=MEASURES_MOST)


class Pain(Value):
    """Pain as the patient tells it at the assessment: where, and the most of it from 0 to 10 (numeric rating scale)."""

    where: Line = Field(min_length=2, max_length=120)
    worst: int = Field(ge=0, le=10)


class Assessment(_Entry):
    """The initial findings, with the plan and the goals that follow from them.

    Pain is told here once, so that the provider knows where the course began; following it is the provider's part.
    """

    kind: Literal[EntryKind.ASSESSMENT] = EntryKind.ASSESSMENT
    observed: dict[Heading, Paragraph] = Field(min_length=1)
    pain: Pain | None = None
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


class StatusReason(StrEnum):
    """What is other than before."""

    SYMPTOM = "symptom"
    FALL = "fall"
    HOSPITAL = "hospital"
    MEDICATION = "medication"
    MEASURE = "measure"
    ATTENDANCE = "attendance"
    OTHER = "other"


class Training(StrEnum):
    """What becomes of the sessions until the provider answers."""

    CONTINUES = "continues"
    ADAPTED = "adapted"
    PAUSED = "paused"
    ASKS = "asks"


class StatusChange(_Entry):
    """Something about the patient changed that the provider wants to know before the next report."""

    kind: Literal[EntryKind.STATUS_CHANGE] = EntryKind.STATUS_CHANGE
    what: StatusReason
    summary: Paragraph = Field(min_length=2)
    training: Training
    question: Line = Field(default="", max_length=300)


Report = Assessment | Progress | Discharge  # what tells of the course itself
AnyEntry = Report | StatusChange
_entry: TypeAdapter[AnyEntry] = TypeAdapter(Annotated[AnyEntry, Field(discriminator="kind")])

# What a field of an entry is called; a number follows the name of what there may be several of.
FIELD_LABELS: Mapping[str, str] = {
    "kind": "Kind of entry",
    "on": "Date",
    "next_visit_on": "Next visit",
    "observed": "Findings",
    "measures": "Test",
    "goals": "Goal",
    "pain": "Pain",
    "what": "What changed",
    "training": "Sessions",
    "summary": "Summary",
    "plan": "Exercise plan",
    "exercises": "exercise",
    "improvements": "Notable improvements",
    "question": "Question for the provider",
    **{heading.value: label for heading, label in HEADING_LABELS.items()},
}
SEVERAL: Mapping[str, str] = {"measures": "Tests", "goals": "Goals", "exercises": "exercises"}


def entry_of(content: Mapping[str, Any]) -> AnyEntry:
    """The entry that `content` holds; raises UsageError that names each wrong field and why, never its value."""
    try:
        return _entry.validate_python(dict(content))
    except ValidationError as error:
        raise UsageError(f"The entry is not complete: {'; '.join(_complaints(error))}.") from None


def _complaints(error: ValidationError) -> list[str]:
    details = error.errors()
    places = [detail["loc"] for detail in details]
    return [
        f"{_place(detail['loc'])}: {_why(detail)}"
        for detail in details
        if detail["type"] != "too_short" or not any(_is_within(place, detail["loc"]) for place in places)
    ]


def _is_within(place: tuple[int | str, ...], whole: tuple[int | str, ...]) -> bool:
    """What is wrong with a goal is not said of all goals once more."""
    return len(place) > len(whole) and place[: len(whole)] == whole


def _place(loc: tuple[int | str, ...]) -> str:
    """Where it is wrong, as the form calls it and people count: "Test 2, value"."""
    parts: list[str] = []
    for at, part in enumerate(loc):
        if isinstance(part, int):
            parts[-1] += f" {part + 1}"
        elif part not in _KINDS or at:
            name = "which test" if parts and part == "kind" else FIELD_LABELS.get(part, part.replace("_", " "))
            is_one = at + 1 < len(loc)
            parts.append(name if is_one or part not in SEVERAL else SEVERAL[part])
    said = ", ".join(part for part in parts if part != "[key]") or FIELD_LABELS["kind"]
    return said[0].upper() + said[1:]


def _why(detail: ErrorDetails) -> str:
    if detail["type"].startswith("union_tag"):
        return "write assessment, progress, discharge or status_change"
    return plain(detail)


_KINDS = {kind.value for kind in EntryKind}
