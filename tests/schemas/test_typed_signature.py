"""Whose words stand in print where a signature should be."""

import pytest

from schemas.typed_signature import names_the_signer


@pytest.mark.parametrize(
    "words",
    [
        "Electronically signed by Jane Doe, MD 11/19/2026 10:12 AM",
        "ELECTRONICALLY SIGNED",
        "Digitally signed by: J. D.",
        "E-signed by J. D.",
        "Signed electronically",
        "electronic signature on file",
    ],
)
def test_a_program_that_signs_says_so(words: str) -> None:
    """Where no provider's name is written, the program's word is all there is."""
    assert names_the_signer(words, "")


@pytest.mark.parametrize(
    ("words", "provider"),
    [("JANE Q. DOE, M.D. NPI 1234567893", "Dr. Doe"), ("Ines O'Rourke DPT", "I. O'Rourke, DPT"), ("Núñez", "NÚÑEZ")],
)
def test_the_provider_s_own_name_is_a_signer_s(words: str, provider: str) -> None:
    """A stamp and a pen write one name differently: a word of it is enough."""
    assert names_the_signer(words, provider)


@pytest.mark.parametrize(
    ("words", "provider"),
    [
        ("RECEIVED Nov 19 2026", "Jane Doe, MD"),
        ("COPY", ""),
        ("FROM: 2125550143 P.02", "J. Doe"),
        ("Walter Lindqvist, MD", "Jane Doe, MD"),
        ("Electronically signed by Walter Lindqvist, MD", "Jane Doe, MD"),
        ("Dr. J. Q.", "Dr. J. Q. D."),
        ("signed copy sent", "Jane Doe"),
        ("", ""),
    ],
)
def test_any_other_stamp_is_no_signature(words: str, provider: str) -> None:
    """COPY across the line, or another's name, must not pass for a signature by a policy."""
    assert not names_the_signer(words, provider)
