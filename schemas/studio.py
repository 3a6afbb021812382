"""Who the slips come back to: the studio, as printed on the pad and in letters."""

from pydantic import Field

from schemas.base import Value
from schemas.setting_types import SettingPath


class Studio(Value):
    """The specialist's name and contact. `logo` is a PNG or JPEG file, or None.

    The defaults are an invented studio, for practice: nothing that others read may carry them.
    """

    name: str = Field(default="Harbor Medical Exercise", min_length=1, max_length=60)
    specialist: str = Field(default="Jordan Ellery, MES", max_length=60)
    phone: str = Field(default="(212) 555-0142", max_length=30)
    fax: str = Field(default="(212) 555-0143", max_length=30)
    email: str = Field(default="frontdesk@harbor-mes.example", max_length=80)
    address: str = Field(default="12 Sample Street, Anytown, NY", max_length=120)
    logo: SettingPath | None = None

    @property
    def invented(self) -> tuple[str, ...]:
        """The fields that are still those of the invented studio."""
        return tuple(
            name
            for name, field in type(self).model_fields.items()
            if field.default and getattr(self, name) == field.default
        )
