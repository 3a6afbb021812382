"""Signing in and out, and the one-time links by which passwords are set."""

from datetime import timedelta

from starlette.responses import Response

from schemas.errors import UsageError
from store.users import sessions, users
from web.context import Visit
from web.security import COOKIE

SESSION_S = int(sessions.SESSION_MOST / timedelta(seconds=1))


def form(visit: Visit) -> Response:
    """Where one signs in."""
    return visit.page("login.html", wrong=False)


def sign_in(visit: Visit) -> Response:
    """Check name and password; the same words for every failure."""
    name = visit.said("name").lower()
    sessions.must_not_be_locked(visit.store, name)
    kept = users.password_hash(visit.store, name)
    if not visit.desk.tools.passwords.match(kept, visit.raw.get("password", "")):
        sessions.note_failure(visit.store, name)
        return visit.page("login.html", 401, wrong=True)
    return _signed_in(visit, name)


def sign_out(visit: Visit) -> Response:
    """End this session; what is on the screen goes with it."""
    answer = visit.to("/login")
    sessions.close_session(visit.store, visit.token)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


def stay(visit: Visit) -> Response:
    """Somebody answered that they are still there."""
    return Response(status_code=204)


def link(visit: Visit) -> Response:
    """What a one-time link opens: a form for a password."""
    told = users.invited(visit.store, visit.path["word"])
    return visit.page("first.html", told=told, word=visit.path["word"], problem="")


def redeem(visit: Visit) -> Response:
    """Set the password, once, and sign in."""
    word, name = visit.path["word"], visit.said("name").lower()
    told = users.invited(visit.store, word)
    try:
        if visit.raw.get("password") != visit.raw.get("again"):
            raise UsageError("The two passwords are not the same.")
        kept = visit.desk.tools.passwords.hashed(visit.raw.get("password", ""))
        user = users.redeem(visit.store, word, told.name or name, kept)
    except users.NoSuchLinkError:
        raise
    except UsageError as error:
        return visit.page("first.html", 400, told=told, word=word, problem=str(error))
    return _signed_in(visit, user.name)


def _signed_in(visit: Visit, name: str) -> Response:
    answer = visit.to("/")
    answer.set_cookie(
        COOKIE,
        sessions.open_session(visit.store, name),
        max_age=SESSION_S,
        httponly=True,
        samesite="strict",
        secure=visit.desk.settings.front_desk.origin is not None,
    )
    return answer


def me(visit: Visit) -> Response:
    """Who is signed in, with a form for another password."""
    return visit.page("me.html", problem="")


def change(visit: Visit) -> Response:
    """Another password for oneself; every other session ends, and one signs in anew."""
    kept = users.password_hash(visit.store, visit.who)
    passwords = visit.desk.tools.passwords
    sessions.must_not_be_locked(visit.store, visit.who)
    try:
        if not passwords.match(kept, visit.raw.get("old", "")):
            sessions.note_failure(visit.store, visit.who)
            raise UsageError("The old password is another one.")
        if visit.raw.get("password") != visit.raw.get("again"):
            raise UsageError("The two new passwords are not the same.")
        users.change_password(visit.store, visit.who, passwords.hashed(visit.raw.get("password", "")))
    except UsageError as error:
        return visit.page("me.html", 400, problem=str(error))
    return visit.to("/login")
