"""With which code a command ends: the one list, for scripts, containers and monitors."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The user guide's table says the same; click itself ends with USAGE when a command is mistyped."""

    DONE = 0
    PERSON_NEEDED = 1
    USAGE = 2
    BROKEN = 3
