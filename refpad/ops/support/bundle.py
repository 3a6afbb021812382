"""The parts of a support bundle and their ZIP; a part that cannot be made says why, and the others are there."""

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from refpad.ops.doctor import examine
from refpad.ops.health import health_of_parts
from refpad.ops.support.machine import machine, versions
from refpad.ops.support.redaction import Redaction
from refpad.ops.support.told_settings import told_settings
from refpad.services.connecting.metrics import metrics_text
from refpad.services.studios.registry import StudioEntry, further_studios, settings_of
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.errors import MachineError, RefpadError, kind_and_place
from store import audit
from store.database import Store
from store.support import names_on_record, recent_files, slip_for_support

FILES_MOST = 500  # whose seconds are told
LOG_BYTES_MOST = 300_000  # of each log, from its end
ABOUT = """\
What refpad's support bundle holds, for a bug report. It names nobody: open each part and see for yourself.

versions.json  refpad, Python, packages
machine.json   system, processors, memory, kind of database
doctor.json    what `refpad doctor` found
health.json    what `refpad health` found
settings.json  figures and choices; of all else only whether it is set
metrics.txt    counts by state, as Prometheus reads them
timings.json   the {files} files read last: seconds, pages, slips, tries
logs/          the end of each log
slip/          if one was asked for: a stand-in, drawn anew, and what was measured
problems.json  if there were any: parts that could not be made, and why

In texts, {word} stands for each word that is not the program's own, and {number} for long numbers and dates.
"""
Parts = dict[str, bytes]


@dataclass(frozen=True)
class Bundle:
    """A ZIP, and the names of what is in it. `problems` say which parts could not be made, and why."""

    content: bytes
    names: tuple[str, ...]
    problems: tuple[str, ...]


def file_name(now: datetime) -> str:
    """What a bundle of that moment is called."""
    return f"refpad-support-{now:%Y-%m-%d-%H%M}.zip"


def make_bundle(settings: Settings, who: str, slip: int | None = None, seed: int = 1) -> Bundle:
    """The bundle of this studio, with a stand-in of a slip if one is named, drawn by `seed`.

    That it was made is in the audit, if the record can be opened.
    """
    with ExitStack() as stack:
        problems = _Problems()
        problems.redaction.learn(_typed(settings))
        record = _opened(settings, stack, problems)
        about = ABOUT.format(files=FILES_MOST, word="[word]", number="[number]")
        parts: Parts = {"README.txt": about.encode()}
        makers = _parts(settings, record, problems.redaction)
        if slip is not None:
            makers["slip"] = partial(_slip, settings, record, problems.redaction, slip, seed)
        for name, make in makers.items():
            with problems.of(name):
                parts |= make()
        if record is not None:
            told = {} if slip is None else {"slip": slip}
            with problems.of("audit"):
                audit.write(record, who, "export", "support bundle", {"parts": len(parts), **told})
    if problems.told:
        parts["problems.json"] = _json(problems.told)
    return Bundle(_zip(parts), tuple(sorted(parts)), tuple(problems.told))


@dataclass(frozen=True)
class _Problems:
    """What could not be done for the bundle, and why, in words that name nobody."""

    redaction: Redaction = field(default_factory=Redaction)
    told: list[str] = field(default_factory=list)

    @contextmanager
    def of(self, part: str) -> Iterator[None]:
        """What goes wrong in the block is told as a problem of that part."""
        try:
            yield
        except RefpadError as error:
            self.told.append(f"{part}: {self.redaction.clean(str(error))}")
        except Exception as error:  # noqa: BLE001 - what is broken is why a bundle is asked for; its text is not told
            self.told.append(f"{part}: {kind_and_place(error)}")


def _typed(settings: Settings) -> Iterable[str]:
    """What somebody typed as a setting of the studio, and where things lie."""
    yield from (str(value) for value in settings.studio.model_dump().values() if value)
    yield from (str(path) for path in (settings.folder.absolute(), settings.state))


def _opened(settings: Settings, stack: ExitStack, problems: _Problems) -> Store | None:
    """The studio's record, or None when it does not open; the names of all studios that open are not told after it."""
    opened = dict[int, Store]()
    for number, read in _studios(settings, problems).items():
        with problems.of(f"record of studio {number}" if number > 1 else "record"):
            each = read()
            problems.redaction.learn(_typed(each))
            opened[number] = stack.enter_context(closing(open_record(each)))
            problems.redaction.learn(names_on_record(opened[number]))
    return opened.get(1)


def _studios(settings: Settings, problems: _Problems) -> dict[int, Callable[[], Settings]]:
    """The settings of this studio, which is 1 here, and of all whose logs are with its own, as the list has them."""
    further = list[StudioEntry]()
    if settings.shared_folder is None:
        with problems.of("studios"):
            further = further_studios(settings)
    return {1: lambda: settings} | {one.number + 1: partial(settings_of, settings, one) for one in further}


def _parts(settings: Settings, record: Store | None, redaction: Redaction) -> dict[str, Callable[[], Parts]]:
    """How each part is made, by its name."""
    of_machine: dict[str, Callable[[], Parts]] = {
        "versions": lambda: {"versions.json": _json(versions())},
        "machine": lambda: {"machine.json": _json(machine(settings))},
        "settings": lambda: {"settings.json": _json(told_settings(settings))},
        "doctor": lambda: {"doctor.json": _json(_cleaned(redaction, (one.model_dump() for one in examine(settings))))},
        "logs": lambda: _logs(settings, redaction),
    }
    if record is None:
        return of_machine
    return of_machine | {
        "health": lambda: {"health.json": _json(_cleaned(redaction, map(asdict, health_of_parts(settings, record))))},
        "metrics": lambda: {"metrics.txt": metrics_text(record)},
        "timings": lambda: {"timings.json": _json([one.model_dump() for one in recent_files(record, FILES_MOST)])},
    }


def _cleaned(redaction: Redaction, found: Iterable[Mapping[str, object]]) -> object:
    return [redaction.clean_all(dict(one)) for one in found]


def _slip(settings: Settings, record: Store | None, redaction: Redaction, number: int, seed: int) -> Parts:
    from refpad.ops.support.slip import slip_parts  # the reader and the pens, slow to load

    if record is None:
        raise MachineError("Without the record no slip is found: mend the record first, then make the bundle anew.")
    made = slip_parts(settings, redaction, slip_for_support(record, number), seed)
    return {name: part if isinstance(part, bytes) else _json(part) for name, part in made.items()}


def _logs(settings: Settings, redaction: Redaction) -> Parts:
    """The end of each log, cleaned; those of several studios are together, and left out of a further one's bundle."""
    logs = sorted((settings.folder / "logs").glob("*.log"))
    return {
        f"logs/{number}-{redaction.clean(path.stem)}.log": redaction.clean(_end_of(path)).encode()
        for number, path in enumerate(logs, start=1)
    }


def _end_of(path: Path) -> str:
    """Whole lines of a log's end."""
    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(0, size - LOG_BYTES_MOST))
        text = file.read().decode("utf-8", "replace")
    return text if size <= LOG_BYTES_MOST else text.partition("\n")[2]


def _json(value: object) -> bytes:
    return json.dumps(value, indent=1, default=str).encode() + b"\n"


def _zip(parts: Parts) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(parts.items()):
            archive.writestr(name, content)
    return out.getvalue()
