"""Signing in and out, and the one-time links by which passwords are set."""

from datetime import timedelta

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from schemas.errors import UsageError
from schemas.users import Role
from store.users import devices, sessions, users
from web.context import RequestContext
from web.security import DEVICE_COOKIE, SESSION_COOKIE, cookie_name

SESSION_S = int(sessions.SESSION_MOST / timedelta(seconds=1))
DEVICE_S = int(devices.KEPT_FOR / timedelta(seconds=1))


def form(context: RequestContext) -> Response:
    """Where one signs in."""
    return context.render("login.html", wrong=False)


async def sign_in(context: RequestContext) -> Response:
    """Check name and password in their turn; the same words and the same wait for every failure."""
    name, logins = context.form("name").lower(), context.services.tools.logins
    is_known = await run_in_threadpool(devices.is_device_of, context.store, context.device, name)
    device = context.device if is_known else None
    await logins.wait_for_turn(name, context.address, device)
    password_hash = await run_in_threadpool(users.password_hash, context.store, name)
    if not await context.services.tools.passwords.match_in_turn(password_hash, context.raw.get("password", "")):
        await run_in_threadpool(sessions.note_failure, context.store, name)
        return await run_in_threadpool(context.render, "login.html", 401, wrong=True)
    logins.forget(name, context.address, device)
    return await run_in_threadpool(start_session, context, name)


def sign_out(context: RequestContext) -> Response:
    """End this session; what is on the screen goes with it."""
    answer = context.redirect("/login")
    sessions.close_session(context.store, context.token)
    name = cookie_name(SESSION_COOKIE, context.store)
    answer.delete_cookie(name, httponly=True, samesite="strict", secure=context.is_encrypted)
    return answer


def stay(context: RequestContext) -> Response:
    """Somebody answered that they are still there."""
    return Response(status_code=204)


def link(context: RequestContext) -> Response:
    """What a one-time link opens: a form for a password."""
    invitation = users.find_invitation(context.store, context.path["word"])
    return context.render("first.html", invitation=invitation, word=context.path["word"], problem="")


async def redeem(context: RequestContext) -> Response:
    """Set the password, once, and sign in."""
    word, name = context.path["word"], context.form("name").lower()
    invitation = await run_in_threadpool(users.find_invitation, context.store, word)
    try:
        if context.raw.get("password") != context.raw.get("again"):
            raise UsageError("The two passwords are not the same.")
        user_name, password = invitation.name or name, context.raw.get("password", "")
        password_hash = await context.services.tools.passwords.hash_in_turn(password, _known_of(context, user_name))
        user = await run_in_threadpool(users.redeem, context.store, word, user_name, password_hash)
    except users.NoSuchLinkError:
        raise
    except UsageError as error:
        values = {"invitation": invitation, "word": word, "problem": error.on_page}
        return await run_in_threadpool(context.render, "first.html", 400, **values)
    return await run_in_threadpool(start_session, context, user.name)


def _known_of(context: RequestContext, user_name: str) -> tuple[str, ...]:
    """What others know of a user: no password is made of it."""
    studio = context.services.settings.studio
    return user_name, studio.name, studio.specialist, "refpad"


def start_session(context: RequestContext, name: str) -> Response:
    """Sign in a user who has shown who they are."""
    token = sessions.open_session(context.store, name)
    answer = context.redirect(_first_page(context, token))
    _set_cookie(context, answer, SESSION_COOKIE, token, SESSION_S)
    if not devices.is_device_of(context.store, context.device, name):
        _set_cookie(context, answer, DEVICE_COOKIE, devices.add_device(context.store, name), DEVICE_S)
    return answer


def _first_page(context: RequestContext, token: str) -> str:
    """Where one begins: an admin of a studio that is not set up, with that."""
    settings = context.services.settings
    if settings.practice or settings.studio_problem is None:
        return "/"
    session = sessions.find_session(context.store, token, timedelta(minutes=1), touch=False)
    return "/setup/studio" if session is not None and session.role is Role.ADMIN else "/"


def _set_cookie(context: RequestContext, answer: Response, kind: str, token: str, age_s: int) -> None:
    name, secure = cookie_name(kind, context.store), context.is_encrypted
    answer.set_cookie(name, token, max_age=age_s, httponly=True, samesite="strict", secure=secure)


def me(context: RequestContext) -> Response:
    """Who is signed in, with a form for another password."""
    return context.render("me.html", problem="")


async def change(context: RequestContext) -> Response:
    """Another password for oneself; every other session ends, and one signs in anew."""
    passwords, logins = context.services.tools.passwords, context.services.tools.logins
    await logins.wait_for_turn(context.user, context.address, context.token)
    password_hash = await run_in_threadpool(users.password_hash, context.store, context.user)
    try:
        if not await passwords.match_in_turn(password_hash, context.raw.get("old", "")):
            await run_in_threadpool(sessions.note_failure, context.store, context.user)
            raise UsageError("The current password is wrong.")
        if context.raw.get("password") != context.raw.get("again"):
            raise UsageError("The two new passwords are not the same.")
        new_hash = await passwords.hash_in_turn(context.raw.get("password", ""), _known_of(context, context.user))
        await run_in_threadpool(users.change_password, context.store, context.user, new_hash)
    except UsageError as error:
        return await run_in_threadpool(context.render, "me.html", 400, problem=error.on_page)
    return context.redirect("/login")
