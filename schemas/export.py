"""What an export says of one accepted referral."""

from datetime import date

from pydantic import Field

from schemas.base import Value
from schemas.referral import Line, Referral

MACHINE = "machine"  # who accepted a slip that no person had to settle


class ExportedReferral(Value):
    """An accepted referral with where it came from and who let it pass.

    `referral_id`, `file_id` and `office_id` are the store's own ids as text. `page` and `slip` are 1-based.
    `accepted_on` is a calendar date in the studio's time zone; `accepted_by` is `MACHINE` or a person's name.
    """

    referral_id: str = Field(min_length=1)
    file_id: str = Field(min_length=1)
    page: int = Field(ge=1)
    slip: int = Field(ge=1)
    office_id: str | None = None
    office_name: Line | None = None
    accepted_on: date
    accepted_by: Line = Field(min_length=1)
    referral: Referral
