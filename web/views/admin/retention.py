"""Retention, for admins: what is past its term, purged once somebody has typed it, and what must stay."""

from contextlib import suppress

from starlette.responses import Response

from refpad.services.purging import Preview, preview, run_purge
from schemas.errors import RefpadError, UsageError
from schemas.text import counted
from store import audit
from store.purge.holds import lift_hold, set_hold
from store.purge.purging import purges
from web.context import RequestContext

LISTED_MOST = 100
PURGES_SHOWN = 20


def show(context: RequestContext) -> Response:
    """What would go, what must stay, and the purges that were."""
    audit.write(context.store, context.user, "view", "retention")
    return _page(context)


def purge(context: RequestContext) -> Response:
    """Purge what the page showed, if that is what was typed and it is still the same."""
    planned = preview(context.services.settings, context.store)
    if context.form("typed").strip().casefold() != confirmation(planned):
        return _page(context, 400, f'Nothing was purged. Type "{confirmation(planned)}" to have it go, for good.')
    try:
        done = run_purge(context.services.settings, context.store, context.user)
    except RefpadError as error:
        return _page(context, 400, error.on_page)
    context.services.activity.forget()
    return context.render("purged.html", done=done)


def hold(context: RequestContext) -> Response:
    """Put a referral under a legal hold."""
    number = context.path_number("referral")
    set_hold(context.store, number, context.form("reason"), context.user)
    return context.redirect(f"/referrals/{number}")


def lift(context: RequestContext) -> Response:
    """End a referral's legal hold."""
    number = context.path_number("referral")
    lift_hold(context.store, number, context.form("reason"), context.user)
    return context.redirect(f"/referrals/{number}")


def confirmation(planned: Preview) -> str:
    """What is typed to have it go: "purge 12 files"."""
    return f"purge {counted(planned.files, 'file')}"


def _page(context: RequestContext, status: int = 200, problem: str = "") -> Response:
    settings = context.services.settings
    planned: Preview | None = None
    with suppress(UsageError):  # no years are set
        planned = preview(settings, context.store)
    return context.render(
        "retention.html",
        status,
        planned=planned,
        typed=confirmation(planned) if planned else "",
        due=planned.due[:LISTED_MOST] if planned else (),
        purges=purges(context.store)[:PURGES_SHOWN],
        problem=problem,
    )
