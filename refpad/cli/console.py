"""What the command line prints with: results on stdout, talk on stderr, color only on a terminal."""

import json
import sys

import typer
from rich.console import Console

FILE_WIDTH = 140  # a file or pipe has no width of its own; tables there are never squeezed

talk = Console(stderr=True, highlight=False, soft_wrap=True)
results = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else FILE_WIDTH)


def say(sentence: str) -> None:
    """One line for people, on stderr."""
    talk.print(sentence, markup=False)


def complain(sentence: str) -> None:
    """One sentence about what went wrong, on stderr."""
    talk.print(sentence, style="red", markup=False)


def print_json(value: object) -> None:
    """One JSON document on one line of stdout, safe for any terminal."""
    typer.echo(json.dumps(value, ensure_ascii=True, default=str))
