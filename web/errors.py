"""What can be wrong with a request, beside what is wrong with the work asked for."""

from schemas.errors import RefpadError


class NotFoundError(RefpadError):
    """There is nothing at this address."""

    def __init__(self, what: str = "There is no such page.") -> None:
        super().__init__(what)


class ForbiddenError(RefpadError):
    """Signed in, but not for this; or a form that did not come from our own page."""
