"""What a refusal says, at a terminal and on a page."""

from schemas.errors import NotOnRecordError, UsageError


def test_a_page_says_what_can_be_done_there_and_a_terminal_what_to_type() -> None:
    """Each is sent where they can act: to a command, or to another page."""
    error = UsageError(
        "There is no such user", "`refpad users list` shows those there are", "the page Users lists them"
    )
    assert str(error) == "There is no such user: `refpad users list` shows those there are."
    assert error.on_page == "There is no such user: the page Users lists them."
    assert (
        NotOnRecordError("There is no letter 7", "`refpad letters list` shows them").on_page == "There is no letter 7."
    )
    assert UsageError("Say which field this is about.").on_page == "Say which field this is about."
