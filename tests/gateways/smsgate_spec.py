"""SMS Gate's OpenAPI document, read where it lies, and what its SDK sends; tests skip without them.

The document is wrong in two places: it types `priority` as an object, and we don't send it; and a state too, which it
lists as words.
"""

import json
from copy import deepcopy
from functools import cache
from typing import Any

from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest
from openapi_core.testing import MockResponse
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
    OpenAPI.from_dict(specification()).validate_request(_of_theirs(seen))


def check_answer(seen: Seen, status: int, answer: object) -> None:
    """Raise unless that is what the specification answers to a request."""
    specified = deepcopy(specification())
    for name in ("smsgateway.RecipientState", "smsgateway.MessageState", "smsgateway.GetMessageResponse"):
        state = specified["components"]["schemas"][name]["properties"]["state"]
        state.pop("type", None)
    openapi = OpenAPI.from_dict(specified)
    openapi.validate_response(_of_theirs(seen), MockResponse(json.dumps(answer).encode(), status_code=status))


def _of_theirs(seen: Seen) -> RequestsOpenAPIRequest:
    headers = {name: value for name, value in seen.headers.items() if name != "content-length"}
    url = specification()["servers"][0]["url"].rstrip("/") + seen.path.removeprefix(PREFIX)
    return RequestsOpenAPIRequest(Request(seen.method, url, headers=headers, params=seen.query, json=seen.body))
