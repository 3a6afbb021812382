"""The review queue: what waits for a person, by reason and age."""

from starlette.responses import Response

from store import audit
from store.review.queue import place_of, waiting_list, waiting_reasons, waiting_total
from web.context import RequestContext
from web.slips.labels import is_reason, label


def show(context: RequestContext) -> Response:
    """The list, longest waiting first, with how many wait for each reason."""
    why, after = reason_asked(context), context.query.get("after", "")
    items, counts = waiting_list(context.store, why, after), waiting_reasons(context.store)
    total = waiting_total(context.store).items
    place = place_of(context.store, items[-1].item, why) if items else None
    audit.write(context.store, context.user, "view", "review", {"count": len(items)})
    return context.render(
        "queue.html",
        items=items,
        place=place,
        total=total,
        reasons=[(name, label(name), number) for name, number in counts],
        why=why,
        after=after,
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
