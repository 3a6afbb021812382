"""The review queue: what waits for a person, by reason and age."""

from collections import Counter

from starlette.responses import Response

from store import audit
from store.review.queue import place_of, waiting_list
from web.context import RequestContext
from web.slips.labels import is_reason, label

SHOWN_MOST = 100


def show(context: RequestContext) -> Response:
    """The list, longest waiting first, with how many wait for each reason."""
    everything = waiting_list(context.store)
    why = reason_asked(context)
    items = [item for item in everything if not why or why in item.why]
    counts = Counter(reason for item in everything for reason in item.why)
    audit.write(context.store, context.user, "view", "review", {"count": len(items[:SHOWN_MOST])})
    return context.render(
        "queue.html",
        items=items[:SHOWN_MOST],
        count=len(items),
        total=len(everything),
        reasons=[(name, label(name), number) for name, number in counts.most_common()],
        why=why,
        label=label,
        today=context.store.clock.today(),
    )


def next_item(context: RequestContext) -> Response:
    """On to the next item, or to the list when none is left; said when the list begins again."""
    why = reason_asked(context)
    place = place_of(context.store, context.query.get("after", ""), why)
    if place.following is None:
        return context.redirect("/review")
    return context.redirect(address(place.following, why, again=place.is_last))


def go_on(context: RequestContext, item: str, following: str | None, why: str) -> Response:
    """From an item that is settled to the one that follows, or to the list."""
    context.services.tools.presence.leave(item, context.user)
    context.services.export_job.request()
    return context.redirect(address(following, why) if following else f"/review?why={why}")


def reason_asked(context: RequestContext) -> str:
    """The reason by which the list is cut down, or nothing."""
    why = context.query.get("why", "") or context.form("why")
    return why if is_reason(why) else ""


def address(item: str, why: str, *, again: bool = False) -> str:
    """Where an item is settled, with the list that one comes from, and whether that begins again with it."""
    query = "&".join([*([f"why={why}"] if why else []), *(["again=1"] if again else [])])
    return f"/review/{item}?{query}" if query else f"/review/{item}"
