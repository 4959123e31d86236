"""smsreminders: reminds the patients of Dutch health care practices of their appointments by SMS."""

__version__ = "0.1.0"
