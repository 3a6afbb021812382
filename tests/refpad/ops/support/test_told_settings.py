"""Settings are told without a word that somebody typed."""

from pathlib import Path

from pydantic import SecretStr

from refpad.ops.support.told_settings import told_settings
from refpad.settings import Settings
from schemas.letter_delivery import Delivery
from schemas.studio import Studio


def test_figures_and_choices_are_told_and_of_texts_only_whether_they_are_set(tmp_path: Path) -> None:
    """A developer needs the figures; who the studio is, where it keeps things and its passwords nobody needs."""
    settings = Settings(
        folder=tmp_path / "quillfeather",
        database_url=SecretStr("postgresql://quillfeather:secret@db.example/refpad"),
        studio=Studio(name="Quillfeather Exercise"),
        delivery=Delivery(smtp_host="mail.quillfeather.example", smtp_password=SecretStr("quillfeather")),
        time_zone="America/Chicago",
        readers=3,
    )
    told = told_settings(settings)
    assert "quillfeather" not in str(told).lower()
    assert "secret" not in str(told)
    assert {told[name] for name in ("folder", "database_url", "studio.name", "delivery.smtp_password")} == {"set"}
    assert (told["readers"], told["time_zone"], told["studio.fax"]) == (3, "America/Chicago", "as shipped")
    assert told["policy.typed_signature"] == "ask"
    assert told["follow_ups.working_days"] == ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]


def test_nothing_set_is_told_as_such() -> None:
    """Whether a setting is as it was shipped is half of every answer."""
    told = told_settings(Settings.model_construct())
    assert (told["files"], told["studio.name"], told["text_model"]) == ("not set", "as shipped", "both")
