"""What is wrong with a setting is said in sentences of our own, which say what to write."""

import os

import pytest
from pydantic import ValidationError
from pydantic_settings import SettingsError

from refpad.services.setting_fields import find_field, sections
from refpad.services.setting_problems import studio_problems, what_to_write, wrong_settings, wrong_variable
from refpad.settings import Settings
from schemas.errors import UsageError
from schemas.policy import Policy
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
        ("policy.signed_within_days", "Write a whole number above 0 and up to 36500, in digits."),
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


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"policy": {"one_wrong_in": "abc"}}, 'policy.one_wrong_in is "abc": write a whole number, in digits.'),
        ({"policy": {"one_wrong_in": 3}}, 'policy.one_wrong_in is "3": write at least 20.'),
        ({"policy": {"text_confidence": 2}}, 'policy.text_confidence is "2": write at most 1.'),
        ({"policy": {"typed_signature": "yes"}}, 'policy.typed_signature is "yes": write ask, accept or refuse.'),
        ({"policy": {"phone_region": "usa"}}, 'policy.phone_region is "usa": write a country\'s two letters'),
        ({"front_desk": {"with_up": "maybe"}}, 'front_desk.with_up is "maybe": write true or false.'),
        ({"front_desk": {"origin": "http://desk"}}, 'front_desk.origin is "http://desk": write the address in small'),
        ({"front_desk": {"idle_minutes": 0}}, 'front_desk.idle_minutes is "0": write more than 0.'),
        ({"follow_ups": {"working_days": ["Mon"]}}, 'follow_ups.working_days is "Mon": write Monday, Tuesday,'),
        ({"follow_ups": {"working_days": "Monday"}}, 'follow_ups.working_days is "Monday": write a list, such as'),
        ({"delivery": {"sender": "desk"}}, 'delivery.sender is "desk": write one email address, such as'),
        ({"delivery": {"smtp_password": 7}}, "delivery.smtp_password: write it in quotation marks."),
        ({"studio": {"name": "x" * 70}}, f'studio.name is "{"x" * 60}...": write at most 60 characters.'),
        ({"studio": 7}, "studio: write its settings below it, each with a name."),
        ({"today": "Nov 3"}, 'today is "Nov 3": write a day as YYYY-MM-DD.'),
        ({"policy": {"confidence": 1}}, "policy.confidence: there is no setting of that name"),
        ({"delivery": {"smtp_pasword": "hunter2"}}, "delivery.smtp_pasword: there is no setting of that name"),
        ({"quiet_seconds": "inf"}, 'quiet_seconds is "inf": write a number, in digits.'),
        ({"sweep_seconds": 1e6}, 'sweep_seconds is "1000000.0": write at most 86400.'),
        ({"limits": {"page_seconds": "nan"}}, 'limits.page_seconds is "nan": write a number, in digits.'),
        ({"policy": {"signed_within_days": 999_999}}, 'signed_within_days is "999999": write at most 36500.'),
        ({"delivery": {"unreleased": "thank_you"}}, 'write a list, such as ["thank_you", "progress_report"].'),
        ({"front_desk": {"lan_names": "desk"}}, 'lan_names is "desk": write a list, such as ["desk", "desk.local"].'),
        ({"front_desk": {"address": "1.5"}}, 'front_desk.address is "1.5": write an address such as 127.0.0.1.'),
        ({"prefect_url": "http://host:port"}, "write the address with nothing behind it: http://prefect.example:4200."),
        ({"prefect_database_url": "secret"}, "prefect_database_url: write postgresql://USER:PASSWORD@HOST/DATABASE"),
        ({"files": "refpad-files"}, 'files is "refpad-files": write s3://BUCKET/PREFIX, such as s3://refpad-files/'),
        ({"folder": ""}, 'folder is "": write a path of this machine, such as /srv/refpad, or leave it out.'),
        ({"state_folder": "~nobody-here/x"}, 'state_folder is "~nobody-here/x": write a path of this machine'),
        ({"studio": {"name": ""}}, 'studio.name is "": write it, or leave the setting out.'),
        ({"quiet": 1}, "quiet: there is no setting of that name"),
    ],
)
def test_a_wrong_value_in_the_file_is_said_with_its_name_and_what_may_be(
    values: dict[str, object], sentence: str
) -> None:
    """In one sentence a setting, never in Pydantic's words, and never with a password."""
    with pytest.raises(ValidationError) as wrong:
        Settings(**values)  # type: ignore[arg-type]
    told = wrong_settings(wrong.value)
    assert sentence in told
    assert "nput should" not in told


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("REFPAD_FOLLOW_UPS__WORKING_DAYS", "Monday", 'is no list: write one, such as ["Monday", "Thursday"].'),
        (
            "REFPAD_DELIVERY__UNRELEASED",
            "thank_you",
            'is no list: write one, such as ["thank_you", "progress_report"].',
        ),
        ("REFPAD_STUDIO", "Lakeside", "cannot be understood: set each of its settings by itself, as REFPAD_STUDIO__"),
    ],
)
def test_a_variable_that_is_no_list_is_named_with_a_list_of_its_own(
    variable: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Days of the week in an example for letters would help nobody."""
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as wrong:
        Settings()
    assert wrong_variable(wrong.value, os.environ).startswith(f"{variable} in the environment {sentence}")


def test_a_country_without_telephone_numbers_is_refused() -> None:
    """Every number on every slip would be doubted, and nobody would know why."""
    with pytest.raises(UsageError, match='No telephone numbers of "ZZ" are known: write a country'):
        Policy(phone_region="ZZ")
