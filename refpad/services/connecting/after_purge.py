"""What was exported before referrals went, made anew of what is on record now."""

from pathlib import Path

from refpad.services.connecting.lines import export_jsonl, export_parquet
from refpad.settings import Settings
from schemas.errors import UsageError
from schemas.export import Exported
from store import files
from store.database import Store
from store.referrals.exported import view_referrals

FHIR_FOLDER = "fhir"
BUNDLE = "referral-{}.json"


def renew_exports(store: Store, settings: Settings) -> tuple[str, ...]:
    """Write anew the JSON Lines and Parquet that are there, and remove the bundles of referrals that are gone.

    Parquet that cannot be written here, without pyarrow, is removed. Returns the names of what was touched.
    """
    touched = []
    for what in Exported:
        lines, table = (settings.exports / f"{what.value}.{suffix}" for suffix in ("jsonl", "parquet"))
        if lines.exists():
            export_jsonl(store, settings, what, lines)
            touched.append(lines.name)
        if table.exists():
            _renew_table(store, settings, what, table)
            touched.append(table.name)
    return (*touched, *remove_gone_bundles(store, settings))


def remove_gone_bundles(store: Store, settings: Settings) -> list[str]:
    """Remove the bundles in refpad's own folder of referrals that are gone, purged or withdrawn; their names."""
    bundles = settings.exports / FHIR_FOLDER
    found = sorted(bundles.glob(BUNDLE.format("*")))
    if not found:
        return []
    with view_referrals(store) as view:
        kept = {BUNDLE.format(row.referral_id) for row in view.all()}
    gone = [path for path in found if path.name not in kept]
    for path in gone:
        files.remove(path)
    return [f"{FHIR_FOLDER}/{path.name}" for path in gone]


def _renew_table(store: Store, settings: Settings, what: Exported, path: Path) -> None:
    try:
        export_parquet(store, settings, what, path)
    except UsageError:
        files.remove(path)
