"""Text from strangers, made harmless."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.referral import Referral
from schemas.text import clean, counted


@pytest.mark.parametrize(
    ("hostile", "harmless"),
    [
        ("Ada\0Quill", "Ada Quill"),
        ("Ada\r\nBcc: other@example.org", "Ada Bcc: other@example.org"),
        ("\x1b[31mAda\x1b[0m", "[31mAda [0m"),
        ("\x1b]0;title\x07Ada", "]0;title Ada"),
        ("Ada\u202egnp.exe", "Ada gnp.exe"),
        ("\ufeffAda", "Ada"),
        ("Ada\u2028Quill\u2029", "Ada Quill"),
        ("Ada\ud800Quill", "Ada Quill"),
        ("A\u200bd\u200ba", "A d a"),
        ("Ada\ue000", "Ada"),
        ("  Ada \t  Quill ", "Ada Quill"),
        ("cafe\u0301", "caf\u00e9"),
        ("\x85Ada\x9b1m", "Ada 1m"),
    ],
)
def test_what_could_harm_a_terminal_a_header_or_a_database_is_taken_out(hostile: str, harmless: str) -> None:
    """Escape sequences, line breaks, direction overrides, lone surrogates, NUL."""
    assert clean(hostile) == harmless


@pytest.mark.parametrize(
    "name",
    ["Núñez-Ó Séaghdha", "陳大文", "محمد", "O'Brien", "<b>Ada</b>", "Robert'); DROP TABLE referrals;--", "50% WB"],
)
def test_what_only_looks_odd_stays(name: str) -> None:
    """Names and clinical text are kept as written; escaping is the business of each way out."""
    assert clean(name) == name


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    """The rules judge the cleaned text and the record cleans again: both must see the same."""
    assert clean(clean(text)) == clean(text)


@given(st.text(st.characters(), max_size=60))
def test_cleaned_text_is_one_line_that_every_store_holds(text: str) -> None:
    """It encodes, prints on one line and carries no control character."""
    cleaned = str(clean(text))
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned == json.loads(json.dumps(cleaned))
    assert len(cleaned.splitlines()) <= 1
    assert not any(unicodedata.category(ch).startswith("C") for ch in cleaned)


@given(st.integers() | st.none() | st.lists(st.integers()))
def test_other_types_pass_untouched(value: object) -> None:
    """The field's own type judges them."""
    assert clean(value) is value


def test_a_record_s_errors_do_not_repeat_the_patient() -> None:
    """Error texts end in logs; a patient's data must not."""
    with pytest.raises(ValueError, match="patient_phone") as caught:
        Referral.model_validate({"patient_name": "Ada Quill", "patient_phone": "212 555 0142"})
    assert "Ada" not in str(caught.value)
    assert "0142" not in str(caught.value)


def test_a_number_and_its_noun_agree() -> None:
    """One value is wrong, and three values are."""
    assert [counted(number, "slip") for number in (0, 1, 2)] == ["0 slips", "1 slip", "2 slips"]
    assert f"{counted(1, 'value is', 'values are')} wrong" == "1 value is wrong"
