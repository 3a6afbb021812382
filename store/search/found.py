"""What a search finds, kind by kind."""

from datetime import date, datetime

from schemas.base import Value
from schemas.item_id import ItemId
from schemas.reasons import SetAsideReason
from schemas.states import SlipState


class FoundReferral(Value):
    """One referral in a list."""

    id: int
    accepted_on: date
    patient_name: str
    patient_phone: str
    provider_name: str
    diagnosis: str
    conditions: tuple[str, ...]
    serial: int | None
    office: str | None


class FoundSlip(Value):
    """A slip in review, or rejected, with what was read of it so far, "" where nothing was."""

    number: int
    state: SlipState
    patient_name: str
    patient_phone: str
    provider_name: str
    diagnosis: str
    birth_date: str
    serial: int | None
    received_on: date
    why_rejected: str

    @property
    def item(self) -> str:
        return str(ItemId.slip(self.number))


class FoundPage(Value):
    """A page in review on which no slip was found."""

    number: int
    file_id: int
    page: int
    reason: SetAsideReason
    received_on: date

    @property
    def item(self) -> str:
        return str(ItemId.page(self.number))


class FoundFile(Value):
    """A file set aside; `file_id` is None when it was left in the inbox, `verdict` what a person said it is."""

    file_id: int | None
    name: str
    seen_at: datetime
    reason: SetAsideReason
    message: str
    verdict: str


class FoundProvider(Value):
    """A provider, by the name that they count under now."""

    id: int
    name: str
    office_id: str | None
    office_name: str


class FoundOffice(Value):
    """An office, by the name that it counts under now."""

    id: str
    name: str
    phone: str
    address: str


class FoundCode(Value):
    """A diagnosis code that somebody confirmed, and for how many slips."""

    code: str
    description: str
    slips: int


class Found(Value):
    """All that was found, each kind with the best first.

    `near` has what is only like the words, or holds a number that is another one's whole: None when there is nothing
    better that it would stand in the way of.
    """

    referrals: tuple[FoundReferral, ...] = ()
    slips: tuple[FoundSlip, ...] = ()
    pages: tuple[FoundPage, ...] = ()
    files: tuple[FoundFile, ...] = ()
    providers: tuple[FoundProvider, ...] = ()
    offices: tuple[FoundOffice, ...] = ()
    codes: tuple[FoundCode, ...] = ()
    near: "Found | None" = None

    @property
    def count(self) -> int:
        """How much was found, of all kinds."""
        own = sum(len(getattr(self, name)) for name in type(self).model_fields if name != "near")
        return own + (self.near.count if self.near else 0)
