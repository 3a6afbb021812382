"""One slip: its picture beside its fields, each change judged and saved at once."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

from schemas.acceptance import SET_BY_PERSON
from schemas.dates import parse_date, show_kept
from schemas.edits import Correction
from schemas.errors import UsageError
from schemas.item_id import ItemId
from schemas.pad import PadDesign
from schemas.pad_id import PadId
from schemas.patient_identity import in_words
from schemas.phones import parse_phone
from schemas.reading import Finding, SignatureState
from schemas.reasons import WAIVABLE, FindingCode
from schemas.referral import Accepted
from schemas.same_person import PatientFacts
from store import audit
from store.followups import missing_information
from store.referrals.offices import find_office_of_slip
from store.referrals.patients import MaybeSame, may_be_same
from store.referrals.referrals import referral_of_slip
from store.review import editing, settle
from store.review import history as review_history
from store.review.corrections import Corrections
from store.review.queue import next_waiting, place_of
from store.review.refusals import EditedMeanwhileError, SettledMeanwhileError
from store.review.settle import WaitingSlip
from web.context import RequestContext
from web.errors import NotFoundError
from web.services.pictures import jpeg
from web.slips import diagnosis_codes
from web.slips.cards import Card, cards_of, value_in_words
from web.slips.labels import label
from web.slips.queue import address, go_on, reason_asked
from web.slips.reasons import reason_given
from web.slips.sheet_crops import sheet_crops

BOX_GROUPS = {"condition": "Conditions", "service": "Services"}


@dataclass(frozen=True)
class _Seen:
    """All that the page of a slip shows. `loose` are the doubts about no field.

    Of those, `twins` are other slips that it may be, and `warnings` may be let stand, each by a tick of its own.
    """

    slip: WaitingSlip
    design: PadDesign | None
    cards: list[Card]
    loose: list[Finding]
    history: list[Correction]

    @property
    def patient(self) -> str:
        """Whom it is about, as far as it is read or corrected by now, with what else they are known by."""
        said = {card.name: card.value for card in self.cards}
        born = self.slip.draft.text.get("birth_date") if self.slip.draft else None
        others = in_words(show_kept(born.value) if born else "", said.get("patient_phone", ""))
        return ", ".join(filter(None, (said.get("patient_name", ""), others)))

    @property
    def groups(self) -> dict[str, str]:
        """Headings of the boxes by group: those that every pad may have, then the pad's own questions."""
        own = self.design.groups if self.design else ()
        return BOX_GROUPS | {group.name: group.label for group in own}

    @property
    def twins(self) -> list[Finding]:
        return [finding for finding in self.loose if finding.code is FindingCode.POSSIBLE_DUPLICATE]

    @property
    def warnings(self) -> list[Finding]:
        """None while the pad is unknown: naming it settles some of them."""
        return [finding for finding in self.loose if self.design is not None and finding.code in WAIVABLE]

    @property
    def about(self) -> int | None:
        """The slip that this answer sheet is about."""
        return next((finding.other_slip for finding in self.loose if finding.code is FindingCode.ANSWER_SHEET), None)

    @property
    def is_unsigned(self) -> bool:
        """Whether a person has said so: what the machine does not see may be there."""
        signature = self.slip.draft.signature if self.slip.draft else None
        return bool(signature and signature.value is SignatureState.ABSENT and signature.reason == SET_BY_PERSON)

    @property
    def untold(self) -> list[Finding]:
        """What is told and ends with a field that is corrected."""
        return [finding for finding in self.loose if finding not in (*self.twins, *self.warnings)]

    @property
    def is_wrong_on_record(self) -> bool:
        """Whether a person found a doubt on a slip that is accepted; until then nothing tells it from others."""
        return self.slip.is_recorded and any(finding.field not in self.slip.asked for finding in self.slip.findings)

    @property
    def doubts(self) -> int:
        """How many fields are not sure, and what else must be said before the slip can be accepted."""
        return sum(card.state != "sure" for card in self.cards) + len(self.twins)

    @property
    def can_be_accepted(self) -> bool:
        """Whether nothing is in doubt but what ends when a person has looked."""
        return self.design is not None and all(finding.code in WAIVABLE for finding in self.slip.findings)


def show(context: RequestContext) -> Response:
    """The page of one item that waits; the browser's Back to a slip that was accepted leads to its referral."""
    item = context.path["item"]
    try:
        waiting = settle.show(context.store, item, context.user)
    except UsageError:
        parsed = ItemId.parse(item)
        referral_id = referral_of_slip(context.store, parsed.number) if parsed and parsed.is_slip else None
        if referral_id is None:
            raise
        return context.redirect(f"/referrals/{referral_id}")
    others = context.services.tools.presence.note(item, context.user)
    if not isinstance(waiting, WaitingSlip):
        place = place_of(context.store, item, reason_asked(context))
        return context.render(
            "page.html", page=waiting, label=label, why=reason_asked(context), others=others, place=place
        )
    return context.render("slip.html", **_values(context, waiting), others=others)


def edit(context: RequestContext) -> Response:
    """One change of one field; the answer is the page's changed parts."""
    corrections = _corrections(context)
    store, rules = context.store, context.services.rules
    return _apply(context, lambda item, version: editing.edit(store, rules, item, context.user, corrections, version))


def code(context: RequestContext) -> Response:
    """A code for the diagnosis is confirmed or taken back; it changes no reading, and so no version."""
    diagnosis_codes.save(context)
    return context.render("slip_parts.html", **_values(context, settle.find_slip(context.store, context.path["item"])))


def undo(context: RequestContext) -> Response:
    """Undo the last change."""
    store, rules = context.store, context.services.rules
    return _apply(context, lambda item, version: editing.undo(store, rules, item, context.user, version))


