"""Mutants of the domain that nobody can tell from the original, each with the reason."""

EQUIVALENT: dict[str, str] = {
    "billing.: '0.01' -> '.01'": "the same number",
    "guards.: 1 -> 2": "every number below zero is none that a run has",
    "guards.reports_have_stopped: 0 < of <= 2 * without -> 0 != of <= 2 * without": "a count is never below zero",
    "health._is_most: 0 -> -1": "no number below one is more than half of anything",
    "health._has_jumped: return False -> return None": "only asked whether it is true",
    **dict.fromkeys(
        ("health._has_jumped: 0 -> 1 #2", "health._has_jumped: 0 -> -1 #2"),
        "the reasons that are asked for are those of today's outcomes",
    ),
    "legal.check_legal: '' -> 'XX'": "read only where there is a form, and then it is the form's own",
    "message.readable: not plain.isprintable() -> True": "a shortcut: what is printable holds nothing to take out",
    **dict.fromkeys(
        (
            "names.name_problem: len(name) <= LONGEST_NAME and name.replace(' ', '').isalpha() -> False",
            "names.name_problem: len(name) <= LONGEST_NAME -> len(name) < LONGEST_NAME",
            "names.name_problem: len(name) <= LONGEST_NAME -> len(name) == LONGEST_NAME",
            "names.name_problem: ' ' -> ''",
            "names.name_problem: '' -> 'XX'",
        ),
        "a shortcut for the names that are letters: the long way finds no problem either",
    ),
    "names.: 'fr' -> 'r'": "a language without a word has the English one, which is the French one too",
    "names.is_citizen_number: True -> False": "both have nine digits",
    "status_words.read_status: '' -> 'XX'": "no cell without a word begins with XX",
    "status_words.is_plain_word: '' -> 'XX'": "only asked whether all are letters",
    "status_words.is_plain_word: '' -> 'XX' #2": "neither is a word that is known",
    **dict.fromkeys(
        (
            (
                "nesting.check_nesting: text.count('[') + text.count('{') <= MOST_LEVELS"
                " -> text.count('[') + text.count('{') < MOST_LEVELS"
            ),
            (
                "nesting.check_nesting: text.count('[') + text.count('{') <= MOST_LEVELS"
                " -> text.count('[') + text.count('{') == MOST_LEVELS"
            ),
            "nesting.check_nesting: text.count('[') + text.count('{') <= MOST_LEVELS -> False",
            "nesting.check_nesting: '[' -> ''",
            "nesting.check_nesting: '{' -> ''",
        ),
        "a shortcut for few brackets, taken less often",
    ),
    "numbering.plain_mobile: 1 -> 0": "the number of 06... and of 6... is the same",
    "numbering.is_of_no_country: 0 -> 1": "a number that was read has a country code",
    "numbering.is_of_no_country: 0 -> -1": "a number that was read has a country code",
    **dict.fromkeys(
        (
            "trade_words.: 'articles, and what joins names' -> 'rticles, and what joins names'",
            "trade_words.: 'titles' -> 'itles'",
            "trade_words.: 'legal forms' -> 'egal forms'",
        ),
        "a label that only a reader reads",
    ),
    **dict.fromkeys(
        (
            "trade_words.: 'mondhygienist' -> 'ondhygienist'",
            "trade_words.: 'dierenarts' -> 'ierenarts'",
            "trade_words.: 'huisarts' -> 'uisarts'",
        ),
        "its two halves are in the table too",
    ),
    "phone.: '‐‑‒–—−' -> '‑‒–—−'": "libphonenumber reads that dash itself",
    "phone._plain_sign: character.isnumeric() -> True": "libphonenumber reads full-width signs itself",
    "practices.code_from: len(words) > 1 -> len(words) != 1": "without words the code is empty, so not too long",
    "prices.in_force: 0 -> -1": "every number below one is no practice's",
    "repeats.judge_consents: True -> False": "both have one length",
    "repeats.judge_consents: len(places) > 1 -> len(places) != 1": "without records there is nothing to judge",
    "phone.: '^(?:=?\"(.*)\"|tel:(.*))$' -> '(?:=?\"(.*)\"|tel:(.*))$'": "`match` begins at the beginning anyway",
    "phone.parse_mobile: (plain := numbering.plain_mobile(text, region)) -> False": "a shortcut to the same",
    "phone._cleaned: ordinary -> False": "a shortcut: plain signs stay as they are",
    "segments.: '' -> 'XX'": "X is in the table already",
    "segments.: '[' -> ''": "a shortcut: the long way counts the same",
    "segments.count_segments: _ALL_BASIC.fullmatch(text) -> False": "a shortcut: the long way counts the same",
    (
        "segments._wide: encoding == 'UCS-2' and len(text.encode('utf-16-le', 'surrogatepass')) == 2 * len(text)"
        " -> False"
    ): "a shortcut: the long way finds none either",
    "segments._wide: 'UCS-2' -> 'CS-2'": "the shortcut is never taken",
    "segments._wide: 2 * len(text) -> 2 / len(text)": "the shortcut is hardly ever taken",
    "segments._wide: 2 -> 1": "the shortcut is never taken",
    "segments._counted: not wide -> False": "a shortcut: the long way counts the same",
    "segments._ends: passed < len(wide) -> passed != len(wide)": "it goes up by one, so it never passes the end",
    "segments._ends: break -> continue": "the loop's own condition ends it",
    "workdays.public_holidays: region.language in spoken -> True": "the library takes its default otherwise",
    **dict.fromkeys(
        (
            "workdays.check_holiday_name: year - 1 -> year + 1",
            "workdays.check_holiday_name: 1 -> 2",
            "workdays.check_holiday_name: 1 -> 0",
            "workdays.check_holiday_name: 6 -> 7",
            "workdays.check_holiday_name: 6 -> 5",
        ),
        "any five years in a row have every holiday",
    ),
}
