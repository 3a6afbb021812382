"""Whether the environment has variables that look like settings and are none, for `refpad up` and `refpad doctor`."""

from refpad.ops.checkup import WarningError
from refpad.setting_sources import unknown_variables
from refpad.settings import Settings


def check(_: Settings) -> str:
    """The check of `refpad doctor`; raises WarningError for a name that nothing is called by."""
    if told := misnamed():
        raise WarningError(told, "mend the name: docs/settings.md has all of them")
    return "each variable sets something"


def misnamed() -> str:
    """Which variables set nothing, in a clause, or ""."""
    found = unknown_variables(Settings)
    return f"{', '.join(found)} in the environment {'set' if len(found) > 1 else 'sets'} nothing" if found else ""
