"""The words that referrals are found by: written beside each record, the same on every database."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.database import Store
from store.tables import referral, search_hit, search_word

TEXT, PHONE, SERIAL = "text", "phone", "serial"
WORD_MOST = 40
PLACES = ("patient_name", "provider_name", "diagnosis", "other_condition")  # best first
BATCH = 500
_WORDS = re.compile(r"[a-z0-9]+")

Word = tuple[str, str]  # kind and word


def plain_words(text: str) -> list[str]:
    """The words of a text in small letters without accents, in order."""
    bare = "".join(ch for ch in unicodedata.normalize("NFKD", text) if not unicodedata.combining(ch))
    return [word[:WORD_MOST] for word in _WORDS.findall(bare.casefold())]


def digits(text: str) -> str:
    """The digits alone, without the country's own 1."""
    kept_digits = "".join(ch for ch in text if ch.isascii() and ch.isdigit())
    return kept_digits[1:] if len(kept_digits) == 11 and kept_digits[0] == "1" else kept_digits


def words_of(record: Mapping[str, Any]) -> dict[Word, int]:
    """What a referral is found by, each with the best of its places."""
    words: dict[Word, int] = {}
    for place, name in enumerate(PLACES):
        for word in plain_words(record.get(name) or ""):
            words.setdefault((TEXT, word), place)
    words[PHONE, digits(record["patient_phone"])[:WORD_MOST]] = 0
    if record.get("serial"):
        words[SERIAL, str(record["serial"])] = 0
    return words


def write(connection: Connection, records: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
    """Make these referrals, by id, be found by what their records say now, in the caller's write transaction."""
    ids = [number for number, _ in records]
    connection.execute(search_hit.delete().where(search_hit.c.referral_id.in_(ids)))
    words = {number: words_of(record) for number, record in records}
    known = _known(connection, {word for places in words.values() for word in places})
    hits = [
        {"word_id": known[word], "referral_id": number, "place": place}
        for number, places in words.items()
        for word, place in places.items()
    ]
    if hits:
        connection.execute(search_hit.insert(), hits)


def catch_up(store: Store) -> int:
    """Index the referrals that were recorded before there was an index; how many there were."""
    done = 0
    missing = (
        sa.select(referral.c.id, referral.c.record)
        .where(~sa.exists().where(search_hit.c.referral_id == referral.c.id))
        .order_by(referral.c.id)
        .limit(BATCH)
    )
    while True:
        with store.write() as connection:
            rows = connection.execute(missing).all()
            write(connection, [(row.id, row.record) for row in rows])
        done += len(rows)
        if len(rows) < BATCH:
            return done


def _known(connection: Connection, words: Iterable[Word]) -> dict[Word, int]:
    """The ids of these words; those that are new are entered."""
    wanted = sorted(words)
    known = _ids(connection, wanted)
    new = [{"kind": kind, "word": word} for kind, word in wanted if (kind, word) not in known]
    if new:
        connection.execute(search_word.insert(), new)
        known |= _ids(connection, [(row["kind"], row["word"]) for row in new])
    return known


def _ids(connection: Connection, words: Sequence[Word]) -> dict[Word, int]:
    ids: dict[Word, int] = {}
    for start in range(0, len(words), BATCH):
        some = words[start : start + BATCH]
        for kind in {kind for kind, _ in some}:
            of_kind = [word for its_kind, word in some if its_kind == kind]
            query = sa.select(search_word.c.id, search_word.c.word).where(
                search_word.c.kind == kind, search_word.c.word.in_(of_kind)
            )
            ids |= {(kind, row.word): row.id for row in connection.execute(query)}
    return ids
