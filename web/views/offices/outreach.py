"""Visits to offices and talks with their staff: logged, planned, canceled; and what became of their slips."""

from dataclasses import dataclass
from datetime import date

from starlette.responses import Response

from schemas.errors import UsageError
from schemas.followup import FollowUpPolicy
from schemas.outreach.conversion import (
    NO_RANKING,
    STOP_WORDS,
    Conversion,
    ReferralPath,
    conversion,
    slips_stopped,
)
from schemas.outreach.entries import Outreach, OutreachSaid, OutreachState, OutreachWay, outreach_said
from store.database import Store
from store.directory import offices
from store.directory.provider_work import provider_work
from store.outreach.conversion import conversions, paths_of_provider, slips_of_office
from store.outreach.entries import cancel_outreach, log_outreach, outreach_of, pads_last_seen, plan_outreach
from web.context import RequestContext
from web.views.today import form_day

STOPPED_SHOWN = 20


@dataclass(frozen=True)
class Story:
    """What a page shows of an office or a provider. `whole` are the figures of all, `parts` of each provider."""

    outreach: list[Outreach]
    finding: str
    whole: Conversion
    parts: tuple[Conversion, ...]
    stopped: list[ReferralPath]
    today: date
    ways: tuple[OutreachWay, ...] = tuple(OutreachWay)
    words = STOP_WORDS
    no_ranking = NO_RANKING


def office_story(store: Store, policy: FollowUpPolicy, office_id: str) -> Story:
    """Of an office: its visits and talks, how far its slips came, and whether they stopped coming."""
    found, slips, today = outreach_of(store, office_id), slips_of_office(store, policy, office_id), store.clock.today()
    whole, *parts = conversions(store, policy, office_id)
    finding = slips_stopped(slips.days, today, policy.office_quiet_days, pads_last_seen(found))
    return Story(found, finding, whole, tuple(parts), _stopped(slips.paths), today)


def provider_story(store: Store, policy: FollowUpPolicy, provider_id: int) -> Story:
    """The same of one provider, whose slips are known once they are accepted."""
    paths = paths_of_provider(store, policy, provider_id)
    found = outreach_of(store, provider_id=provider_id)
    return Story(found, "", conversion(paths, None), (), _stopped(paths), store.clock.today())


def _stopped(paths: list[ReferralPath] | tuple[ReferralPath, ...]) -> list[ReferralPath]:
    return [path for path in reversed(paths) if path.stopped is not None][:STOPPED_SHOWN]


def enter(context: RequestContext) -> Response:
    """Log a visit or talk with an office's staff, and plan the next; or plan one."""
    office = offices.find_office(context.store, context.path["office"])
    said, rules = _said(context), context.services.rules
    if context.form("act") == OutreachState.PLANNED:
        plan_outreach(context.store, office.id, said, context.user)
    elif context.form("act") == OutreachState.DONE:
        next_on = form_day(context, "next_on") if context.form("next_on") else None
        log_outreach(context.store, rules, office.id, said, context.user, next_on)
    else:
        raise UsageError("A visit or talk is logged or planned.")
    return _back(context, office.id)


def cancel(context: RequestContext) -> Response:
    """Cancel what is planned, or take back what was logged by mistake."""
    number = context.path_number("outreach")
    kept = cancel_outreach(context.store, context.services.rules, number, context.user, context.form("reason"))
    return _back(context, kept.office_id)


def _said(context: RequestContext) -> OutreachSaid:
    values = {name: context.form(name) for name in ("way", "with_whom", "about")}
    pads, provider = context.form("pads_left"), context.form_number("provider") or None
    if provider is not None:
        provider = provider_work(context.store, provider).provider.id
    return outreach_said({**values, "on": form_day(context, "on"), "pads_left": pads or None, "provider_id": provider})


def _back(context: RequestContext, office_id: str) -> Response:
    provider = context.form_number("provider")
    return context.redirect(f"/providers/{provider}#outreach" if provider else f"/offices/{office_id}#outreach")
