"""Steps that must not end the loop they are part of."""

from collections.abc import Callable

from schemas.errors import RefpadError, kind_and_place


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
        return f"Unexpected {kind_and_place(error)}."
    return None
