"""What leaves refpad for other programs: CSV files, and the calendar at a private address."""

from starlette.responses import Response

from refpad.services.exports import calendar_content, csv_content
from schemas.errors import UsageError
from schemas.export import CalendarNames, Exported
from store import audit
from store.users import calendars
from web.context import RequestContext
from web.downloads import download
from web.errors import NotFoundError
from web.services.lan_card import code_of, lan_card


def show(context: RequestContext) -> Response:
    """What there is to download, and the user's calendar addresses; an admin sees everybody's."""
    return _page(context, "")


def csv(context: RequestContext) -> Response:
    """One of the CSV files, as the command line writes it."""
    if context.path["what"] not in set(Exported):
        raise NotFoundError
    what = Exported(context.path["what"])
    content, count = csv_content(context.store, context.services.settings, what)
    audit.write(context.store, context.user, "export", what.value, {"count": count})
    name = f"{what.value}-{context.store.clock.today().isoformat()}.csv"
    return download(content, name, "text/csv; charset=utf-8")


def calendar(context: RequestContext) -> Response:
    """The calendar, for a program that knows the address; who made the address is on record for it."""
    address = calendars.find_address(context.store, context.path["token"])
    if address is None:
        raise NotFoundError
    content = calendar_content(context.store, context.services.settings, address.names)
    audit.write(context.store, address.user_name, "export", f"calendar {address.id}", {"names": address.names.value})
    return Response(content, media_type="text/calendar; charset=utf-8")


def add_calendar(context: RequestContext) -> Response:
    """Make an address; the page shows it, once."""
    if context.form("names") not in set(CalendarNames):
        raise UsageError("A calendar names nobody, initials, or names.")
    names = CalendarNames(context.form("names"))
    token = calendars.add_address(context.store, context.user, names, context.user)
    return _page(context, f"{context.services.settings.front_desk.url}/calendar/{token}.ics")


def revoke_calendar(context: RequestContext) -> Response:
    """End an address, one's own; an admin ends anybody's."""
    owner = None if context.is_admin else context.user
    calendars.revoke_address(context.store, context.path_number("calendar"), context.user, owner)
    return context.redirect("/exports#calendar")


def _page(context: RequestContext, made: str) -> Response:
    lan = lan_card(context.services.settings)
    return context.render(
        "exports.html",
        addresses=calendars.addresses(context.store, None if context.is_admin else context.user),
        made=made,
        code=code_of(made) if made and lan else "",
    )
