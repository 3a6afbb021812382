"""`python -m tests.crash.crash_server`: forks a life for each line on its standard input.

A life forked from the warm parent costs milliseconds, yet is a process of its own that a SIGKILL ends.
"""

import json
import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

from tests.crash.backup_life import backups
from tests.crash.chase_life import letters, prepare
from tests.crash.crash_harness import drop
from tests.crash.crash_life import Life, copies, grow, live, lived, opened, sheets, take_in_and_read
from tests.crash.desk_life import desk
from tests.crash.mail_life import mail
from tests.crash.planted_bugs import PLANTED
from tests.crash.planted_letter_bugs import PLANTED_LETTER_BUGS
from tests.crash.purge_life import purges
from tests.crash.studios_life import studios
from tests.crash.webhook_life import tell
from tests.databases import in_memory
from tests.scans import kinds

OWN: tuple[Life, ...] = (
    live,
    grow,
    take_in_and_read,
    copies,
    sheets,
    letters,
    backups,
    desk,
    purges,
    mail,
    tell,
    studios,
)
LIVES = {each.__name__: each for each in OWN} | PLANTED | PLANTED_LETTER_BUGS


def warm_up() -> None:
    """Live two lives here, so that what each would import and compile anew is there when it is forked."""
    with tempfile.TemporaryDirectory(dir=in_memory()) as room:
        scans = drop(Path(room) / "scans", kinds()["a PDF of three pages"])
        studio = Path(room) / "studio"
        studio.mkdir()
        prepare(studio)
        for folder, life in ((scans, live), (studio, letters)):
            store = opened(folder)
            life(folder, store)
            store.close()


def serve() -> None:
    """Answer each request with its processes' exit statuses; negative is the signal that killed one."""
    for line in sys.stdin:
        request = json.loads(line)
        pids = [_fork(request, number) for number in range(request["processes"])]
        statuses = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
        sys.stdout.write(json.dumps(statuses) + "\n")
        sys.stdout.flush()


def _fork(request: dict[str, Any], number: int) -> int:
    """A life that ends at the step which `crash_at` names for the process of that number, of several with commas."""
    steps = request["crash_at"].split(",")
    pid = os.fork()
    if pid:
        return pid
    status = 70
    try:
        lived(Path(request["folder"]), steps[number % len(steps)], LIVES[request["life"]])
        status = 0
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        os._exit(status)


if __name__ == "__main__":
    warm_up()
    serve()
