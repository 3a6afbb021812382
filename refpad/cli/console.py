"""What the command line prints with: results on stdout, talk on stderr, color only on a terminal."""

import json
import sys
from collections.abc import Mapping
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from schemas.exit_codes import ExitCode

FILE_WIDTH = 140  # a file or pipe has no width of its own; tables there are never squeezed

talk = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)
results = Console(highlight=False, soft_wrap=True, emoji=False, width=None if sys.stdout.isatty() else FILE_WIDTH)

AsTyped = Annotated[bool, typer.Option("--as-typed", help="Keep names in small letters as they are typed.")]


def say(sentence: str) -> None:
    """One line for people, on stderr."""
    talk.print(sentence, markup=False)


def complain(sentence: str) -> None:
    """One sentence about what went wrong, on stderr."""
    talk.print(sentence, style="red", markup=False)


def print_json(value: object) -> None:
    """One JSON document on one line of stdout, safe for any terminal."""
    typer.echo(json.dumps(value, ensure_ascii=True, default=str))


def propose_spellings(proposals: Mapping[str, str]) -> NoReturn:
    """Ask about names in small letters, by field, as the pages do, and end; no exception may carry a name."""
    meant = "; ".join(f'{field}: "{spelling}"' for field, spelling in proposals.items())
    complain(f"Written in small letters, and nothing is saved. Type it as it is meant ({meant}), or add --as-typed.")
    raise typer.Exit(ExitCode.USAGE)
