"""What comes in, where no specification of a vendor is at hand: our transcriptions, `tests/data/<name>.inbox...`."""

from pathlib import Path

import yaml
from openapi_schema_validator import OAS31Validator

from tests.gateways.faults import Seen

_DATA = Path(__file__).parents[1] / "data"


def check(name: str, seen: Seen, answer: object) -> None:
    """Raise unless that is what the gateway may be asked for its list, and what it answers."""
    transcribed = yaml.safe_load((_DATA / f"{name}.inbox.transcribed.yml").read_text(encoding="utf-8"))
    assert seen.query.keys() <= set(transcribed["parameters"])
    OAS31Validator(transcribed["answer"]).validate(answer)
