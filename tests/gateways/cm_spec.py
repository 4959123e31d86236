"""CM.com's API as transcribed: whether a request is one of it, the samples of its answers, and what its SDK sends."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest
from openapi_core.testing import MockResponse
from requests import Request

from tests.gateways.faults import Seen
from tests.shared_data import shared_data

_OURS = Path(__file__).parents[1] / "data" / "cm.transcribed.yml"
_HOSTS = {"POST": "https://gw.messaging.cm.com", "GET": "https://api.cmtelecom.com"}


@cache
def specification() -> dict[str, Any]:
    """The transcription, with samples of our own."""
    return _load(_OURS)


def specification_with_the_portals_samples() -> dict[str, Any]:
    """CM's specification with the sample of their portal, which may not stand in this repository; skips without it."""
    source = "the same transcription with the sample of developers.cm.com"
    return _load(shared_data("gateway-specs/cm.transcribed.yml", source=source))


def requests_of_the_vendor() -> list[dict[str, Any]]:
    """The bodies of the vendor's Postman collection; skips without it."""
    path = shared_data("gateway-specs/cm.sms.postman.json", source="GitHub cmdotcom/text-postman, collection.json")
    [folder] = json.loads(path.read_text(encoding="utf-8"))["item"]
    [sms] = folder["item"]
    return [json.loads(one["request"]["body"]["raw"]) for one in sms["item"]]


def request_of_the_sdk() -> dict[str, Any]:
    """The request that the vendor's SDK sends for two reminders; skips without it."""
    path = shared_data(
        "gateway-specs/recorded/cm.send_two.json", source="cm-text-sdk-python 2.0.4, its transport replaced"
    )
    [request] = json.loads(path.read_text(encoding="utf-8"))["requests"]
    return {**request, "body": json.loads(request["body"])}


def check(seen: Seen) -> None:
    """Raise unless a request is one of the specification."""
    _openapi().validate_request(_of_theirs(seen))


def check_answer(seen: Seen, status: int, answer: object) -> None:
    """Raise unless that is what the specification answers to a request."""
    response = MockResponse(json.dumps(answer).encode(), status_code=status)
    _openapi().validate_response(_of_theirs(seen), response)


def _of_theirs(seen: Seen) -> RequestsOpenAPIRequest:
    headers = {name: value for name, value in seen.headers.items() if name != "content-length"}
    request = Request(seen.method, _HOSTS[seen.method] + seen.path, headers=headers, params=seen.query, json=seen.body)
    return RequestsOpenAPIRequest(request)


@cache
def _openapi() -> OpenAPI:
    return OpenAPI.from_dict(specification())


def _load(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return loaded
