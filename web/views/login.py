"""Signing in and out, and the one-time links by which passwords are set."""

from datetime import timedelta

from starlette.responses import Response

from schemas.errors import UsageError
from store.users import sessions, users
from web.context import RequestContext
from web.security import COOKIE

SESSION_S = int(sessions.SESSION_MOST / timedelta(seconds=1))


def form(context: RequestContext) -> Response:
    """Where one signs in."""
    return context.render("login.html", wrong=False)


def sign_in(context: RequestContext) -> Response:
    """Check name and password; the same words for every failure."""
    name = context.form("name").lower()
    sessions.must_not_be_locked(context.store, name)
    password_hash = users.password_hash(context.store, name)
    if not context.services.tools.passwords.match(password_hash, context.raw.get("password", "")):
        sessions.note_failure(context.store, name)
        return context.render("login.html", 401, wrong=True)
    return _start_session(context, name)


def sign_out(context: RequestContext) -> Response:
    """End this session; what is on the screen goes with it."""
    answer = context.redirect("/login")
    sessions.close_session(context.store, context.token)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


def stay(context: RequestContext) -> Response:
    """Somebody answered that they are still there."""
    return Response(status_code=204)


def link(context: RequestContext) -> Response:
    """What a one-time link opens: a form for a password."""
    invitation = users.find_invitation(context.store, context.path["word"])
    return context.render("first.html", invitation=invitation, word=context.path["word"], problem="")


def redeem(context: RequestContext) -> Response:
    """Set the password, once, and sign in."""
    word, name = context.path["word"], context.form("name").lower()
    invitation = users.find_invitation(context.store, word)
    try:
        if context.raw.get("password") != context.raw.get("again"):
            raise UsageError("The two passwords are not the same.")
        password_hash = context.services.tools.passwords.hash(context.raw.get("password", ""))
        user = users.redeem(context.store, word, invitation.name or name, password_hash)
    except users.NoSuchLinkError:
        raise
    except UsageError as error:
        return context.render("first.html", 400, invitation=invitation, word=word, problem=str(error))
    return _start_session(context, user.name)


def _start_session(context: RequestContext, name: str) -> Response:
    answer = context.redirect("/")
    answer.set_cookie(
        COOKIE,
        sessions.open_session(context.store, name),
        max_age=SESSION_S,
        httponly=True,
        samesite="strict",
        secure=context.services.settings.front_desk.origin is not None,
    )
    return answer


def me(context: RequestContext) -> Response:
    """Who is signed in, with a form for another password."""
    return context.render("me.html", problem="")


def change(context: RequestContext) -> Response:
    """Another password for oneself; every other session ends, and one signs in anew."""
    password_hash = users.password_hash(context.store, context.user)
    passwords = context.services.tools.passwords
    sessions.must_not_be_locked(context.store, context.user)
    try:
        if not passwords.match(password_hash, context.raw.get("old", "")):
            sessions.note_failure(context.store, context.user)
            raise UsageError("The current password is wrong.")
        if context.raw.get("password") != context.raw.get("again"):
            raise UsageError("The two new passwords are not the same.")
        users.change_password(context.store, context.user, passwords.hash(context.raw.get("password", "")))
    except UsageError as error:
        return context.render("me.html", 400, problem=str(error))
    return context.redirect("/login")