def accept(context: RequestContext) -> Response:
    """Record the slip, if nothing is in doubt any more, and go on to the next."""
    item, why = context.path["item"], reason_asked(context)
    following = next_waiting(context.store, item, why)
    verdict = settle.accept(
        context.store,
        context.services.rules,
        item,
        context.user,
        Corrections(),
        context.form_number("version"),
        _waived(context),
    )
    if not isinstance(verdict, Accepted):
        return context.redirect(address(item, why))
    context.services.learn_words(verdict.referral)
    return go_on(context, item, following, why)


def reject(context: RequestContext) -> Response:
    """Reject an item, with the reason: it becomes no referral."""
    item, why = context.path["item"], reason_asked(context)
    following = next_waiting(context.store, item, why)
    reason = reason_given(context)
    settle.reject(context.store, item, context.user, reason, context.form_number("version"))
    return go_on(context, item, following, why)


def ask_office(context: RequestContext) -> Response:
    """Have a page written to the office that shows the slip with what is missing ringed; the slip waits on."""
    item, why = context.path["item"], reason_asked(context)
    slip = settle.find_slip(context.store, item)
    missing_information.ask_office(
        context.store, context.services.rules, slip.number, context.form_values("field"), context.user
    )
    context.services.chase_job.request()
    following = next_waiting(context.store, item, why)
    return context.redirect(address(following, why) if following else f"/review?why={why}")


def here(context: RequestContext) -> Response:
    """An open page reports that somebody has it open; the answer says who else has, or who settled it meanwhile."""
    item = context.path["item"]
    try:
        settle.must_wait(context.store, item)
    except SettledMeanwhileError as error:
        return context.render("others.html", settled=error)
    return context.render("others.html", others=context.services.tools.presence.note(item, context.user))


def picture(context: RequestContext) -> Response:
    """A slip's picture, as the registered slip or only turned upright."""
    number = context.path_number("slip")
    kept = settle.picture_of(context.store, number)
    if kept is None:
        raise NotFoundError("There is no picture of this slip.")
    audit.write(context.store, context.user, "picture", f"slip {number}")
    return Response(jpeg(kept), media_type="image/jpeg")


def _waived(context: RequestContext) -> list[FindingCode]:
    """The doubts that the person let stand, each by a tick of its own; others than there are say nothing."""
    return [FindingCode(name) for name in context.form_values("waive") if name in set(FindingCode)]


def _apply(context: RequestContext, change: Callable[[str, int], object]) -> Response:
    item, version = context.path["item"], context.form_number("version")
    try:
        change(item, version)
    except EditedMeanwhileError:
        news = [
            correction
            for correction in review_history.corrections_of(context.store, settle.find_slip(context.store, item).number)
            if correction.version > version
        ]
        return context.render("conflict.html", 409, news=news, item=item, **_names(context, item))
    slip = settle.find_slip(context.store, item)
    return context.render("slip_parts.html", **_values(context, slip))


def _values(context: RequestContext, slip: WaitingSlip) -> dict[str, object]:
    history = review_history.corrections_of(context.store, slip.number)
    draft = slip.draft
    design = context.services.rules.design_of(draft.design, draft.edition) if draft else None
    region = context.services.settings.policy.phone_region
    cards = cards_of(slip, draft, design, region) if draft and design else []
    named = {card.name for card in cards}
    seen = _Seen(slip, design, cards, [finding for finding in slip.findings if finding.field not in named], history)
    return {
        "seen": seen,
        "label": label,
        "labels": {card.name: card.label for card in cards},
        "said": value_in_words(design, region),
        "why": reason_asked(context),
        "place": place_of(context.store, slip.id, reason_asked(context)),
        "maybe": [] if slip.is_recorded else _maybe(context, slip),
        "answered": sheet_crops(context.store, slip.number, design),
        "asked": missing_information.asked_about(context.store, slip.number),
        "designs": context.services.designs,
        "number": slip.number,
        "office": find_office_of_slip(context.store, slip.number),
        **diagnosis_codes.values(context, slip.number, draft),
    }


def _maybe(context: RequestContext, slip: WaitingSlip) -> list[MaybeSame]:
    """Who on record the slip's patient may be, as far as it is read or corrected by now."""
    text = slip.draft.text if slip.draft else {}
    name, phone, born = (
        text[one].value if one in text else "" for one in ("patient_name", "patient_phone", "birth_date")
    )
    if not name:
        return []
    number = parse_phone(phone, context.services.settings.policy.phone_region).e164 or ""
    birth = parse_date(born, slip.received_on, "birth").on if born else None
    return may_be_same(context.store, PatientFacts(name=name, phone=number, birth_date=birth))


def _corrections(context: RequestContext) -> Corrections:
    """What the form says: a field's value, that it is right as it stands, or which pad this is."""
    name = context.form("field")
    if context.form("pad"):
        return _pad_correction(context)
    if not name:
        raise UsageError("Say which field this is about.")
    if context.form("act") == "confirm":
        return Corrections(confirmed=(name,))
    return Corrections(values={name: context.form("value")})


def _pad_correction(context: RequestContext) -> Corrections:
    pad = PadId.parse(context.form("pad"))
    if pad is None or context.services.rules.design_of(pad.design, pad.edition) is None:
        raise UsageError("There is no such pad.")
    serial = context.form_number("serial") if context.form("serial") else None
    return Corrections(design=pad.design, edition=pad.edition, serial=serial)


def _names(context: RequestContext, item: str) -> dict[str, object]:
    draft = settle.find_slip(context.store, item).draft
    design = context.services.rules.design_of(draft.design, draft.edition) if draft else None
    said = value_in_words(design, context.services.settings.policy.phone_region)
    return {"labels": design.labels if design else {}, "said": said}
