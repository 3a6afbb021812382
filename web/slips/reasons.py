"""The reason that a person gives: one of a list, or another one in words of their own."""

from schemas.errors import UsageError
from web.context import RequestContext


def reason_given(context: RequestContext) -> str:
    """What was chosen, or typed where another reason was chosen; "" where that was left empty.

    Raises UsageError where both say something, or words came without a choice: nothing that was typed is dropped.
    """
    chosen, words = context.form_values("reason"), context.form("other")
    if words and chosen[-1:] != [""]:
        raise UsageError('Choose "another reason", or remove what you typed: only one reason is kept.')
    return words or (chosen[-1] if chosen else "")
