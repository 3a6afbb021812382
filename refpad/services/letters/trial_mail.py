"""A mail that tries the mail server out, before letters depend on it."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, make_msgid

from pydantic import EmailStr, TypeAdapter, ValidationError

from refpad.services.letters.smtp import CutOffError, RefusedError, SmtpMailer, TryLaterError
from refpad.settings import Settings
from schemas.errors import UsageError
from store import audit
from store.database import Store


def send_trial_mail(store: Store, settings: Settings, to: str, who: str) -> None:
    """Send a mail without any patient to `to`; raises UsageError or MachineError with what the mail server said."""
    if settings.delivery.smtp_host is None:
        raise UsageError("No mail server is set: enter it and save, then send the test letter.")
    try:
        mail = trial_mail(settings, TypeAdapter(EmailStr).validate_python(to), store.clock.now())
    except ValidationError:
        raise UsageError("Enter the email address that the test letter is to go to.") from None
    try:
        SmtpMailer(settings.delivery).send(mail)
    except (TryLaterError, RefusedError, CutOffError) as error:
        raise UsageError(f"The test letter was not sent. {error}") from None
    audit.write(store, who, "test", "mail server")


def trial_mail(settings: Settings, to: str, at: datetime) -> EmailMessage:
    """The mail that `send_trial_mail` sends."""
    studio, sender = settings.studio, settings.delivery.sender or settings.studio.email
    mail = EmailMessage(policy=SMTP)
    mail["From"] = formataddr((studio.name, sender))
    mail["To"] = to
    mail["Subject"] = f"A test letter from {studio.name}"
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    mail.set_content(f"Letters of refpad leave by this mail server.\n\n{studio.specialist}\n{studio.name}\n")
    return mail
