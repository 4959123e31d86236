"""How deep a JSON or TOML text is nested, asked before it is parsed.

The parsers call themselves for each bracket. They raise RecursionError in time, but until then the stack is nearly
full, and whatever the garbage collector ends at that moment fails with an error that nobody can catch.
"""

import re

MOST_LEVELS = 64  # the answers and files that are meant for us have less than ten

# A string of either language is one token, so that its brackets don't count, and so is a comment of TOML. One that
# doesn't end reaches as far as the text: both parsers give up there.
_TOKEN = re.compile(
    r'"""(?:[^\\"]|\\.|"(?!""))*+(?:""")?'
    r"|'''(?:[^']|'(?!''))*+(?:''')?"
    r'|"(?:[^"\\\n]|\\.)*+"?'
    r"|'[^'\n]*+'?"
    r"|#[^\n]*+"
    r"|[\[{]|[\]}]",
    re.DOTALL,
)


def check_nesting(text: str) -> None:
    """Refuse a JSON or TOML text that is nested deeper than MOST_LEVELS. Raises ValueError.

    A text that passes may still be none of either language.
    """
    if text.count("[") + text.count("{") <= MOST_LEVELS:
        return
    level = 0
    for token in _TOKEN.finditer(text):
        match token[0]:
            case "[" | "{":
                level += 1
                if level > MOST_LEVELS:
                    raise ValueError(f"it is nested deeper than {MOST_LEVELS} levels")
            case "]" | "}":
                level -= 1
