"""The users, for admins: add one, give a new link, disable one."""

from starlette.responses import Response

from schemas.errors import UsageError
from schemas.users import Role
from store.users import users
from web.context import RequestContext
from web.services.lan_card import code_of, lan_card


def show(context: RequestContext) -> Response:
    """Everybody who may sign in, or once might."""
    return _page(context)


def add(context: RequestContext) -> Response:
    """Add a user; the page shows the one-time link, once."""
    name = context.form("name").lower()
    if context.form("role") not in set(Role):
        raise UsageError("A user is a reviewer or an admin.")
    try:
        link_word = users.add(context.store, name, Role(context.form("role")), context.user)
    except UsageError as error:
        return _page(context, 400, problem=error.on_page)
    return _with_link(context, name, link_word)


def link(context: RequestContext) -> Response:
    """A new one-time link; the old password and all sessions of that user end.

    One's own, and that of the only admin, takes a second act: whoever loses that link is locked out.
    """
    name = context.form("name")
    if context.form("sure") != name and (name == context.user or users.is_last_admin(context.store, name)):
        return _page(context, asked=name)
    return _with_link(context, name, users.link(context.store, name, context.user))


def remove(context: RequestContext) -> Response:
    """Disable a user; not oneself, so that an admin is left."""
    name = context.form("name")
    if name == context.user:
        raise UsageError("You cannot disable yourself: another admin can.")
    users.remove(context.store, name, context.user)
    return context.redirect("/people")


def _with_link(context: RequestContext, name: str, link_word: str) -> Response:
    return _page(context, link=f"{context.services.settings.front_desk.url}/first/{link_word}", name=name)


def _page(context: RequestContext, status: int = 200, **shown: str) -> Response:
    """Everybody who may sign in, or once might; `asked` is whose link takes a second act."""
    values = {"link": "", "name": "", "asked": "", "problem": "", **shown}
    lan = lan_card(context.services.settings)
    code = (
        code_of(values["link"]) if values["link"] and lan else ""
    )  # this computer's own address is of no use to a telephone
    known = users.all_users(context.store)
    return context.render("people.html", status, users=known, code=code, lan=lan, **values)
