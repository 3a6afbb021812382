"""Each time that a file was seen in the inbox, beside what became of its content."""

import sqlalchemy as sa

from schemas.states import FileState, OccurrenceState
from store.tables import file, occurrence

_of_file, _of_drop = (sa.type_coerce(table.c.state, sa.String) for table in (file, occurrence))


def with_files() -> sa.FromClause:
    """Every drop, with the file that its bytes are, if they were taken in."""
    return occurrence.outerjoin(file, file.c.id == occurrence.c.file_id)


def is_unusable() -> sa.ColumnElement[bool]:
    """The drop's bytes were taken in and could not be used, the first time or again: nothing is a copy of a failure."""
    return sa.and_(occurrence.c.file_id.is_not(None), file.c.state == FileState.SET_ASIDE)


def ended_as() -> sa.ColumnElement[str]:
    """What became of a drop: its own state where it stands for nothing new to read, otherwise its file's."""
    follows_file = sa.or_(occurrence.c.state == OccurrenceState.TAKEN, is_unusable())
    return sa.case((follows_file, _of_file), else_=_of_drop)
