"""What a reader of scans is told of the record before each file: who is known, and which sheets may come back."""

from schemas.names.known_people import KnownPeople
from store.database import Store
from store.directory.known_people import known_people
from store.followups.missing_information import open_sheets


def reader_facts(store: Store) -> KnownPeople:
    """The people on record with the questions to offices that are open."""
    return known_people(store).model_copy(update={"questions": open_sheets(store)})
