"""Text from paper and from people: harmless to databases, terminals and logs."""

import unicodedata


def clean(value: object) -> object:
    """One line in Unicode NFC without control characters, lone surrogates or doubled spaces; other types pass."""
    if not isinstance(value, str):
        return value
    kept = "".join(" " if _is_noise(ch) else ch for ch in unicodedata.normalize("NFC", value))
    return " ".join(kept.split())


def _is_noise(ch: str) -> bool:
    return unicodedata.category(ch) in {"Cc", "Cs", "Co", "Cn", "Cf", "Zl", "Zp"}
