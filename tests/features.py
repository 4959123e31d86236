"""The features of the gateways that tests write themselves: known by reference, and for ever."""

from datetime import timedelta

from smsreminders.gateways.features import ANY_SENDER, Features

FINDS_ALL = Features("Of a test", sender_ids=ANY_SENDER, kept=timedelta(days=36500))
FINDS_NONE = Features("Of a test", sender_ids=ANY_SENDER, finds_by_reference=False, kept=timedelta())
