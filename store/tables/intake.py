"""What came in: files, each time one was seen, their pages and their slips."""

import sqlalchemy as sa

from schemas.states import FileState, OccurrenceState, PageState, SlipState
from store.tables.columns import IS_HELD, UtcTime, content_sha256, key, link, metadata, one_of, set_only, state

WAITS = sa.text("state = 'waiting'")

# One file by content. `attempts` counts claims and is raised before the try; `generation` fences each claim.
# `read_as` is the one pad, "met-1", that a person says its slips are of. `returns` counts how often the machine failed
# at this file while others went through, which `recorded_then` tells: the files recorded when it came back last.
# `page_count` is how many pages it had when it was read. Files that wait are in the order in which they are claimed;
# `waiting_since` is when a file began to wait, the first time or to be read again.
file = sa.Table(
    "file",
    metadata,
    key(),
    sa.Column("sha256", sa.String(64), nullable=False, unique=True),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("received_on", sa.Date, nullable=False),
    state(FileState),
    sa.Column("reason", sa.String(32)),
    sa.Column("message", sa.Text),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("generation", sa.Integer, nullable=False, default=0),
    sa.Column("worker", sa.String(64)),
    sa.Column("lease_until", UtcTime),
    sa.Column("finished_at", UtcTime),
    sa.Column("read_as", sa.String(8)),
    sa.Column("returns", sa.Integer, nullable=False, default=0),
    sa.Column("recorded_then", sa.Integer),
    sa.Column("page_count", sa.Integer),
    sa.Column("waiting_since", UtcTime),
    one_of("state", *FileState),
    sa.Index("ix_file_state", "state"),
    sa.Index("ix_file_worker", "worker", sqlite_where=IS_HELD, postgresql_where=IS_HELD),
    sa.Index(
        "ix_file_waiting", "state", sa.text("(attempts + returns)"), "id", sqlite_where=WAITS, postgresql_where=WAITS
    ),
)
# The file waits to be read. The state stands in the statement: SQLite takes the index of those that wait, few of
# however many, for nothing else, and all files alike for what it could be once it has counted them (ANALYZE).
IS_WAITING = file.c.state == sa.literal(FileState.WAITING, literal_execute=True)

# One file seen in the inbox. `name` is the name's raw bytes: data, never a path. `kept_until` is set while a file that
# was taken in stays in the inbox; `version_of` is the drop as which it was taken in before it changed there.
occurrence = sa.Table(
    "occurrence",
    metadata,
    key(),
    link("file_id", "file.id", nullable=True),
    sa.Column("fingerprint", sa.String(160), nullable=False, unique=True),
    sa.Column("name", sa.LargeBinary, nullable=False),
    sa.Column("name_shown", sa.Text, nullable=False),
    sa.Column("seen_at", UtcTime, nullable=False),
    state(OccurrenceState),
    sa.Column("reason", sa.String(32)),
    sa.Column("message", sa.Text),
    link("duplicate_of", "occurrence.id", nullable=True),
    link("version_of", "occurrence.id", nullable=True),
    sa.Column("kept_until", UtcTime),
    one_of("state", *OccurrenceState),
    sa.CheckConstraint("(file_id IS NULL) = (state IN ('set_aside', 'ignored'))", name="file_when_taken"),
    sa.Index("ix_occurrence_file_id", "file_id"),
    sa.Index("ix_occurrence_state", "state"),
    set_only("occurrence", "version_of"),
    set_only("occurrence", "kept_until"),
    set_only("occurrence", "duplicate_of"),
)

page = sa.Table(
    "page",
    metadata,
    key(),
    link("file_id", "file.id"),
    sa.Column("page", sa.Integer, nullable=False),
    state(PageState),
    sa.Column("reason", sa.String(32)),
    sa.Column("message", sa.Text),
    sa.Column("why_rejected", sa.Text),
    sa.Column("version", sa.Integer, nullable=False, default=1),
    sa.UniqueConstraint("file_id", "page"),
    one_of("state", *PageState),
    sa.Index("ix_page_state", "state"),
)

# `reading` is what the machine read and never changes; `draft` is that with a person's corrections. `office_id` is what
# a person said; where nobody did, the serial number tells the office. `asked` are the written fields that a person is
# asked about though they are sure, each with the chance (0 to 1) it was drawn with.
slip = sa.Table(
    "slip",
    metadata,
    key(),
    link("file_id", "file.id"),
    sa.Column("page", sa.Integer, nullable=False),
    sa.Column("slip", sa.Integer, nullable=False),
    state(SlipState),
    sa.Column("design", sa.String(8)),
    sa.Column("edition", sa.Integer),
    sa.Column("serial", sa.Integer),
    sa.Column("reading", sa.JSON, nullable=False),
    content_sha256("reading"),
    sa.Column("draft", sa.JSON(none_as_null=True)),
    sa.Column("findings", sa.JSON, nullable=False),
    sa.Column("asked", sa.JSON(none_as_null=True)),
    sa.Column("picture_sha256", sa.String(64)),
    sa.Column("why_rejected", sa.Text),
    sa.Column("version", sa.Integer, nullable=False, default=1),
    sa.Column("office_id", sa.ForeignKey("office.id")),
    sa.UniqueConstraint("file_id", "page", "slip"),
    one_of("state", *SlipState),
    sa.Index("ix_slip_state", "state"),
    sa.Index("ix_slip_serial", "design", "edition", "serial"),
)

# What a slip is looked up by when another says the same: numbers made of what it says, or said before it was corrected.
slip_key = sa.Table(
    "slip_key",
    metadata,
    sa.Column("key", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("slip_id", sa.ForeignKey("slip.id"), primary_key=True),
    sa.Index("ix_slip_key_slip_id", "slip_id"),
)
