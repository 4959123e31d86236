"""Twilio's own OpenAPI, cut to its messages: whether a request is one of it, its samples, and what its SDK sends."""

import json
from functools import cache
from typing import Any

from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest
from openapi_core.testing import MockResponse
from requests import Request

from tests.gateways.faults import Seen
from tests.shared_data import shared_data

_SOURCE = "GitHub twilio/twilio-oai d50069b4, spec/json/twilio_api_v2010.json; package twilio 9.13.0"
MESSAGES = "/2010-04-01/Accounts/{AccountSid}/Messages.json"
MESSAGE = "/2010-04-01/Accounts/{AccountSid}/Messages/{Sid}.json"


@cache
def specification() -> dict[str, Any]:
    """The vendor's document; skips without it."""
    return _load("twilio_api_v2010.messages.json")


def operation(path: str, method: str) -> dict[str, Any]:
    found: dict[str, Any] = specification()["paths"][path][method]
    return found


def check(seen: Seen) -> None:
    """Raise unless a request is one of the specification, and has what it needs under conditions."""
    OpenAPI.from_dict(specification()).validate_request(_of_theirs(seen))
    if isinstance(seen.body, dict):
        schema = operation(MESSAGES, "post")["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
        assert seen.body.keys() <= schema["properties"].keys()
        given = {name.lower() for name in seen.body}
        for one_of in operation(MESSAGES, "post")["x-twilio"]["conditional"]:
            assert given & {name.replace("_", "") for name in one_of}
    else:
        known = {parameter["name"] for parameter in operation(MESSAGES, "get")["parameters"]}
        assert seen.query.keys() <= known


def check_answer(seen: Seen, status: int, answer: object) -> None:
    """Raise unless that is what the specification answers to a request."""
    openapi = OpenAPI.from_dict(specification())
    openapi.validate_response(_of_theirs(seen), MockResponse(json.dumps(answer).encode(), status_code=status))


def recorded(name: str) -> list[dict[str, Any]]:
    """The requests that the SDK puts on the wire."""
    found: list[dict[str, Any]] = _load(f"recorded/twilio.{name}.json")["requests"]
    return found


def _of_theirs(seen: Seen) -> RequestsOpenAPIRequest:
    headers = {name: value for name, value in seen.headers.items() if name != "content-length"}
    data = seen.body if seen.method == "POST" else None
    request = Request(seen.method, f"https://api.twilio.com{seen.path}", headers=headers, params=seen.query, data=data)
    return RequestsOpenAPIRequest(request)


def _load(name: str) -> dict[str, Any]:
    path = shared_data(f"gateway-specs/{name}", source=_SOURCE)
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded
