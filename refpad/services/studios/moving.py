"""A scan that was put into one studio's inbox and is of another's pads: moved there, by a person's word."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any

from refpad.services.studios.registry import Registry, StudioEntry, read_registry, settings_of
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.errors import UsageError
from schemas.item_id import ItemId
from schemas.states import SlipState
from schemas.text import counted
from store.intake.originals import find_original
from store.intake.taking_in.moved import slips_of_file, take_moved
from store.review.settle import reject

WHY = "It is of another studio's pads, and was moved there."


def move_scan(settings: Settings, key: str, number: int, who: str) -> StudioEntry:
    """Move a scan from the studio `key` to the one whose serials its slips carry; that studio.

    It is in the other record before its slips are rejected here, and comes there once however often it is moved: a move
    that was cut short is done again. `settings` are the first studio's. Raises UsageError when it cannot be moved.
    """
    registry = read_registry(settings)
    with closing(open_record(settings_of(settings, registry.find(key)))) as store:
        slips = slips_of_file(store, number)
        studio = _studio_of(registry, key, slips, number)
        scan = find_original(store, str(number), who)
        with closing(open_record(settings_of(settings, studio))) as there:
            take_moved(there, scan.original, f"scan {number} of studio {key}", scan.received_on, who)
        for slip in slips:
            if slip["state"] == SlipState.REVIEW:
                reject(store, str(ItemId.slip(slip["id"])), who, WHY)
    return studio


def _studio_of(registry: Registry, key: str, slips: Sequence[Mapping[str, Any]], number: int) -> StudioEntry:
    """The one other studio whose serials all slips carry."""
    if not slips:
        raise UsageError(
            f"Scan {number} of studio {key} has no slips: `refpad --studio {key} review list` shows those there."
        )
    if accepted := [slip["id"] for slip in slips if slip["state"] == SlipState.ACCEPTED]:
        raise UsageError(f"Slip s{accepted[0]} of scan {number} is accepted: take its referral back first.")
    if all(slip["serial"] and registry.find(key).serials.holds(slip["serial"]) for slip in slips):
        raise UsageError(f"Scan {number} carries serials of studio {key} itself: it is where it belongs.")
    studios = {found.key: found for slip in slips if (found := registry.of(slip["serial"] or 0)) is not None}
    if len(studios) != 1 or key in studios or not all(slip["serial"] for slip in slips):
        raise UsageError(
            f"Scan {number} has {counted(len(slips), 'slip')}, not all of one other studio's pads: put those of each "
            "studio into its own inbox, and reject them here."
        )
    [studio] = studios.values()
    if studio.closed_at is not None:
        raise UsageError(f"Studio {studio.key} is closed: refpad studio reopen {studio.key}, then move the scan.")
    return studio
