"""The users, for admins: enter one, give a new link, let one in no more."""

from starlette.responses import Response

from schemas.errors import UsageError
from schemas.users import Role
from store.users import users
from web.context import RequestContext


def show(context: RequestContext) -> Response:
    """Everybody who may come in, or once might."""
    return context.render("people.html", users=users.all_users(context.store), link="", name="")


def add(context: RequestContext) -> Response:
    """Enter a user; the page shows the one-time link, once."""
    name = context.form("name").lower()
    if context.form("role") not in set(Role):
        raise UsageError("A user is a reviewer or an admin.")
    word = users.add(context.store, name, Role(context.form("role")), context.user)
    return _with_link(context, name, word)


def link(context: RequestContext) -> Response:
    """A new one-time link; the old password and all sessions of that user end."""
    return _with_link(context, context.form("name"), users.link(context.store, context.form("name"), context.user))


def remove(context: RequestContext) -> Response:
    """Let a user in no more; not oneself, so that an admin is left."""
    if context.form("name") == context.user:
        raise UsageError("You cannot remove yourself: another admin can.")
    users.remove(context.store, context.form("name"), context.user)
    return context.redirect("/people")


def _with_link(context: RequestContext, name: str, word: str) -> Response:
    address = f"{context.services.settings.front_desk.url}/first/{word}"
    return context.render("people.html", users=users.all_users(context.store), link=address, name=name)
