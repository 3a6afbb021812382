"""Letters: looked at as they will look, released, printed, and settled when it is not certain what became of them."""

from dataclasses import dataclass

from starlette.responses import Response

from followup.letter_pdf import preview_png
from refpad.services.letters.letters import OFFICE_LETTERS, letter_of_follow_up, office_letter, press_of
from refpad.services.letters.printing import merged
from schemas.errors import UsageError
from schemas.followup import LetterKind
from schemas.letter import Letter, LetterState
from store import audit
from store.letters import actions
from store.letters.actions import KeptLetter, Verdict
from web.context import RequestContext
from web.downloads import download
from web.errors import NotFoundError
from web.views.offices.offices import office_of

VERDICTS: dict[str, Verdict] = {"sent": "sent", "again": "again", "drop": "drop"}
SHOWN_MOST = 200  # of each state


def show(context: RequestContext) -> Response:
    """Every letter that is not sent yet, by what it waits for."""
    counts = actions.letter_counts(context.store)
    letters = {state.value: actions.letters(context.store, (state,), limit=SHOWN_MOST) for state in actions.OPEN}
    audit.write(context.store, context.user, "view", "letters", {"count": sum(map(len, letters.values()))})
    batches = actions.open_batches(context.store)
    return context.render(
        "letters.html", letters=letters, counts=counts, batches=batches, mail=_has_mail(context), mend=_mend
    )


def one(context: RequestContext) -> Response:
    """One letter as it was made, and what may be done with it."""
    letter = _letter(context)
    audit.write(context.store, context.user, "view", f"letter {letter.id}")
    return context.render("letter.html", letter=letter, mend=_mend(letter))


def picture(context: RequestContext) -> Response:
    """The letter as a picture of its page."""
    letter = _letter(context)
    content = actions.letter_pdf(context.store, letter.id)
    audit.write(context.store, context.user, "picture", f"letter {letter.id}")
    return _png(content)


def pdf(context: RequestContext) -> Response:
    """The letter itself."""
    letter = _letter(context)
    audit.write(context.store, context.user, "export", f"letter {letter.id}")
    return download(actions.letter_pdf(context.store, letter.id), f"letter-{letter.id}.pdf")


def act(context: RequestContext) -> Response:
    """Release it, create it again, drop it, or mark it as sent."""
    number, action = context.path_number("letter"), context.form("act")
    if action == "release":
        actions.release(context.store, [number], context.user)
    elif action in VERDICTS:
        actions.settle_letter(context.store, context.services.rules, number, VERDICTS[action], context.user)
    else:
        raise UsageError("A letter is released, created again, marked as sent, or not sent.")
    context.services.chase_job.request()
    return context.redirect("/letters")


def make(context: RequestContext) -> Response:
    """Have what waits be made and sent now, not with the next round."""
    context.services.settings.require_letters()
    context.services.chase_job.request()
    return context.redirect("/letters")


def print_ready(context: RequestContext) -> Response:
    """Everything that is ready for paper, as one batch to print."""
    context.services.settings.require_letters()
    if actions.print_ready(context.store, context.user) is None:
        raise UsageError("No letter is ready to print.")
    return context.redirect("/letters")


def batch(context: RequestContext) -> Response:
    """A batch as one PDF; as often as paper jams."""
    number = context.path_number("batch")
    pdfs = actions.batch_pdfs(context.store, number)
    audit.write(context.store, context.user, "export", f"batch {number}", {"letters": len(pdfs)})
    return download(merged(pdfs), f"batch-{number}.pdf")


def mark_posted(context: RequestContext) -> Response:
    """A batch is in the post, or through the fax machine."""
    actions.mark_posted(context.store, context.services.rules, context.path_number("batch"), context.user)
    return context.redirect("/letters")


def of_task(context: RequestContext) -> Response:
    """The letter of a follow-up as it would be made now."""
    number = context.path_number("task")
    letter = letter_of_follow_up(context.store, context.services.settings, context.services.rules, number)
    audit.write(context.store, context.user, "view", f"follow_up {number}", {"letter": letter.kind.value})
    return _png(_pdf(context, letter))


def to_office(context: RequestContext) -> Response:
    """A letter to an office that tells of no patient, to print."""
    kind = context.path["kind"]
    if kind not in set(OFFICE_LETTERS):
        raise NotFoundError("There is no such letter to an office.")
    context.services.settings.require_letters()
    office = office_of(context)
    letter = office_letter(context.store, context.services.settings, LetterKind(kind), office.id)
    audit.write(context.store, context.user, "export", f"office {office.id}", {"letter": kind})
    return download(_pdf(context, letter), f"{office.id}-{kind}.pdf")


def _pdf(context: RequestContext, letter: Letter) -> bytes:
    return press_of(context.services.settings).pdf(letter)


def _letter(context: RequestContext) -> KeptLetter:
    number = context.path_number("letter")
    letters = actions.letters(context.store, tuple(LetterState), after=number - 1, limit=1)
    if not letters or letters[0].id != number:
        raise NotFoundError("There is no such letter.")
    return letters[0]


@dataclass(frozen=True)
class _Mend:
    """Where it is entered what a letter lacks, and the words of the link."""

    address: str
    word: str


def _mend(letter: KeptLetter) -> _Mend:
    """Of an office that is known the address is missing; of a referral or a slip the office itself may be."""
    if letter.office_id is not None:
        return _Mend(f"/offices/{letter.office_id}", "Enter the address")
    subject = f"/referrals/{letter.referral_id}" if letter.referral_id else f"/review/s{letter.slip_id}"
    return _Mend(f"{subject}/office?back=letters/{letter.id}", "Set the office")


def _has_mail(context: RequestContext) -> bool:
    return context.services.settings.delivery.smtp_host is not None


def _png(content: bytes) -> Response:
    return Response(preview_png(content), media_type="image/png")
