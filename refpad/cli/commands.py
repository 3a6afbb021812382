"""All commands: one module a group of them, each importing what it needs only when it runs."""

import errno
import os
import sys
from typing import Annotated

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError

from refpad import __version__
from refpad.cli.admin import backup, purge, settings, studio, users
from refpad.cli.bench import bench, desk, scale, target
from refpad.cli.connecting import calendar, export, schema, tokens, webhooks
from refpad.cli.console import complain, say
from refpad.cli.courses import course, sessions
from refpad.cli.followups import chase, follow_ups, letters
from refpad.cli.intake import fetch_mail, read, record, words
from refpad.cli.offices import offices, outreach
from refpad.cli.ops import doctor, health, practice, reader, support_bundle, up
from refpad.cli.pads import pad, simulate
from refpad.cli.referrals import patients, referrals, search
from refpad.cli.review import groups, quality, review
from refpad.settings import Settings
from schemas.errors import RefpadError, kind_and_place
from schemas.exit_codes import ExitCode
from schemas.plain_words import wrong_fields

app = typer.Typer(
    name="refpad",
    help="Handwritten referral slips become checked records and kept promises.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"refpad {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and end.")
    ] = False,
    of_studio: Annotated[
        str,
        typer.Option(
            "--studio", metavar="KEY", envvar="REFPAD_STUDIO_KEY", help="Of several studios, the one to work on."
        ),
    ] = "",
) -> None:
    """What may be said before any command."""
    if of_studio:
        from refpad.services.studios.registry import environment_of_studio, is_closed

        settings = Settings()
        os.environ.update(environment_of_studio(settings, of_studio))
        if is_closed(settings, of_studio):
            again = f"refpad studio reopen {of_studio}"
            say(f"Studio {of_studio} is closed: nothing of it is read, sent or served until you type {again}.")


app.add_typer(pad.app, name="pad")
app.add_typer(export.app, name="export")
app.add_typer(offices.app, name="offices")
app.add_typer(outreach.app, name="outreach")
app.add_typer(review.app, name="review")
app.add_typer(groups.app, name="groups")
app.add_typer(quality.app, name="quality")
app.add_typer(referrals.app, name="referrals")
app.add_typer(follow_ups.app, name="follow-ups")
app.add_typer(follow_ups.app, name="tasks", hidden=True)  # what it was called before 0.1.0
app.add_typer(patients.app, name="patients")
app.add_typer(course.app, name="course")
app.add_typer(sessions.app, name="sessions")
app.add_typer(letters.app, name="letters")
app.add_typer(words.app, name="words")
app.add_typer(users.app, name="users")
app.add_typer(calendar.app, name="calendar")
app.add_typer(tokens.app, name="tokens")
app.add_typer(webhooks.app, name="webhooks")
app.add_typer(settings.app, name="settings")
app.add_typer(studio.app, name="studio")
read.register(app)
reader.register(app)
record.register(app)
fetch_mail.register(app)
schema.register(app)
search.register(app)
backup.register(app)
purge.register(app)
up.register(app)
practice.register(app)
doctor.register(app)
health.register(app)
support_bundle.register(app)
simulate.register(app)
bench.register(app)
desk.register(app)
scale.register(app)
target.register(app)
chase.register(app)


def main() -> None:
    """Run the command line; it ends with one of `ExitCode`."""
    try:
        app(prog_name="refpad")
    except RefpadError as error:
        complain(str(error))
        sys.exit(error.exit_code)
    except OSError as error:
        complain(_about_disk(error))
        sys.exit(ExitCode.BROKEN)
    except ValidationError as error:
        if error.title != Settings.__name__:
            complain(wrong_fields(error))
            sys.exit(ExitCode.USAGE)
        from refpad.services.setting_problems import wrong_settings  # slow to load, and seldom needed

        complain(f"Settings: {wrong_settings(error)}")
        sys.exit(ExitCode.USAGE)
    except SettingsError as error:
        from refpad.services.setting_problems import wrong_variable

        complain(wrong_variable(error, os.environ))
        sys.exit(ExitCode.USAGE)
    except Exception as error:  # noqa: BLE001 - the last place for it: a traceback may quote a patient
        complain(_unexpected(error))
        sys.exit(ExitCode.BROKEN)


def _about_disk(error: OSError) -> str:
    if isinstance(error.filename, str):
        return f"{error.filename} cannot be used ({error.strerror}): mend that, or choose another place."
    if error.errno in (errno.ENOSPC, errno.EDQUOT):  # what was written was open, and has no name here
        return f"A disk took no more ({error.strerror}): see with df -h which is full, make room, then do it again."
    return _unexpected(error)


def _unexpected(error: Exception) -> str:
    return f"An unexpected error stopped the command ({kind_and_place(error)}); please report it."
