"""Reading accuracy: the target, what people found, and the bars chosen for it."""

from starlette.responses import Response

from schemas.bars import ValueKind
from schemas.quality import Share
from store.quality import bars, measured
from store.referrals import quality_sample
from store.review import group_check
from web.context import RequestContext

CHANGES_SHOWN = 20
KINDS = {
    ValueKind.NUMBER: "Phone numbers",
    ValueKind.DATE: "Dates",
    ValueKind.PHRASE: "Phrases",
    ValueKind.NAME: "Names",
    ValueKind.KNOWN_NAME: "Names from a list",
    ValueKind.EMPTY: "Empty fields",
}


def show(context: RequestContext) -> Response:
    """How well each kind of value is read, measured where the reader was sure and people were asked all the same."""
    accepted, drawn = quality_sample.accepted_by_machine(context.store)
    settings = context.services.settings
    kinds = measured.by_kind(context.store, settings.policy, settings.front_desk.sample_share)
    return context.render(
        "quality.html",
        kinds=kinds,
        found=sum(kind.found for kind in kinds),
        names=KINDS,
        changes=bars.changes(context.store, CHANGES_SHOWN),
        measured=quality_sample.measure_error(context.store),
        groups=group_check.crop_error(context.store),
        accepted=accepted,
        drawn=drawn,
        percent=percent,
    )


def reset(context: RequestContext) -> Response:
    """Give up the chosen bars."""
    bars.reset(context.store, context.services.settings.policy, context.user)
    return context.redirect("/quality")


def percent(part: Share) -> str:
    """A share with its interval, in words."""
    if part.share is None:
        return "nothing checked yet"
    low, high = part.interval
    return f"{part.share:.1%}, between {low:.1%} and {high:.1%}"
