"""TLS with a server of somebody else's: whom it trusts, and what is wrong with the file that says so."""

import ssl
from pathlib import Path

from schemas.errors import MachineError


def trusted_tls(authorities: Path | None, setting: str) -> ssl.SSLContext:
    """TLS 1.2 or newer that trusts the authorities of this file, or the system's; raises MachineError.

    `setting` is the name of the variable that names the file.
    """
    try:
        context = ssl.create_default_context(cafile=authorities)
    except OSError as error:  # ssl.SSLError, for a file that holds something else, is one
        is_other = isinstance(error, ssl.SSLError)
        why = "it holds no certificate" if is_other else error.strerror or "it does not answer"
        raise MachineError(
            f"The authorities' file {authorities} that {setting} names cannot be used ({why}): name one in PEM, or "
            "leave it out to trust the system's."
        ) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
