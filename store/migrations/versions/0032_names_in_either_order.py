"""A provider whose name was written surname first ("Kim, Susan") is known by the same key as "Susan Kim".

Frozen: a later change of the keys is a later revision.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"

_KEY_MOST = 160
_GENERATIONS = frozenset(["jr", "sr", "ii", "iii", "iv"])
_BEFORE = frozenset(["dr", "doctor", "mr", "mrs", "ms"])
_DEGREES = frozenset(["md", "dpm", "dpt", "phd", "facs", "faaos", "aprn", "fnp", "dnp"])
_CREDENTIALS = _DEGREES | {"do", "dc", "pa", "pac", "pt", "np", "ot", "rn"}


def upgrade() -> None:
    """Write the keys of those names anew."""
    provider = sa.table("provider", *(sa.column(name) for name in ("id", "name", "name_key")))
    connection = op.get_bind()
    for row in connection.execute(sa.select(provider).where(provider.c.name.contains(","))).all():
        if key := _key(row.name):
            connection.execute(provider.update().where(provider.c.id == row.id).values(name_key=key[:_KEY_MOST]))


def _key(name: str) -> str:
    """The key of a name that is written surname first; "" for any other, whose key stays."""
    last, first, *rest = (part.strip() for part in name.split(","))
    given = _words(first)
    is_name = any(ch.islower() for ch in first) or len(first) <= len("B.")
    if not last or not given or not is_name or {*given} <= _GENERATIONS | _CREDENTIALS:
        return ""
    words = [*given, *_words(last), *_words(" ".join(rest))]
    while words and words[0] in _BEFORE:
        words.pop(0)
    while len(words) > 2 and words[-1] in _CREDENTIALS:
        words.pop()
    return " ".join(words) if " " not in last else ""


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", re.sub(r"[.'\u2019-]", "", text.replace(". ", " ")).casefold())
