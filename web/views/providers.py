"""A provider: name and credentials, office, and the letters and referrals that passed."""

from starlette.responses import Response

from schemas.letter import Prefers
from schemas.names.salutation import with_credentials, without_credentials
from store import audit
from store.directory import offices
from store.directory.provider_work import provider_work
from store.directory.providers import edit_provider
from web.context import RequestContext


def show(context: RequestContext) -> Response:
    """One provider."""
    work = provider_work(context.store, context.path_number("provider"))
    audit.write(context.store, context.user, "view", f"provider {work.provider.id}")
    name, credentials = without_credentials(work.provider.name)
    return context.render(
        "provider.html",
        work=work,
        name=name,
        credentials=credentials,
        offices=offices.all_offices(context.store),
        ways=list(Prefers),
    )


def edit(context: RequestContext) -> Response:
    """Change what is known of a provider; their letters that are not on their way are made anew."""
    provider = provider_work(context.store, context.path_number("provider")).provider
    values = {
        "name": with_credentials(context.form("name"), context.form("credentials")),
        "office_id": context.form("office") or None,
        "fax": context.form("fax"),
        "email": context.form("email") or None,
        "prefers": context.form("prefers") or None,
    }
    changes = {name: value for name, value in values.items() if value != getattr(provider, name)}
    if changes:
        edit_provider(context.store, provider.id, changes, context.user)
        context.services.activity.forget()
        context.services.chase_job.request()
        context.services.export_job.request()
    return context.redirect(f"/providers/{provider.id}")
