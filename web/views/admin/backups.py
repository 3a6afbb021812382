"""Backups, for admins: when the last one was made, one now, and one to take away."""

from starlette.responses import Response, StreamingResponse

from refpad.services.backups import backup_problem, backup_target, write_backup
from store import audit
from store.backup import Backup, archive, backups_of_record
from store.letters import restore_guard
from web.context import RequestContext
from web.downloads import attachment
from web.errors import NotFoundError


def show(context: RequestContext) -> Response:
    """Those that there are, the latest first."""
    settings = context.services.settings
    folder = settings.backup.folder
    found = _own(context) if folder is not None else []
    problem = backup_problem(settings, context.store.clock.now())
    back = restore_guard.find_put_back(context.store)
    return context.render("backups.html", folder=folder, backups=found[::-1], problem=problem, back=back)


def acknowledge(context: RequestContext) -> Response:
    """Say that it is known that the record was put back."""
    restore_guard.acknowledge(context.store, context.user)
    return context.redirect("/backups")


def write(context: RequestContext) -> Response:
    """One more, into the folder of the settings; the page comes when it is whole."""
    settings = context.services.settings
    try:
        write_backup(settings, context.store, backup_target(settings), context.user)
    finally:
        context.services.backup.forget()
    return context.redirect("/backups")


def download(context: RequestContext) -> Response:
    """One backup as a tar file, which unpacked is what `refpad restore` takes."""
    chosen = next((backup for backup in _own(context) if backup.name == context.path["backup"]), None)
    if chosen is None:
        raise NotFoundError
    audit.write(context.store, context.user, "download", "record", {"backup": chosen.name})
    headers = {"Content-Disposition": attachment(f"refpad-{chosen.name}.tar")}
    return StreamingResponse(archive(chosen), media_type="application/x-tar", headers=headers)


def _own(context: RequestContext) -> list[Backup]:
    """Those of this record: the folder may hold another studio's, whose patients are nobody's business here."""
    anchor = context.store.anchor
    return backups_of_record(backup_target(context.services.settings), anchor.installation if anchor else None)
