"""Why an item of the review queue cannot be settled, with the next step."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.errors import UsageError
from schemas.export import by_whom
from schemas.item_id import ItemId
from schemas.pad_id import PadId
from schemas.states import SlipState
from store.tables import audit, referral

SET_ASIDE = "set aside as a duplicate"  # in words, how a slip is rejected that came before


class EditedMeanwhileError(UsageError):
    """Somebody else changed the item after it was looked at."""

    def __init__(self, item: str) -> None:
        super().__init__(
            f"{item} was changed by someone else meanwhile",
            "look at it again with `refpad review show`",
            "look at it again",
        )


class SettledMeanwhileError(UsageError):
    """The item waits for nobody any more: `by` settled it at `at`, as far as that is known.

    `state` says how, as its button does; an accepted slip is `referral` now.
    """

    def __init__(self, item: str, state: str, by: str, at: datetime | None, referral: int | None = None) -> None:
        who = f" {by_whom(by)}" if by else ""
        what = f"{item} does not wait for a person any more: it is {state.replace('_', ' ')}{who}"
        if referral is None:
            super().__init__(f"{what}.")
        else:
            super().__init__(
                f"{what}, as referral {referral}",
                f"`refpad referrals withdraw {referral}` takes it back",
                '"Return to review" on the page of that referral takes it back',
            )
        self.item, self.state, self.by, self.at, self.referral = item, state, by, at, referral


def settled(connection: Connection, item: ItemId, row: RowMapping) -> SettledMeanwhileError:
    """What became of an item that does not wait, and of an accepted one how it is taken back."""
    state = str(row["state"])
    if state == SlipState.ACCEPTED:
        accepted = sa.select(*referral.c["id", "accepted_by", "accepted_at"]).where(referral.c.slip_id == row["id"])
        found = connection.execute(accepted).one()
        return SettledMeanwhileError(str(item), state, found.accepted_by, found.accepted_at, found.id)
    said = (audit.c.subject == f"{item.noun} {item.number}", audit.c.what.in_(("reject", "duplicate")))
    line = connection.execute(
        sa.select(*audit.c["who", "at", "what"]).where(*said).order_by(audit.c.id.desc()).limit(1)
    ).first()
    if line and line.what == "duplicate" and state == SlipState.REJECTED:
        state = SET_ASIDE
    return SettledMeanwhileError(str(item), state, line.who if line else "", line.at if line else None)


def unknown_pad(name: str | None, edition: int | None) -> UsageError:
    """Why a slip cannot be judged whose pad nobody knows (no name), or whose design is not installed."""
    if name is None or edition is None:
        return UsageError(
            "Say which pad this slip is of",
            "set design and edition, as `refpad pad list` shows them",
            "choose it in the list",
        )
    pad = PadId(name, edition)
    return UsageError(
        f"Pad {pad} is not installed",
        f"put {pad}.toml back into refpad's folder designs, or set design and edition if the slip is of another pad",
        f"put {pad}.toml back into refpad's folder designs, or choose another pad if the slip is of that",
    )
