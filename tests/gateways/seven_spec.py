"""seven.io's OpenAPI document, read where it lies, and what its SDK sends; tests skip without them.

The document lags behind: it knows OAuth alone, forms alone, and no `ttl`. The SDK sends an X-Api-Key and JSON, and
docs.seven.io has `ttl`: so these are added.
"""

import json
from functools import cache
from typing import Any

import yaml
from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest
from openapi_core.testing import MockResponse
from requests import Request

from tests.gateways.faults import Seen
from tests.shared_data import shared_data


@cache
def specification() -> dict[str, Any]:
    """The vendor's document with what it lacks."""
    path = shared_data("gateway-specs/seven.sms.yml", source="GitHub seven-io/api-schemes, yml/openapi.yml")
    loaded: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    loaded["components"]["securitySchemes"] = {"key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"}}
    loaded["security"] = [{"key": []}]
    content = loaded["paths"]["/sms"]["post"]["requestBody"]["content"]
    content["application/json"] = {"schema": content.pop("application/x-www-form-urlencoded")["schema"]}
    fields_of_an_sms(loaded)["ttl"] = {"type": "integer"}
    return loaded


def fields_of_an_sms(specified: dict[str, Any]) -> dict[str, Any]:
    content = specified["paths"]["/sms"]["post"]["requestBody"]["content"]
    fields: dict[str, Any] = content["application/json"]["schema"]["properties"]
    return fields


def words_of_a_status() -> set[str]:
    """The words that an SMS may be reported with."""
    return set(specification()["components"]["schemas"]["SmsStatus"]["items"]["properties"]["status"]["enum"])


def requests_of_the_sdk() -> list[dict[str, Any]]:
    """What the vendor's SDK sends for a reminder and for a page of the logbook."""
    path = shared_data(
        "gateway-specs/recorded/seven.send_journal_status.json", source="@seven.io/client 5.6.0, its transport replaced"
    )
    recorded: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["requests"]
    return recorded[:2]


def check(seen: Seen) -> None:
    """Raise unless a request is one of the specification."""
    _openapi().validate_request(_of_theirs(seen))


def check_answer(seen: Seen, answer: object) -> None:
    """Raise unless that is what the specification answers to a request."""
    _openapi().validate_response(_of_theirs(seen), MockResponse(json.dumps(answer).encode()))


def _of_theirs(seen: Seen) -> RequestsOpenAPIRequest:
    headers = {name: value for name, value in seen.headers.items() if name != "content-length"}
    url = f"https://gateway.seven.io{seen.path}"
    return RequestsOpenAPIRequest(Request(seen.method, url, headers=headers, params=seen.query, json=seen.body))


@cache
def _openapi() -> OpenAPI:
    return OpenAPI.from_dict(specification())
