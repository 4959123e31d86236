"""How many segments a text takes, for programs that import it: the name that stays, wherever the rule itself stands."""

from smsreminders.domain.text.segments import Segmentation, count_segments

__all__ = ["Segmentation", "count_segments"]
