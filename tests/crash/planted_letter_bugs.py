"""Lives of letters with a known bug each, to prove that the crash harness would see it."""

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from refpad.services.letters.chase import LEASE_S, Chaser
from refpad.services.letters.smtp import TryLaterError, mail_of
from schemas.letter import LetterState
from store.crashpoints import crashpoint
from store.database import Store
from store.letters import leases, sending
from store.letters.leases import Lease, Work
from store.letters.restore_guard import check_restored
from store.letters.sending import Outgoing
from store.tables import outbox
from tests.crash.chase_life import letters

Send = Callable[[Chaser, Lease, int], None]


def mailed_before_committed(folder: Path, store: Store) -> None:
    """The mail is out while the record still says that it is ready: after a crash it goes out again."""

    def send(chaser: Chaser, lease: Lease, letter_id: int) -> None:
        _mail(chaser, _looked_up(chaser.store, letter_id))
        crashpoint("planted")
        sending.mark_sent(chaser.store, chaser.rules, sending.begin_sending(chaser.store, lease, letter_id))

    letters(folder, store, _chasing(send))


def marked_before_mailed(folder: Path, store: Store) -> None:
    """The record says that it was sent; after a crash nobody sends it."""

    def send(chaser: Chaser, lease: Lease, letter_id: int) -> None:
        letter = sending.begin_sending(chaser.store, lease, letter_id)
        sending.mark_sent(chaser.store, chaser.rules, letter)
        crashpoint("planted")
        _mail(chaser, letter)

    letters(folder, store, _chasing(send))


def sent_again_by_itself(folder: Path, store: Store) -> None:
    """What was cut off is simply tried again, though it may have arrived."""

    def begin_anew(chaser: Chaser) -> None:
        with chaser.store.write() as connection:
            cut_off = outbox.update().where(outbox.c.state == LetterState.SENDING.value)
            connection.execute(cut_off.values(state=LetterState.READY.value))

    letters(folder, store, _chasing(_ordinary, begin_anew))


def next_promise_in_a_second_transaction(folder: Path, store: Store) -> None:
    """The letter is sent, and its follow-up may stay open for ever."""

    def send(chaser: Chaser, lease: Lease, letter_id: int) -> None:
        letter = sending.begin_sending(chaser.store, lease, letter_id)
        _mail(chaser, letter)
        with chaser.store.write() as connection:
            gone = outbox.update().where(outbox.c.id == letter_id)
            connection.execute(gone.values(state=LetterState.SENT.value))
        crashpoint("planted")
        with chaser.store.write() as connection:
            sending.finish_sent(connection, chaser.store, chaser.rules, lease.follow_up_id, "machine")

    letters(folder, store, _chasing(send))


def _ordinary(chaser: Chaser, lease: Lease, letter_id: int) -> None:
    letter = sending.begin_sending(chaser.store, lease, letter_id)
    _mail(chaser, letter)
    crashpoint("planted")
    sending.mark_sent(chaser.store, chaser.rules, letter)


def _chasing(send: Send, recover: Callable[[Chaser], None] | None = None) -> Callable[[Chaser], None]:
    """A chase that makes letters as ever and sends them with `send`."""

    def chase(chaser: Chaser) -> None:
        check_restored(chaser.store)
        (recover or (lambda each: sending.mark_cut_off(each.store)))(chaser)
        for _ in chaser.make():
            pass
        while (lease := leases.next_lease(chaser.store, chaser.worker, LEASE_S, Work.SEND)) is not None:
            letter_id = sending.waiting_letter(chaser.store, lease, LetterState.READY)
            assert letter_id is not None
            send(chaser, lease, letter_id)
            leases.end_lease(chaser.store, lease)

    return chase


def _mail(chaser: Chaser, letter: Outgoing) -> None:
    """The server's first answer, to try later, is overheard: these lives are about crashes alone."""
    assert chaser.mailer is not None
    mail = mail_of(letter, chaser.settings.delivery, chaser.settings.studio)
    try:
        chaser.mailer.send(mail)
    except TryLaterError:
        chaser.mailer.send(mail)


def _looked_up(store: Store, letter_id: int) -> Outgoing:
    with store.read() as connection:
        row = connection.execute(sa.select(outbox).where(outbox.c.id == letter_id)).mappings().one()
    own = {name: row[name] for name in ("id", "kind", "recipient", "message_id", "made_at")}
    return Outgoing(**own, attempt=1, pdf=b"%PDF")


PLANTED_LETTER_BUGS = {
    each.__name__: each
    for each in (
        mailed_before_committed,
        marked_before_mailed,
        sent_again_by_itself,
        next_promise_in_a_second_transaction,
    )
}
