"""What Infobip's codes say of a number: that its holder wants no SMS, or that nobody is there.

Source: infobip.com/docs, response status and error codes. What it calls temporary says nothing of the number: an absent
subscriber, a full memory, a barred or suspended one.
"""

from smsreminders.domain.round.inbound import Mark
from smsreminders.gateways.http.answers import count

_GROUP = 5  # rejected by Infobip
REJECTED: dict[int, Mark] = {  # the ids of that group
    10: Mark.OPTED_OUT,  # REJECTED_DND: subscribed to "do not disturb"
    14: Mark.OPTED_OUT,  # REJECTED_DESTINATION_BLOCKLISTED
    52: Mark.DEAD,  # REJECTED_DESTINATION: no mobile operator has such numbers
}
MARKS: dict[int, Mark] = {  # the ids of an error
    573: Mark.OPTED_OUT,  # EC_SC_BLOCKED_BY_END_USER
    603: Mark.OPTED_OUT,  # EC_CONTENT_BLOCKED, by STOP
    2050: Mark.OPTED_OUT,  # EC_DEST_ADDRESS_BLACKLISTED, "do not disturb"
    2052: Mark.OPTED_OUT,  # EC_BLACKLISTED_DESTINATIONADDRESS
    1: Mark.DEAD,  # EC_UNKNOWN_SUBSCRIBER
    568: Mark.DEAD,  # EC_DESTINATION_NOT_SMS_PROVISIONED
    629: Mark.DEAD,  # EC_DEST_ADDRESS_UNABLE_TO_RECEIVE_SMS
    3041: Mark.DEAD,  # EC_DEACTIVATED_LIST
}


def of_a_report(group: object, number: object, error: object) -> Mark | None:
    """Tell what a failed SMS says of its number, by the group and id of its status and the id of its error."""
    by_status = REJECTED.get(count(number) or 0) if group == _GROUP else None
    return by_status or MARKS.get(count(error) or 0)
