"""Room for the extension behind an office's telephone number.

Frozen: a later change of the tables is a later revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    """Widen the column; SQLite, which holds what it is given, is told so as lang_altertable.html, section 8, says."""
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("office", "phone", type_=sa.String(40))
        return
    op.execute("PRAGMA writable_schema = ON")
    op.execute(
        "UPDATE sqlite_schema SET sql = replace(sql, 'phone VARCHAR(20)', 'phone VARCHAR(40)')"
        " WHERE type = 'table' AND name = 'office'"
    )
    version = op.get_bind().execute(sa.text("PRAGMA schema_version")).scalar_one()
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = RESET")
