"""What an older record brought back goes again, all of it, and nothing that came anew."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from store.clock import SetClock
from store.database import Store
from store.purge.again import purge_again
from store.purge.gone_list import add_to_list, mac_of
from store.purge.purging import SCANS_AT_ONCE, finish, purges, remove_rest
from store.tables import file, installation
from tests.store.helpers import taken

FILES = SCANS_AT_ONCE + 2


@pytest.fixture(autouse=True)
def record(store: Store) -> None:
    """A record that was put back, of a time before all its files were purged."""
    assert store.anchor is not None
    contents = [f"{number:064}" for number in range(FILES)]
    with store.write() as connection:
        given = {"size_bytes": 1, "received_on": store.clock.today(), "state": "waiting"}
        connection.execute(file.insert(), [{"sha256": sha256, **given} for sha256 in contents])
        connection.execute(installation.update().values(put_back_at=store.clock.now()))
    add_to_list(store.anchor, store.anchor.folder, [mac_of(store.anchor, sha256) for sha256 in contents])


def files_of(store: Store) -> int:
    with store.read() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(file)).scalar_one()


def test_what_a_power_cut_left_of_it_goes_the_next_time(store: Store) -> None:
    """Some go in each transaction: the rest counted as done, and patients who were purged were there for good."""

    def cut(*said: object) -> None:
        if str(said[2]).startswith("DELETE FROM file") and files_of(store) < FILES:
            raise RuntimeError("the power is cut")

    sa.event.listen(store.engine, "before_cursor_execute", cut)
    with pytest.raises(RuntimeError):
        purge_again(store)
    sa.event.remove(store.engine, "before_cursor_execute", cut)
    assert files_of(store) == FILES - SCANS_AT_ONCE
    assert purge_again(store) is not None
    assert (files_of(store), [each.counts["files"] for each in purges(store)]) == (0, [FILES])
    assert purge_again(store) is None


@pytest.mark.parametrize("ended", [False, True])
def test_a_scan_that_comes_again_afterwards_stays(ended: bool, store: Store, inbox: Path, clock: SetClock) -> None:
    """A patient who was purged is referred anew with the same paper: that is theirs, and not what was put back."""
    assert store.anchor is not None
    purge_again(store)
    if ended:
        remove_rest(store)
        finish(store, "kim")
    claim = taken(store, inbox / "scan.pdf")
    add_to_list(store.anchor, store.anchor.folder, [mac_of(store.anchor, claim.sha256)])
    assert purge_again(store) is None
    assert files_of(store) == 1
