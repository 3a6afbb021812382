"""Text from paper and from people: harmless to databases, terminals and logs."""

import unicodedata


def clean(value: object) -> object:
    """One line in Unicode NFC without control characters, lone surrogates or doubled spaces; other types pass."""
    if not isinstance(value, str):
        return value
    kept = "".join(" " if _is_noise(ch) else ch for ch in unicodedata.normalize("NFC", value))
    return " ".join(kept.split())


def without_noise(text: str) -> str:
    """The text with a space for each character that no page should show: controls, marks of text direction."""
    return text if text.isprintable() else "".join(" " if _is_noise(ch) else ch for ch in text)


def counted(number: int, one: str, more: str = "") -> str:
    """`1 value`, `3 values`, `3 values are`: a number and its noun, whose plural has an s unless `more` says it."""
    return f"{number} {one if number == 1 else more or one + 's'}"


def _is_noise(ch: str) -> bool:
    return unicodedata.category(ch) in {"Cc", "Cs", "Co", "Cn", "Cf", "Zl", "Zp"}
