"""Whether the place of the record's files takes, gives and removes them, for `refpad doctor`."""

from refpad.ops.checkup import WarningError
from refpad.settings import Settings


def kept_files(settings: Settings) -> str:
    """Try the bucket out, where one is set; raises MachineError, UsageError and WarningError."""
    from refpad.services.wiring import file_place

    if (bucket := file_place(settings)) is None:
        return "in the data folder"
    bucket.try_out()
    if bucket.keeps_versions():
        raise WarningError(f"{bucket} keeps versions, also of what is purged", "give it a rule by which they expire")
    return str(bucket)
