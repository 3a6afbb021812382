"""The studio's settings, for admins: step by step after the first sign-in, and all on one page from then on."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from refpad.services.letters.trial_mail import send_trial_mail
from refpad.services.saved_settings import (
    LOGO_BYTES_MOST,
    SettingError,
    remove_logo,
    save,
    save_logo,
    value_of,
)
from refpad.services.setting_fields import Section, SettingField, find_section, sections
from refpad.settings import fixed_settings
from schemas.errors import UsageError
from web.context import RequestContext
from web.errors import NotFoundError
from web.services.lan_card import lan_card


@dataclass(frozen=True)
class _Shown:
    """A field as the page shows it: `typed` has what stands in it, `fixed` where it is set if no page can change it.

    In practice all are `is_locked`.
    """

    field: SettingField
    typed: tuple[str, ...]
    fixed: str = ""
    problem: str = ""
    is_kept: bool = False
    is_locked: bool = False


def show(context: RequestContext) -> Response:
    """All settings, by section."""
    cards = [(section, _shown(context, section)) for section in sections()]
    saved = find_section(context.query.get("saved", ""))
    return _render(context, 200, cards, saved)


def step(context: RequestContext) -> Response:
    """One section of the set-up."""
    return _step(context, _section(context), {})


def change(context: RequestContext) -> Response:
    """Save a section; what cannot be taken is said beside its field, and nothing typed is lost."""
    section = _section(context)
    if section.key == "logo":
        remove_logo(context.store, context.services.settings, context.user)
    else:
        fixed = fixed_settings(context.services.settings)
        given = {field.name: _given(context, field) for field in section.fields if field.name not in fixed}
        try:
            save(context.store, context.services.settings, given, context.user)
        except SettingError as error:
            return _again(context, section, given, error.problems)
    if context.form("setup"):
        wants_trial = section.key == "mail" and bool(context.form("delivery.smtp_host"))
        return context.redirect("/setup/mail?saved=mail" if wants_trial else _after(section.key))
    return context.redirect(f"/settings?saved={section.key}#{section.key}")


async def upload_logo(context: RequestContext, _name: str, content: AsyncIterator[bytes]) -> Response:
    """Keep a picture as the studio's logo."""
    picture = bytearray()
    async for chunk in content:
        picture += chunk
        if len(picture) > LOGO_BYTES_MOST:
            break  # the service says how large one may be
    await run_in_threadpool(save_logo, context.store, context.services.settings, bytes(picture), context.user)
    return Response(status_code=201)


def logo(context: RequestContext) -> Response:
    """The logo as it is printed."""
    path = context.services.settings.studio.logo
    if path is None or not path.is_file():
        raise NotFoundError("There is no logo.")
    return Response(path.read_bytes(), media_type="image/png" if path.suffix == ".png" else "image/jpeg")


def test_mail(context: RequestContext) -> Response:
    """Send a letter without any patient, to see whether the mail server takes it."""
    in_setup = bool(context.form("setup"))
    values = {"to": context.form("to"), "in_setup": in_setup, "later": _after("mail") if in_setup else ""}
    try:
        send_trial_mail(context.store, context.services.settings, context.form("to"), context.user)
    except UsageError as error:
        return context.render("test_mail.html", 400, problem=error.on_page, **values)
    return context.render("test_mail.html", problem="", **values)


def _section(context: RequestContext) -> Section:
    section = find_section(context.path["section"])
    if section is None:
        raise NotFoundError
    return section


def _given(context: RequestContext, field: SettingField) -> list[str]:
    """What was typed; a password as it is, all else cleaned to one line."""
    return [context.raw.get(field.name, "")] if field.is_secret else context.form_values(field.name)


def _shown(context: RequestContext, section: Section) -> list[_Shown]:
    settings = context.services.settings
    fixed = fixed_settings(settings)
    invented = {f"studio.{name}" for name in settings.studio.invented}
    return [
        _Shown(
            field=field,
            typed=() if field.is_secret or field.name in invented else _typed(value_of(settings, field.name)),
            fixed=fixed.get(field.name, ""),
            is_kept=field.is_secret and value_of(settings, field.name) is not None,
            is_locked=bool(fixed.get(field.name)) or settings.practice,
        )
        for field in section.fields
    ]


def _typed(value: object) -> tuple[str, ...]:
    """A value as a field of the form shows it."""
    if isinstance(value, tuple):
        return tuple(map(str, value))
    if isinstance(value, float) and value.is_integer():
        return (str(int(value)),)
    return () if value is None else (str(value),)


def _again(
    context: RequestContext, section: Section, given: Mapping[str, list[str]], problems: Mapping[str, str]
) -> Response:
    """The form once more, with what was typed and what is wrong with it."""
    fields = [
        _Shown(
            shown.field,
            () if shown.field.is_secret else tuple(given.get(shown.field.name, shown.typed)),
            shown.fixed,
            problems.get(shown.field.name, ""),
            shown.is_kept,
            shown.is_locked,
        )
        for shown in _shown(context, section)
    ]
    if context.form("setup"):
        return _step(context, section, {"fields": fields, "problems": problems})
    cards = [(other, fields if other is section else _shown(context, other)) for other in sections()]
    return _render(context, 400, cards, None)


def _render(
    context: RequestContext, status: int, cards: Sequence[tuple[Section, list[_Shown]]], saved: Section | None
) -> Response:
    values = {"cards": cards, "saved": saved, "mail_address": _mail_address(context)}
    return context.render("settings.html", status, **values, lan=lan_card(context.services.settings))


def _step(context: RequestContext, section: Section, wrong: Mapping[str, object]) -> Response:
    fields = wrong.get("fields") or _shown(context, section)
    status = 400 if wrong else 200
    steps = [one for one in sections() if one.in_setup]
    saved = not wrong and context.query.get("saved") == section.key
    values = {"section": section, "fields": fields, "steps": steps, "number": steps.index(section) + 1, "saved": saved}
    return context.render(
        "setup.html", status, **values, later=_after(section.key), mail_address=_mail_address(context)
    )


def _mail_address(context: RequestContext) -> str:
    """Where a test letter goes as a rule: to the studio itself."""
    studio = context.services.settings.studio
    return "" if "email" in studio.invented else studio.email


def _after(key: str) -> str:
    """Where the set-up goes on after that step: at its end, with the day's work."""
    keys = [section.key for section in sections() if section.in_setup]
    later = keys[keys.index(key) + 1 :]
    return f"/setup/{later[0]}" if later else "/"
