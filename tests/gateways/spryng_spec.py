"""Spryng's API as transcribed: whether a request is one of it, and the samples of its answers."""

from functools import cache
from json import dumps
from pathlib import Path
from typing import Any

import yaml
from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest
from openapi_core.testing import MockResponse
from requests import Request

from tests.gateways.faults import Seen
from tests.shared_data import shared_data

_OURS = Path(__file__).parents[1] / "data" / "spryng.v2.transcribed.yml"
_PORTAL = "the same transcription with the samples of developer.spryng.nl"


@cache
def specification() -> dict[str, Any]:
    """The transcription, with samples of our own."""
    return _load(_OURS)


def specification_with_the_portals_samples() -> dict[str, Any]:
    """The transcription with the vendor's samples, which may not stand in this repository; skips without it."""
    return _load(shared_data("gateway-specs/spryng.v2.transcribed.yml", source=_PORTAL))


def check(seen: Seen) -> None:
    """Raise unless a request is one of the specification."""
    _openapi().validate_request(_of_theirs(seen))


def check_answer(seen: Seen, status: int, answer: object) -> None:
    """Raise unless that is what the specification answers to a request."""
    _openapi().validate_response(_of_theirs(seen), MockResponse(dumps(answer).encode(), status_code=status))


def _of_theirs(seen: Seen) -> RequestsOpenAPIRequest:
    headers = {name: value for name, value in seen.headers.items() if name != "content-length"}
    url = f"https://api.spryng.nl{seen.path}"
    return RequestsOpenAPIRequest(Request(seen.method, url, headers=headers, params=seen.query, json=seen.body))


@cache
def _openapi() -> OpenAPI:
    return OpenAPI.from_dict(specification())


def _load(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return loaded
