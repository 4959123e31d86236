"""Calendars: what an iCalendar file (RFC 5545) says, in events, time zones and the days on which a series recurs."""
