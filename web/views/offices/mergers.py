"""Two offices, or two providers, that are one: what merging changes, first; then the merge, and its undo."""

from dataclasses import dataclass

from starlette.responses import Response

from schemas.errors import UsageError
from schemas.names.salutation import without_credentials
from store import audit
from store.directory import mergers, offices, providers
from store.directory.mergers import MergePreview
from store.directory.provider_work import provider_work
from web.context import RequestContext

CANDIDATES_MOST = 30


@dataclass(frozen=True)
class _Side:
    """One of the two: its name, address on the front desk, where its letters go, and what is its own."""

    key: str
    name: str
    page: str
    address: str
    own: MergePreview


def office(context: RequestContext) -> Response:
    """What merging this office into another would change."""
    sides = [_office(context, key) for key in (context.path["office"], context.query.get("into", ""))]
    return _page(context, "offices", sides)


def unmerge_office(context: RequestContext) -> Response:
    """Undo a merge: the office stands by itself again."""
    offices.unmerge(context.store, context.path["office"], context.user)
    _counts_changed(context)
    return context.redirect(f"/offices/{context.path['office']}")


def provider(context: RequestContext) -> Response:
    """Who else this provider may be, then what merging would change."""
    found = provider_work(context.store, context.path_number("provider")).provider
    into = context.query_number("into")
    if into is not None:
        return _page(context, "providers", [_provider(context, found.id), _provider(context, into)])
    words = context.query.get("find", "") or (without_credentials(found.name)[0].split() or [""])[-1]
    known = providers.list_providers(context.store, words, limit=CANDIDATES_MOST)
    others = [other for other in known if other.id != found.id]
    audit.write(context.store, context.user, "view", f"provider {found.id}")
    return context.render("merge_provider.html", provider=found, others=others, words=words)


def merge_provider(context: RequestContext) -> Response:
    """Say that this provider is the same as another."""
    into = context.form_number("into")
    providers.merge_providers(context.store, context.path_number("provider"), into, context.user)
    _counts_changed(context)
    return context.redirect(f"/providers/{into}")


def unmerge_provider(context: RequestContext) -> Response:
    """Undo a merge: the provider stands by themselves again."""
    number = context.path_number("provider")
    providers.unmerge_provider(context.store, number, context.user)
    _counts_changed(context)
    return context.redirect(f"/providers/{number}")


def _page(context: RequestContext, noun: str, sides: list[_Side]) -> Response:
    gone, kept = sides
    if gone.page == kept.page:
        raise UsageError("These two are one already.")
    audit.write(context.store, context.user, "view", f"{noun.removesuffix('s')} {gone.key}")
    return context.render("merge.html", here=noun, gone=gone, kept=kept)


def _office(context: RequestContext, key: str) -> _Side:
    found = offices.find_office(context.store, key)
    address = found.address or found.fax or found.email or ""
    own = mergers.preview_office_merge(context.store, found.id)
    return _Side(found.id, found.name, f"/offices/{found.id}", address, own)


def _provider(context: RequestContext, number: int) -> _Side:
    found = provider_work(context.store, number).provider
    place = offices.find_office(context.store, found.office_id).name if found.office_id else ""
    own = mergers.preview_provider_merge(context.store, found.id)
    return _Side(str(found.id), found.name, f"/providers/{found.id}", found.fax or found.email or place, own)


def _counts_changed(context: RequestContext) -> None:
    context.services.activity.forget()
    context.services.chase_job.request()
    context.services.export_job.request()
