"""Which language is written in which field."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from ocr.language.lexicon import Lexicon
from ocr.language.ngrams import Kind, Prior, model
from ocr.language.own_words import OwnWords
from schemas.pad import FieldKind

KINDS: Mapping[str, Kind] = {
    "patient_name": "names",
    "provider_name": "names",
    "patient_phone": "numbers",
    "signed_on": "numbers",
    "next_visit_on": "numbers",
    "birth_date": "numbers",
}


def kind_of(field: str, content: FieldKind = FieldKind.TEXT) -> Kind:
    """What is written in the field of that name; unknown names hold free text, or what `content` says."""
    return KINDS.get(field, "text" if content in (FieldKind.TEXT, FieldKind.ICD10) else "numbers")


class Languages:
    """All priors, with a studio's own words in them; models and words are loaded when first asked for."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._words = frozenset(words)
        self._made: dict[Kind, Prior] = {}

    @cached_property
    def lexicon(self) -> Lexicon:
        """All words that are known."""
        return Lexicon(self._words)

    def of(self, kind: Kind) -> Prior:
        """What is expected where that kind of thing is written."""
        if kind not in self._made:
            self._made[kind] = OwnWords(model(kind), self._words) if self._words else model(kind)
        return self._made[kind]
