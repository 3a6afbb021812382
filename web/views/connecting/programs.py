"""Other programs, for admins: tokens with which they read the record, and webhooks by which they are told of it."""

from starlette.responses import Response

from refpad.services.webhooks.entering import enter_webhook
from schemas.api import Scope
from schemas.errors import UsageError
from schemas.webhook import WebhookContent, WebhookEvent
from store.users import api_tokens
from store.webhooks import messages, webhooks
from web.context import RequestContext

MESSAGES_SHOWN = 5
NUMBER_DIGITS_MOST = 9  # fits the databases' 32-bit keys


def show(context: RequestContext) -> Response:
    """The tokens that work."""
    return _page(context)


def add(context: RequestContext) -> Response:
    """Make a token; the page shows it, once."""
    chosen = context.form_values("scope")
    if not set(chosen) <= set(Scope):
        raise UsageError(f"A token opens {', '.join(Scope)}, or several.")
    try:
        made = api_tokens.add_token(context.store, context.form("name"), [Scope(one) for one in chosen], context.user)
    except UsageError as error:
        return _page(context, 400, problem=str(error))
    return _page(context, made=made)


def revoke(context: RequestContext) -> Response:
    """End a token."""
    api_tokens.revoke_token(context.store, context.path_number("number"), context.user)
    return context.redirect("/programs")


def add_webhook(context: RequestContext) -> Response:
    """Enter an address; the page shows its secret, once."""
    try:
        events = [WebhookEvent(one) for one in context.form_values("event")]
        content = WebhookContent(context.form("content") or WebhookContent.NUMBERS)
    except ValueError:
        raise UsageError(f"A webhook is told of {', '.join(WebhookEvent)}, in {' or '.join(WebhookContent)}.") from None
    is_local = bool(context.form("local"))
    try:
        secret = enter_webhook(
            context.store, context.form("url"), events, context.user, content, in_local_network=is_local
        )
    except UsageError as error:
        return _page(context, 400, webhook_problem=error.on_page)
    return _page(context, secret=secret)


def change_webhook(context: RequestContext) -> Response:
    """Send what waits, or a message once more, leave one out, make another secret, or remove the webhook."""
    store, number, act, who = context.store, context.path_number("number"), context.form("act"), context.user
    if act == "rotate":
        return _page(context, secret=webhooks.rotate_secret(store, number, who))
    if act == "enable":
        webhooks.enable_webhook(store, number, who)
    elif act == "remove":
        webhooks.remove_webhook(store, number, who)
    elif act in ("again", "skip"):
        settle = messages.send_again if act == "again" else messages.skip_message
        settle(store, number, _message(context), who)
    else:
        raise UsageError("A webhook is enabled, removed or given another secret, a message sent again or skipped.")
    return context.redirect("/programs")


def _message(context: RequestContext) -> int:
    text = context.form("message")
    if not (text.isascii() and text.isdigit() and len(text) <= NUMBER_DIGITS_MOST):
        raise UsageError("A message has a number.")
    return int(text)


def _page(
    context: RequestContext,
    status: int = 200,
    made: str = "",
    problem: str = "",
    secret: str = "",
    webhook_problem: str = "",
) -> Response:
    hooks = webhooks.webhooks(context.store)
    return context.render(
        "programs.html",
        status,
        tokens=api_tokens.tokens(context.store),
        made=made,
        problem=problem,
        scopes=list(Scope),
        webhooks=[(hook, messages.messages_of(context.store, hook.id, MESSAGES_SHOWN)) for hook in hooks],
        secret=secret,
        webhook_problem=webhook_problem,
        events=list(WebhookEvent),
        old_secret_hours=webhooks.OLD_SECRET_HOURS,
    )
