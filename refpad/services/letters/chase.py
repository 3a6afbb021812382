"""Make the letters that wait, send those that may be sent, and list what is due."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from followup.letter_pdf import Press
from refpad.services.attempt import attempt
from refpad.services.exports import FOLLOW_UPS_ICS, export_calendar
from refpad.services.letters.letters import letter_of_follow_up, press_of
from refpad.services.letters.smtp import CutOffError, Mailer, RefusedError, SmtpMailer, TryLaterError, mail_of
from refpad.services.wiring import rules_of
from refpad.settings import Settings
from schemas.base import Value
from schemas.errors import MachineError
from schemas.followup import FollowUpKind
from schemas.letter import Letter, LetterState, Recipient
from schemas.letter_delivery import RETRY_AFTER_S
from store.courses.unsaved import forget_old
from store.crashpoints import crashpoint
from store.database import Store
from store.followups.listing import FollowUpQuery, list_follow_ups
from store.followups.planning import replan_early_reports, replan_offices
from store.letters import leases, sending
from store.letters.addresses import renew_addresses
from store.letters.leases import Lease, LostLeaseError, Work, next_lease
from store.letters.restore_guard import check_restored
from store.letters.sending import LostPageError, Made, Outgoing, UnreadPageError
from store.purge.again import purge_again
from store.studio_rules import StudioRules
from store.workers.workers import register_worker

LEASE_S = 300.0  # a letter takes a second to make, and the talk with a mail server SMTP_MOST_S at most
NO_OFFICE = "It is not known which office this letter goes to: set the office, and it is made again by itself."
NO_ADDRESS = "Of the office no address, fax number or e-mail is known: enter one, and it is made again by itself."
NO_SERVER = (
    "Of the office only an e-mail address is known, and no mail server is set up: enter a postal address or fax "
    "number, or set up a mail server; it is made again by itself."
)
TO_RELEASE = "It waits for somebody to read and release it."
TRIED = "It was tried {tries} times: send it another way."

Fate = Literal["ready", "held", "failed", "sent", "later", "refused", "uncertain"]


class LetterResult(Value):
    """What became of one follow-up's letter, without the people it is about, so that it may be shown anywhere."""

    follow_up_id: int
    fate: Fate


class DueFollowUp(Value):
    """One due follow-up, likewise."""

    follow_up_id: int
    kind: FollowUpKind
    due: date
    days_late: int


