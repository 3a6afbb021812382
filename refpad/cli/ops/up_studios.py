"""What `refpad up` does for further studios: each has processes of its own, and what one cannot do stops no other."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import partial

from flows.prefect_server import client_environment
from refpad.cli.console import say
from refpad.cli.ops.up_display import SavedChanges, ScanReports, show_front_desk
from refpad.ops.supervisor import Part, Supervisor, command, only_one
from refpad.services.attempt import attempt
from refpad.services.intake.watcher import prepare_inbox
from refpad.services.lan.address import with_lan
from refpad.services.studios.registry import (
    StudioEntry,
    environment_of_studio,
    further_studios,
    registry_file,
    settings_of,
)
from refpad.services.wiring import open_record
from refpad.settings import Settings, stamp_of
from store.database import Store
from store.integrity import require_sound
from store.serials import keep_serials

Prepare = Callable[[Settings, Store], None]


@dataclass(frozen=True)
class ServedStudio:
    """A further studio that is served; `held` gives its record and the lock of its folder back."""

    key: str
    settings: Settings
    store: Store
    reports: ScanReports
    saved: SavedChanges
    parts: tuple[Part, ...]
    held: ExitStack = field(repr=False)

    @property
    def names(self) -> frozenset[str]:
        """What its parts are called."""
        return frozenset(part.name for part in self.parts)


class FurtherStudios:
    """Follows the list of studios: who is on it and not closed is served, with a watcher of its own; further
    readers read for all of them (`flows.read`).

    `surroundings` is the environment in which parts start; `prepare` is done with a record before its parts start. One
    that is gone is begun anew only when that is asked for.
    """

    def __init__(
        self,
        settings: Settings,
        supervisor: Supervisor,
        surroundings: Mapping[str, str],
        prepare: Prepare,
        *,
        begin_anew: bool,
    ) -> None:
        self._settings, self._supervisor = settings, supervisor
        self._surroundings, self._prepare = surroundings, prepare
        self._begin_anew = begin_anew
        self._stamp: object = ()
        self._served: dict[str, ServedStudio] = {}

    @property
    def served(self) -> list[ServedStudio]:
        """Those that are served now."""
        return list(self._served.values())

    def follow(self) -> None:
        """Serve who was added or reopened, and no more who was closed; tell what came of scans."""
        if (stamp := stamp_of(registry_file(self._settings))) != self._stamp:
            self._stamp = stamp
            wanted = {studio.key: studio for studio in further_studios(self._settings)}
            for key in self._served.keys() - wanted.keys():
                self._end(self._served.pop(key))
                say(f"Studio {key} is closed, and served no more.")
            for key in wanted.keys() - self._served.keys():
                if problem := attempt(partial(self._begin, wanted[key])):
                    say(f"Studio {key} is not served; the others are. {problem}")
        for studio in self._served.values():
            studio.reports.show_new()
            if studio.saved.are_new():
                say(f"The settings of studio {studio.key} have changed: its watcher begins anew with them.")
                self._supervisor.restart(studio.names)

    def close(self) -> None:
        """Give records and locks back; the parts have ended."""
        for studio in self._served.values():
            studio.held.close()
        self._served.clear()

    def _begin(self, entry: StudioEntry) -> None:
        settings = with_lan(settings_of(self._settings, entry))
        with ExitStack() as held:
            held.enter_context(only_one(settings.folder / "refpad.lock"))
            store = held.enter_context(closing(open_record(settings, may_begin_anew=self._begin_anew)))
            require_sound(store)
            keep_serials(store, entry.serials)
            self._prepare(settings, store)
            prepare_inbox(settings.inbox, settings.store_folder / "inbox-made")
            parts = self._parts(settings, entry.key)
            read = partial(settings_of, self._settings, entry)
            reports = ScanReports(store, settings, f"{entry.key}: ")
            self._served[entry.key] = ServedStudio(
                entry.key, settings, store, reports, SavedChanges(settings, read=read), parts, held.pop_all()
            )
        for part in parts:
            self._supervisor.start(part)
        say(f"Studio {entry.key}: drop scans into {settings.inbox}")
        show_front_desk(settings, store)

    def _end(self, studio: ServedStudio) -> None:
        self._supervisor.end(studio.names)
        studio.held.close()

    def _parts(self, settings: Settings, key: str) -> tuple[Part, ...]:
        """A watcher, which is the first reader: what all others have waiting keeps no studio from being read."""
        own = environment_of_studio(self._settings, key)
        environment = client_environment(settings, {**self._surroundings, **own})
        return (Part(f"watcher {key}", command("flows.watch"), environment),)
