"""Settings made on the front desk's pages or typed: checked, put on record, and saved in the data folder."""

import hashlib
import io
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError
from pydantic import BaseModel, SecretStr, ValidationError

from pads.catalog import load_all
from pads.print_pdf import print_slip
from refpad.services.setting_fields import SettingField, find_field
from refpad.services.setting_problems import KEPT_IN_PRACTICE, SUCH_AS, problems_of, studio_problems
from refpad.settings import SETTINGS_FILE, Settings, fixed_settings, read_saved
from schemas.atomic_write import replace_file
from schemas.backup import BackupSettings
from schemas.errors import MachineError, UsageError
from schemas.followup import FollowUpPolicy
from schemas.studio import Studio
from schemas.text import clean
from store import audit
from store.backup.writing import require_outside
from store.database import Store
from store.files import make_folder

LOGO_BYTES_MOST = 5_000_000
LOGO_PIXELS_MOST = 25_000_000  # a photo of a telephone has 12 to 20 million
LOGO_WIDTH_MOST_PX = 1200  # a logo is printed 40 mm wide at most: that is 760 dpi


class SettingError(UsageError):
    """A setting that cannot be taken; `problems` has a sentence for each field by its name."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(f"{find_field(name).label}: {problem}" for name, problem in problems.items()))
        self.problems = dict(problems)


def value_of(settings: Settings, name: str) -> Any:  # noqa: ANN401 - each setting has a type of its own
    """The value that holds now."""
    value: Any = settings
    for part in name.split("."):
        value = getattr(value, part)
    return value


def save(store: Store, settings: Settings, given: Mapping[str, Sequence[str]], who: str) -> list[str]:
    """Save settings as they were typed, by name, and put them on record; the names of those that changed.

    An empty password leaves the one that is kept. Raises SettingError, and UsageError for one that is set elsewhere.
    """
    _must_be_open(settings, given)
    fields = {name: find_field(name) for name in given}
    typed = {
        name: _typed(field, given[name]) for name, field in fields.items() if not _is_unchanged(field, given[name])
    }
    missing = {name: "Enter it." for name, value in typed.items() if fields[name].required and not value}
    if missing:
        raise SettingError(missing)
    values = _checked(settings, typed)
    changed = {name: value for name, value in values.items() if value != _plain(value_of(settings, name))}
    told = {name: "changed" if fields[name].is_secret else value for name, value in changed.items()}
    if changed:
        # First on record, then in force: a crash between leaves a line that others can see is not so.
        audit.write(store, who, "set", "settings", {"settings": told})
        _merge(settings.saved_file, values)
    return list(changed)


def save_logo(store: Store, settings: Settings, content: bytes, who: str) -> None:
    """Keep a picture as the studio's logo; raises UsageError when it is none."""
    _must_be_open(settings, {"studio.logo": ()})
    png = _as_png(content)
    name = f"logo-{hashlib.sha256(png).hexdigest()[:8]}.png"  # another name, so that no page shows the one of before
    with replace_file(settings.folder / name) as file:
        file.write(png)
    audit.write(store, who, "set", "settings", {"settings": {"studio.logo": name}})
    _merge(settings.saved_file, {"studio.logo": name})


def remove_logo(store: Store, settings: Settings, who: str) -> None:
    """Print no logo from now on."""
    _must_be_open(settings, {"studio.logo": ()})
    audit.write(store, who, "set", "settings", {"settings": {"studio.logo": None}})
    _merge(settings.saved_file, {"studio.logo": None})


def _must_be_open(settings: Settings, names: Mapping[str, object]) -> None:
    """Raises UsageError when a setting holds from elsewhere: saving it here would change nothing."""
    if settings.practice:
        raise UsageError(KEPT_IN_PRACTICE)
    fixed = fixed_settings(settings)
    for name in names:
        if name in fixed:
            raise UsageError(f"{name} is set in {fixed[name]}: change it there, or take it out there to set it here.")


def _is_unchanged(field: SettingField, typed: Sequence[str]) -> bool:
    return field.is_secret and not "".join(typed)


def _typed(field: SettingField, typed: Sequence[str]) -> Any:  # noqa: ANN401 - a model checks it
    """What was typed as the model takes it: a list for checks, None for an optional setting left empty."""
    if field.kind == "checks":
        return [value for value in typed if value]
    value = typed[-1] if typed else ""
    if not field.is_secret:
        value = str(clean(value))  # what is typed in a shell may hold line breaks, or blanks only
    return value if value or field.name.startswith("studio.") else None


