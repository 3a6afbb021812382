"""From one studio to another, for who belongs to both."""

from starlette.responses import Response

from store.users import sessions
from web.context import RequestContext
from web.views.users.login import start_session


def leave(context: RequestContext) -> Response:
    """Go on at another studio; the session here ends, so that nobody is left signed in where they are not."""
    board = context.services.tools.switchboard
    answer = context.redirect(board.leave(context.studio_key, context.store, context.user, context.path["key"]))
    sessions.close_session(context.store, context.token, "switch")
    return answer


def arrive(context: RequestContext) -> Response:
    """Come from another studio, where one has signed in.

    A page, not a redirect: browsers keep a strict cookie back from all that follows from another site at once.
    """
    board = context.services.tools.switchboard
    signed_in = start_session(context, board.arrive(context.studio_key, context.store, context.path["word"]))
    first_page = signed_in.headers["location"]
    page = context.render("arrived.html", first_page=first_page)
    page.headers["Refresh"] = f"0; url={first_page}"
    page.raw_headers += [(name, value) for name, value in signed_in.raw_headers if name == b"set-cookie"]
    return page
