"""Names of languages in Latin letters, as people type who have no other keyboard at hand."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from pipeline.locales import Locale

#: What speakers call their language, in Latin letters, the usual spellings side by side; by tag, or by language.
_NAMES = MappingProxyType(
    {
        "ab": ("apsua", "apswa"),
        "am": ("amarinya", "amharinya"),
        "apc": ("shami", "al-ammiya"),
        "ar": ("arabi", "al-arabiyya", "al-arabiya"),
        "as": ("oxomiya", "asomiya"),
        "az-Arab": ("azerbaycan", "azerbayjan", "turkce"),
        "bal": ("balochi", "baluchi"),
        "bgc": ("haryanvi", "hariyanvi"),
        "bgn": ("balochi", "baluchi"),
        "bho": ("bhojpuri",),
        "blt": ("tai dam",),
        "bn": ("bangla", "bengali"),
        "bo": ("bod skad", "bod-yig", "boke"),
        "brx": ("boro", "bodo"),
        "byn": ("blin", "bilin"),
        "ccp": ("changma", "chakma"),
        "chr": ("tsalagi",),
        "ckb": ("kurdi", "sorani"),
        "csw": ("nehinawewin",),
        "cu": ("tserkovnoslavyanskiy", "cerkovnoslavjanskij"),
        "cv": ("cavasla", "chavash"),
        "doi": ("dogri",),
        "dv": ("divehi", "dhivehi"),
        "dz": ("dzongkha", "dzong-kha"),
        "el": ("ellinika",),
        "en-Dsrt": ("english",),
        "fa": ("farsi", "parsi"),
        "fa-AF": ("dari", "farsi"),
        "ff-Adlm": ("pular", "fulfulde"),
        "gez": ("geez", "giiz"),
        "gu": ("gujarati",),
        "he": ("ivrit",),
        "hi": ("hindi",),
        "hnj": ("hmoob",),
        "hy": ("hayeren",),
        "ii": ("nuosuhxop", "nuosu"),
        "iu": ("inuktitut",),
        "ja": ("nihongo", "nippongo"),
        "ka": ("kartuli",),
        "kk": ("qazaq tili", "kazak tili"),
        "km": ("khmer", "khmae"),
        "kn": ("kannada",),
        "ko": ("hangugeo", "hangugo", "hanguk"),
        "kok": ("konkani",),
        "ks": ("koshur", "kashur"),
        "kxv": ("kuvi",),
        "ky": ("kyrgyzca", "kyrgyzcha"),
        "lo": ("lao", "phasa lao"),
        "lrc": ("luri",),
        "mai": ("maithili",),
        "ml": ("malayalam",),
        "mn": ("mongol",),
        "mni": ("meiteilon", "manipuri"),
        "mr": ("marathi",),
        "ms-Arab": ("bahasa melayu", "jawi"),
        "my": ("myanma", "bama"),
        "mzn": ("mazruni", "mazanderani"),
        "ne": ("nepali",),
        "nqo": ("nko",),
        "or": ("odia", "oriya"),
        "osa": ("wazhazhe ie",),
        "pa": ("panjabi", "punjabi"),
        "ps": ("pashto", "pakhto", "pukhto"),
        "raj": ("rajasthani",),
        "rhg": ("ruaingga", "rohingya"),
        "sa": ("samskritam", "sanskrit"),
        "sat": ("santali",),
        "sd": ("sindhi",),
        "sdh": ("kurdi",),
        "shi": ("tashelhiyt", "tachelhit", "tamazight"),
        "shn": ("tai", "shan"),
        "si": ("sinhala", "simhala"),
        "skr": ("saraiki", "siraiki"),
        "syr": ("suryoyo", "suryaya"),
        "ta": ("tamil", "tamizh"),
        "te": ("telugu",),
        "tg": ("tojiki", "zaboni tojiki"),
        "th": ("thai", "phasa thai"),
        "ti": ("tigrinya",),
        "tig": ("tigre",),
        "trw": ("torwali",),
        "ug": ("uyghurche", "uygurche"),
        "ur": ("urdu",),
        "uz-Arab": ("ozbek", "uzbek"),
        "vai": ("vai",),
        "wal": ("wolaytta", "wolaytattu"),
        "xnr": ("kangri",),
        "yi": ("yidish", "yiddish"),
        "yue": ("yuet yu", "yueyu", "gwongdungwa"),
        "zgh": ("tamazight", "tamazigt"),
        "zh": ("zhongwen", "hanyu", "putonghua"),
    }
)
#: Letters of scripts that are read letter by letter: of all languages that CLDR writes so, where the table has no name.
#: Cyrillic as ISO 9 and scholars have it, without accents.
_LETTERS = {
    ord(letter): spelling
    for letters, spellings in (
        ("абвгдезийклмнопрстуфхыэ", "a b v g d e z i j k l m n o p r s t u f h y e"),
        ("жцчшщъьюяёіїєґўѣ", "z c c s sc - - ju ja e i i je g u e"),
        ("ђѓѕјљњћќџ", "dj g dz j lj nj c k dz"),
        ("әөүұһҳңғҡқҷҹҝӣӯҙҫӑӗӳӏ", "a o u u h h n g k q j c g i u z s a e u -"),
        ("αβγδεζηθικλμνξοπρσςτυφχψω", "a v g d e z i th i k l m n x o p r s s t y f ch ps o"),
    )
    for letter, spelling in zip(letters, ("" if each == "-" else each for each in spellings.split()), strict=True)
}
#: How who reads English spells the same.
_ENGLISH = {
    ord(letter): spelling
    for letter, spelling in zip("жчшщцхюяйєї", "zh ch sh shch ts kh yu ya y ye yi".split(), strict=True)
}
_LIKE_ENGLISH = {**_LETTERS, **_ENGLISH}
_BULGARIAN = {"bg": {ord("ъ"): "a"}}
_BY_LETTERS = frozenset({"Cyrl", "Grek"})


def romanised(locale: Locale) -> tuple[str, ...]:
    """The language's own name in Latin letters, in small ones; none if it is written in them, or nobody here knows it.

    >>> romanised(Locale.parse("ru")), romanised(Locale.parse("fa-AF")), romanised(Locale.parse("sv"))
    (('russkij', 'russkiy'), ('dari', 'farsi'), ())
    """
    if locale.script == "Latn":
        return ()
    language = f"{locale.language}-{locale.script}"
    known = next((_NAMES[tag] for tag in (locale.tag, language, locale.language) if tag in _NAMES), ())
    if locale.script not in _BY_LETTERS:
        return known
    own = unicodedata.normalize("NFC", locale.endonym.lower())
    extra = _BULGARIAN.get(locale.language, {})
    spelled = (_by_letters(own, {**table, **extra}) for table in (_LETTERS, _LIKE_ENGLISH))
    return tuple(dict.fromkeys((*known, *filter(str.isascii, spelled))))


def _by_letters(text: str, table: Mapping[int, str]) -> str:
    """The text letter by letter; a letter with an accent that the table lacks as the letter without."""
    return "".join(sign if ord(sign) in table else unicodedata.normalize("NFD", sign)[0] for sign in text).translate(
        dict(table)
    )
