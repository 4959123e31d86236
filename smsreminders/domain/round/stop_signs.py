"""The words by which a reply may ask for no more texts, or says that they reach somebody else: data only.

In the languages of the texts, written as `perhaps_stop` folds a reply: small letters without accents and apostrophes,
single blanks, sentences ended by a dot or a question mark.
"""

import re

STOP_SIGNS = "🛑🚫⛔✋🙅"
# letters of Cyrillic and Greek in a word of ours, by their look or their sound
LOOK_ALIKES = str.maketrans("аеорсѕтпухοτπρσς", "aeopsstpyxotppss")
# one letter away from these is a slip of a thumb, where it is the only word
MISSPELT = ("stop", "stoppen", "afmelden", "uitschrijven", "unsubscribe", "abmelden", "arret")
NOT_MISSPELT = frozenset({"top", "aanmelden", "inschrijven", "arrest"})
FILLERS = frozenset(
    {"a", "u", "b", "aub", "svp", "graag", "alstublieft", "alsjeblieft", "please", "pls", "bitte", "maar", "nu", "dit"}
    | {"dat", "er", "mee", "hiermee", "daarmee", "hier", "dank", "thx", "bedankt", "met", "sms", "smsen", "smsjes"}
    | {"ja", "nee", "ok", "de", "die", "deze", "het", "mij", "me", "ik", "jullie", "lutfen", "prosze", "por", "favor"}
    | {"sil"}
)

_TEXT = (  # a word for what we send
    r"(?:sms\w*|appjes|(?:tekst)?bericht\w*|(?:afspraak)?herinner\w*|reminders?|meldingen|notifi\w*|texts?|texting|texto\w*"
    r"|messages?|msgs?|nachricht\w*|erinnerung\w*|mensajes?|recordatorio\w*|rappels?|wiadomos\w*"
    r"|przypomnie\w*|mesaj\w*"
    r"|hatirlat\w*|смс\w*|повідом\w*|сообщен\w*|رسا\w*)"
)
_SEND = (
    r"(?:sturen|stuure?n?|smsen|sms en|sms|appen|app|texten|toesturen|mailen|schrijven|benaderen|contacteren|bellen)"
)

# what stops something, said with what is sent: certain enough wherever it stands
STOPS_TEXTS = re.compile(
    rf"\b(?:stop\w*|afmeld\w*|uitschrij\w*|meld)\b[^.?]{{0,40}}\b{_TEXT}\b|\b{_TEXT}\b[^.?]{{0,40}}\bstop\w*\b"
    rf"|(?<!heb )(?<!had )(?<!kreeg )\bgeen (?:\w+ ){{0,3}}{_TEXT}(?! (?:\w+ )?(?:gehad|gekregen|gezien|binnen))\b"
    rf"|\bhoef (?:\w+ ){{0,3}}{_TEXT} (?:\w+ )?niet\b|\b{_TEXT} (?:\w+ ){{0,3}}(?:niet|nooit) meer\b"
    rf"|\b(?:no|dont|do not|never|without) (?:\w+ ){{0,4}}{_TEXT}\b"
    rf"|\bkeine? (?:\w+ ){{0,2}}{_TEXT}\b|\b(?:plus|pas) (?:de |d)?(?:\w+ )?{_TEXT}\b|\bno (?:\w+ ){{0,3}}{_TEXT}\b"
    rf"|\bnie (?:\w+ ){{0,3}}{_TEXT}\b|\b{_TEXT} (?:\w+ ){{0,2}}(?:istemi\w*|gonderme\w*|atma\w*|yollama\w*|iptal)\b"
    rf"|\bне (?:\w+ ){{0,3}}{_TEXT}\b|\bلا (?:\w+ ){{0,3}}{_TEXT}"
)

# the whole reply, but for fillers
ALONE = re.compile(
    r"(?:stop+(?:en|pen|all|0|o)?)+|(?:afmeld(?:en|ing)?|uitschrijven|afgemeld|uitgeschreven)+|end|quit|baja|dur"
    r"|uit|af|genoeg|basta|yeter|dosyc|nomore|nietmeer|weg"
)

