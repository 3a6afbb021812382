"""`refpad settings`: what the page Settings sets, typed."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from refpad.cli.console import print_json, results, say
from refpad.settings import Settings
from schemas.errors import UsageError

app = typer.Typer(help="Settings of the studio: show them, set them, try the mail server.", no_args_is_help=True)

HIDDEN = "(set)"


@app.command("show")
def show(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the settings that the page Settings has, and where each that is fixed is set."""
    from refpad.services.saved_settings import value_of
    from refpad.services.setting_fields import sections
    from refpad.settings import fixed_settings

    settings = Settings()
    fixed = fixed_settings(settings)
    values = {
        field.name: HIDDEN if field.is_secret and value_of(settings, field.name) else value_of(settings, field.name)
        for section in sections()
        for field in section.fields
    }
    values["studio.logo"] = settings.studio.logo
    if as_json:
        print_json({name: {"value": value, "set_in": fixed.get(name)} for name, value in values.items()})
        return
    table = Table("setting", "value", "set in")
    for name, value in values.items():
        told = ", ".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
        table.add_row(name, escape(told), fixed.get(name, ""))
    results.print(table)
    if settings.studio_problem is not None:
        say(settings.studio_problem)


@app.command("set")
def set_one(
    name: Annotated[str, typer.Argument(help="The setting, as `refpad settings show` lists it.")],
    value: Annotated[list[str] | None, typer.Argument(help="Its value, or several; a password is asked for.")] = None,
) -> None:
    """Set one setting; a running refpad takes it over within seconds. Without a value it is emptied."""
    from refpad.services.saved_settings import save
    from refpad.services.setting_fields import find_field
    from refpad.services.wiring import open_record, whoever

    field, typed = find_field(name), value or []
    if field.is_secret:
        if typed:
            raise UsageError("A password is not typed where others can read it: leave it out, and it is asked for.")
        typed = [typer.prompt(field.label, hide_input=True)]
    settings = Settings()
    with closing(open_record(settings)) as store:
        changed = save(store, settings, {name: typed}, whoever())
    say(f"{name} is set." if changed else f"{name} is as it was.")


@app.command("logo")
def set_logo(
    picture: Annotated[Path | None, typer.Argument(help="A PNG or JPEG file.", exists=True, dir_okay=False)] = None,
    none: Annotated[bool, typer.Option("--none", help="Print no logo.")] = False,
) -> None:
    """Keep a picture as the studio's logo, for pads and letters."""
    from refpad.services.saved_settings import remove_logo, save_logo
    from refpad.services.wiring import open_record, whoever

    if (picture is None) != none:
        raise UsageError("Name a picture, or say --none.")
    settings = Settings()
    with closing(open_record(settings)) as store:
        if picture is None:
            remove_logo(store, settings, whoever())
        else:
            save_logo(store, settings, picture.read_bytes(), whoever())
    say("No logo is printed." if picture is None else "The logo is kept: look at it with `refpad letters sample`.")


@app.command("test-mail")
def test_mail(to: Annotated[str, typer.Argument(help="The email address that it goes to.")]) -> None:
    """Send a letter without any patient by the mail server that is set."""
    from refpad.services.letters.trial_mail import send_trial_mail
    from refpad.services.wiring import open_record, whoever

    settings = Settings()
    with closing(open_record(settings)) as store:
        send_trial_mail(store, settings, to, whoever())
    say("The mail server took the test letter: look whether it arrives.")
