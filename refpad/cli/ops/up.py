"""`refpad up`: the whole of refpad on one machine, supervised until Ctrl-C."""

import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from refpad.cli.console import say
from refpad.settings import Settings
from schemas.errors import MachineError, UsageError
from schemas.export import MACHINE

if TYPE_CHECKING:
    from refpad.cli.ops.up_display import SavedChanges, ScanReports
    from refpad.cli.ops.up_studios import FurtherStudios
    from refpad.ops.supervisor import Part, Supervisor
    from store.database import Store

TICK_S = 0.3
SETTLE_S = 2.0  # the export follows the last record within a second
DRAIN_MOST_S = 1800.0
DESK_MOST_S = 60.0  # it answers 3 to 6 s after its start; on a busy machine that is a multiple

# Parts, with the readers, that read the settings at their start only; the front desk asks each time.
READ_ONCE = frozenset({"watcher", "schedule"})

Once = Annotated[bool, typer.Option("--once", help="Work what waits, then stop.")]
Readers = Annotated[
    int | None, typer.Option("--readers", min=1, max=64, help="Read so many files at once; a core each.")
]
Lan = Annotated[bool, typer.Option("--lan", help="Serve the front desk to the local network too, by TLS.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(up)


def up(
    once: Once = False,
    lan: Lan = False,
    readers: Readers = None,
    begin_anew: Annotated[
        bool, typer.Option("--begin-anew", help="Begin with an empty record where one was and is gone.")
    ] = False,
) -> None:
    """Watch the inbox, read what arrives, chase and export; with Prefect showing it, until Ctrl-C.

    Exit code 0: stopped as asked. 2: usage. 3: the machine lacks a part, or the port or the folder is in use.
    """
    require_all_studios()
    if lan:
        os.environ["REFPAD_FRONT_DESK__LAN"] = "true"  # for the parts that are started, too
    if readers is not None:
        os.environ["REFPAD_READERS"] = str(readers)  # for the front desk, which tells how many are at work
    run(Settings(), samples=False, once=once, begin_anew=begin_anew)


def require_all_studios() -> None:
    """Raise UsageError when one of several studios was chosen: what is started is one for all."""
    if Settings().shared_folder is not None:
        raise UsageError("Of several studios, refpad up serves all, and practice is none of them: leave --studio out.")


def run(settings: Settings, *, samples: bool, once: bool, begin_anew: bool = False) -> None:
    """All of refpad for one data folder; with `samples`, the sample scans are dropped into its inbox and shown."""
    from flows.prefect_server import prepare_home
    from pads.catalog import load_all
    from refpad.cli.ops.up_display import SavedChanges, ScanReports
    from refpad.cli.ops.up_studios import FurtherStudios
    from refpad.ops.supervisor import only_one, require_free_port
    from refpad.services.backups import backup_target
    from refpad.services.intake.watcher import prepare_inbox
    from refpad.services.lan.address import environment_of, noted, with_lan
    from refpad.services.wiring import data_folder_errors, open_record
    from store.files import make_folder
    from store.integrity import require_sound

    settings = with_lan(settings)
    _require_two_ports(settings)
    if settings.backup.folder is not None:
        backup_target(settings)  # a folder that would be lost with the record is told now, not at the first backup
    os.umask(0o077)
    load_all(settings.designs)  # a wrong design is told before anything starts
    with data_folder_errors(settings):
        make_folder(settings.folder)
    with only_one(settings.folder / "refpad.lock"), closing(open_record(settings, may_begin_anew=begin_anew)) as store:
        require_sound(store)
        _end_purges(settings, store)
        if settings.prefect_url is None:
            require_free_port(settings.prefect_port, "REFPAD_PREFECT_PORT")
        _require_ports_of_front_desk(settings)
        prepare_inbox(settings.inbox, settings.store_folder / "inbox-made")
        prepare_home(settings)
        saved, reports = SavedChanges(settings), ScanReports(store, settings)  # before the parts read the settings
        with ExitStack() as last, noted(settings), _supervised(settings) as supervisor:
            surroundings = os.environ | environment_of(settings)
            further = FurtherStudios(settings, supervisor, surroundings, _end_purges, begin_anew=begin_anew)
            last.callback(further.close)
            _begin(supervisor, settings, store, reports, further, samples=samples, once=once)
            if not once:
                _watch(supervisor, reports, saved, further, READ_ONCE.union(_further_readers(settings)))


def _end_purges(settings: Settings, store: "Store") -> None:
    """A purge that was killed, or that an older record put back calls for once more, ends before anybody works."""
    from refpad.services.purging import end_unfinished

    try:
        if end_unfinished(settings, store, MACHINE) is not None:
            say("A purge that was begun is ended now: the page Retention tells of it.")
    except MachineError as error:
        say(str(error))


def _require_two_ports(settings: Settings) -> None:
    """Each port is free before both start; of one port, the second would be restarted for ever."""
    desk = settings.front_desk
    if settings.prefect_url is None and desk.with_up and desk.port == settings.prefect_port:
        raise UsageError(
            f"REFPAD_FRONT_DESK__PORT and REFPAD_PREFECT_PORT are both {desk.port}: give one of them another port."
        )


def _require_ports_of_front_desk(settings: Settings) -> None:
    from refpad.ops.supervisor import require_free_port

    desk = settings.front_desk
    if desk.with_up:
        require_free_port(desk.port, "REFPAD_FRONT_DESK__PORT", address=desk.address)
    if desk.with_up and desk.lan_address and desk.lan:
        require_free_port(desk.lan_port, "REFPAD_FRONT_DESK__LAN_PORT", address=desk.lan_address)


def _begin(
    supervisor: "Supervisor",
    settings: Settings,
    store: "Store",
    reports: "ScanReports",
    further: "FurtherStudios",
    *,
    samples: bool,
    once: bool,
) -> None:
    from refpad.cli.ops.up_display import drop_samples, show_csv, show_front_desk, show_places, show_samples

    _await_front_desk(supervisor, settings)
    show_front_desk(settings, store)
    further.follow()
    _await_prefect(supervisor, settings)
    dropped = drop_samples(settings, store) if samples else {}
    if samples or once:
        _await_drained(supervisor, settings, store, reports)
        for studio in further.served:
            _await_drained(supervisor, studio.settings, studio.store, studio.reports)
    if samples:
        show_samples(store, dropped)
        show_csv(settings)
    show_places(settings, store)


def _watch(
    supervisor: "Supervisor",
    reports: "ScanReports",
    saved: "SavedChanges",
    further: "FurtherStudios",
    read_once: frozenset[str],
) -> None:
    """Until Ctrl-C: parts that stop are started again, and what changes is told."""
    say("Watching; each further scan gives a line. Ctrl-C stops.")
    while True:
        supervisor.restart_stopped()
        reports.show_new()
        further.follow()
        if saved.are_new():
            say("The settings have changed: watcher, readers and schedule begin anew with them.")
            supervisor.restart(read_once)
        time.sleep(TICK_S)


@contextmanager
def _supervised(settings: Settings) -> Iterator["Supervisor"]:
    """All parts, running; SIGTERM stops them as Ctrl-C does, and neither does it twice."""
    from refpad.cli.ops.up_display import stopped
    from refpad.ops.supervisor import Supervisor

    def ask_to_stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, ask_to_stop)
    supervisor = Supervisor(settings.folder / "logs", say)
    try:
        for part in _parts(settings):
            supervisor.start(part)
        yield supervisor
    except KeyboardInterrupt:
        say("Stopping.")
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        supervisor.stop()
    say(stopped(settings))


def _parts(settings: Settings) -> list["Part"]:
    from flows.prefect_server import client_environment, server_part
    from refpad.ops.supervisor import Part, command
    from refpad.services.lan.address import environment_of

    surroundings = os.environ | environment_of(settings)
    environment = client_environment(settings, surroundings)
    return [
        *([server_part(settings, environment)] if settings.prefect_url is None else []),
        Part("watcher", command("flows.watch"), environment),
        *(Part(name, command("flows.read"), environment) for name in _further_readers(settings)),
        Part("schedule", command("flows.serve"), environment),
        *(
            [Part("front desk", command("web.server"), _of_front_desk(surroundings))]
            if settings.front_desk.with_up
            else []
        ),
    ]


def _further_readers(settings: Settings) -> list[str]:
    """The parts that read beside the watcher, which is the first reader."""
    return [f"reader {number}" for number in range(2, settings.readers + 1)]


def _of_front_desk(surroundings: Mapping[str, str]) -> dict[str, str]:
    """The front desk does not use Prefect, must not have its password, and is not traced: its addresses name people."""
    others = {name: value for name, value in surroundings.items() if not name.startswith("PREFECT_")}
    return {**others, "OTEL_SDK_DISABLED": "true"}


def _await_front_desk(supervisor: "Supervisor", settings: Settings) -> None:
    """Whoever tries refpad out is to sign in while the rest is still starting."""
    from refpad.ops.health import does_front_desk_answer

    say("Starting: the front desk in a few seconds, the watcher with it, Prefect in about ten.")
    until = time.monotonic() + DESK_MOST_S
    while settings.front_desk.with_up and not does_front_desk_answer(settings, 1.0):
        supervisor.restart_stopped()
        time.sleep(TICK_S)
        if time.monotonic() > until:
            say(f"The front desk does not answer yet. See {settings.folder / 'logs'}.")
            return


def _await_prefect(supervisor: "Supervisor", settings: Settings) -> None:
    from flows.prefect_server import ASK_S, READY_MOST_S
    from refpad.ops.health import does_prefect_answer

    until = time.monotonic() + READY_MOST_S
    while not does_prefect_answer(settings, ASK_S):
        supervisor.restart_stopped()
        time.sleep(TICK_S)
        if time.monotonic() > until:
            say(f"Prefect does not answer; intake goes on without it. See {settings.folder / 'logs'}.")
            return


def _await_drained(supervisor: "Supervisor", settings: Settings, store: "Store", reports: "ScanReports") -> None:
    """Wait until the inbox is empty and nothing waits to be read."""
    from refpad.services.intake.watcher import inbox_problem, still_coming
    from store.intake.ledger.files import ledger

    begun_s = read_until_s = empty_since_s = time.monotonic()
    is_said = False
    while (now_s := time.monotonic()) - begun_s < DRAIN_MOST_S:
        supervisor.restart_stopped()
        reports.show_new()
        reading = inbox_problem(settings.inbox) is not None or ledger(store).waiting > 0
        coming = 0 if reading else still_coming(store, settings)
        read_until_s = now_s if reading else read_until_s
        empty_since_s = now_s if reading or coming else empty_since_s
        if now_s - empty_since_s > SETTLE_S:
            return
        if coming and not is_said and now_s - read_until_s > SETTLE_S + settings.quiet_seconds:
            is_said = True
            say(f"{coming} still in the inbox; unfinished files are set aside after {settings.patience_seconds:.0f} s.")
        time.sleep(TICK_S)
    say("Not everything is read yet; `refpad status` shows what waits.")
