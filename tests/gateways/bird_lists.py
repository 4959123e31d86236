"""The lists of a Bird on 127.0.0.1, as its models have them: what came in, and the suppressions in force."""

from datetime import datetime

from tests.gateways.faults import Seen

OURS = "+3197010240000"
_FILTERS = {"limit", "starting_after", "ending_before", "created_after", "created_before", "direction", "status", "to"}
_SUPPRESSION_FILTERS = {"destination", "originator", "reason", "limit", "starting_after", "ending_before"}


class BirdLists:
    """What a workspace got, the newest first; a cursor is the id of an entry."""

    def __init__(self) -> None:
        self._inbox: list[dict[str, object]] = []
        self._suppressions: list[dict[str, object]] = []

    def receives(self, phone: str, text: str, *, at: datetime) -> None:
        of_templates = ("requested_language", "resolved_language", "template_id", "template_version_id")
        sms = {
            **dict.fromkeys((*of_templates, "template_content_hash")),
            "id": f"sms_{2**60 + len(self._inbox):026d}",
            "direction": "inbound",
            "status": "received",
            "from": phone,
            "to": OURS,
            "text": text,
            "category": None,
            "segments": {"count": 1, "encoding": "GSM_7BIT", "characters": len(text)},
            "created_at": _written(at),
        }
        self._inbox.insert(0, sms)

    def opts_out(self, phone: str, *, at: datetime, **more: object) -> None:
        opt_out = {
            "id": f"ssu_{len(self._suppressions):026d}",
            "destination": phone,
            "originator": OURS,
            "reason": "keyword_stop",
            "origin": "keyword",
            "applies_to": "all",
            "blocking": True,
            "effective_at": _written(at),
            "created_at": _written(at),
            "last_asserted_at": _written(at),
        }
        self._suppressions.insert(0, opt_out | more)
        self._suppressions.sort(key=lambda one: str(one["effective_at"]), reverse=True)

    def answer(self, request: Seen) -> tuple[int, object] | None:
        """The answer to a request for these lists; None for any other."""
        asked = request.query
        inbox = request.path == "/v1/sms/messages" and asked.get("direction") == "inbound"
        if request.method != "GET" or not (inbox or request.path == "/v1/sms/suppressions"):
            return None
        limit = int(asked.get("limit", "25"))
        wrong = set(asked) - (_FILTERS if inbox else _SUPPRESSION_FILTERS)
        if wrong or not 1 <= limit <= 100:
            return 422, {"error": {"type": "validation_error", "code": "E01001", "name": "ValidationError"}}
        fits = self._inbox if inbox else self._suppressions
        if start := asked.get("created_after"):
            fits = [one for one in fits if str(one["created_at"]) >= start]
        if after := asked.get("starting_after"):
            fits = fits[[one["id"] for one in fits].index(after) + 1 :]
        page, rest = fits[:limit], fits[limit:]
        cursors = {"prev_cursor": None, "refresh_cursor": page[0]["id"] if page else None}
        return 200, {"data": page, "next_cursor": page[-1]["id"] if rest else None, **cursors}


def _written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