@dataclass(frozen=True)
class Chaser:
    """One worker at the letters. `mailer` is None when no mail server is set up."""

    store: Store
    settings: Settings
    rules: StudioRules
    press: Press
    mailer: Mailer | None
    worker: str

    def chase(self) -> Iterator[LetterResult]:
        """Everything that is to be done now, one letter after the other, told as it is done.

        Letters wait while they would carry an invented studio. After any crash it may simply be called again. Raises
        MachineError when the machine lacks something; what was not done yet then waits on.
        """
        check_restored(self.store)
        purge_again(self.store)
        sending.mark_cut_off(self.store)
        replan_offices(self.store, self.rules)
        replan_early_reports(self.store, self.rules)
        forget_old(self.store)
        renew_addresses(self.store, has_mail=self.mailer is not None)
        if not self.settings.writes_letters:
            return
        yield from self.make()
        yield from self.send()

    def make(self) -> Iterator[LetterResult]:
        """Make every letter that waits to be made."""
        yield from self._each(Work.MAKE, LetterState.WAITING, self._make)

    def send(self) -> Iterator[LetterResult]:
        """Send every letter that may be sent by mail now."""
        if self.mailer is not None:
            yield from self._each(Work.SEND, LetterState.READY, self._send)

    def _each(self, work: Work, state: LetterState, act: "Act") -> Iterator[LetterResult]:
        while (lease := next_lease(self.store, self.worker, LEASE_S, work)) is not None:
            try:
                letter_id = sending.waiting_letter(self.store, lease, state)
                fate = None if letter_id is None else act(lease, letter_id)
            except LostLeaseError:
                continue  # settled by a person, or taken over: theirs is the last word
            finally:
                leases.end_lease(self.store, lease)
            if fate is not None:
                yield LetterResult(follow_up_id=lease.follow_up_id, fate=fate)

    def _make(self, lease: Lease, letter_id: int) -> Fate:
        """Make one letter; one that cannot be made is shown to a person and does not stop the others."""
        made: list[Made] = []
        problem = attempt(lambda: made.append(self._made(lease)), letting_through=MachineError)
        if problem is not None:
            sending.mark_unmade(self.store, lease, letter_id, problem)
            return "failed"
        return "ready" if sending.keep_made(self.store, lease, letter_id, made[0]) is LetterState.READY else "held"

    def _made(self, lease: Lease) -> Made:
        letter = letter_of_follow_up(self.store, self.settings, self.rules, lease.follow_up_id)
        pdf = self.press.pdf(letter)
        channel = letter.to.channel(has_mail=self.mailer is not None, has_gateway=self._has_gateway(letter.to))
        sender = self.settings.delivery.sender or self.settings.studio.email
        return Made(
            pdf=pdf,
            recipient=letter.to,
            channel=channel or "print",
            domain=sender.rpartition("@")[2],
            held_why=_no_way(letter.to) if channel is None else self._to_release(letter),
        )

    def _has_gateway(self, to: Recipient) -> bool:
        gateway = self.settings.delivery.gateway_of(to.fax, self.settings.policy.phone_region)
        return self.mailer is not None and gateway is not None

    def _to_release(self, letter: Letter) -> str:
        return "" if letter.kind in self.settings.delivery.unreleased else TO_RELEASE

    def _send(self, lease: Lease, letter_id: int) -> Fate:
        """Send one letter. Whatever the server says, and if it says nothing, ends in the record."""
        try:
            letter = sending.begin_sending(self.store, lease, letter_id)
        except LostPageError as error:
            sending.mark_lost(self.store, lease, letter_id, str(error))
            return "failed"
        except UnreadPageError as error:
            sending.put_off(self.store, lease, letter_id, self._in(RETRY_AFTER_S[0]), str(error))
            return "later"
        return self._mail(letter)

    def _mail(self, letter: Outgoing) -> Fate:
        assert self.mailer is not None  # noqa: S101 - asked by the caller
        try:
            region = self.settings.policy.phone_region
            self.mailer.send(mail_of(letter, self.settings.delivery, self.settings.studio, region))
        except TryLaterError as error:
            return self._later(letter, str(error))
        except RefusedError as error:
            sending.mark_refused(self.store, letter, str(error))
            return "refused"
        except CutOffError as error:
            sending.mark_uncertain(self.store, letter, f"{error} Ask the office whether it arrived.")
            return "uncertain"
        except MachineError as error:
            self._later(letter, str(error))
            raise
        crashpoint("send.handed_over")
        sending.mark_sent(self.store, self.rules, letter)
        return "sent"

    def _later(self, letter: Outgoing, message: str) -> Fate:
        if letter.attempt > len(RETRY_AFTER_S):
            sending.mark_refused(self.store, letter, f"{message} {TRIED.format(tries=letter.attempt)}")
            return "refused"
        sending.send_later(self.store, letter, self._in(RETRY_AFTER_S[letter.attempt - 1]), message)
        return "later"

    def _in(self, seconds: float) -> datetime:
        return self.store.clock.now() + timedelta(seconds=seconds)


def _no_way(to: Recipient) -> str:
    """What is missing, so that the letter cannot go."""
    if not to.office:
        return NO_OFFICE
    return NO_ADDRESS if to.email is None else NO_SERVER


Act = Callable[[Lease, int], Fate]


@contextmanager
def open_chaser(settings: Settings, store: Store) -> Iterator[Chaser]:
    """A worker at the letters, whose leases are free again when the process is gone."""
    mailer = SmtpMailer(settings.delivery) if settings.delivery.smtp_host else None
    with register_worker(store) as worker:
        yield Chaser(store, settings, rules_of(settings), press_of(settings), mailer, worker)


def due_follow_ups(store: Store, limit: int) -> list[DueFollowUp]:
    """The first `limit` follow-ups due today or before that still stand, longest overdue first; marks nothing."""
    return [
        DueFollowUp(follow_up_id=one.id, kind=one.kind, due=one.due, days_late=one.days_overdue)
        for one in list_follow_ups(store, FollowUpQuery(due_only=True, limit=limit)).follow_ups
    ]


def count_fates(letters: Iterable[LetterResult]) -> list[tuple[Fate, int]]:
    """How many letters of each fate, most first."""
    return Counter(letter.fate for letter in letters).most_common()


def needs_person(fate: Fate) -> bool:
    """Whether somebody must do something about it."""
    return fate in ("held", "failed", "refused", "uncertain")


def chase_all(store: Store, settings: Settings) -> Iterator[LetterResult]:
    """Everything that is to be done now, and then the calendar of what stands."""
    with open_chaser(settings, store) as chaser:
        yield from chaser.chase()
    export_calendar(store, settings, settings.exports / FOLLOW_UPS_ICS)
