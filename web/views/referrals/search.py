"""One search for all that a caller may name, from the box on every page."""

from starlette.responses import Response

from store import audit
from store.followups.next_steps import next_steps
from store.search.search import FOUND_MOST
from store.search.sources import SLIPS_MOST
from store.search.words import tokens_of
from web.context import RequestContext
from web.slips.labels import label

QUERY_MOST = 120


def find(context: RequestContext) -> Response:
    """Take the words, which no address may hold, and lead to what they find: Back and reload work there.

    An empty box leads to the newest referrals.
    """
    query = context.form("query")[:QUERY_MOST]
    if not query.strip():
        return context.redirect("/referrals")
    return context.redirect(f"/search/{context.services.tools.searches.keep(context.user, query)}")


def show(context: RequestContext) -> Response:
    """What is found, by kind, each with what one would do next."""
    query = context.services.tools.searches.find(context.user, context.path["search"])
    if query is None:
        return context.render("search.html", query="", found=None)
    if not tokens_of(query):
        return context.render("search.html", query=query, found=None)
    found = context.services.searcher.search(query)
    everyone = (*found.referrals, *(found.near.referrals if found.near else ()))
    audit.write(context.store, context.user, "search", "record", {"count": found.count})
    return context.render(
        "search.html",
        query=query,
        found=found,
        steps=next_steps(context.store, [referral.id for referral in everyone]),
        today=context.store.clock.today(),
        label=label,
        is_cut=len(everyone) == FOUND_MOST or len(found.slips) == SLIPS_MOST,
    )
