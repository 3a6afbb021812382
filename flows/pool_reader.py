"""A worker of Prefect's pool on this machine, and what it starts for a reading."""

import os
import runpy
import signal
import sys
from pathlib import Path

from prefect.client.orchestration import get_client
from prefect.exceptions import ObjectNotFound

from flows.prefect_server import ASK_S, STARTED_IN
from refpad.ops.health import does_prefect_answer, prefect_url
from refpad.settings import Settings
from schemas.errors import MachineError, UsageError


def work(settings: Settings, at_once: int) -> None:
    """Become Prefect's own worker of the pool, which starts `at_once` readings at most, where this process is.

    Raises UsageError without a pool or for one studio alone, MachineError when the pool is not in reach.
    """
    if settings.shared_folder is not None:
        raise UsageError("The pool reads for all studios, in turn: leave --studio out.")
    if settings.pool is None:
        raise UsageError("No pool is set: set REFPAD_POOL=refpad, here and where `refpad up` runs.")
    if not does_prefect_answer(settings, ASK_S):
        raise MachineError(
            f"Prefect does not answer at {prefect_url(settings)}: start `refpad up`, or set REFPAD_PREFECT_URL."
        )
    kind = kind_of(settings.pool)
    paths = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
    here = {STARTED_IN: str(Path.cwd()), "PATH": paths}  # a reading starts elsewhere, and looks for `refpad`
    pool = ("--pool", settings.pool, "--type", kind, "--limit", str(at_once), "--install-policy", "never")
    argv = (sys.executable, "-m", "prefect", "worker", "start", *pool, "--no-create-pool-if-not-found")
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell's job in the background ignores it, and could not be stopped
    os.execve(sys.executable, argv, {**os.environ, **here})  # noqa: S606 - no shell is needed


def kind_of(pool: str) -> str:
    """Of which type the pool is; raises MachineError when nobody has made it."""
    with get_client(sync_client=True) as client:
        try:
            return client.read_work_pool(pool).type
        except ObjectNotFound:
            raise MachineError(
                f'Prefect has no pool "{pool}": `refpad up` with REFPAD_POOL={pool} makes it within seconds.'
            ) from None


def run_flow() -> None:
    """Run, in this process, the flow run for which a worker has started it."""
    sys.argv = ["prefect.engine", os.environ["PREFECT__FLOW_RUN_ID"]]
    runpy.run_module("prefect.engine", run_name="__main__")
