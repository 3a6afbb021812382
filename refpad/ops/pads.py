"""Whether every pad that was printed can be read, for `refpad doctor`."""

from contextlib import closing

from refpad.ops.checkup import WarningError
from refpad.settings import Settings


def check(settings: Settings) -> str:
    """The check of `refpad doctor`; raises WarningError when numbered slips are out whose design is not installed."""
    from pads.catalog import load_all
    from refpad.services.wiring import open_record
    from store.directory.offices import ranges

    installed = [design.pad_id for design in load_all(settings.designs)]
    found = ", ".join(map(str, installed))
    if settings.database_url is None and not settings.store_folder.exists():
        return found
    with closing(open_record(settings)) as store:
        printed = {given.pad_id for given in ranges(store)}
    if missing := sorted(printed - {*installed}):
        names = ", ".join(map(str, missing))
        raise WarningError(
            f"{found}; not {names}, of which numbered slips are out",
            f"put {', '.join(f'{pad}.toml' for pad in missing)} back into {settings.designs}",
        )
    return found
