"""What is searched for beside referrals: slips that are none, pages, files set aside, providers, offices, codes."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.dates import parse_date
from schemas.states import FileState, OccurrenceState, PageState, SlipState
from store.clock import Clock
from store.directory.offices import find_office_within, surviving_office, with_office
from store.search.found import FoundCode, FoundFile, FoundOffice, FoundPage, FoundProvider, FoundSlip
from store.search.small_index import FollowedSource, Places, SearchSource
from store.search.words import CODE, DATE, PHONE, SERIAL, TEXT, WORD_MOST, day_word, phone_digits, plain_words
from store.tables import file, occurrence, office, page, provider, settled_file, slip, slip_code

SLIPS_MOST, OTHERS_MOST = 20, 10  # of a kind, on a page
IDS_A_QUERY = 500
SLIP_STATES = (SlipState.REVIEW, SlipState.REJECTED)
SLIP_TEXTS = ("patient_name", "patient_phone", "provider_name", "diagnosis", "birth_date")
SlipStamp = tuple[int, str, int]  # version, state and file


class Slips(FollowedSource[SlipStamp, FoundSlip]):
    """Slips that are no referral: their drafts are opened only when they have changed."""

    most, noun = SLIPS_MOST, "slip"

    def stamps(self, connection: Connection, among: Iterable[int] | None = None) -> Mapping[int, SlipStamp]:
        state = sa.type_coerce(slip.c.state, sa.String)  # all at the start: none is made more of than it is
        query = sa.select(slip.c.id, slip.c.version, state, slip.c.file_id)
        if among is None:
            rows = iter(connection.execute(query.where(slip.c.state.in_(SLIP_STATES))))
        else:  # by their numbers alone: with the states beside them the database may read all that wait
            rows = _some(connection, query, slip.c.id, among)
        return {row[0]: tuple(row[1:]) for row in rows if row[2] in SLIP_STATES}

    def of_files(self, connection: Connection, files: Collection[int]) -> Iterable[int]:
        return (row.id for row in _some(connection, sa.select(slip.c.id), slip.c.file_id, files))

    def file_of(self, stamp: SlipStamp) -> int:
        return stamp[2]

    def words(self, connection: Connection, changed: Mapping[int, SlipStamp]) -> Mapping[int, Places]:
        return {found.number: self._words(found) for found in self._read(connection, list(changed))}

    def found(self, connection: Connection, keys: Sequence[int]) -> Sequence[FoundSlip]:
        by_number = {found.number: found for found in self._read(connection, keys)}
        return [by_number[key] for key in keys if key in by_number]

    @staticmethod
    def _words(found: FoundSlip) -> Places:
        places = _texts([found.patient_name, found.provider_name, found.diagnosis])
        phone = phone_digits(found.patient_phone)[:WORD_MOST]
        numbers = [str(number) for number in (found.number, found.serial) if number is not None]
        last = len(places)
        return {
            **places,
            **({(PHONE, phone): 0} if phone else {}),
            **{(SERIAL, number): 0 for number in numbers},
            **{(TEXT, word): last for word in ("slip", found.item)},
            (DATE, day_word(found.received_on)): last,
            **_born(found.birth_date, found.received_on),
        }

    @staticmethod
    def _read(connection: Connection, keys: Sequence[int]) -> list[FoundSlip]:
        texts = [slip.c.draft["text", name, "value"].as_string().label(name) for name in SLIP_TEXTS]
        own = slip.c["id", "state", "serial", "why_rejected"]
        query = sa.select(*own, *texts, file.c.received_on).join(file, file.c.id == slip.c.file_id)
        return [
            FoundSlip(
                number=row.id,
                **{name: getattr(row, name) for name in ("state", "serial", "received_on")},
                **{name: getattr(row, name) or "" for name in ("why_rejected", *SLIP_TEXTS)},
            )
            for row in _some(connection, query, slip.c.id, keys)
        ]


class Pages(FollowedSource[FoundPage, FoundPage]):
    """Pages that wait for a person."""

    most, noun = OTHERS_MOST, "page"

    def stamps(self, connection: Connection, among: Iterable[int] | None = None) -> Mapping[int, FoundPage]:
        own = page.c["id", "file_id", "page", "reason", "state"]
        query = sa.select(*own, file.c.received_on).join(file, file.c.id == page.c.file_id)
        if among is None:
            rows = iter(connection.execute(query.where(page.c.state == PageState.REVIEW)))
        else:
            rows = _some(connection, query, page.c.id, among)
        return {row.id: _page(row) for row in rows if row.state == PageState.REVIEW}

    def of_files(self, connection: Connection, files: Collection[int]) -> Iterable[int]:
        return (row.id for row in _some(connection, sa.select(page.c.id), page.c.file_id, files))

    def file_of(self, stamp: FoundPage) -> int:
        return stamp.file_id

    def words(self, connection: Connection, changed: Mapping[int, FoundPage]) -> Mapping[int, Places]:
        return {
            key: {
                **_texts([f"page {one.item} file {one.reason}"]),
                (SERIAL, str(key)): 0,
                (SERIAL, str(one.file_id)): 0,
                (DATE, day_word(one.received_on)): 0,
            }
            for key, one in changed.items()
        }

    def found(self, connection: Connection, keys: Sequence[int]) -> Sequence[FoundPage]:
        return _picked(self.stamps(connection, keys), keys)


def _page(row: sa.Row[Any]) -> FoundPage:
    return FoundPage(number=row.id, file_id=row.file_id, page=row.page, reason=row.reason, received_on=row.received_on)


_DROPS = occurrence.outerjoin(file, file.c.id == occurrence.c.file_id).outerjoin(
    settled_file, settled_file.c.file_id == file.c.id
)


class Files(SearchSource[int, tuple[object, ...], FoundFile]):
    """Files set aside, settled or not, each time that one was left in the inbox too; by the drop's number."""

    most = OTHERS_MOST

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def stamps(self, connection: Connection) -> Mapping[int, tuple[object, ...]]:
        query = sa.select(occurrence.c.id, file.c.reason, settled_file.c.verdict).select_from(_DROPS)
        unusable = (file.c.state == FileState.SET_ASIDE, occurrence.c.state == OccurrenceState.TAKEN)
        # One after the other: with "or" between them the database would go through every file there ever was.
        both = [query.where(occurrence.c.state == OccurrenceState.SET_ASIDE), query.where(*unusable)]
        return {row[0]: tuple(row) for part in both for row in connection.execute(part)}

    def words(self, connection: Connection, changed: Mapping[int, tuple[object, ...]]) -> Mapping[int, Places]:
        return {
            key: {
                **_texts([f"file set aside {one.reason}", f"{one.name} {one.verdict}"]),
                (SERIAL, str(one.file_id)): 0,
                (DATE, day_word(self._clock.day_of(one.seen_at))): 0,
            }
            for key, one in self._read(connection, list(changed)).items()
        }

    def found(self, connection: Connection, keys: Sequence[int]) -> Sequence[FoundFile]:
        return _picked(self._read(connection, keys), keys)

    @staticmethod
    def _read(connection: Connection, keys: Sequence[int]) -> dict[int, FoundFile]:
        why = [sa.func.coalesce(occurrence.c[name], file.c[name]).label(name) for name in ("reason", "message")]
        verdict = sa.func.coalesce(settled_file.c.verdict, "").label("verdict")
        own = occurrence.c["id", "file_id", "seen_at"]
        query = sa.select(*own, occurrence.c.name_shown.label("name"), *why, verdict).select_from(_DROPS)
        rows = _some(connection, query, occurrence.c.id, keys)
        return {row.id: FoundFile(**{name: getattr(row, name) for name in FoundFile.model_fields}) for row in rows}


