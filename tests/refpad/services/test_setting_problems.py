"""What is wrong with a setting is said in sentences of our own, which say what to write."""

import pytest

from refpad.services.setting_fields import find_field, sections
from refpad.services.setting_problems import studio_problems, what_to_write
from refpad.settings import Settings
from schemas.studio import Studio


def test_there_is_a_sentence_for_each_setting() -> None:
    """Pydantic's own speak of tuples and patterns, which nobody at a front desk has heard of."""
    for section in sections():
        for field in section.fields:
            group, _, name = field.name.rpartition(".")
            model = type(getattr(Settings(), group)) if group else Settings
            assert what_to_write(field, model.model_fields[name]).endswith(".")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("follow_ups.working_days", "Choose one or more: Monday, Tuesday, Wednesday, Thursday, Friday, Saturday or "),
        ("follow_ups.holidays", "Choose a country's code, such as US."),
        ("follow_ups.book_within_days", "Write a whole number from 1 to 60, in digits."),
        ("policy.signed_within_days", "Write a whole number above 0, in digits."),
        ("front_desk.idle_minutes", "Write a number above 0 and up to 720, in digits."),
        ("policy.typed_signature", "Choose ask, accept or refuse."),
        ("studio.name", "Write at most 60 characters."),
    ],
)
def test_a_sentence_names_what_can_be(name: str, sentence: str) -> None:
    """With the limits that hold."""
    group, _, field = name.partition(".")
    model = type(getattr(Settings(), group))
    assert what_to_write(find_field(name), model.model_fields[field]).startswith(sentence)


def test_what_studios_print_is_taken() -> None:
    """The invented studio and the tests' own, an extension, and a number of another country."""
    for studio in (Studio(), Settings().studio):
        assert studio_problems(studio.model_dump(exclude={"logo"}), "US") == {}
    for phone in ("(212) 555-0142, ext. 5", "+44 20 7946 0018", "212.555.0100", "212-555-0199 x12", ""):
        assert studio_problems({"phone": phone, "fax": phone}, "US") == {}
    assert studio_problems({"email": "Front.Desk@Lakeside.example"}, "US") == {}
    assert studio_problems({"phone": "020 7946 0018"}, "GB") == {}


@pytest.mark.parametrize("phone", ["12", "banana", "(999) 555-0101", "212-SSS-0142", "(212) 555-0142 or 0143"])
def test_what_nobody_can_dial_is_no_number_of_the_studio(phone: str) -> None:
    """It would be on every pad that an office has."""
    assert "valid in US (+1)" in studio_problems({"phone": phone}, "US")["studio.phone"]


@pytest.mark.parametrize("email", ["notanemail", "desk@lakeside", "a@b@lakeside.example", "Kim <kim@lakeside.example>"])
def test_what_no_mail_reaches_is_no_address(email: str) -> None:
    """One @, with a dot after it, and nothing around."""
    assert list(studio_problems({"email": email}, "US")) == ["studio.email"]


@pytest.mark.parametrize("name", ["name", "specialist", "address"])
def test_what_has_neither_letters_nor_digits_is_no_name(name: str) -> None:
    """A dash fills the field, but not the pad."""
    assert list(studio_problems({name: "-"}, "US")) == [f"studio.{name}"]
