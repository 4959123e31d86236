"""Infobip's own OpenAPI, cut to SMS: whether a request is one of it, its samples, and what its SDK sends."""

import json
import re
from functools import cache
from typing import Any

from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest
from openapi_core.testing import MockResponse
from requests import Request

from tests.gateways.faults import Seen
from tests.shared_data import shared_data

_SOURCE = "Infobip's OpenAPI 3.210.0 in GitHub api-evangelist/infobip b3be7782; package infobip-api-python-client 6.0.0"
_ZONE = re.compile(r"(T[0-9:.]+[+-][0-9]{2})([0-9]{2})(?=\")")
_HOST = "https://xyz.api.infobip.com"


@cache
def specification() -> dict[str, Any]:
    """The vendor's document; skips without it."""
    return _load("infobip.sms-v3.json") | {"servers": [{"url": _HOST}]}


def operation(path: str, method: str) -> dict[str, Any]:
    found: dict[str, Any] = specification()["paths"][path][method]
    return found


def samples(path: str, method: str, status: str) -> dict[str, Any]:
    """The samples of an answer, by name."""
    content = operation(path, method)["responses"][status]["content"]["application/json"]
    return {name: sample["value"] for name, sample in content["examples"].items()}


def properties(title: str) -> dict[str, Any]:
    """The fields of the schema with this title."""
    [found] = [schema for schema in specification()["components"]["schemas"].values() if schema.get("title") == title]
    known: dict[str, Any] = found["properties"]
    return known


def check(seen: Seen) -> None:
    """Raise unless a request is one of the specification."""
    _openapi().validate_request(_of_theirs(seen))
    if seen.method == "GET":
        assert seen.query.keys() <= {parameter["name"] for parameter in operation(seen.path, "get")["parameters"]}


def check_answer(seen: Seen, status: int, answer: object) -> None:
    """Raise unless that is what the specification answers to a request."""
    written = _ZONE.sub(r"\1:\2", json.dumps(answer))  # their samples write +0100, their schema wants +01:00
    _openapi().validate_response(_of_theirs(seen), MockResponse(written.encode(), status_code=status))


def recorded(name: str) -> dict[str, Any]:
    """The one request that the SDK puts on the wire."""
    [request] = _load(f"recorded/infobip.{name}.json")["requests"]
    found: dict[str, Any] = request
    return found


def _of_theirs(seen: Seen) -> RequestsOpenAPIRequest:
    headers = {name: value for name, value in seen.headers.items() if name != "content-length"}
    request = Request(seen.method, f"{_HOST}{seen.path}", headers=headers, params=list(seen.asked), json=seen.body)
    return RequestsOpenAPIRequest(request)


@cache
def _openapi() -> OpenAPI:
    return OpenAPI.from_dict(specification())


def _load(name: str) -> dict[str, Any]:
    path = shared_data(f"gateway-specs/{name}", source=_SOURCE)
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded
