"""The settings of a measure: a record, files and state in a folder of its own, whatever the user's settings name."""

from pathlib import Path

from refpad.settings import Settings


def own_settings(folder: Path, **others: object) -> Settings:
    """Settings, with valid `others`, whose record and files lie in `folder` and whose letters go to nobody.

    A database or bucket that the environment or refpad.toml names is left alone: an invented referral in a real record
    would be a patient who does not exist.
    """
    return Settings(
        folder=folder / "data",
        state_folder=folder / "state",
        practice=True,
        database_url=None,
        files=None,
        prefect_url=None,
        prefect_database_url=None,
    ).model_copy(update=others)
