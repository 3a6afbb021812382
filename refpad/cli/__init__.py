"""The command line: `commands` lists what people type; the rooms beside it are what the commands are about."""

from refpad.cli.commands import app, main

__all__ = ["app", "main"]