def _checked(settings: Settings, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are saved, by name; raises SettingError."""
    groups: dict[str, dict[str, Any]] = {}
    values: dict[str, Any] = {}
    for name, value in typed.items():
        group, _, field = name.rpartition(".")
        if group:
            groups.setdefault(group, {})[field] = value
        else:
            values[name] = _zone(value)
    for group, fields in groups.items():
        model = _with(group, value_of(settings, group), fields)
        values |= {f"{group}.{field}": _plain(getattr(model, field)) for field in fields}
        if isinstance(model, Studio):
            if problems := studio_problems(fields, settings.policy.phone_region):
                raise SettingError(problems)
            _must_fit(settings, model)
        if isinstance(model, FollowUpPolicy):
            _must_know_holidays(model)
        if isinstance(model, BackupSettings):
            _must_take_backups(settings, model)
    _must_have_sender(settings, values)
    return values


def _zone(value: object) -> str:
    try:
        return Settings.zone_exists(str(value))
    except UsageError:
        raise SettingError({"time_zone": f"There is no such time zone: choose {SUCH_AS['time_zone']}."}) from None


def _must_know_holidays(policy: FollowUpPolicy) -> None:
    try:
        Settings.holidays_are_known(policy)
    except UsageError:
        problem = f"No public holidays of {policy.holidays} are known: choose {SUCH_AS['follow_ups.holidays']}."
        raise SettingError({"follow_ups.holidays": problem}) from None


def _with(group: str, now: BaseModel, fields: Mapping[str, Any]) -> BaseModel:
    try:
        return type(now).model_validate({**now.model_dump(), **fields})
    except ValidationError as error:
        raise SettingError(problems_of(group, type(now), error)) from None


def _must_fit(settings: Settings, studio: Studio) -> None:
    """Whoever prints pads later must not find then that the name is too long for one of them."""
    for design in load_all(settings.designs):
        try:
            if not design.adopted:
                print_slip(design, studio, None, io.BytesIO())
        except UsageError as error:
            raise SettingError({"studio.name": str(error)}) from None


def _must_take_backups(settings: Settings, backup: BackupSettings) -> None:
    """Asked while somebody sits there who can connect the disk: a backup that fails at night is seen by nobody."""
    if backup.folder is None or backup.folder == settings.backup.folder:
        return
    if problem := _backup_folder_problem(backup.folder, settings.shared):
        raise SettingError({"backup.folder": problem})


def _backup_folder_problem(folder: Path, data_folder: Path) -> str:
    """Why backups cannot be written into `folder`, in a sentence, or ""; it is made when it is not there.

    It must lie outside `data_folder`, with which it would be lost.
    """
    if not folder.is_absolute():
        return f"Write its whole path, from the first stroke: {SUCH_AS['backup.folder']}."
    try:
        require_outside(folder, data_folder)
        if not folder.parent.is_dir():
            return f"There is no folder {folder.parent}: connect the disk, or make the folder first."
        make_folder(folder)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"refpad")
            file.flush()
    except UsageError as error:
        return str(error)
    except (OSError, ValueError) as error:
        is_file = isinstance(error, FileExistsError | NotADirectoryError)
        why = "a file is in its place" if is_file else getattr(error, "strerror", None) or "it is no path"
        return f"refpad cannot write into {folder} ({why}): give it the right to, or choose another folder."
    return ""


def _must_have_sender(settings: Settings, values: Mapping[str, Any]) -> None:
    def now(name: str) -> object:
        return values.get(name, value_of(settings, name))

    if now("delivery.smtp_host") and not (now("delivery.sender") or now("studio.email")):
        place = "delivery.sender" if "delivery.sender" in values else "studio.email"
        raise SettingError({place: "Letters by email need a sender: enter an address here."})


def _plain(value: object) -> Any:  # noqa: ANN401 - what JSON takes
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, tuple):
        return [str(part) for part in value]
    return str(value) if isinstance(value, Path) else value


def _merge(path: Path, values: Mapping[str, Any]) -> None:
    """Write the settings that are saved with these among them; raises MachineError."""
    try:
        with replace_file(path) as file:  # alone among writers from here on
            saved = read_saved(path)
            for name, value in values.items():
                group, _, field = name.rpartition(".")
                place = saved.setdefault(group, {}) if group else saved
                place[field] = value
            file.write(json.dumps(saved, indent=2, ensure_ascii=False).encode() + b"\n")
    except OSError as error:
        why = error.strerror or "it does not answer"
        raise MachineError(f"{path} cannot be written ({why}): mend that, or set it in {SETTINGS_FILE}.") from None


def _as_png(content: bytes) -> bytes:
    """The picture as a PNG of its own pixels only, no wider than it is printed; raises UsageError."""
    if len(content) > LOGO_BYTES_MOST:
        raise UsageError(f"This logo is larger than {LOGO_BYTES_MOST / 1e6:.0f} MB: choose a smaller one.")
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > LOGO_PIXELS_MOST:
                raise UsageError(
                    f"This logo has more than {LOGO_PIXELS_MOST / 1e6:.0f} million pixels: choose a smaller one."
                )
            drawn = picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise UsageError("This is no PNG or JPEG picture that can be opened: choose another file.") from None
    drawn.thumbnail((LOGO_WIDTH_MOST_PX, LOGO_WIDTH_MOST_PX))
    png = io.BytesIO()
    drawn.save(png, "PNG")
    return png.getvalue()
