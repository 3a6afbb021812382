"""Steps that many tests of the store begin with."""

from collections.abc import Sequence
from pathlib import Path

from schemas.item_id import ItemId
from schemas.limits import Limits
from schemas.reading import PageRead, SlipReading
from store.database import Store
from store.intake import claims, results
from store.intake.claims import Claim
from store.intake.taking_in.take_in import take_in
from store.review.settle import waiting_items
from store.studio_rules import StudioRules
from tests.fake_reader import example_rules, picture, slip_reading

LEASE_S = 60.0


def taken(store: Store, path: Path, content: bytes = b"a scan") -> Claim:
    """A file dropped, taken in and claimed."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    take_in(store, path, Limits())
    claim = claims.next_claim(store, "worker", LEASE_S)
    assert claim is not None
    return claim


def recorded(
    store: Store, claim: Claim, *slips: SlipReading, pages: Sequence[PageRead] = (), rules: StudioRules | None = None
) -> results.Recorded:
    """The slips, on page 1, and further pages recorded for the claimed file."""
    first = (PageRead(page=1, slips=slips),) if slips else ()
    pictures = {(slip.page, slip.slip): picture(slip) for slip in slips}
    return results.record(store, claim, (*first, *pages), pictures, rules or example_rules())


def in_review(store: Store, folder: Path, content: bytes = b"a scan", serial: int | None = 123) -> str:
    """The item of one slip whose signature is in doubt."""
    claim = taken(store, folder / "scan.pdf", content)
    recorded(store, claim, slip_reading(serial=serial, sure=False))
    return waiting_items(store)[-1].id


def slip_number(item: str) -> int:
    """The number of the slip that is called `item` ("s12")."""
    item_id = ItemId.parse(item)
    assert item_id is not None
    return item_id.number
