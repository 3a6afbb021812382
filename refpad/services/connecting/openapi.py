"""The description of the API, made of the values that it answers with (OpenAPI 3.1)."""

import json
from typing import Any

from pydantic.json_schema import models_json_schema

from refpad import __version__
from schemas.api import ApiProblem, ChangePage, ExportedFollowUps, ExportedReferrals
from schemas.base import Value
from schemas.changes import START
from schemas.export import ExportedFollowUp, ExportedReferral

API = "/api/v1"
ANSWERS: tuple[tuple[str, str, type[Value], tuple[str, ...]], ...] = (
    ("/referrals", "Referrals by number, a page at a time", ExportedReferrals, ("after", "limit")),
    ("/referrals/{referral}", "One referral", ExportedReferral, ("referral",)),
    ("/follow-ups", "Follow-ups by number, a page at a time", ExportedFollowUps, ("after", "limit")),
    ("/follow-ups/{follow_up}", "One follow-up", ExportedFollowUp, ("follow_up",)),
    ("/changes", "What changed behind a cursor, oldest first", ChangePage, ("since", "limit")),
)
PARAMETERS = {
    "after": "The last number of the page before.",
    "limit": "How many at most, 1 to 200.",
    "referral": "The referral's number.",
    "follow_up": "The follow-up's number.",
    "since": f"A cursor of an earlier answer, or {START} for all.",
}
REFUSALS = {
    "400": "A parameter is wrong, or the record does not know the cursor",
    "401": "There is no token, or it does not work",
    "403": "The token does not open this",
    "404": "There is nothing under this number",
    "429": "Too many requests, or too many wrong tokens; the header Retry-After says after how many seconds to go on",
    "503": "The record does not answer just now",
}


def is_address(path: str) -> bool:
    """Whether a program asks at `path`, if there is anything or not: it is answered in JSON."""
    return f"{path}/".startswith(f"{API}/")


def openapi_json(server: str) -> str:
    """The document, for the front desk at `server`."""
    models = [(model, "validation") for _, _, model, _ in ANSWERS] + [(ApiProblem, "validation")]
    _, schemas = models_json_schema(models, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    document = {
        "openapi": "3.1.0",
        "info": {"title": "refpad", "version": __version__, "description": "Reads the record; changes nothing."},
        "servers": [{"url": server}],
        "security": [{"token": []}],
        "paths": {
            **{f"{API}{path}": {"get": _get(title, model, names)} for path, title, model, names in ANSWERS},
            f"{API}/metrics": {"get": _metrics()},
        },
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }
    return json.dumps(document, ensure_ascii=True)


def _get(title: str, model: type[Value], names: tuple[str, ...]) -> dict[str, Any]:
    refused = {status: {"description": why, "content": _content(ApiProblem)} for status, why in REFUSALS.items()}
    return {
        "summary": title,
        "parameters": [_parameter(name) for name in names],
        "responses": {"200": {"description": title, "content": _content(model)}, **refused},
    }


def _metrics() -> dict[str, Any]:
    title = "How the work goes, for Prometheus"
    refused = {status: {"description": why, "content": _content(ApiProblem)} for status, why in REFUSALS.items()}
    content = {"text/plain": {"schema": {"type": "string"}}}
    return {"summary": title, "responses": {"200": {"description": title, "content": content}, **refused}}


def _parameter(name: str) -> dict[str, Any]:
    in_path = name in ("referral", "follow_up")
    kind = {"type": "string"} if name == "since" else {"type": "integer"}
    place = {"in": "path", "required": True} if in_path else {"in": "query", "required": False}
    return {"name": name, **place, "description": PARAMETERS[name], "schema": kind}


def _content(model: type[Value]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}
