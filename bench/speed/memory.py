"""Peak memory of processes, and of the one that reads: it alone, for the bench simulates slips in its own."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from refpad.services.reading.reader_process import open_child_reader
from refpad.settings import Settings


def peak_mb(pid: int) -> float:
    """VmHWM of proc(5), in MB; 0 for a process that is gone."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text(encoding="ascii", errors="replace").splitlines() if status.is_file() else []
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM:")), 0.0)


def reader_peak_mb(files: Iterable[Path], settings: Settings, received_on: date) -> float:
    """The largest resident set of the process that reads `files` as the workers of `refpad up` have them read."""
    with open_child_reader(settings) as reader:
        for path in files:
            reader.read(path, received_on)
        return peak_mb(reader.child.pid or 0)
