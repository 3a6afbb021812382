"""`refpad words`: what the reader should expect besides plain English and the language of diagnoses."""

from contextlib import closing
from typing import Annotated

import typer
from rich.table import Table

from refpad.cli.console import print_json, results, say
from refpad.settings import Settings
from schemas.text import counted

app = typer.Typer(help="Words of your own that the reader should expect.", no_args_is_help=True)

Words = Annotated[list[str], typer.Argument(help="Single words: a drug, a town, a doctor's name.")]


@app.command("add")
def add_words(words: Words) -> None:
    """Add words; the next slip is read with them. They help where writing is unclear, and never forbid other words."""
    from refpad.services.reading.vocabulary import WordBook

    fresh = WordBook(Settings().words).add(words)
    say(f"{counted(len(fresh), 'word')} added.")


@app.command("remove")
def remove_words(words: Words) -> None:
    """Take added words out again."""
    from refpad.services.reading.vocabulary import WordBook

    WordBook(Settings().words).remove(words)
    say(f"{counted(len(words), 'word')} removed.")


@app.command("list")
def list_words(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the words that were added, and those learned from what people confirmed in review."""
    from refpad.services.reading.vocabulary import ADDED, LEARNED, WordBook

    book = WordBook(Settings().words)
    added, learned = sorted(book.words(ADDED)), sorted(book.words(LEARNED))
    if as_json:
        print_json({"added": added, "learned": learned})
        return
    table = Table("word", "from")
    for word in added:
        table.add_row(word, "added")
    for word in learned:
        table.add_row(word, "review")
    results.print(table)


@app.command("learn")
def learn_words() -> None:
    """Learn the words again from every referral that a person confirmed, for example after a restore."""
    from refpad.services.reading.vocabulary import WordBook
    from refpad.services.wiring import open_record

    settings = Settings()
    with closing(open_record(settings)) as store:
        count = WordBook(settings.words).learn_anew(store)
    say(f"{counted(count, 'word is', 'words are')} learned.")
