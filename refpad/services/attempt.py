"""Steps that must not end the loop they are part of."""

import traceback
from collections.abc import Callable
from pathlib import Path

from schemas.errors import RefpadError


def attempt(
    step: Callable[[], object], letting_through: type[Exception] | tuple[type[Exception], ...] = ()
) -> str | None:
    """Run `step`; None when it succeeded, else a sentence fit for logs and for Prefect.

    Of unforeseen errors only the kind and the place are given: their texts may quote what was read.
    """
    try:
        step()
    except letting_through:
        raise
    except RefpadError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - the one place where loops and flows catch everything
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(where.filename).name} line {where.lineno}"
        return f"Unexpected {type(error).__name__} at {place}."
    return None
