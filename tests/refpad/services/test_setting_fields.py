"""The page's fields are settings, and choices are what the settings allow."""

import subprocess
import sys

import pytest

from refpad.services.saved_settings import value_of
from refpad.services.setting_fields import US_ZONES, find_field, find_section, sections
from refpad.settings import Settings
from schemas.errors import UsageError


def test_each_field_is_a_setting_whose_value_the_page_can_show() -> None:
    """A choice that is not among those offered would be changed by saving another."""
    settings = Settings(time_zone="Europe/Rome")
    for section in sections():
        assert find_section(section.key) is section
        for field in section.fields:
            value = value_of(settings, field.name)
            offered = {choice for choice, _ in field.choices}
            if field.kind == "choice":
                assert value in offered
            elif field.kind == "checks":
                assert offered.issuperset(value)


def test_a_setting_without_a_page_is_named() -> None:
    """Whoever types wants to know what there is."""
    assert find_section("nothing") is None
    with pytest.raises(UsageError, match=r'No page has a setting "limits\.pages"'):
        find_field("limits.pages")


def test_countries_and_time_zones_begin_with_those_of_the_us() -> None:
    """251 countries, and the one that nearly every studio is in would be the 237th."""
    assert find_field("follow_ups.holidays").choices[:2] == (("US", "United States"), ("AF", "Afghanistan"))
    zones = [zone for zone, _ in find_field("time_zone").choices]
    assert zones[: len(US_ZONES)] == [zone for zone, _ in US_ZONES]
    assert len(zones) == len(set(zones))


def test_countries_and_time_zones_are_shown_by_name() -> None:
    """Nobody knows that CH is Switzerland and not China."""
    countries = dict(find_field("follow_ups.holidays").choices)
    assert (countries["CH"], countries["GB"], countries["XK"]) == ("Switzerland", "Britain (UK)", "Kosovo")
    assert len([code for code, name in countries.items() if code == name]) <= 2  # codes that are no country's own
    zones = dict(find_field("time_zone").choices)
    assert zones["America/Argentina/Buenos_Aires"] == "America: Argentina, Buenos Aires"
    assert not [name for name in zones.values() if "_" in name]


def test_names_of_countries_cost_no_memory() -> None:
    """The tables of telephone places, which hold such names too, take a hundred megabytes of every front desk."""
    look = "import sys, web.server; print([name for name in sys.modules if name.startswith('phonenumbers.geodata')])"
    seen = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout
    assert seen.strip() == "[]"
