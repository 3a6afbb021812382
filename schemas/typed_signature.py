"""A typed or stamped name in place of a signature: what a studio takes it for, and whose name it is."""

import re
from typing import Literal, TypeAlias

TypedSignature: TypeAlias = Literal["ask", "accept", "refuse"]
# What programs print beside the name of who signed: "Electronically signed by", "E-signed", "Signed digitally by".
SIGNED_BY_PROGRAM = re.compile(
    r"\b(?:electronic(?:ally)?|digital(?:ly)?)[\s-]*sign|\be-?sign(?:ed|ature)\b|\bsigned[\s-]+(?:electronic|digital)",
    re.IGNORECASE,
)
NAME_LETTERS_LEAST = 3  # shorter words are titles and initials
_WORD = re.compile(r"[^\W\d_]+")


def names_the_signer(words: str, provider: str) -> bool:
    """Whether printed words are a signature's: a name that `provider` holds too; without one, a program's that signs.

    Other stamps lie on the line as well: COPY, RECEIVED, the header of a fax, and another's signature.
    """
    if names := _names(provider):
        return bool(names & _names(words))
    return bool(SIGNED_BY_PROGRAM.search(words))


def _names(text: str) -> set[str]:
    return {word for word in _WORD.findall(text.casefold()) if len(word) >= NAME_LETTERS_LEAST}
