"""The words that referrals are found by: written beside each record, the same on every database."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.database import Store
from store.search.words import CODE, DATE, PHONE, SERIAL, TEXT, WORD_MOST, Word, phone_digits, plain_words
from store.tables import referral, search_hit, search_word, slip_code

PLACES = ("patient_name", "provider_name", "diagnosis", "conditions", "other_condition")  # best first
BATCH = 500
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Code = tuple[str, str]  # an ICD-10-CM code and its description


def words_of(record: Mapping[str, Any], codes: Iterable[Code] = ()) -> dict[Word, int]:
    """What a referral is found by, each with the best of its places; confirmed `codes` are of the diagnosis."""
    words: dict[Word, int] = {}
    for place, name in enumerate(PLACES):
        for word in plain_words(_text(record.get(name))):
            words.setdefault((TEXT, word), place)
    for code, description in codes:
        words[CODE, "".join(plain_words(code))] = PLACES.index("diagnosis")
        for word in plain_words(description):
            words.setdefault((TEXT, word), PLACES.index("conditions"))
    words[PHONE, phone_digits(record["patient_phone"])[:WORD_MOST]] = 0
    for word in _answered(record.get("answers") or {}):
        words.setdefault((TEXT, word), PLACES.index("conditions"))
    if record.get("birth_date"):
        words[DATE, record["birth_date"]] = 0
    if record.get("serial"):
        words[SERIAL, str(record["serial"])] = 0
    return words


def write(connection: Connection, records: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
    """Make these referrals, by id, be found by what their records say now, in the caller's write transaction."""
    ids = [number for number, _ in records]
    connection.execute(search_hit.delete().where(search_hit.c.referral_id.in_(ids)))
    codes = _codes(connection, ids)
    words = {number: words_of(record, codes.get(number, ())) for number, record in records}
    known = _known(connection, {word for places in words.values() for word in places})
    hits = [
        {"word_id": known[word], "referral_id": number, "place": place}
        for number, places in words.items()
        for word, place in places.items()
    ]
    if hits:
        connection.execute(search_hit.insert(), hits)


def renew(connection: Connection, slip_id: int) -> None:
    """The same for the referral of a slip, if it has one: its codes changed."""
    row = connection.execute(sa.select(referral.c.id, referral.c.record).where(referral.c.slip_id == slip_id)).first()
    if row is not None:
        write(connection, [(row.id, row.record)])


def catch_up(store: Store) -> int:
    """Index the referrals that were recorded before there was an index, or this one; how many there were."""
    done = last = 0
    missing = (
        sa.select(referral.c.id, referral.c.record)
        .where(~sa.exists().where(search_hit.c.referral_id == referral.c.id))
        .order_by(referral.c.id)
        .limit(BATCH)
    )
    while True:
        with store.read() as connection:
            if connection.execute(missing.where(referral.c.id > last).limit(1)).first() is None:
                return done
        with store.write() as connection:
            rows = connection.execute(missing.where(referral.c.id > last)).all()
            write(connection, [(row.id, row.record) for row in rows])
        done += len(rows)
        last = rows[-1].id if rows else last


def _answered(answers: Mapping[str, Any]) -> Iterator[str]:
    """The words of written answers, codes and numbers of providers among them; a day would be found by each number."""
    for value in answers.values():
        if isinstance(value, str) and not _DAY.fullmatch(value):
            yield from plain_words(value)


def _text(value: object) -> str:
    """A text, or the names of checked boxes."""
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")


def _codes(connection: Connection, ids: Sequence[int]) -> dict[int, list[Code]]:
    """The confirmed codes of these referrals."""
    codes: dict[int, list[Code]] = {}
    query = sa.select(referral.c.id, slip_code.c.code, slip_code.c.description).join(
        slip_code, slip_code.c.slip_id == referral.c.slip_id
    )
    for row in connection.execute(query.where(referral.c.id.in_(ids))):
        codes.setdefault(row.id, []).append((row.code, row.description))
    return codes


def _known(connection: Connection, words: Iterable[Word]) -> dict[Word, int]:
    """The ids of these words; those that are new are entered."""
    wanted = sorted(words)
    known = ids_of(connection, wanted)
    new = [{"kind": kind, "word": word} for kind, word in wanted if (kind, word) not in known]
    if new:
        connection.execute(search_word.insert(), new)
        known |= ids_of(connection, [(row["kind"], row["word"]) for row in new])
    return known


def ids_of(connection: Connection, words: Sequence[Word]) -> dict[Word, int]:
    """The ids of those of these words that there are."""
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
