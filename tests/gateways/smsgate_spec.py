"""SMS Gate's OpenAPI document, read where it lies, and what its SDK sends; tests skip without them.

The document is wrong in one place: it types `priority` as an object, and we don't send it.
"""

import json
from functools import cache
from typing import Any

from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest
from requests import Request

from tests.gateways.faults import Seen
from tests.shared_data import shared_data

PREFIX = "/api/3rdparty/v1"


@cache
def specification() -> dict[str, Any]:
    """The vendor's document."""
    source = "GitHub capcom6/android-sms-gateway, swagger.json"
    path = shared_data("gateway-specs/sms-gate.messages.json", source=source)
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def fields_of_a_message() -> set[str]:
    """The names of all fields that a message may have when it is sent."""
    return set(specification()["components"]["schemas"]["smsgateway.Message"]["properties"])


def states() -> set[str]:
    """The states that a message may be in."""
    return set(specification()["components"]["schemas"]["smsgateway.ProcessingState"]["enum"])


def requests_of_the_sdk() -> list[dict[str, Any]]:
    """What the vendor's SDK sends for a reminder and for the state of one."""
    path = shared_data("gateway-specs/recorded/sms-gate.send_and_get.json", source="android-sms-gateway 4.3.3")
    recorded: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["requests"]
    return recorded


def check(seen: Seen) -> None:
    """Raise unless a request is one of the specification."""
    headers = {name: value for name, value in seen.headers.items() if name != "content-length"}
    server = specification()["servers"][0]["url"].rstrip("/")
    url = server + seen.path.removeprefix(PREFIX)
    request = Request(seen.method, url, headers=headers, params=seen.query, json=seen.body)
    OpenAPI.from_dict(specification()).validate_request(RequestsOpenAPIRequest(request))
