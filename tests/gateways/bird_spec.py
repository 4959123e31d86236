"""Bird's API as its SDK has it: whether a request or an answer is one of its models, and what the SDK sends."""

import json
from functools import cache
from typing import Any

from openapi_schema_validator import OAS31Validator

from tests.shared_data import shared_data

_SOURCE = "the models of messagebird-sdk 0.106.0 (GitHub messagebird/bird-sdk-python)"


@cache
def models() -> dict[str, Any]:
    """The vendor's models by name; skips without them."""
    loaded = json.loads(shared_data("gateway-specs/bird.sms.schemas.json", source=_SOURCE).read_text(encoding="utf-8"))
    found: dict[str, Any] = loaded["$defs"]
    return found


def check(model: str, value: object) -> None:
    """Raise unless a value is one of the model, without fields that it doesn't know."""
    OAS31Validator({"$ref": f"#/$defs/{model}", "$defs": models()}).validate(value)
    assert isinstance(value, dict)
    assert value.keys() <= models()[model]["properties"].keys()


def recorded(name: str) -> dict[str, Any]:
    """What the SDK puts on the wire: its one request."""
    path = shared_data(f"gateway-specs/recorded/bird.{name}.json", source=_SOURCE)
    [request] = json.loads(path.read_text(encoding="utf-8"))["requests"]
    found: dict[str, Any] = request
    return found
