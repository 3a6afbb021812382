"""A provider: name and credentials, office, and the letters and referrals that passed."""

from collections.abc import Mapping

from starlette.responses import Response

from schemas.errors import UsageError
from schemas.letter import Prefers
from schemas.names.salutation import with_credentials, without_credentials
from schemas.names.spelling import spelling_of
from schemas.office import Provider, check_entry
from store import audit
from store.directory import offices
from store.directory.mergers import merged_into_provider
from store.directory.provider_work import provider_work
from store.directory.providers import edit_provider
from web.context import RequestContext
from web.views.offices.outreach import provider_story


def show(context: RequestContext) -> Response:
    """One provider."""
    return _show(context, {})


def _show(context: RequestContext, typed: Mapping[str, str], status: int = 200, problem: str = "") -> Response:
    """The page; `typed` stands in the form when it could not be saved."""
    work = provider_work(context.store, context.path_number("provider"))
    audit.write(context.store, context.user, "view", f"provider {work.provider.id}")
    known = work.provider
    name, credentials = without_credentials(known.name)
    said = {"name": name, "credentials": credentials, "office": known.office_id, "prefers": known.prefers}
    said |= {"fax": known.fax, "email": known.email}
    shown = {field: str(value or "") for field, value in said.items()} | dict(typed)
    return context.render(
        "provider.html",
        status,
        work=work,
        story=provider_story(context.store, context.services.settings.follow_ups, known.id),
        office=offices.find_office(context.store, known.office_id) if known.office_id else None,
        typed=shown,
        problem=problem,
        spelling=spelling_of(shown["name"]),
        merged=merged_into_provider(context.store, work.provider.id),
        offices=offices.all_offices(context.store),
        ways=list(Prefers),
    )


def edit(context: RequestContext) -> Response:
    """Change what is known of a provider; their letters that are not on their way are made anew.

    All that cannot be taken is said at once: the fields that will not do, and a name in small letters.
    """
    provider = provider_work(context.store, context.path_number("provider")).provider
    values = {
        "name": with_credentials(context.form("name"), context.form("credentials")),
        "office_id": context.form("office") or None,
        "fax": context.form("fax"),
        "email": context.form("email") or None,
        "prefers": context.form("prefers") or None,
    }
    typed = {name: context.form(name) for name in ("name", "credentials", "office", "fax", "email", "prefers")}
    changes = {name: value for name, value in values.items() if value != getattr(provider, name)}
    asks = bool(spelling_of(typed["name"])) and not context.form("as_typed")
    region = context.services.settings.policy.phone_region
    try:
        known = offices.find_office(context.store, values["office_id"]) if values["office_id"] else None
        check_entry(Provider, {**provider.model_dump(), **changes}, region, changes, known)
        if changes and not asks:
            edit_provider(context.store, provider.id, changes, context.user)
    except UsageError as error:
        return _show(context, typed, 400, error.on_page)
    if asks:
        return _show(context, typed, 400)
    if changes:
        context.services.activity.forget()
        context.services.chase_job.request()
        context.services.export_job.request()
    return context.redirect(f"/providers/{provider.id}")
