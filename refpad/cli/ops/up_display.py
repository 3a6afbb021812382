"""What `refpad up` shows: where everything is, the samples' table, one line for each further scan."""

import csv
import hashlib
import shutil
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from shlex import quote

import segno
from rich.markup import escape
from rich.table import Table

import refpad
from exports.to_csv import ENCODING
from refpad.cli.console import results, say
from refpad.ops.health import prefect_page, prefect_password_place
from refpad.ops.variables import misnamed
from refpad.services.attempt import attempt
from refpad.services.designs import DesignBook, DesignChanges
from refpad.services.exports import REFERRALS_CSV
from refpad.services.intake.watcher import inbox_problem
from refpad.services.lan.certificate import certificate_of
from refpad.settings import Settings, stamp_of
from schemas.dates import show_day
from schemas.errors import UsageError
from schemas.states import FileState
from store.database import Store
from store.database_errors import StoreError
from store.intake.ledger.files import totals
from store.intake.ledger.progress import Drop, FileProgress, drops_since, finished_since, last_drop, progress_of
from store.users.users import first_link

PACKAGE = Path(refpad.__file__).resolve().parent
# A wheel carries the samples inside the package; in a checkout they lie beside it.
INSTALLED, IN_CHECKOUT = PACKAGE / "samples", PACKAGE.parent / "samples"
SAMPLES = INSTALLED if INSTALLED.is_dir() else IN_CHECKOUT
# What is printed may end in a log: nothing of it names a patient.
SHOWN = ("referral_id", "conditions", "services", "signed_on", "accepted_by")
SHOWN_MOST = 20
STANDING_S = 3.0  # the steps of a set-up follow each other in seconds: one restart for several
SCANS = frozenset({".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png", ".heic"})


class ScanReports:
    """Shows, each once: what came of the scans since it was made, a lost inbox, and changes of the pad designs.

    Scans are shown by number: their names may be patients'. `before` each line tells of several studios which it is.
    """

    def __init__(self, store: Store, settings: Settings, before: str = "") -> None:
        self._store, self._inbox, self._before = store, settings.inbox, before
        self._designs = DesignChanges(DesignBook(settings.designs))
        self._problem: str | None = None
        self._away: str | None = None
        self._since = store.clock.now()
        self._last_drop = last_drop(store)

    def show_new(self) -> None:
        """Show a line for each scan that ended, and each drop that gave none, since the last time.

        A database that does not answer is told once; what ended meanwhile is shown when it answers again.
        """
        try:
            self._show_scans()
            away = None
        except StoreError as error:
            away = str(error)
        if away != self._away:
            self._say(away or "The database answers again.")
        self._away = away
        for sentence in self._designs.new_messages():
            self._say(sentence)
        problem = inbox_problem(self._inbox)
        if problem != self._problem:
            self._say(problem or "The inbox is back.")
        self._problem = problem

    def _show_scans(self) -> None:
        for scan in finished_since(self._store, self._since):
            self._since = scan.finished_at or self._since
            self._say(" ".join(filter(None, (f"Scan {scan.file_id}: {_slips(scan)}.", _grown(scan), _why(scan)))))
        for drop in drops_since(self._store, self._last_drop):
            self._last_drop = drop.occurrence_id
            self._say(_sentence(drop))

    def _say(self, sentence: str) -> None:
        say(self._before + sentence)


class SavedChanges:
    """Notices that the settings saved in the data folder have changed and can be used, once they stand still."""

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], float] = time.monotonic,
        read: Callable[[], Settings] = Settings,
    ) -> None:
        self._file, self._clock, self._read = settings.saved_file, clock, read
        self._in_use = self._seen = stamp_of(self._file)
        self._seen_at_s = clock()

    def are_new(self) -> bool:
        """Whether they are other than at the last time that this said so."""
        stamp = stamp_of(self._file)
        if stamp != self._seen:
            self._seen, self._seen_at_s = stamp, self._clock()
        if stamp == self._in_use or self._clock() - self._seen_at_s < STANDING_S:
            return False
        self._in_use = stamp
        if problem := attempt(self._read):
            say(f"The settings of before stay in use: {problem}")
        return problem is None


def drop_samples(settings: Settings, store: Store) -> dict[str, Path]:
    """Copy the sample scans that were never seen into the inbox; all of them, by SHA-256."""
    scans = sorted(path for path in SAMPLES.rglob("*") if path.suffix.lower() in SCANS)
    if not scans:
        raise UsageError(f"There are no sample scans in {SAMPLES}: install refpad again, or start `refpad up`.")
    by_content = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in scans}
    known = progress_of(store, by_content)
    new = [path for content, path in by_content.items() if content not in known]
    say(f"Dropping {len(new)} sample scans into {settings.inbox}; {len(known)} were read before.")
    for path in new:
        part = settings.inbox / f"{path.name}.part"
        shutil.copyfile(path, part)
        part.rename(settings.inbox / path.name)
    return by_content


