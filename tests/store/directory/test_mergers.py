"""What a merge would change is counted before, and what was merged is listed with who did it."""

from pathlib import Path

import pytest

from schemas.office import Office
from store.database import Store
from store.directory import mergers, offices, providers
from tests.fake_reader import slip_reading
from tests.schemas.examples import text
from tests.store.helpers import recorded, taken


@pytest.fixture(autouse=True)
def two_offices(store: Store, inbox: Path) -> None:
    """Northside with pads, a referral and a provider, and the same office entered a second time."""
    offices.add(store, Office(id="northside", name="Northside Family Practice"), "kim")
    offices.add(store, Office(id="ns-fp", name="Northside FP"), "kim")
    offices.reserve_serials(store, "ns-fp", "tst", 1, 200)
    recorded(store, taken(store, inbox / "scan.pdf"), slip_reading(serial=123))


def test_a_preview_counts_what_would_count_for_the_other(store: Store) -> None:
    """And changes nothing; afterwards all of it is the other's."""
    before = mergers.preview_office_merge(store, "ns-fp")
    assert (before.referrals, before.providers, before.slips) == (1, 1, 200)
    assert mergers.preview_office_merge(store, "northside").referrals == 0
    offices.merge(store, "ns-fp", "northside", "kim")
    assert mergers.preview_office_merge(store, "northside") == before


def test_what_was_merged_is_listed_until_it_is_undone(store: Store) -> None:
    """With who did it: whoever undoes it may ask them first."""
    offices.merge(store, "ns-fp", "northside", "kim")
    [merged] = mergers.merged_into_office(store, "northside")
    assert (merged.id, merged.name, merged.by) == ("ns-fp", "Northside FP", "kim")
    offices.unmerge(store, "ns-fp", "kim")
    assert mergers.merged_into_office(store, "northside") == []


def test_a_merged_provider_is_listed_and_their_referrals_are_counted(store: Store, inbox: Path) -> None:
    """Who writes their name in two ways has two rows."""
    other = slip_reading(serial=124)
    other = other.model_copy(update={"text": {**other.text, "provider_name": text("Belinda Fenn, MD")}})
    recorded(store, taken(store, inbox / "other.pdf", b"other"), other)
    first, second = providers.list_providers(store)
    assert mergers.preview_provider_merge(store, first.id).referrals == 1
    providers.merge_providers(store, second.id, first.id, "kim")
    assert mergers.preview_provider_merge(store, first.id).referrals == 2
    assert [merged.id for merged in mergers.merged_into_provider(store, first.id)] == [str(second.id)]
    providers.unmerge_provider(store, second.id, "kim")
    assert mergers.merged_into_provider(store, first.id) == []
