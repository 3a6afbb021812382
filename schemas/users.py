"""Who may use the front desk, and as what."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from schemas.base import Value

USER_NAME = r"^[a-z][a-z0-9._-]{1,39}$"


class Role(StrEnum):
    """An admin may do all that a reviewer may, and look after the users."""

    REVIEWER = "reviewer"
    ADMIN = "admin"

    def may(self, needed: "Role") -> bool:
        """Whether this role includes `needed`."""
        return self is Role.ADMIN or self is needed


class User(Value):
    """A person with a name of their own; `can_sign_in` is False until a password is set, and after removal."""

    name: str = Field(pattern=USER_NAME)
    role: Role
    added_at: datetime
    can_sign_in: bool
    is_removed: bool


class Invitation(Value):
    """What a one-time link allows: to set the password of `name`, or, without one, to become the first admin."""

    name: str | None
    role: Role
    until: datetime


class Session(Value):
    """Somebody signed in. `csrf` is the token that each of their forms must carry."""

    user: str
    role: Role
    csrf: str
    seen_at: datetime
