"""Corrections, second looks and verdicts of people about slips and files."""

import sqlalchemy as sa

from store.tables.columns import UtcTime, link, metadata

_NAMED = sa.text("other_slip IS NOT NULL")

# The review queue: of each slip ("s") and page ("p") that waits for a person one row with no code, and one for each of
# its reasons. `place` is 0 when an office has answered, else 1; `other_slip` is the one that a doubt compares it with.
waiting = sa.Table(
    "waiting",
    metadata,
    sa.Column("noun", sa.String(1), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("code", sa.String(40), primary_key=True),
    sa.Column("place", sa.SmallInteger, nullable=False),
    sa.Column("received_on", sa.Date, nullable=False),
    link("file_id", "file.id"),
    sa.Column("page", sa.Integer, nullable=False),
    sa.Column("other_slip", sa.Integer),
    sa.Index("ix_waiting_order", "code", "place", "received_on", "file_id", "page", "noun", "number"),
    sa.Index("ix_waiting_file_id", "file_id"),
    sa.Index("ix_waiting_other_slip", "other_slip", sqlite_where=_NAMED, postgresql_where=_NAMED),
)

# One correction of a slip by a person: `changes` are the fields before and after, for people; `before` the readings it
# replaced, to undo it; `version` the slip's version after it.
correction = sa.Table(
    "correction",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("slip_id", sa.ForeignKey("slip.id"), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("before", sa.JSON(none_as_null=True), nullable=False),
    sa.Column("changes", sa.JSON, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("undone_by", sa.Text),
    sa.Column("undone_at", UtcTime),
    sa.Index("ix_correction_slip_id", "slip_id"),
)

# What a person said of a slip beside one that came before it: "same" or "new"; of several words the last counts.
duplicate_decision = sa.Table(
    "duplicate_decision",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("slip_id", sa.ForeignKey("slip.id"), nullable=False),
    sa.Column("other_id", sa.ForeignKey("slip.id"), nullable=False),
    sa.Column("decision", sa.String(8), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.CheckConstraint("decision IN ('same', 'new')", name="decision"),
    sa.Index("ix_duplicate_decision_slip_id", "slip_id"),
    sa.Index("ix_duplicate_decision_other_id", "other_id"),
)

# A file set aside of which a person said what it is: it stays set aside, and is asked about no more.
settled_file = sa.Table(
    "settled_file",
    metadata,
    sa.Column("file_id", sa.ForeignKey("file.id"), primary_key=True),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
)

# A slip that the machine accepted and a person is to look at all the same: drawn by chance, or because somebody called
# one of its crops wrong. `wrong` are the fields that were, of `values_seen`, once it is settled.
second_look = sa.Table(
    "second_look",
    metadata,
    sa.Column("slip_id", sa.ForeignKey("slip.id"), primary_key=True),
    sa.Column("cause", sa.String(8), nullable=False),
    sa.Column("drawn_at", UtcTime, nullable=False),
    sa.Column("settled_at", UtcTime),
    sa.Column("settled_by", sa.Text),
    sa.Column("values_seen", sa.Integer),
    sa.Column("wrong", sa.JSON(none_as_null=True)),
    sa.CheckConstraint("cause IN ('sample', 'group')", name="cause"),
    sa.Index("ix_second_look_settled_at", "settled_at"),
)

# One field of one slip, seen in a group of crops that were all read as `value`.
crop_look = sa.Table(
    "crop_look",
    metadata,
    sa.Column("slip_id", sa.ForeignKey("slip.id"), primary_key=True),
    sa.Column("field", sa.String(40), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("is_right", sa.Boolean, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
)

# An ICD-10-CM code that a person has confirmed for the diagnosis on a slip.
slip_code = sa.Table(
    "slip_code",
    metadata,
    sa.Column("slip_id", sa.ForeignKey("slip.id"), primary_key=True),
    sa.Column("code", sa.String(8), primary_key=True),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
)

# An answer sheet that came in, by the slip row that holds its reading and picture. `question` is what its code says,
# `of_slip_id` the slip that it is about, `decided_at` when it was laid beside that one.
answer_sheet = sa.Table(
    "answer_sheet",
    metadata,
    sa.Column("slip_id", sa.ForeignKey("slip.id"), primary_key=True),
    sa.Column("question", sa.Integer, nullable=False),
    sa.Column("of_slip_id", sa.ForeignKey("slip.id")),
    sa.Column("is_used", sa.Boolean, nullable=False, default=False),
    sa.Column("decided_at", UtcTime),
    sa.Index("ix_answer_sheet_of_slip_id", "of_slip_id"),
    sa.Index("ix_answer_sheet_decided_at", "decided_at"),
)
