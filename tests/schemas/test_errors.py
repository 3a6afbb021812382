"""What a refusal says, at a terminal and on a page."""

import sys

from schemas.errors import MissingPackageError, NotOnRecordError, UsageError


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


def test_what_is_typed_for_a_missing_package_installs_it_where_refpad_is() -> None:
    """From a clone it runs in an environment of its own, which the `pip` of the shell does not know."""
    error = MissingPackageError("Parquet", "pyarrow", "take `refpad export jsonl`")
    typed = f"{sys.executable} -m pip install pyarrow"
    assert str(error) == f"Parquet needs pyarrow: type {typed}, or take `refpad export jsonl`."
