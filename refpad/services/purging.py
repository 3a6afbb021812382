"""Purging at a studio: what is past its term, having it go everywhere, and what still holds it."""

from collections.abc import Callable
from datetime import date, timedelta

from refpad.services.connecting.after_purge import renew_exports
from refpad.services.exports import FOLLOW_UPS_ICS, REFERRALS_CSV, export_calendar, export_csv
from refpad.services.reading.vocabulary import LEARNED, WordBook
from refpad.settings import Settings
from schemas.base import Value
from schemas.errors import UsageError
from schemas.export import Exported
from schemas.retention import NOTHING_SET
from store.backup import backups
from store.backup.holding import holds_any
from store.database import Store
from store.purge.gone_list import copy_list
from store.purge.holds import LegalHold, holds_in_force
from store.purge.old_outreach import old_outreach, purge_outreach
from store.purge.purging import Purge, find_purge, finish, old_drops, purge_dropped, purge_due, remove_rest, unfinished
from store.purge.terms import ScanTerm, find_scans

POSTGRESQL_LEFT = (
    "PostgreSQL wrote its tables anew, but its log, its archive of logs, replicas and dumps may hold old rows: an "
    "administrator removes those that are older than this purge."
)
COPIES_LEFT = "What was printed, mailed, downloaded or exported elsewhere is not reached: see to it by hand."
Progress = Callable[[int, int], None]


class Preview(Value):
    """What would go. `waits` are scans of which a part is past its term, and `unended` the referrals, older than their
    years, whose loop goes on; `outreach` counts visits and talks with offices; `unfinished` are the purges that were
    begun and are still to be ended.
    """

    rule: str
    due: tuple[ScanTerm, ...]
    left_in_inbox: int
    outreach: int
    holds: tuple[LegalHold, ...]
    unended: tuple[int, ...]
    unfinished: tuple[int, ...]

    @property
    def files(self) -> int:
        return sum(len(scan.files) for scan in self.due)

    @property
    def referrals(self) -> int:
        return sum(len(scan.referrals) for scan in self.due)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.due or self.left_in_inbox or self.outreach or self.unfinished)


class Holder(Value):
    """A backup, or a record that was moved aside, that still holds what went, and for how long."""

    place: str
    until: str


class PurgeReport(Value):
    """What went in a purge, what was written anew for it, and what is still to be seen to."""

    purge: Purge
    rewritten: tuple[str, ...]
    held_by: tuple[Holder, ...]
    left: tuple[str, ...]


def preview(settings: Settings, store: Store) -> Preview:
    """What a purge would do today; raises UsageError when no term is set."""
    rules = settings.retention
    going_on = tuple(found.id for found in unfinished(store))
    if not rules.is_set and not going_on:
        raise UsageError(NOTHING_SET)
    found = find_scans(store, rules)
    today = store.clock.today()
    return Preview(
        rule=rules.in_words,
        due=tuple(scan for scan in found if scan.may_go(today)),
        left_in_inbox=old_drops(store, rules),
        outreach=old_outreach(store, rules),
        holds=tuple(holds_in_force(store)),
        unended=tuple(number for scan in found for number in scan.unended),
        unfinished=going_on,
    )


def run_purge(settings: Settings, store: Store, who: str, progress: Progress = lambda *_: None) -> PurgeReport:
    """Purge what is past its term, end what was begun before, and say what still holds it.

    Raises UsageError when nothing is past its term; MachineError when something could not be removed: then it is begun
    again, and goes on.
    """
    planned = preview(settings, store)
    if planned.is_empty:
        raise UsageError("Nothing is past its term: nothing was purged.")
    if planned.due or planned.left_in_inbox or planned.outreach:
        begun = purge_due(store, settings.retention, planned.due, who, progress)
        purge_dropped(store, settings.retention, begun.id)
        purge_outreach(store, settings.retention, begun.id, who)
    return end_purges(settings, store, who)


def end_purges(settings: Settings, store: Store, who: str) -> PurgeReport:
    """Do what is left of purges whose rows are gone: files, exports, learned words, and the database written anew."""
    number = unfinished(store)[-1].id
    remove_rest(store)
    rewritten = _rewrite(settings, store)
    if store.anchor is not None and settings.backup.folder is not None:
        copy_list(store.anchor, [settings.backup.folder])
    finish(store, who)
    on_server = (POSTGRESQL_LEFT,) if store.engine.dialect.name == "postgresql" else ()
    return PurgeReport(
        purge=find_purge(store, number),
        rewritten=rewritten,
        held_by=tuple(_holders(settings, store)),
        left=(*on_server, COPIES_LEFT),
    )


def end_unfinished(settings: Settings, store: Store, who: str) -> PurgeReport | None:
    """The same when a purge was killed, or a record put back; None when there is nothing to end."""
    return end_purges(settings, store, who) if unfinished(store) else None


def _rewrite(settings: Settings, store: Store) -> tuple[str, ...]:
    """The exports that are there, and the words that were learned, made anew of what is on record now."""
    written = []
    for what in Exported:
        path = settings.exports / f"{what.value}.csv"
        if path.exists() or (path.name == REFERRALS_CSV and settings.exports.is_dir()):
            export_csv(store, settings, what, path)
            written.append(path.name)
    if (settings.exports / FOLLOW_UPS_ICS).exists():
        export_calendar(store, settings, settings.exports / FOLLOW_UPS_ICS)
        written.append(FOLLOW_UPS_ICS)
    written += renew_exports(store, settings)
    if (settings.words / LEARNED).exists():
        WordBook(settings.words).learn_anew(store)
        written.append(LEARNED)
    return tuple(written)


def _holders(settings: Settings, store: Store) -> list[Holder]:
    """The backups in the settings' folder that hold what was ever purged, and records moved aside by a restore."""
    aside = sorted(settings.folder.glob(f"{settings.store_folder.name}-replaced-*"))
    found = [Holder(place=path.name, until="until you remove this folder") for path in aside]
    if store.anchor is None or settings.backup.folder is None:
        return found
    if not settings.backup.folder.is_dir():
        return [*found, Holder(place=str(settings.backup.folder), until="not known: its disk is not there")]
    own = [one for one in backups(settings.backup.folder) if one.manifest.installation == store.anchor.installation]
    for newer, backup in enumerate(reversed(own)):
        if holds_any(backup, store):
            more = max(settings.backup.keep - newer, 1)
            found.append(Holder(place=f"backup {backup.name}", until=_until(store.clock.today(), more)))
    return found


def _until(today: date, more: int) -> str:
    return f"until {more} more backups are made: at one a day, {today + timedelta(days=more)}"
