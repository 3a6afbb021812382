"""Other programs, for admins: make a token with which one reads the record, and end it."""

from starlette.responses import Response

from schemas.api import Scope
from schemas.errors import UsageError
from store.users import api_tokens
from web.context import RequestContext


def show(context: RequestContext) -> Response:
    """The tokens that work."""
    return _page(context)


def add(context: RequestContext) -> Response:
    """Make a token; the page shows it, once."""
    chosen = context.form_values("scope")
    if not set(chosen) <= set(Scope):
        raise UsageError("A token opens referrals, follow_ups, or both.")
    try:
        made = api_tokens.add_token(context.store, context.form("name"), [Scope(one) for one in chosen], context.user)
    except UsageError as error:
        return _page(context, 400, problem=str(error))
    return _page(context, made=made)


def revoke(context: RequestContext) -> Response:
    """End a token."""
    api_tokens.revoke_token(context.store, context.path_number("number"), context.user)
    return context.redirect("/programs")


def _page(context: RequestContext, status: int = 200, made: str = "", problem: str = "") -> Response:
    return context.render(
        "programs.html", status, tokens=api_tokens.tokens(context.store), made=made, problem=problem, scopes=list(Scope)
    )
