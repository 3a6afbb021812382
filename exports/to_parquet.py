"""Parquet (parquet.apache.org): what the CSV says, a column each with its type, for programs that read large tables."""

import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import Enum
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from exports.to_csv import ANSWER, SEPARATOR
from schemas.atomic_write import replace_file
from schemas.base import Value
from schemas.errors import MachineError, MissingPackageError

ROWS_A_GROUP = 10_000  # some 5 MB: what a writer holds in memory at once
ANSWERS = "answers"  # the one field that is a table of its own: a column for each name in it

Model = TypeVar("Model", bound=Value)


def write_parquet(rows: Iterable[Model], path: Path, model: type[Model], answers: Sequence[str] = ()) -> int:
    """Write all rows to `path`, replacing it in one step; returns how many there were.

    Columns are the fields of `model`, those of values within it among them, and one for each of the `answers`. Raises
    MissingPackageError without pyarrow, MachineError when the file cannot be written; `path` is then as it was.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise MissingPackageError("Parquet", "pyarrow", "take `refpad export jsonl`") from None
    names = {f"{ANSWER}{name}": name for name in answers}
    schema = pa.schema([*_columns(pa, model), *((name, pa.string()) for name in names)])
    count = 0
    try:
        with replace_file(path) as file, parquet.ParquetWriter(file, schema) as writer:
            for some in _groups(rows):
                writer.write_table(pa.Table.from_pylist([_flat(row, names) for row in some], schema))
                count += len(some)
    except OSError as error:
        raise MachineError(
            f"The export {path} could not be written ({error.strerror}); mend that and run `refpad export parquet` "
            "again."
        ) from None
    return count


def _groups(rows: Iterable[Model]) -> Iterator[list[Model]]:
    source = iter(rows)
    while some := list(islice(source, ROWS_A_GROUP)):
        yield some


def _columns(pa: Any, model: type[Value]) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - pyarrow has no types
    for name, field in model.model_fields.items():
        kind = _bare(field.annotation)
        if isinstance(kind, type) and issubclass(kind, Value):
            yield from _columns(pa, kind)
        elif name != ANSWERS:
            yield name, _type(pa, kind)


def _bare(annotation: Any) -> Any:  # noqa: ANN401 - an annotation is of any kind
    """The type itself, without what bounds it, and without None."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return _bare(next(one for one in get_args(annotation) if one is not type(None)))
    return annotation


def _type(pa: Any, kind: Any) -> Any:  # noqa: ANN401 - see above
    if get_origin(kind) is tuple:
        return pa.list_(_type(pa, _bare(get_args(kind)[0])))
    if issubclass(kind, Value):
        return pa.struct(list(_columns(pa, kind)))
    known = {bool: pa.bool_(), int: pa.int64(), float: pa.float64(), date: pa.date32(), str: pa.string()}
    return known[str if issubclass(kind, Enum) else kind]


def _flat(row: Value, answers: Mapping[str, str]) -> dict[str, object]:
    """The row with the fields of values within it beside its own, and its answers as the CSV writes them."""
    flat: dict[str, object] = {}
    for name in type(row).model_fields:
        value = getattr(row, name)
        if isinstance(value, Value):
            flat |= _flat(value, answers)
        elif name == ANSWERS:
            flat |= {column: _answer(value.get(answer)) for column, answer in answers.items()}
        else:
            flat[name] = (
                [part.model_dump() if isinstance(part, Value) else part for part in value]
                if isinstance(value, tuple)
                else value
            )
    return flat


def _answer(value: object) -> str | None:
    if value is None:
        return None
    return SEPARATOR.join(value) if isinstance(value, tuple) else str(value)
