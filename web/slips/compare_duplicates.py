"""Two slips side by side: are they one paper that came in twice? A person says so, with the reason."""

from dataclasses import dataclass

from starlette.responses import Response

from schemas.errors import UsageError
from schemas.reading import ReferralDraft
from schemas.reasons import FindingCode
from store.review import duplicates, settle
from store.review.duplicates import NEW_REASONS, SAME_REASONS
from store.review.queue import next_waiting
from store.review.settle import WaitingSlip
from web.context import RequestContext
from web.errors import NotFoundError
from web.slips.cards import shown
from web.slips.queue import address, go_on, reason_asked
from web.slips.reasons import reason_given


@dataclass(frozen=True)
class Difference:
    """A field that the two slips do not say alike, as people write it."""

    label: str
    here: str
    there: str


def show(context: RequestContext) -> Response:
    """A waiting slip beside another, what they do not say alike, and what may be said of them."""
    other = duplicates.find_other(context.store, context.path_number("other"), context.user)
    slip = settle.show(context.store, context.path["item"], context.user)
    if not isinstance(slip, WaitingSlip):
        raise NotFoundError("This is a page without a slip.")
    return context.render(
        "beside.html",
        slip=slip,
        other=other,
        number=slip.number,
        why=reason_asked(context),
        asked=twin_of(slip) == other.number,
        finding=next((finding.detail for finding in slip.findings if finding.other_slip == other.number), ""),
        differences=_differences(context, slip.draft, other.draft),
        same_reasons=SAME_REASONS,
        new_reasons=NEW_REASONS,
    )


def decide(context: RequestContext) -> Response:
    """What a person says of the two: the same slip, of which one is set aside, or a new referral."""
    item, why, version = context.path["item"], reason_asked(context), context.form_number("version")
    reason = reason_given(context)
    following = next_waiting(context.store, item, why)
    decision = context.form("decision")
    if decision == "same":
        duplicates.set_aside(context.store, item, context.user, reason, version)
        return go_on(context, item, following, why)
    if decision == "keep":
        duplicates.keep_instead(context.store, item, context.user, reason, version)
    elif decision == "new":
        duplicates.make_second(context.store, item, context.user, reason, version)
    else:
        raise UsageError("Say whether it is the same slip or a new referral.")
    return context.redirect(address(item, why))


def twin_of(slip: WaitingSlip) -> int | None:
    """The slip that a waiting one may be a copy of."""
    others = (finding.other_slip for finding in slip.findings if finding.code is FindingCode.POSSIBLE_DUPLICATE)
    return next((other for other in others if other is not None), None)


def _differences(context: RequestContext, here: ReferralDraft | None, there: ReferralDraft | None) -> list[Difference]:
    design = context.services.rules.design_of(here.design, here.edition) if here else None
    if design is None or here is None or there is None or here.pad_id != there.pad_id:
        return []
    region = context.services.settings.policy.phone_region
    found, labels = [], design.labels
    for part in design.fields:
        one, two = (shown(part, _value(draft, part.name), region) for draft in (here, there))
        if one != two:
            found.append(Difference(labels[part.name], one or "empty", two or "empty"))
    return found


def _value(draft: ReferralDraft, name: str) -> str:
    if name in draft.text:
        return draft.text[name].value
    return draft.marks[name].value.value if name in draft.marks else draft.all_signatures[name].value.value
