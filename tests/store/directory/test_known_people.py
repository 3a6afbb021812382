"""Who is on record, as readers of slips are told."""

from pathlib import Path

from schemas.names.known_people import GivenSerials, KnownPatient, KnownProvider
from schemas.office import Office
from store.database import Store
from store.directory import offices
from store.directory.known_people import known_people
from store.directory.offices import reserve_serials
from store.directory.providers import find_or_add_provider
from tests.fake_reader import slip_reading
from tests.store.helpers import recorded, taken


def test_an_empty_record_knows_nobody(store: Store) -> None:
    """The first slip of a studio is a stranger's."""
    people = known_people(store)
    assert (people.providers, people.patients, people.serials) == ((), (), ())


def test_accepted_referrals_make_their_patients_and_providers_known(store: Store, tmp_path: Path) -> None:
    """A slip in doubt does not: what a machine read alone is nobody yet."""
    recorded(store, taken(store, tmp_path / "one.pdf", b"one"), slip_reading(serial=5))
    before = known_people(store)
    recorded(store, taken(store, tmp_path / "two.pdf", b"two"), slip_reading(serial=6, sure=False))
    assert known_people(store) == before
    assert [type(person) for person in (*before.patients, *before.providers)] == [KnownPatient, KnownProvider]


def test_who_belongs_to_a_merged_office_counts_to_the_one_that_stays(store: Store) -> None:
    """Its old pads lie about for years, and carry its serials."""
    for name in ("riverside", "hillside"):
        offices.add(store, Office(id=name, name=name.title()), "kim")
    reserve_serials(store, "hillside", "met", 1, 50)
    reserve_serials(store, None, "met", 1, 50)
    with store.write() as connection:
        find_or_add_provider(connection, store, "Selma Finch, MD", "hillside")
        find_or_add_provider(connection, store, "Dr. Fenn", None)
    offices.merge(store, "hillside", "riverside", "kim")
    people = known_people(store)
    assert people.providers == (
        KnownProvider(name="Selma Finch, MD", office_id="riverside"),
        KnownProvider(name="Dr. Fenn"),
    )
    assert people.serials == (GivenSerials(design="met", edition=1, first=1, last=50, office_id="riverside"),)
