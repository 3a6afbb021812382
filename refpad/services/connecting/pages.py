"""Pages of the record for programs that ask over the network: referrals, follow-ups, and what changed."""

from schemas.api import NOUN_OF, ApiToken, ChangePage, ExportedFollowUps, ExportedReferrals
from schemas.errors import NotOnRecordError
from schemas.export import ExportedFollowUp, ExportedReferral
from store import audit
from store.api_pages import changes_after, follow_ups_after, referrals_after
from store.database import Store
from store.followups.exported import some_follow_ups
from store.referrals.exported import view_referrals

PAGE_MOST = 200


def referral_page(store: Store, token: ApiToken, after: int, limit: int) -> ExportedReferrals:
    """Referrals behind a number; that the program read them is on record."""
    page = referrals_after(store, after, limit)
    audit.write(store, token.who, "export", "referrals", {"count": len(page.referrals)})
    return page


def one_referral(store: Store, token: ApiToken, number: int) -> ExportedReferral:
    """A referral; raises NotOnRecordError."""
    with view_referrals(store) as view:
        found = next(view.some([number]), None)
    if found is None:
        raise NotOnRecordError(f"There is no referral {number}")
    audit.write(store, token.who, "view", f"referral {number}")
    return found


def follow_up_page(store: Store, token: ApiToken, after: int, limit: int) -> ExportedFollowUps:
    """Follow-ups behind a number."""
    page = follow_ups_after(store, after, limit)
    audit.write(store, token.who, "export", "followups", {"count": len(page.follow_ups)})
    return page


def one_follow_up(store: Store, token: ApiToken, number: int) -> ExportedFollowUp:
    """A follow-up; raises NotOnRecordError."""
    with store.read() as connection:
        found = next(some_follow_ups(connection, store, [number]), None)
    if found is None:
        raise NotOnRecordError(f"There is no follow-up {number}")
    audit.write(store, token.who, "view", f"follow_up {number}")
    return found


def change_page(store: Store, token: ApiToken, since: str, limit: int) -> ChangePage:
    """What changed of what the token opens; numbers alone."""
    return changes_after(store, since, limit, frozenset(NOUN_OF[scope] for scope in token.scopes if scope in NOUN_OF))
