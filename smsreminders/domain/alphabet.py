"""The GSM-7 tables and the replacements: data only.

Sources: 3GPP TS 23.038 v18, 6.2.1 (basic table, 127 characters without ESC) and 6.2.1.1 (extension table, 10
characters, two septets each). Unicode's GSM0338.TXT has the small c-cedilla at 09; 3GPP, followed here, the capital.
The replacements are those on which the SMS tools compared in tests/data/transliteration.tsv agree.
"""

GSM7_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_EXTENSION = frozenset("\f^{}\\[~]|€")

# Typography: looks the same to a reader, so it is always made plain.
TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′‵ʹʻʼʽˈˊ`´❛❜＇", "'"),
        **dict.fromkeys("“”„‟«»″❝❞〝〞＂", '"'),
        **dict.fromkeys("‐‑‒–—―−⁃•·‧﹣－", "-"),
        **dict.fromkeys(
            "\t\v\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
            "\u2028\u2029\u202f\u205f\u3000",
            " ",
        ),
        **dict.fromkeys("\u00ad\u180e\u200b\u200c\u2060\ufeff", ""),
        "‹": "<",
        "›": ">",
        "…": "...",
        **dict.fromkeys("⁄∕", "/"),
        "¼": "1/4",
        "½": "1/2",
        "¾": "3/4",
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "ĳ": "ij",
        "Ĳ": "IJ",
    }
)

# Letters whose plain form isn't found by taking the accents off.
PLAIN_LETTERS = str.maketrans(
    {
        "đ": "d",
        "Đ": "D",
        "ð": "d",
        "Ð": "D",
        "ħ": "h",
        "Ħ": "H",
        "ı": "i",
        "ł": "l",
        "Ł": "L",
        "œ": "oe",
        "Œ": "OE",
        "ŧ": "t",
        "Ŧ": "T",
        "þ": "th",
        "Þ": "Th",
    }
)
