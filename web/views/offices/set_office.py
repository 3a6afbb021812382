"""Which office a slip or a referral came from: found by typing, or added on the spot."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from starlette.responses import Response

from schemas.errors import UsageError
from schemas.item_id import ItemId
from schemas.letter import Prefers
from schemas.office import Office, check_entry, office_id_of
from store import audit
from store.directory import offices
from store.history import referral_history
from store.letters.addresses import renew_addresses
from store.referrals import offices as origin
from store.review import settle
from web.context import RequestContext
from web.services.office_labels import told_apart

BACK = re.compile(r"today|letters/[0-9]{1,9}")  # the pages that lead here and are gone back to
ADDING = ("add", "add another")  # the second says that the office of that name on record is another one
ADDED = ("name", "contact", "phone", "fax", "email", "address")


@dataclass(frozen=True)
class _Subject:
    """Whose office it is: what the page says of it, and what sets the office.

    `known` is its office so far; `others` how many referrals of the provider lack theirs, too.
    """

    address: str
    title: str
    provider: str
    known: Office | None
    others: int
    set_office: Callable[[str], object]


def of_referral(context: RequestContext) -> Response:
    """The page for a referral."""
    return _page(context, _referral(context))


def set_of_referral(context: RequestContext) -> Response:
    """Set the office of a referral, and of the provider's other referrals if so said; letters are made anew."""
    return _set(context, _referral(context))


def of_slip(context: RequestContext) -> Response:
    """The page for a slip in review."""
    return _page(context, _slip(context))


def set_of_slip(context: RequestContext) -> Response:
    """Set the office of a slip in review."""
    return _set(context, _slip(context))


def _referral(context: RequestContext) -> _Subject:
    number = context.path_number("referral")
    told = referral_history(context.store, number, context.user)
    others_too = context.form("others") == "yes"
    return _Subject(
        address=f"/referrals/{number}",
        title=told.record.patient_name,
        provider=told.record.provider_name,
        known=offices.find_office(context.store, told.office_id) if told.office_id else None,
        others=origin.count_officeless(context.store, number),
        set_office=lambda office_id: origin.set_office_of_referral(
            context.store, number, office_id, context.user, others_too=others_too
        ),
    )


def _slip(context: RequestContext) -> _Subject:
    slip = settle.find_slip(context.store, context.path["item"])
    audit.write(context.store, context.user, "view", f"slip {slip.number}")
    provider = slip.draft.text.get("provider_name") if slip.draft else None
    return _Subject(
        address=f"/review/{ItemId.slip(slip.number)}",
        title=f"Slip {slip.number}",
        provider=provider.value if provider else "",
        known=origin.find_office_of_slip(context.store, slip.number),
        others=0,
        set_office=partial(_set_of_slip, context, slip.number),
    )


def _set_of_slip(context: RequestContext, slip_id: int, office_id: str) -> None:
    origin.set_office_of_slip(context.store, slip_id, office_id, context.user)


def _page(
    context: RequestContext, subject: _Subject, status: int = 200, problem: str = "", same: Sequence[Office] = ()
) -> Response:
    return context.render(
        "set_office.html",
        status,
        subject=subject,
        problem=problem,
        same=same,
        typed={name: context.form(name) for name in (*ADDED, "office", "prefers")},
        others_too=not context.fields or context.form("others") == "yes",
        suggested=origin.offices_of_name(context.store, subject.provider),
        offices=offices.all_offices(context.store),
        ways=list(Prefers),
        back=_back(context),
    )


def _set(context: RequestContext, subject: _Subject) -> Response:
    """What was typed stays on the page when it cannot be used, or may be an office on record."""
    act = context.form("act")
    if act == "add" and (same := offices.offices_like(context.store, context.form("name"))):
        return _page(context, subject, 409, same=same)
    try:
        office_id = _add(context) if act in ADDING else _chosen(context)
        subject.set_office(office_id)
    except UsageError as error:
        return _page(context, subject, 400, error.on_page)
    # Its letters wait to be made anew from now on, not from the next round on: a page says at once what is so.
    renew_addresses(context.store, has_mail=context.services.settings.delivery.smtp_host is not None)
    context.services.activity.forget()
    context.services.chase_job.request()
    context.services.export_job.request()
    back = _back(context)
    return context.redirect("/" if back == "today" else f"/{back}" if back else subject.address)


def _back(context: RequestContext) -> str:
    asked = context.query.get("back", "") or context.form("back")
    return asked if BACK.fullmatch(asked) else ""


def _chosen(context: RequestContext) -> str:
    """The office that was typed: by its short name, its name, or the only one that has these words."""
    typed = context.form("office").casefold()
    known = offices.all_offices(context.store)
    labels = told_apart(known)
    exact = [office.id for office, label in labels if typed in (office.id, label.casefold())]
    exact = exact or [office.id for office in known if typed == office.name.casefold()]
    return _only(exact or [office.id for office in known if typed and _has_words(office, typed)])


def _has_words(office: Office, typed: str) -> bool:
    text = f"{office.name} {office.address} {office.id}".casefold()
    return all(word in text for word in typed.split())


def _only(found: Sequence[str]) -> str:
    if not found:
        raise UsageError("There is no such office yet: type another part of its name, or add it as a new office.")
    if len(found) > 1:
        raise UsageError(f"{len(found)} offices have these words: type more of the name, or pick one from the list.")
    return found[0]


def _add(context: RequestContext) -> str:
    """A new office; how it gets its letters follows from what was entered unless it is said."""
    values = {name: context.form(name) or None for name in ADDED}
    given = {name: value for name, value in values.items() if value is not None}
    taken = {office.id for office in offices.all_offices(context.store)}
    way = context.form("prefers") or _way(given)
    entered = {*given, "prefers"} if context.form("prefers") else {*given}
    new = {**given, "id": office_id_of(given.get("name", ""), taken), "prefers": way}
    check_entry(Office, new, context.services.settings.policy.phone_region, entered)
    added = Office.model_validate(new)
    if not (added.address or added.fax or added.email):
        raise UsageError("Enter an address, a fax number or an e-mail address: letters must have somewhere to go.")
    offices.add(context.store, added, context.user)
    return added.id


def _way(given: dict[str, str]) -> Prefers:
    if "address" in given:
        return Prefers.POST
    return Prefers.FAX if "fax" in given else Prefers.EMAIL
