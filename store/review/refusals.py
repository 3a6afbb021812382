"""Why an item of the review queue cannot be settled, with the next step."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.errors import UsageError
from schemas.states import SlipState
from store.tables import referral


class EditedMeanwhileError(UsageError):
    """Somebody else changed the item after it was looked at."""

    def __init__(self, item: str) -> None:
        super().__init__(
            f"{item} was changed by someone else meanwhile",
            "look at it again with `refpad review show`",
            "look at it again",
        )


def settled(connection: Connection, item: str, row: RowMapping) -> UsageError:
    """What became of an item that does not wait, and of an accepted one how it is taken back."""
    what = f"{item} does not wait for a person any more: it is"
    if row["state"] != SlipState.ACCEPTED:
        return UsageError(f"{what} {str(row['state']).replace('_', ' ')}.")
    number = connection.execute(sa.select(referral.c.id).where(referral.c.slip_id == row["id"])).scalar()
    return UsageError(
        f"{what} accepted, as referral {number}",
        f"`refpad referrals withdraw {number}` takes it back",
        '"Return to review" on the page of that referral takes it back',
    )
