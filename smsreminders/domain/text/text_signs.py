"""The signs by which a text is judged: what looks like a link, a birth date, a citizen service number, an offer."""

import re

_SHORTENERS = """
bit.ly bitly.com tinyurl.com t.co goo.gl ow.ly is.gd v.gd buff.ly rebrand.ly cutt.ly shorturl.at rb.gy tiny.cc t.ly
lnkd.in bl.ink short.io s.id qr.link clck.ru tr.ee urlz.fr kutt.it dub.sh shorter.me soo.gd u.nu x.gd adf.ly
"""
_ENDS = "nl|be|de|fr|eu|uk|com|net|org|info|biz|io|app|online|site|shop|health|care|frl|amsterdam|example"
_MONTH = "jan|feb|m(?:aa?r|rt|ärz|ar)|apr|avr|m(?:ei|ai|ay)|ju[nlio]|juin|juil|aug|aoû|aou|sep|okt|oct|nov|dec|dez|déc"
_BORN = (
    r"geboren|geboortedatum|geboortedag|geb\.\s*(?:dat|\d)|date of birth|birth ?date|d\.?o\.?b\b|born (?:on|in)"
    r"|geburtsdatum|geboren am|né(?:e|\(e\))? le|date de naissance"
)
_OFFERS = (
    "korting(?:en|scode|sactie)?|actie(?:s|prijs|code)?|aanbieding(?:en)?|gratis|voordeel|bon|cadeau(?:bon)?|prijsvraag"
    "|win(?:nen)?|nu (?:maar|slechts|voor)|bestel(?:len)?|koop|sale|offer|discount|free|voucher|rabatt|gutschein"
    "|kostenlos|angebot|remise|promo(?:tie|tion|s)?|gratuit|soldes|offre"
)


def _any_case(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


SHORT_LINK = _any_case(rf"(?<![\w.-])(?:www\.)?(?:{'|'.join(map(re.escape, _SHORTENERS.split()))})(?![\w-])(?:/\S*)?")
LINK = _any_case(rf"https?://\S+|\bwww\.\S+|\b[\w.+-]+@[\w-]+\.[\w.]+|\b(?:[\w-]+\.)+(?:{_ENDS})\b(?:/\S*)?")
WHOLE_DATE = _any_case(
    rf"\b\d{{1,2}}[-/. ]\d{{1,2}}[-/. ](?P<dmy>(?:19|20)\d\d)\b|\b(?P<ymd>(?:19|20)\d\d)[-/]\d{{1,2}}[-/]\d{{1,2}}\b"
    rf"|\b\d{{1,2}}\.? (?:{_MONTH})\w*\.? (?P<named>(?:19|20)\d\d)\b"
    r"|\b\d{1,2}[-/.]\d{1,2}[-/.](?P<short>\d\d)\b"
)
BORN = _any_case(rf"\b(?:{_BORN})")
EIGHT_OR_NINE_DIGITS = _any_case(r"(?<![\w+])\d(?:[-. ]?\d){7,8}(?![-. ]?\d)(?!\w)")
CITIZEN_NUMBER = _any_case(r"\b(?:bsn|burger\s?service\s?nummer|sofi-?nummer)\b")
OFFER = _any_case(rf"\b(?:{_OFFERS})\b|\d\s?% (?:korting|off|rabatt)|[€£$]\s?\d")
SENTENCE_END = re.compile(r"[.!?;:]+(?=\s|$)|\n+")
ORDINAL = _any_case(rf"(?<=\d)\. (?={_MONTH})")  # 24. November is no end of a sentence
WORD = re.compile(r"\w[\w'’.:-]*")