# a sentence that begins so asks for the contrary
CONTRARY = re.compile(
    r"(?:^|(?<=[.?] ))(?:niet|nooit|dont|nicht) (?:\w+ )?(?:stop\w*|afmelden|uitschrijven|abmelden)\b|^stop niet\b"
)
# what a patient asks of a treatment, and what ends that isn't ours
NOT_OF_TEXTS = re.compile(
    r"\b(?:hoe|kan|mag|moet|wanneer) (?:stop )?(?:ik|we|mijn|de|het)\b[^.?]*\b(?:stop(?:pen)?|bloeden)\b[^.?]*\?"
    r"|\bnon ?stop\b"
    r"|\bstop(?:pen)? (?:\w+ ){0,2}met (?:de |mijn )?(?:roken|drinken|antibiotica|medic\w*|pil\w*|tablet\w*)"
    r"|\bafmelden voor (?:\w+ )?(?:afspraak|behandeling|controle|consult|morgen|vandaag|\d)"
    r"|\bmeld (?:me|mij) (?:\w+ )?af voor (?:\w+ )?(?:afspraak|behandeling|controle|consult|morgen|vandaag|\d)"
)
SIGNS = re.compile(
    "|".join(
        [
            # Dutch
            r"\bstop(?:p|pen|en|all)?\b|\bstopt (?:u|jullie|ermee|hiermee|dit|aub)\b|\bs ?t ?o ?p\b|\bophouden\b",
            r"\bhou(?:d|dt)? (?:\w+ ){0,3}op\b(?! de hoogte)|\bkap(?:pen)? (?:er)?(?:mee|nou)\b",
            r"\b(?:af)meld(?:en|t|ing)?\b|\bafgemeld\b",
            r"\bmeld (?:me|mij|ons|mn|dit|mijn)\b[^.?]{0,30}\baf\b|\buitschrij\w*|\buitgeschreven\b|\bopzeg\w*",
            r"\bschrijf (?:me|mij|ons|mijn)\b[^.?]{0,30}\b(?:uit|af)\b|\babonnement\b",
            rf"\b(?:niet?|niets|niks|nooit) (?:meer )?(?:\w+ ){{0,2}}{_SEND}\b(?! (?:een|dan|even|me|mij)\b)",
            rf"\b{_SEND} (?:\w+ ){{0,3}}(?:geen|niets|niks|niet|nooit) (?:meer|sms\w*)\b",
            r"\bstuur (?:\w+ ){0,2}(?:niets|niks|niet)\b",
            r"\b(?:wil|wens|hoef|willen) (?:\w+ ){0,3}niet(?: meer| langer)?(?: (?:ontvangen|krijgen|horen))?[.?]?$",
            r"\bwil (?:dit|deze|die|dat)\b[^.?]{0,30}\bniet\b",
            r"\bniet (?:meer|langer) (?:\w+ )?(?:ontvangen|krijgen|willen|nodig)\b",
            r"\bmet rust\b|\blastig ?gevallen\b|\blastig ?vallen\b|\bval (?:\w+ ){0,3}lastig\b|\brot op\b",
            r"\bspam\w*|\bstalk\w*",
            r"\b(?:verwijder|wis|schrap|blokkeer)\w* (?:\w+ ){0,3}(?:nummer|nr|telefoon\w*|gegevens|mij|me|dit)\b",
            r"\b(?:haal|gooi) (?:mij|me|mijn|dit|ons|m)\b[^.?]{0,40}\b(?:af|uit|weg|eraf|eruit|van|lijst)\b",
            r"\bnummer (?:\w+ )?verwijder\w*",
            r"\b(?:geen|nooit|zonder|mijn) (?:\w+ ){0,2}(?:toestemming|akkoord)\b|\btrek (?:\w+ ){0,4}in\b",
            r"\bintrek\w*|\bavg\b",
            r"\b(?:van|uit) (?:de |jullie |uw )?\w*lijst\b",
            r"\b(?:ipv|in plaats van|niet via|niet per) (?:de )?sms\w*\b",
            r"\bliever (?:\w+ ){0,3}(?:mail|bellen|gebeld|telefonisch)\b|\bvoortaan\b|\bklacht\w*|\b(?:ge)?blok+e+r\w*",
            rf"\b(?:annuleer|annuleren|cancel|beeindig\w*) (?:\w+ )?{_TEXT}\b",
            rf"\b{_TEXT} (?:annuleren|cancel|niet nodig)\b",
            r"\bhoeft niet\b|\bdoe maar niet\b|\bbeeindig\w*|\bzeg (?:het |de sms )?op\b|\baan mijn nummer\b",
            r"\bwaarom krijg ik\b",
            # not for whom they are meant
            r"\bverkeerd\w* (?:\w+ )?(?:nummer|nr|persoon|verbonden|telefoon\w*|adres)\b",
            r"\b(?:fout|foute|foutief) (?:nummer|nr)\b",
            r"\b(?:ben|ik) (?:geen|niet) (?:meer )?(?:\w+ ){0,2}(?:patient|client|klant|meneer|mevrouw|mevr|mw|dhr)\b",
            r"\bgeen (?:patient|client|klant) (?:meer )?(?:\w+ ){0,2}(?:bij|van)\b",
            r"\b(?:ken|kennen) (?:u|jullie|die|deze|hem|haar|geen)\b",
            r"\bdit is niet (?:het |de )?(?:nummer|telefoon|meneer|mevrouw|mevr|mw|dhr)\b",
            r"\bniet (?:het |zijn |haar |mijn )nummer\b",
            r"\bdit is niet (?!mogelijk|handig|goed|oke?\b|nodig|waar|leuk|juist|normaal)[a-z]+[.?]?$",
            r"\bniet meer (?:zijn|haar|het|van) \w*(?: ?nummer)?\b",
            r"\bik ben (?:meneer|mevrouw|mevr|mw|dhr|de heer) (?:\w+ ){1,3}niet\b",
            r"\bik ben niet (?!te |in |er |op |thuis|bereikbaar|aanwezig|lekker|goed|ziek|meer)[a-z]+[.?]?$",
            r"\bwoont (?:hier )?niet meer\b|\bnummer is (?:van|nu van|niet van)\b",
            r"\boverleden\b|\boverlijden\b|\bgestorven\b",
            # English
            r"\bunsub\w*|\bopt ?(?:me )?out\b|\bremove (?:me|my|this)\b|\btake (?:me|my number) off\b",
            r"\bleave me alone\b",
            r"\b(?:dont|do not|never) (?:\w+ ){0,2}(?:text|contact|message|send|write|sms)\b|\bno more\b",
            r"\bquit (?:texting|it)\b",
            r"\bwrong (?:number|person|phone)\b|\bnot (?:my|the right) number\b",
            r"\b(?:passed away|deceased|has died)\b|\bstopp?(?:ed|ing)?\b",
            r"\bblock\w*|\bdo not disturb\b|\bi am not [a-z]+[.?]?$",
            r"\bim not [a-z]+[.?]?$|\bno longer (?:lives|here|my|his|her)\b",
            # German
            r"\babmeld\w*|\babbestell\w*|\baustragen\b|\bmelden sie mich\b[^.?]{0,20}\bab\b|\bin ruhe\b",
            r"\baufhoren\b|\bhoren sie auf\b",
            r"\bnicht mehr (?:\w+ ){0,2}(?:schreib\w*|send\w*|schick\w*|kontaktier\w*|anschreiben)\b",
            r"\bloschen\b|\bwiderruf\w*",
            r"\bfalsche (?:nummer|person)\b|\bverstorben\b",
            # French
            r"\barret(?:e|er|ez|ons)?\b|\bdesabonn\w*|\bdesinscri\w*|\b(?:ne|n) (?:\w+ ){0,2}envoyez\b",
            r"\bplus rien\b|\bretire\w* (?:moi|mon)\b",
            r"\b(?:mauvais|faux) numero\b|\bdecede\w*",
            # Spanish
            r"\bbaja\b|\bno (?:me |quiero )?(?:mas|envien\w*|envie|manden\w*|mande|escriban\w*)\b|\bparen?\b",
            r"\bnumero equivocado\b|\bfallecio\b",
            # Polish
            r"\bwypis\w*|\brezygn\w*|\bprzestan\w*|\bprzestac\b",
            r"\bnie (?:\w+ )?(?:wysyla\w*|pisz\w*|pisac|chce\b[^.?]{0,20}wiecej)",
            r"\busun\w*|\bzly numer\b|\bpomylka\b|\bzmarl\w*",
            # Turkish
            r"\bistemi\w*|\b(?:gonder|yolla|yaz|at)may?i?n?\w*\b|\bgondermey\w*|\bdurdur\w*|\babonelik\w*",
            r"\bcikar\w*|\brahatsiz\b|\byanlis numara\b|\bvefat\b",
            # Ukrainian and Russian
            r"\bстоп\b|\bприпин\w*|\bпрекрат\w*|\bвідпи\w*|\bотпи\w*",
            r"\bне (?:\w+ )?(?:надсил\w*|пиш\w*|присыл\w*|шліть|отправ\w*)|\bвидал\w*",
            r"\bудал\w*|\bхватит\b|\bдосить\b|\b(?:неправильнии|не тои|невірнии) номер\b|\bпомер\w*",
            # Arabic
            r"توقف|اوقف|ايقاف|قف\b|الغاء الاشتراك|الاشتراك|كفى|كفايه|كفاية|لا ترسل|لا اريد|احذف|رقم خ|توفي",
        ]
    )
)
