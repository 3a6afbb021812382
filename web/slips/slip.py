"""One slip: its picture beside its fields, each word judged and kept at once."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

from schemas.edits import Correction
from schemas.errors import UsageError
from schemas.pad import PadDesign
from schemas.pad_id import PadId
from schemas.reading import Finding
from schemas.reasons import PAPER, FindingCode
from schemas.referral import Accepted
from store import audit
from store.followups import missing_information
from store.review import editing, settle
from store.review import history as review_history
from store.review.corrections import Corrections
from store.review.queue import next_waiting
from store.review.settle import EditedMeanwhileError, WaitingSlip
from web.context import Visit
from web.errors import NotFoundError
from web.services.pictures import jpeg
from web.slips import diagnosis_codes
from web.slips.cards import Card, cards_of
from web.slips.compare_duplicates import twin_of
from web.slips.labels import label
from web.slips.queue import address, reason_asked

# Doubts that a person answers by looking at the picture, and accepting all the same.
LOOKED_AT = PAPER | {FindingCode.POSSIBLE_DUPLICATE, FindingCode.SERIAL_UNKNOWN}


@dataclass(frozen=True)
class _Seen:
    """All that the page of a slip shows. `loose` are the doubts about no field."""

    slip: WaitingSlip
    design: PadDesign | None
    cards: list[Card]
    loose: list[Finding]
    history: list[Correction]

    @property
    def doubts(self) -> int:
        """How many fields are not sure."""
        return sum(card.state != "sure" for card in self.cards)

    @property
    def can_be_accepted(self) -> bool:
        """Whether nothing is in doubt but what ends when a person has looked."""
        return self.design is not None and all(finding.code in LOOKED_AT for finding in self.slip.findings)


def show(visit: Visit) -> Response:
    """The page of one item that waits."""
    item = visit.path["item"]
    found = settle.show(visit.store, item, visit.who)
    others = visit.desk.tools.presence.note(item, visit.who)
    if not isinstance(found, WaitingSlip):
        return visit.page("page.html", page=found, label=label, why=reason_asked(visit), others=others)
    return visit.page("slip.html", **_values(visit, found), others=others)


def edit(visit: Visit) -> Response:
    """One word about one field; the answer is the page's changed parts."""
    said = _said(visit)
    store, terms = visit.store, visit.desk.terms
    return _changed(visit, lambda item, version: editing.edit(store, terms, item, visit.who, said, version))


def code(visit: Visit) -> Response:
    """A code for the diagnosis is confirmed or taken back; it changes no reading, and so no version."""
    diagnosis_codes.keep(visit)
    return visit.page("slip_parts.html", **_values(visit, settle.look(visit.store, visit.path["item"])))


def undo(visit: Visit) -> Response:
    """Take the last word back."""
    store, terms = visit.store, visit.desk.terms
    return _changed(visit, lambda item, version: editing.undo(store, terms, item, visit.who, version))


def accept(visit: Visit) -> Response:
    """Record the slip, if nothing is in doubt any more, and go on to the next."""
    item, why = visit.path["item"], reason_asked(visit)
    following = next_waiting(visit.store, item, why)
    verdict = settle.accept(visit.store, visit.desk.terms, item, visit.who, Corrections(), visit.number_said("version"))
    if not isinstance(verdict, Accepted):
        return visit.to(address(item, why))
    visit.desk.learn(verdict.referral)
    return _settled(visit, item, following, why)


def set_aside(visit: Visit) -> Response:
    """Settle an item as nothing to record, with the reason."""
    item, why = visit.path["item"], reason_asked(visit)
    following = next_waiting(visit.store, item, why)
    reason = visit.said("reason") or visit.said("other")
    settle.reject(visit.store, item, visit.who, reason, visit.number_said("version"))
    return _settled(visit, item, following, why)


def ask_office(visit: Visit) -> Response:
    """Have a page written to the office that shows the slip with what is missing ringed; the slip waits on."""
    item, why = visit.path["item"], reason_asked(visit)
    found = settle.look(visit.store, item)
    missing_information.ask_office(visit.store, visit.desk.terms, _number(found.id), visit.all_said("field"), visit.who)
    visit.desk.chasing.ask()
    following = next_waiting(visit.store, item, why)
    return visit.to(address(following, why) if following else f"/review?why={why}")


def here(visit: Visit) -> Response:
    """An open page says that somebody is at it; who else is."""
    others = visit.desk.tools.presence.note(visit.path["item"], visit.who)
    return visit.page("others.html", others=others)


def picture(visit: Visit) -> Response:
    """A slip's picture, as the registered slip or only turned upright."""
    number = visit.number("slip")
    path = settle.picture_of(visit.store, number)
    if path is None:
        raise NotFoundError("There is no picture of this slip.")
    audit.write(visit.store, visit.who, "picture", f"slip {number}")
    return Response(jpeg(path), media_type="image/jpeg")


def _changed(visit: Visit, change: Callable[[str, int], object]) -> Response:
    item, version = visit.path["item"], visit.number_said("version")
    try:
        change(item, version)
    except EditedMeanwhileError:
        news = [each for each in review_history.history(visit.store, _number(item)) if each.version > version]
        return visit.page("conflict.html", 409, news=news, item=item, labels=_labels(visit, item))
    found = settle.look(visit.store, item)
    return visit.page("slip_parts.html", **_values(visit, found))


def _values(visit: Visit, found: WaitingSlip) -> dict[str, object]:
    said = review_history.history(visit.store, _number(found.id))
    draft = found.draft
    design = visit.desk.terms.design_of(draft.design, draft.edition) if draft else None
    cards = cards_of(found, draft, design, visit.desk.settings.policy.phone_region) if draft and design else []
    named = {card.name for card in cards}
    seen = _Seen(found, design, cards, [finding for finding in found.findings if finding.field not in named], said)
    return {
        "seen": seen,
        "label": label,
        "labels": {card.name: card.label for card in cards},
        "why": reason_asked(visit),
        "designs": visit.desk.designs,
        "number": _number(found.id),
        "twin": twin_of(found),
        **diagnosis_codes.shown(visit, _number(found.id), draft),
    }


def _said(visit: Visit) -> Corrections:
    """What the form says: a field's value, that it is right as it stands, or which pad this is."""
    name = visit.said("field")
    if visit.said("pad"):
        return _pad_said(visit)
    if not name:
        raise UsageError("Say which field this is about.")
    if visit.said("act") == "confirm":
        return Corrections(confirmed=(name,))
    return Corrections(values={name: visit.said("value")})


def _pad_said(visit: Visit) -> Corrections:
    pad = PadId.parse(visit.said("pad"))
    if pad is None or visit.desk.terms.design_of(pad.design, pad.edition) is None:
        raise UsageError("There is no such pad.")
    serial = visit.number_said("serial") if visit.said("serial") else None
    return Corrections(design=pad.design, edition=pad.edition, serial=serial)


def _labels(visit: Visit, item: str) -> dict[str, str]:
    draft = settle.look(visit.store, item).draft
    design = visit.desk.terms.design_of(draft.design, draft.edition) if draft else None
    return {field.name: field.label for field in design.fields} if design else {}


def _settled(visit: Visit, item: str, following: str | None, why: str) -> Response:
    visit.desk.tools.presence.leave(item, visit.who)
    visit.desk.exporting.ask()
    return visit.to(address(following, why) if following else f"/review?why={why}")


def _number(item: str) -> int:
    return int(item[1:])
