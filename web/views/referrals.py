"""Referrals: find one, and see its whole story."""

from starlette.responses import Response

from store import audit
from store.courses.courses import course
from store.history import story
from store.review import withdraw as withdrawal
from store.review.diagnosis_codes import confirmed
from store.search import search
from web.context import Visit
from web.slips.labels import label

QUERY_MOST = 120


def show(visit: Visit) -> Response:
    """The newest, with a field to search in. What is searched for is sent as a form: an address would be remembered."""
    before = visit.number_asked("before")
    found = search.newest(visit.store, before)
    audit.write(visit.store, visit.who, "view", "referrals", {"count": len(found)})
    return visit.page("referrals.html", found=found, query="", more=len(found) == search.FOUND_MOST)


def find(visit: Visit) -> Response:
    """What has the words searched for."""
    query = visit.said("query")[:QUERY_MOST]
    found = visit.desk.searcher.search(query)
    audit.write(visit.store, visit.who, "search", "referrals", {"count": len(found)})
    return visit.page("referrals.html", found=found, query=query, more=False)


def one(visit: Visit) -> Response:
    """One referral: paper, record, corrections, promises, letters, and everybody who was at it."""
    told = story(visit.store, visit.number("referral"), visit.who)
    design = visit.desk.terms.design_of(told.record.design, told.record.edition)
    labels = {field.name: field.label for field in design.fields} if design else {}
    return visit.page(
        "referral.html",
        told=told,
        design=design,
        labels=labels,
        label=label,
        course=course(visit.store, told.id),
        codes=confirmed(visit.store, told.slip_id),
        can_withdraw=withdrawal.can_be_withdrawn(visit.store, told.id),
    )


def withdraw(visit: Visit) -> Response:
    """Take a referral back: its slip waits again."""
    number = visit.number("slip")
    withdrawal.withdraw(visit.store, number, visit.who)
    visit.desk.exporting.ask()
    return visit.to(f"/review/s{number}")
