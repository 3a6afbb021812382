"""The form of an entry: from its fields to the entry's own and back, and what it takes over from those before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from schemas.course import HEADING_LABELS, Assessment, Discharge, EntryKind, Progress
from schemas.measures import Measure
from schemas.text import clean
from store.courses.courses import CourseRecord
from web.context import RequestContext

NUMBERS = ("sessions_per_week", "minutes", "weeks")
FIELDS = (
    *("on", "next_visit_on", "sessions_attended", "improvements", "question"),
    *("outcome", "summary", "home_program", "what", "training"),
)
PARTS = {
    "pain": ("where", "worst"),
    "plan": (*NUMBERS, "exercises"),
    "observed": tuple(heading.value for heading in HEADING_LABELS),
}
ROWS = {"measures": ("kind", "of", "side", "value"), "goals": ("text", "state")}


@dataclass(frozen=True)
class TakenOver:
    """What the entries before say. `values` has the fields of the form, `on` the day of the newest of those entries.

    `was` has of each test, by kind, body part and side, its last value and that value's day.
    """

    values: Mapping[str, Any]
    on: date | None
    was: Mapping[tuple[str, str, str], tuple[str, date]]


def content_of(context: RequestContext, kind: EntryKind, *, as_typed: bool = False) -> dict[str, Any]:
    """The form as the entry's own fields; what was left empty is left out, so that the entry's rules speak of it.

    A test without a value is left out too, unless the form is wanted `as_typed`, half a row included; a row that names
    no test is not: what was typed there is refused, not dropped.
    """
    plan = _plan(context)
    content: dict[str, Any] = {
        "kind": kind.value,
        "on": context.form("on"),
        "next_visit_on": context.form("next_visit_on"),
        "observed": {name.value: text for name in HEADING_LABELS if (text := context.form(f"observed_{name.value}"))},
        "measures": [row for row in _measures(context) if as_typed or "value" in row or "kind" not in row],
        "goals": _goals(context),
    }
    if kind is EntryKind.ASSESSMENT:
        content["plan"] = plan or {}
        pain = {name: text for name in PARTS["pain"] if (text := context.form(f"pain_{name}"))}
        content |= {"pain": pain} if pain else {}
    if kind is EntryKind.PROGRESS:
        content |= {"plan": plan, **_fields(context, "sessions_attended", "improvements", "question")}
    if kind is EntryKind.DISCHARGE:
        content |= _fields(context, "outcome", "sessions_attended", "summary", "home_program")
    if kind is EntryKind.STATUS_CHANGE:
        content |= _fields(context, "what", "training", "summary", "question")
        del content["goals"]
    return {name: value for name, value in content.items() if value not in ("", None)}


def shown(content: Mapping[str, Any]) -> dict[str, Any]:
    """What the form shows of an entry, each field of the form there; a draft's content may be anything."""
    values: dict[str, Any] = {name: content.get(name) or "" for name in FIELDS}
    values |= {name: _mapping(content.get(name), names) for name, names in PARTS.items()}
    values |= {name: [_mapping(row, names) for row in _rows_of(content.get(name))] for name, names in ROWS.items()}
    return values


def taken_over(record: CourseRecord, without: int | None) -> TakenOver:
    """What a form starts from: the last findings, plan, goals and tests that were entered for good.

    `without` is the entry that the form is about, if it is on record. Of tests only their names are taken over: a
    value that nobody measured again is no value of today.
    """
    entries = [entry for entry in record.final(without=without) if not isinstance(entry, Discharge)]
    was = {_series(measure): measure for entry in entries for measure in entry.measures}
    days = {_series(measure): measure.on or entry.on for entry in entries for measure in entry.measures}
    last = entries[-1] if entries else None
    values = {
        "observed": _dumped(last)["observed"] if last else {},
        "plan": next((_dumped(entry)["plan"] for entry in reversed(entries) if entry.plan), None),
        "goals": next((_dumped(entry)["goals"] for entry in reversed(entries) if entry.goals), []),
        "measures": [{"kind": kind, "of": of, "side": side} for kind, of, side in was],
    }
    return TakenOver(
        values=shown(values),
        on=last.on if last else None,
        was={series: (f"{measure.value:.10g}", days[series]) for series, measure in was.items()},
    )


def start_of(kind: EntryKind, taken: TakenOver, today: date) -> dict[str, Any]:
    """What stands in a form that nobody has begun; a discharge is written anew but for goals and tests."""
    names = {EntryKind.PROGRESS: ("observed", "plan", "goals", "measures"), EntryKind.DISCHARGE: ("goals", "measures")}
    values = {name: taken.values[name] for name in names.get(kind, ())}
    return shown({"on": today.isoformat(), **values})


def _series(measure: Measure) -> tuple[str, str, str]:
    return measure.kind.value, measure.of, measure.side or ""


def _dumped(entry: Assessment | Progress) -> dict[str, Any]:
    return entry.model_dump(mode="json")


def _fields(context: RequestContext, *names: str) -> dict[str, str]:
    return {name: context.form(name) for name in names}


def _plan(context: RequestContext) -> dict[str, Any] | None:
    exercises = [str(clean(line)) for line in context.raw.get("exercises", "").splitlines() if line.strip()]
    numbers = {name: context.form(name) for name in NUMBERS if context.form(name)}
    return {**numbers, "exercises": exercises} if numbers or exercises else None


def _measures(context: RequestContext) -> list[dict[str, str]]:
    rows = _rows(context, ("measure_kind", "measure_of", "measure_side", "measure_value"))
    named = [{name: text for name, text in zip(ROWS["measures"], row, strict=True) if text} for row in rows]
    return [row for row in named if row]


def _goals(context: RequestContext) -> list[dict[str, str]]:
    return [{"text": text, "state": state} for text, state in _rows(context, ("goal", "goal_state")) if text]


def _rows(context: RequestContext, names: Sequence[str]) -> list[tuple[str, ...]]:
    """Fields that come once a row, row by row."""
    columns = [context.form_values(name) for name in names]
    return list(zip(*columns, strict=False))


def _mapping(value: object, names: Sequence[str]) -> dict[str, Any]:
    mapping = value if isinstance(value, Mapping) else {}
    return {name: mapping.get(name) if mapping.get(name) is not None else "" for name in names}


def _rows_of(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()
