"""Prefect's own pages, laid where its server serves them: the one that asks for the password says what to type.

The server unpacks its pages itself unless it finds them unpacked, of its own version. So they are unpacked here first,
with a note. Its new pages ("V2") are left out: they call an outside host even with analytics off, and the old ones
would offer them at each visit. What a later Prefect does not understand of this it replaces by its own.
"""

import os
import shutil
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

STATIC = "PREFECT_SERVER_UI_STATIC_DIRECTORY"
PLACEHOLDER, TEXTS = "/PREFECT_UI_SERVE_BASE_REPLACE_PLACEHOLDER", (".txt", ".html", ".css", ".js", ".json")
UNPACKED = "UI_SERVE_BASE"  # the file in which the server says of which version they are, and for which address
END = "</body>"
NOTE = """<aside id="refpad-note" hidden style="position:fixed;top:1rem;left:50%;transform:translateX(-50%);z-index:9;
box-sizing:border-box;width:min(36rem,92vw);padding:1rem 1.25rem;border-radius:.5rem;background:#fff;color:#1b1b1b;
font:1rem/1.5 system-ui,sans-serif">
<strong>What to type here.</strong> The whole line of the file <code>prefect/auth-string</code> in refpad's data folder
(<code>refpad-data</code>, unless you gave it another name), from <code>refpad:</code> to its end; with compose it is
in <code>secrets/prefect_auth</code>. That authentication failed, and the offer beside it, means only that no line, or
another, was typed: refpad needs no account anywhere.</aside>
<script>{const note = document.getElementById("refpad-note"); setInterval(() => {
note.hidden = !location.pathname.endsWith("/login")}, 200)}</script>
"""


def write_pages(folder: Path) -> None:
    """Have `folder` hold the pages of the Prefect that is installed, with the note; nothing is done where it does."""
    pages, edition = folder / "v1", f"v1:{version('prefect')}:/"
    index, unpacked = pages / "index.html", pages / UNPACKED
    _leave_out(folder / "v2")
    if unpacked.exists() and unpacked.read_text("utf-8") == edition and NOTE in index.read_text("utf-8"):
        return
    shutil.rmtree(pages, ignore_errors=True)
    shutil.copytree(_of_prefect(), pages, copy_function=shutil.copyfile)
    for path in (path for path in pages.rglob("*") if path.suffix in TEXTS):
        path.write_text(path.read_text("utf-8").replace(PLACEHOLDER, ""), "utf-8")
    index.write_text(index.read_text("utf-8").replace(END, NOTE + END), "utf-8")
    unpacked.write_text(edition, "utf-8")


def _leave_out(pages: Path) -> None:
    """A link to nowhere in their place: the server cannot unpack them there, and goes on without them."""
    pages.parent.mkdir(parents=True, exist_ok=True)
    if pages.is_dir():
        shutil.rmtree(pages)
    if not pages.is_symlink():
        pages.symlink_to("left-out")


def _of_prefect() -> Path:
    """Where the package has them; it is not imported for that, which takes seconds."""
    found = find_spec("prefect")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("prefect")
    return Path(found.origin).parent / "server" / "ui"


if __name__ == "__main__":
    write_pages(Path(os.environ[STATIC]))
