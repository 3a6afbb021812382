"""Readings for people: one block a slip, doubts first."""

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from refpad.cli.console import results
from schemas.dates import show_kept
from schemas.reading import MarkState, SignatureState

if TYPE_CHECKING:
    from ocr.reader import ReadPage
    from schemas.reading import PageSetAside, SlipReading

SIGNATURES = {
    SignatureState.PRESENT: "present",
    SignatureState.ABSENT: "[yellow]none[/]",
    SignatureState.TYPED: "[yellow]typed or stamped[/]",
    SignatureState.UNCERTAIN: "[yellow]uncertain[/]",
}


def show(page: "ReadPage") -> None:
    """Print all that came of a page."""
    if page.read.set_aside:
        _show_set_aside(page.read.set_aside)
    for slip in page.read.slips:
        _show_slip(slip)


def _show_set_aside(aside: "PageSetAside") -> None:
    where = f", page {aside.page}" if aside.page else ""
    results.print(f"[bold]{escape(aside.file)}[/]{where}: [red]set aside[/] ({aside.reason.value})")
    results.print(f"  {escape(aside.message)}\n")


def _show_slip(slip: "SlipReading") -> None:
    verdict = "[green]accepted[/]" if slip.verdict == "accepted" else "[yellow]a person is needed[/]"
    results.print(f"[bold]{escape(slip.file)}[/], page {slip.page}, slip {slip.slip}: {verdict}")
    results.print(_values(slip))
    for finding in slip.findings:
        results.print(f"  [yellow]![/] {escape(finding.detail)} [dim]({finding.code.value})[/]")
    for note in slip.notes:
        results.print(f"  [dim]{escape(note)}[/]")
    results.print()


def _values(slip: "SlipReading") -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2), pad_edge=True)
    table.add_column(style="dim")
    table.add_column()
    table.add_column(justify="right", style="dim")
    pad = slip.pad_id or "unknown pad"
    number = "number not read" if slip.serial is None else f"no. {slip.serial}" if slip.serial else "not numbered"
    residual = "" if slip.residual_mm is None else f"{slip.residual_mm:.2f} mm off"
    table.add_row("slip", f"{pad} {number}", residual)
    if slip.marks:
        table.add_row("checked", ", ".join(_boxes(slip, MarkState.CHECKED)) or "nothing", "")
    if doubtful := _boxes(slip, MarkState.AMBIGUOUS):
        table.add_row("doubtful", f"[yellow]{', '.join(doubtful)}[/]", "")
    if slip.signature:
        table.add_row("signature", SIGNATURES[slip.signature.value], f"{slip.signature.confidence:.2f}")
    for name, signed in slip.signatures.items():
        table.add_row(name, SIGNATURES[signed.value], f"{signed.confidence:.2f}")
    for name, text in slip.text.items():
        table.add_row(name, escape(show_kept(text.value)), f"{text.confidence:.2f}" if text.value else "")
    return table


def _boxes(slip: "SlipReading", state: MarkState) -> list[str]:
    return [name for name, mark in slip.marks.items() if mark.value is state]
