"""The users, for admins: enter one, give a new link, let one in no more."""

from starlette.responses import Response

from schemas.errors import UsageError
from schemas.users import Role
from store.users import users
from web.context import Visit


def show(visit: Visit) -> Response:
    """Everybody who may come in, or once might."""
    return visit.page("people.html", users=users.all_users(visit.store), link="", name="")


def add(visit: Visit) -> Response:
    """Enter a user; the page shows the one-time link, once."""
    name = visit.said("name").lower()
    if visit.said("role") not in set(Role):
        raise UsageError("A user is a reviewer or an admin.")
    word = users.add(visit.store, name, Role(visit.said("role")), visit.who)
    return _with_link(visit, name, word)


def link(visit: Visit) -> Response:
    """A new one-time link; the old password and all sessions of that user end."""
    return _with_link(visit, visit.said("name"), users.link(visit.store, visit.said("name"), visit.who))


def remove(visit: Visit) -> Response:
    """Let a user in no more; not oneself, so that an admin is left."""
    if visit.said("name") == visit.who:
        raise UsageError("You cannot remove yourself: another admin can.")
    users.remove(visit.store, visit.said("name"), visit.who)
    return visit.to("/people")


def _with_link(visit: Visit, name: str, word: str) -> Response:
    address = f"{visit.desk.settings.front_desk.url}/first/{word}"
    return visit.page("people.html", users=users.all_users(visit.store), link=address, name=name)
