"""The directory: how offices want letters, providers, and entries that turned out to be one and the same.

Frozen: a later change of the tables is a later revision.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_BEFORE = frozenset(["dr", "doctor", "mr", "mrs", "ms"])
_AFTER = frozenset(["md", "dpm", "dpt", "phd", "facs", "faaos", "aprn", "fnp", "dnp"])
_AFTER_TWO = frozenset(["do", "dc", "pa", "pac", "pt", "np", "ot", "rn"])  # names of people, too


def upgrade() -> None:
    """A column with a foreign key is added in plain SQL, which both databases understand."""
    op.add_column("office", sa.Column("fax", sa.Text, nullable=False, server_default=""))
    op.add_column("office", sa.Column("email", sa.Text))
    op.add_column("office", sa.Column("prefers", sa.String(8), nullable=False, server_default="post"))
    _link("office", "merged_into", "VARCHAR(40)", "office")
    op.create_table(
        "provider",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_key", sa.String(160), nullable=False),
        sa.Column("office_id", sa.String(40), sa.ForeignKey("office.id")),
        sa.Column("fax", sa.Text, nullable=False),
        sa.Column("email", sa.Text),
        sa.Column("prefers", sa.String(8)),
        sa.Column("merged_into", sa.Integer, sa.ForeignKey("provider.id")),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_provider_name_key", "provider", ["name_key"])
    _link("referral", "provider_id", "INTEGER", "provider")
    op.create_index("ix_referral_provider_id", "referral", ["provider_id"])
    _providers_of_referrals()


def _link(table: str, column: str, kind: str, to: str) -> None:
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind} CONSTRAINT fk_{table}_{column} REFERENCES {to} (id)")


def _providers_of_referrals() -> None:
    """Everybody who has signed so far is entered, once for each office."""
    connection = op.get_bind()
    provider = sa.table("provider", *(sa.column(name) for name in ("id", "name", "name_key", "office_id", "fax")))
    provider.append_column(sa.column("added_at"))
    on_sqlite = connection.dialect.name == "sqlite"
    name = "json_extract(record, '$.provider_name')" if on_sqlite else "record ->> 'provider_name'"
    said = sa.text(f"SELECT id, office_id, accepted_at, {name} AS name FROM referral ORDER BY id")  # noqa: S608 - no input
    known: dict[tuple[str, str | None], int] = {}
    for row in connection.execute(said).all():
        key = _name_key(row.name or "")
        if not key:
            continue
        if (key, row.office_id) not in known:
            values = {"name": row.name, "name_key": key, "office_id": row.office_id, "fax": ""}
            added = provider.insert().values(**values, added_at=row.accepted_at).returning(provider.c.id)
            known[key, row.office_id] = connection.execute(added).scalar_one()
        signed = sa.text("UPDATE referral SET provider_id = :provider WHERE id = :referral")
        connection.execute(signed, {"provider": known[key, row.office_id], "referral": row.id})


def _name_key(name: str) -> str:
    words = re.findall(r"[^\W_]+", re.sub(r"[.'\u2019-]", "", name.replace(". ", " ")).casefold())
    while words and words[0] in _BEFORE:
        words.pop(0)
    while len(words) > 1 and (words[-1] in _AFTER or (len(words) > 2 and words[-1] in _AFTER_TWO)):
        words.pop()
    return " ".join(words)
