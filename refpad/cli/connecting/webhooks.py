"""`refpad webhooks`: addresses of other programs that are told of what happens."""

from contextlib import closing
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from refpad.cli.console import print_json, results, say
from refpad.settings import Settings
from schemas.exit_codes import ExitCode
from schemas.text import counted
from schemas.webhook import WebhookContent, WebhookEvent

app = typer.Typer(help="Webhooks: other programs are told of what happens, by themselves.", no_args_is_help=True)

Number = Annotated[int, typer.Argument(help="The webhook's number, as `refpad webhooks list` shows it.")]
Message = Annotated[int, typer.Argument(help="The message's number, as `refpad webhooks messages` shows it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("add")
def add(
    url: Annotated[str, typer.Argument(help="https://..., or http://127.0.0.1:... on this computer.")],
    event: Annotated[list[WebhookEvent], typer.Option(help="What it is told of; may be given several times.")],
    content: Annotated[
        WebhookContent, typer.Option(help="numbers, or records: with patients' names and telephone numbers.")
    ] = WebhookContent.NUMBERS,
    in_local_network: Annotated[
        bool, typer.Option("--local-network", help="It may lead into the studio's own network.")
    ] = False,
) -> None:
    """Enter an address and print the secret with which its messages are signed; it is not shown again."""
    from refpad.services.webhooks.entering import enter_webhook
    from refpad.services.wiring import open_record, whoever

    with closing(open_record(Settings())) as store:
        secret = enter_webhook(store, url, event, whoever(), content, in_local_network=in_local_network)
    results.print(secret, markup=False, soft_wrap=True)
    say("`refpad up` tells it of what happens from now on; docs/connecting.md says how its program checks a message.")


@app.command("list")
def list_all(as_json: AsJson = False) -> None:
    """List the webhooks, and how each fares."""
    from refpad.services.wiring import open_record
    from store.webhooks.webhooks import webhooks

    with closing(open_record(Settings())) as store:
        found = webhooks(store)
    if as_json:
        print_json([one.model_dump(mode="json") for one in found])
        return
    table = Table("webhook", "address", "told of", "content", "waiting", "state")
    for one in found:
        state = "disabled" if one.disabled_at else "tried again later" if one.failing_since else "well"
        told = f"{state}: {one.problem}" if one.problem else state
        table.add_row(str(one.id), escape(one.url), ", ".join(one.events), one.content, str(one.waiting), told)
    results.print(table)


@app.command("messages")
def messages(webhook: Number, as_json: AsJson = False) -> None:
    """List the newest messages of a webhook."""
    from refpad.services.wiring import open_record
    from store.webhooks.messages import messages_of
    from store.webhooks.webhooks import find_webhook

    with closing(open_record(Settings())) as store:
        find_webhook(store, webhook)
        found = messages_of(store, webhook)
    if as_json:
        print_json([message.model_dump(mode="json") for message in found])
        return
    table = Table("message", "id", "event", "number", "state", "tries")
    for one in found:
        table.add_row(str(one.id), one.message_id, one.event, str(one.number), one.state, str(one.attempts))
    results.print(table)


@app.command("again")
def again(webhook: Number, message: Message) -> None:
    """Send a message once more, under the number that it had."""
    from refpad.services.wiring import open_record, whoever
    from store.webhooks.messages import send_again

    with closing(open_record(Settings())) as store:
        send_again(store, webhook, message, whoever())
    say(f"Message {message} waits to be sent again.")


@app.command("skip")
def skip(webhook: Number, message: Message) -> None:
    """Leave out a message that its program does not take, so that those behind it go."""
    from refpad.services.wiring import open_record, whoever
    from store.webhooks.messages import skip_message

    with closing(open_record(Settings())) as store:
        skip_message(store, webhook, message, whoever())
    say(f"Message {message} is left out; `refpad webhooks again` sends it all the same.")


@app.command("enable")
def enable(webhook: Number) -> None:
    """Send what waits, at once, whatever went wrong before."""
    from refpad.services.wiring import open_record, whoever
    from store.webhooks.webhooks import enable_webhook

    with closing(open_record(Settings())) as store:
        enable_webhook(store, webhook, whoever())
    say(f"Webhook {webhook} is enabled.")


@app.command("rotate")
def rotate(webhook: Number) -> None:
    """Print a new secret; for a day messages are signed with the one of before as well."""
    from refpad.services.wiring import open_record, whoever
    from store.webhooks.webhooks import OLD_SECRET_HOURS, rotate_secret

    with closing(open_record(Settings())) as store:
        secret = rotate_secret(store, webhook, whoever())
    results.print(secret, markup=False, soft_wrap=True)
    say(f"Give it to the program within {OLD_SECRET_HOURS} hours: so long the old one counts as well.")


@app.command("remove")
def remove(webhook: Number) -> None:
    """End a webhook at once; what waits for it is not sent."""
    from refpad.services.wiring import open_record, whoever
    from store.webhooks.webhooks import remove_webhook

    with closing(open_record(Settings())) as store:
        remove_webhook(store, webhook, whoever())
    say(f"Webhook {webhook} is told of nothing any more.")


@app.command("deliver")
def deliver(as_json: AsJson = False) -> None:
    """Send at once what waits; `refpad up` does it by itself every few seconds.

    Exit code 0: all that was to be sent now was. 1: a webhook did not take it, and is tried again later or is disabled.
    """
    from refpad.services.webhooks.deliver import deliver as deliver_all
    from refpad.services.wiring import open_record
    from store.webhooks.webhooks import webhooks
    from store.workers.workers import register_worker

    settings = Settings()
    with closing(open_record(settings)) as store, register_worker(store) as worker:
        done = deliver_all(store, settings, worker)
        waiting = sum(one.waiting for one in webhooks(store))
    if as_json:
        print_json(done.model_dump())
    else:
        say(f"{counted(done.delivered, 'message')} delivered, {done.later} later, {done.disabled} disabled.")
    if waiting:
        why = "`refpad webhooks list` says why, `refpad webhooks enable NUMBER` has them sent now"
        say(f"{counted(waiting, 'message')} not sent yet: {why}.")
    if done.later or done.disabled:
        raise typer.Exit(ExitCode.PERSON_NEEDED)
