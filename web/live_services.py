"""What the pages work with, as the settings make it at this moment: settings saved on a page hold without a restart."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from refpad.services.attempt import attempt
from refpad.services.backups import backup_problem
from refpad.services.debounced_job import DebouncedJob
from refpad.services.designs import DesignBook
from refpad.services.exports import export_referrals
from refpad.services.letters.chase import chase_all
from refpad.services.setting_problems import KEPT_IN_PRACTICE
from refpad.services.wiring import rules_of
from refpad.settings import Settings, stamp_of
from schemas.dates import show_day, show_kept, show_moment, show_month
from schemas.export import MACHINE, by_whom
from schemas.patient_identity import known_by
from schemas.phones import show_phone
from schemas.referral import Referral
from schemas.text import counted, without_noise
from store.clock import SystemClock
from store.database import Store
from store.directory.activity import activity
from store.followups.listing import count_due_subjects
from store.search.everything import RecordSearcher
from web import static
from web.context import Services
from web.services.guide import address_for
from web.services.health import Health
from web.services.office_labels import told_apart
from web.services.timed_cache import TimedCache
from web.services.tools import Tools
from web.slips.labels import read_by

TEMPLATES = Path(__file__).parent / "templates"

log = logging.getLogger(__name__)


class LiveServices:
    """What the pages of one record work with, made anew when the settings saved in the data folder change.

    `read` gives the settings as they are then. May be used by several threads.
    """

    def __init__(self, settings: Settings, store: Store, tools: Tools, read: Callable[[], Settings]) -> None:
        self._read, self._lock, self._stamp = read, threading.Lock(), stamp_of(settings.saved_file)
        self._now = Services(
            settings=settings,
            store=store,
            book=DesignBook(settings.designs),
            tools=tools,
            searcher=RecordSearcher(store),
            export_job=DebouncedJob("The export", partial(export_referrals, store, settings.exports)),
            chase_job=DebouncedJob("The round of letters", self._chase),
            **_by_settings(settings, store),
        )

    def now(self) -> Services:
        """The services by the settings as they are now; when those cannot be used, by the ones of before."""
        with self._lock:
            if (stamp := stamp_of(self._now.settings.saved_file)) != self._stamp:
                self._stamp = stamp
                if problem := attempt(self._take_over):
                    log.error("The settings of before stay in use: %s", problem)
            return self._now

    def close(self) -> None:
        """Finish what was requested."""
        self._now.close()

    def _take_over(self) -> None:
        settings, store = self._read(), self._now.store
        if isinstance(store.clock, SystemClock):
            store = replace(store, clock=SystemClock(settings.time_zone, settings.today))
        self._now = replace(self._now, settings=settings, store=store, **_by_settings(settings, store))

    def _chase(self) -> None:
        services = self.now()
        for _ in chase_all(services.store, services.settings):
            pass


def _by_settings(settings: Settings, store: Store) -> dict[str, Any]:
    """The services that settings change."""
    return {
        "rules": rules_of(settings),
        "health": Health(settings, store),
        "activity": TimedCache(lambda: list(activity(store, settings.follow_ups))),
        "due": TimedCache(partial(count_due_subjects, store)),
        "backup": TimedCache(lambda: backup_problem(settings, store.clock.now())),
        "templates": _templates(settings),
    }


def _templates(settings: Settings) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_without_noise,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    zone = ZoneInfo(settings.time_zone)
    environment.globals.update(
        static=static.address,
        help_for=address_for,
        studio=settings.studio.name
        if settings.practice or "name" not in settings.studio.invented
        else _unnamed(settings),
        front_desk=settings.front_desk,
        newline=Markup("\n"),
        practice=settings.practice,
        kept_in_practice=KEPT_IN_PRACTICE,
        studio_problem=settings.studio_problem,
    )
    environment.filters.update(_filters(zone, settings.policy.phone_region))
    return environment


def _unnamed(settings: Settings) -> str:
    """What stands on the pages of a studio that has no name yet; of several, its key says which it is."""
    return " ".join(filter(None, ("refpad", settings.front_desk.subdomain)))


def _without_noise(value: object) -> object:
    """What a page shows has no control characters and no marks that turn text about; our own markup passes."""
    return without_noise(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _filters(zone: ZoneInfo, phone_region: str) -> Mapping[str, object]:
    def moment(at: datetime) -> str:
        return show_moment(at.astimezone(zone))

    def month(text: str) -> str:
        return show_month(date.fromisoformat(f"{text}-01"))

    def phone(e164: str) -> str:
        return show_phone(e164, phone_region)

    def known(record: Referral) -> str:
        return known_by(record, phone_region)

    def who(name: str) -> str:
        return "refpad" if name == MACHINE else name

    def words(name: str) -> str:
        return name.replace("_", " ")

    def hour(at: time) -> str:
        return f"{at:%I:%M %p}".removeprefix("0")

    shown = {
        "hour": hour,
        "moment": moment,
        "day": show_day,
        "iso_day": show_kept,
        "month": month,
        "words": words,
        "phone": phone,
        "known_by": known,
    }
    return {**shown, "read_by": read_by, "by_whom": by_whom, "who": who, "told_apart": told_apart, "counted": counted}
