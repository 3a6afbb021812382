"""Users who sign in at another studio of the installation: they have no password here, and no link to set one."""

import sqlalchemy as sa

from schemas.errors import UsageError
from schemas.users import Role
from store import audit
from store.database import Store
from store.tables import desk_user, invitation


def add_guest(store: Store, name: str, role: Role, who: str) -> None:
    """Enter somebody who signs in elsewhere; raises UsageError when there is, or was, a user of that name."""
    now = store.clock.now()
    with store.write() as connection:
        if connection.execute(sa.select(desk_user.c.name).where(desk_user.c.name == name)).first():
            raise UsageError(f'There is a user "{name}" at that studio already: choose another name with --as.')
        connection.execute(desk_user.insert().values(name=name, role=role.value, added_at=now))
        audit.append(connection, now, who, "add", f"user {name}", {"role": role.value, "signs in": "elsewhere"})


def is_guest(store: Store, name: str) -> bool:
    """Whether that user still comes from elsewhere: one who was removed, or was given a link here, does not."""
    invited = sa.exists().where(invitation.c.user_name == desk_user.c.name)
    guest = (desk_user.c.removed_at.is_(None), desk_user.c.password_hash.is_(None), ~invited)
    with store.read() as connection:
        found = connection.execute(sa.select(desk_user.c.name).where(desk_user.c.name == name, *guest)).first()
    return found is not None