class Providers(SearchSource[int, tuple[str, ...], FoundProvider]):
    """Those who sign, by their own name and numbers and their office's name; merged ones lead to whom they are now."""

    most = OTHERS_MOST

    def stamps(self, connection: Connection) -> Mapping[int, tuple[str, ...]]:
        query = with_office(sa.select(*provider.c["id", "name", "fax", "email"]), provider, provider.c.office_id)
        rows = connection.execute(query)
        return {key: (name, office_name or "", fax, email or "") for key, name, fax, email, office_name, _ in rows}

    def words(self, connection: Connection, changed: Mapping[int, tuple[str, ...]]) -> Mapping[int, Places]:
        return {
            key: {**_texts([name, f"{office_name} {email}"]), **_phones([fax])}
            for key, (name, office_name, fax, email) in changed.items()
        }

    def found(self, connection: Connection, keys: Sequence[int]) -> Sequence[FoundProvider]:
        now = sa.func.coalesce(provider.c.merged_into, provider.c.id)
        own = sa.select(provider.c.id, now.label("survivor_id")).where(provider.c.id.in_(keys))
        chosen = {row.id: row.survivor_id for row in connection.execute(own)}
        query = with_office(sa.select(provider), provider, provider.c.office_id)
        rows = connection.execute(query.where(provider.c.id.in_(chosen.values()))).mappings()
        found = {
            row["id"]: FoundProvider(
                id=row["id"], name=row["name"], office_id=row["office_id"], office_name=row["office_name"] or ""
            )
            for row in rows
        }
        return _picked(found, [chosen[key] for key in keys if key in chosen])


