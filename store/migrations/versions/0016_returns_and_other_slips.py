"""How often a file came back, and the other slip of a possible duplicate as a number of its own.

Frozen: a later change of the tables is a later revision.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

# The sentence that revisions up to 0015 kept, of which the number was part.
_TWIN = re.compile(r"came in before, as slip s([0-9]{1,9})\.$")


def upgrade() -> None:
    """Add the columns, and write the number beside the sentences kept so far."""
    op.add_column("file", sa.Column("returns", sa.Integer, nullable=False, server_default="0"))
    op.add_column("file", sa.Column("recorded_then", sa.Integer))
    connection = op.get_bind()
    slip = sa.table("slip", sa.column("id"), sa.column("findings", sa.JSON))
    doubtful = sa.cast(slip.c.findings, sa.Text).contains("possible_duplicate")
    for row in connection.execute(sa.select(slip.c.id, slip.c.findings).where(doubtful)).all():
        findings = [_with_number(finding) for finding in row.findings]
        connection.execute(slip.update().where(slip.c.id == row.id).values(findings=findings))


def _with_number(finding: dict[str, object]) -> dict[str, object]:
    found = _TWIN.search(str(finding["detail"])) if finding["code"] == "possible_duplicate" else None
    return {**finding, "other_slip": int(found[1])} if found else finding
