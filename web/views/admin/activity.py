"""Who did what and when, for admins: the audit, by person, by what it was about, and by day."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from starlette.responses import Response

from schemas.export import MACHINE
from store import audit
from store.audit import LINES_MOST, AuditLine, AuditQuery
from store.users.users import all_users
from web.context import RequestContext

PAGES = {  # where the subject of a line is looked at, by its noun
    "referral": "/referrals/",
    "slip": "/review/s",
    "page": "/review/p",
    "letter": "/letters/",
    "follow_up": "/tasks/",
    "provider": "/providers/",
    "office": "/offices/",
}


def show(context: RequestContext) -> Response:
    """The newest lines that fit; older ones are a page away. That somebody looked is a line itself."""
    who, about, day = (context.query.get(name, "") for name in ("who", "about", "day"))
    start = _start(context, day)
    lines = audit.latest_lines(
        context.store,
        AuditQuery(
            who=who,
            about=about,
            since=start,
            until=start and _start(context, (date.fromisoformat(day) + timedelta(days=1)).isoformat()),
            before=context.query_number("before"),
        ),
    )
    audit.write(context.store, context.user, "view", "activity", {"count": len(lines)})
    return context.render(
        "activity.html",
        lines=[(line, _page_of(line), _details(line)) for line in lines],
        people=[MACHINE, *(user.name for user in all_users(context.store))],
        asked={"who": who, "about": about, "day": day if start else ""},
        older=lines[-1].id if len(lines) == LINES_MOST else None,
    )


def _start(context: RequestContext, day: str) -> datetime | None:
    """The first moment of a day of the studio; None for what is no day."""
    try:
        return datetime.combine(date.fromisoformat(day), time.min, ZoneInfo(context.services.settings.time_zone))
    except (ValueError, OverflowError):
        return None


def _page_of(line: AuditLine) -> str:
    noun, _, name = line.subject.partition(" ")
    return f"{PAGES[noun]}{name}" if noun in PAGES and name and " " not in name else ""


def _details(line: AuditLine) -> str:
    """The fields and figures of a line in words, without those that are empty."""
    said = {name: _in_words(value) for name, value in line.detail.items()}
    return "; ".join(f"{name}: {value}" for name, value in said.items() if value not in ("", None)).replace("_", " ")


def _in_words(value: object) -> object:
    """A list, or what was set under which names, as a person would write it; an empty one says so."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {'empty' if part in ('', None) else part}" for name, part in value.items())
    return value