class Offices(SearchSource[str, tuple[str, ...], FoundOffice]):
    """Offices, by name, contact, numbers and address; merged ones lead to what they are now."""

    most = OTHERS_MOST

    def stamps(self, connection: Connection) -> Mapping[str, tuple[str, ...]]:
        names = ("name", "contact", "address", "email", "phone", "fax")
        rows = connection.execute(sa.select(office)).mappings()
        return {row["id"]: tuple(row[name] or "" for name in names) for row in rows}

    def words(self, connection: Connection, changed: Mapping[str, tuple[str, ...]]) -> Mapping[str, Places]:
        return {
            key: {**_texts([f"{name} {key}", contact, f"{address} {email}"]), **_phones(numbers)}
            for key, (name, contact, address, email, *numbers) in changed.items()
        }

    def found(self, connection: Connection, keys: Sequence[str]) -> Sequence[FoundOffice]:
        now = dict.fromkeys(surviving_office(connection, key) or key for key in keys)
        offices = [find_office_within(connection, office_id) for office_id in now]
        return [FoundOffice(id=one.id, name=one.name, phone=one.phone, address=one.address) for one in offices]


class Codes(SearchSource[str, FoundCode, FoundCode]):
    """Confirmed diagnosis codes, by code and by description."""

    most = OTHERS_MOST

    def stamps(self, connection: Connection) -> Mapping[str, FoundCode]:
        number = sa.func.count().label("slips")
        query = sa.select(slip_code.c.code, sa.func.min(slip_code.c.description).label("description"), number)
        rows = connection.execute(query.group_by(slip_code.c.code)).mappings()
        return {row["code"]: FoundCode(**row) for row in rows}

    def words(self, connection: Connection, changed: Mapping[str, FoundCode]) -> Mapping[str, Places]:
        return {
            key: {(CODE, "".join(plain_words(key))): 0, **_texts([one.description])} for key, one in changed.items()
        }

    def found(self, connection: Connection, keys: Sequence[str]) -> Sequence[FoundCode]:
        return _picked(self.stamps(connection), keys)


def _some(
    connection: Connection, query: sa.Select[Any], column: sa.Column[int], numbers: Iterable[int]
) -> Iterator[sa.Row[Any]]:
    """What a query gives where a column has one of these numbers."""
    left = list(numbers)
    for start in range(0, len(left), IDS_A_QUERY):
        yield from connection.execute(query.where(column.in_(left[start : start + IDS_A_QUERY])))


def _texts(texts: Iterable[str]) -> dict[tuple[str, str], int]:
    """The words of texts, those of the first in place 0."""
    places: dict[tuple[str, str], int] = {}
    for place, text in enumerate(texts):
        for word in plain_words(text):
            places.setdefault((TEXT, word), place)
    return places


def _born(written: str, received_on: date) -> dict[tuple[str, str], int]:
    """A date of birth as it was read or corrected; also as "7/4/58" asks for it, which is a year of this century."""
    born = parse_date(written, received_on, "birth").on if written else None
    return {} if born is None else {(DATE, word): 0 for word in (day_word(born), f"20{day_word(born)[2:]}")}


def _phones(numbers: Iterable[str]) -> dict[tuple[str, str], int]:
    return {(PHONE, digits[:WORD_MOST]): 0 for number in numbers if (digits := phone_digits(number))}


def _picked(found: Mapping[Any, Any], keys: Sequence[Any]) -> list[Any]:
    """These, in this order, each once."""
    return [found[key] for key in dict.fromkeys(keys) if key in found]
