"""Whose servers are trusted, and what is said of a file that does not tell it."""

from pathlib import Path

import pytest

from refpad.services.trusted_tls import trusted_tls
from schemas.errors import MachineError


@pytest.mark.parametrize(
    ("content", "why"), [(None, "No such file or directory"), ("words", "it holds no certificate")]
)
def test_a_file_of_authorities_that_is_none_is_named(content: str | None, why: str, tmp_path: Path) -> None:
    """The server was said not to answer, and was asked again and again."""
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    with pytest.raises(MachineError, match=f"{file} that REFPAD_MAILBOX__CA_FILE names cannot be used .{why}.: name"):
        trusted_tls(file, "REFPAD_MAILBOX__CA_FILE")