def show_samples(store: Store, samples: dict[str, Path]) -> None:
    """The table of the samples: what came of each."""
    table = Table("sample", "slips", "outcome", "why", title="The samples", title_justify="left")
    progress = progress_of(store, samples)
    for content, path in samples.items():
        if (scan := progress.get(content)) is not None:
            table.add_row(path.name, str(scan.accepted + scan.review + scan.rejected), _slips(scan), _why(scan))
    results.print(table)


def show_csv(settings: Settings) -> None:
    """The latest rows of the exported referrals, in columns that name nobody."""
    path = settings.exports / REFERRALS_CSV
    with path.open(newline="", encoding=ENCODING) as file:
        rows = list(csv.DictReader(file))
    table = Table(*SHOWN, title=f"Referrals in {path.name}: {len(rows)}", title_justify="left")
    for row in rows[-SHOWN_MOST:]:
        shown = {**row, "signed_on": show_day(date.fromisoformat(row["signed_on"]))}
        table.add_row(*(escape(shown[column]) for column in SHOWN))
    results.print(table)


def show_front_desk(settings: Settings, store: Store) -> None:
    """Where the front desk is, and how the first user gets in: once, for each link ends the one before."""
    first, desk = first_link(store), settings.front_desk
    begin = {"  begin here, once": f"{desk.url}/first/{first}"} if first else {}
    _show({"The front desk": desk.url, **begin})
    if desk.is_on_lan:
        show_lan(settings)


def show_lan(settings: Settings) -> None:
    """What others in the local network type or photograph, and compare with what their browser shows."""
    desk = settings.front_desk
    certificate = certificate_of(settings)
    first, *others = certificate.rows
    _show(
        {
            "  at this computer": desk.local_url,
            "  its fingerprint": f"{first} (SHA-256)",
            **{" " * number: row for number, row in enumerate(others, 1)},
        }
    )
    say("Browsers warn of its certificate once: go on only if they show this fingerprint. See the user guide.")
    if results.is_terminal:
        segno.make(desk.url, error="m").terminal(compact=True)


def show_places(settings: Settings, store: Store) -> None:
    """Where to drop scans, to look, and what to type next; in practice, lines that look into practice."""
    counts, refpad_of = totals(store), _command_of(settings)
    places = {
        "The front desk": settings.front_desk.url,
        "Drop scans into": settings.inbox,
        "Referrals (CSV)": settings.exports / REFERRALS_CSV,
        "Prefect shows the work": prefect_page(settings),
        "  type the whole line of": prefect_password_place(settings),
        "Follow-ups": f"{counts.tasks_open} open, {counts.tasks_due} due: {refpad_of} follow-ups list --due",
        "What needs a person": f"{counts.review} slips: the front desk, or {refpad_of} review list",
        "What the record holds": f"{refpad_of} status",
        "Logs": settings.folder / "logs",
    }
    _show(places)
    if told := misnamed():
        say(f"{told}: docs/settings.md has all names.")
    if settings.studio_problem is not None and not settings.practice:
        say(settings.studio_problem)


def stopped(settings: Settings) -> str:
    """What is said at the end: how to go on with what was stopped, the studio's own work or practice."""
    begun_by = "practice" if settings.practice else "up"
    return f"Stopped; everything is kept, and `refpad {begun_by}` goes on from here."


def _command_of(settings: Settings) -> str:
    """What to type for `refpad`, from wherever: without its folder a command would look into the studio's own work."""
    return f"REFPAD_FOLDER={quote(str(settings.folder.absolute()))} refpad" if settings.practice else "refpad"


def _show(places: Mapping[str, object]) -> None:
    room = max(map(len, places))
    for name, place in places.items():
        results.print(f"{name:<{room}}  {place}", markup=False)  # not a table, which cuts links on a narrow screen


def _slips(scan: FileProgress) -> str:
    return scan.in_words or scan.state.replace("_", " ")


def _grown(scan: FileProgress) -> str:
    if scan.grew_from in (None, scan.file_id):
        return ""
    return f"It is scan {scan.grew_from}, which changed after it was taken in: it was read again."


def _why(scan: FileProgress) -> str:
    if scan.message:
        return scan.message
    return ", ".join(code.value.replace("_", " ") for code in scan.findings)


def _sentence(drop: Drop) -> str:
    if drop.file_state == FileState.SET_ASIDE:
        return f"Drop {drop.occurrence_id}: the same bytes as scan {drop.file_id}, which could not be used."
    if drop.file_state == FileState.WAITING:
        return f"Drop {drop.occurrence_id}: the same bytes as scan {drop.file_id}, which waits to be read."
    if drop.reason is None:
        return f"Drop {drop.occurrence_id}: a duplicate of scan {drop.file_id}; nothing is recorded twice."
    return f"Drop {drop.occurrence_id}: {drop.reason.value.replace('_', ' ')}. {drop.message}"
