"""The schemas that `refpad schema` prints."""

import json

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from refpad.cli import app
from refpad.services.connecting.json_schemas import Described
from tests.schemas.entries import assessment, discharge, progress

ENTRIES = {Described.ASSESSMENT: assessment(), Described.PROGRESS: progress(), Described.DISCHARGE: discharge()}


@pytest.mark.parametrize("what", list(Described))
def test_each_is_a_schema_and_refuses_what_is_not_its_own(what: Described) -> None:
    """Printed as one line of JSON; a stranger's field is refused, an entry's own form is taken."""
    schema = json.loads(CliRunner().invoke(app, ["schema", what.value], catch_exceptions=False).stdout)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    assert not validator.is_valid({"stranger": 1})
    if what in ENTRIES:
        validator.validate(json.loads(json.dumps(ENTRIES[what], default=str)))
