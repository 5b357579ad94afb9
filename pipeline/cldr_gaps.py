"""What CLDR (through Babel) does not say, or says otherwise than readers of these languages write: declared, never guessed.

Sources: IANA language subtag registry; CLDR 47 supplemental data; gettext's plural table (gettext-tools, plural-table.c);
the constitutions of the countries named in ``OFFICIAL_LANGUAGES``.
"""

from __future__ import annotations

from types import MappingProxyType

#: Spellings people use for a language, to the tag used here. CLDR merges Kurmanji into ``ku``; three Kurdish languages
#: are written by our signatories, so the specific tag is kept.
ALIASES = MappingProxyType({"ku": "kmr", "prs": "fa-AF", "pes": "fa", "pan": "pa", "no": "nb", "tzm-Tfng": "zgh"})

#: The Babel locale that holds the CLDR facts of a tag under another name.
CLDR_NAMES = MappingProxyType({"kmr": "ku_TR"})

#: Where CLDR has nothing, or nothing but its root locale, for dates, country names and lists: the language in which readers
#: of it meet dates and country names in print today. `polyleaf.toml` may say otherwise under [fallbacks].
FALLBACKS = MappingProxyType(
    {
        "ay": "es",
        "az-Arab": "fa",
        "bci": "fr",
        "ff": "fr",
        "gn": "es",
        "kg": "fr",
        "ln": "fr",
        "lua": "fr",
        "nah": "es",
        "nso": "en",
        "qu": "es",
        "st": "en",
        "tn": "en",
        "tzm": "fr",
        "zgh": "fr",
        "zza": "tr",
    }
)

#: Names of languages, in themselves and in English, that CLDR lacks or gives with more than the name.
ENDONYMS = MappingProxyType(
    {
        "ay": ("Aymar aru", "Aymara"),
        "az-Arab": ("آذربایجان تۆرکجه‌سی", "Azerbaijani (Arabic script)"),
        "bci": ("Wawle", "Baoulé"),
        "fa-AF": ("دری", "Dari"),
        "ht": ("Kreyòl ayisyen", "Haitian Creole"),
        "kg": ("Kikongo", "Kongo"),
        "kmr": ("Kurdî (Kurmancî)", "Kurmanji Kurdish"),
        "ckb": ("کوردی (سۆرانی)", "Sorani Kurdish"),
        "lua": ("Tshiluba", "Luba-Lulua"),
        "nah": ("Nāhuatl", "Nahuatl"),
        "qps-long": ("Pseudo, long", "Pseudo, long"),
        "qps-rtl": ("Pseudo, right to left", "Pseudo, right to left"),
        "zza": ("Zazakî", "Zaza"),
    }
)

#: Languages of nobody, which try out a layout, and their scripts; all else they have from English. ``qps`` is of BCP 47's range
#: for private use.
PSEUDO = MappingProxyType({"qps-long": "Latn", "qps-rtl": "Arab"})

#: Official languages, where CLDR counts a language that is spoken but not written in public (gsw), or uses another tag.
OFFICIAL_LANGUAGES = MappingProxyType(
    {
        "AF": ("fa-AF", "ps"),
        "CH": ("de", "fr", "it"),
        "IQ": ("ar", "ckb"),
        "MA": ("ar", "zgh", "fr"),
    }
)

_ONE_FORM = "nplurals=1; plural=0;"
_MANY_FROM_TWO = "nplurals=2; plural=(n > 1);"
_DUAL = "nplurals=3; plural=(n == 1 ? 0 : n == 2 ? 1 : 2);"
_SORBIAN = "nplurals=4; plural=(n%100 == 1 ? 0 : n%100 == 2 ? 1 : n%100 == 3 || n%100 == 4 ? 2 : 3);"

#: gettext ``Plural-Forms`` for languages that Babel's table lacks: those of gettext and Weblate, else CLDR's for whole numbers.
PLURAL_FORMS = MappingProxyType(
    {
        **dict.fromkeys(("ay", "id", "ig", "jv", "ms", "my", "su", "wo", "yo"), _ONE_FORM),
        **dict.fromkeys(("ak", "am", "fil", "ln", "mg", "ti", "uz", "wa"), _MANY_FROM_TWO),
        **dict.fromkeys(("as", "bho", "csw", "doi", "ff", "gu", "kab", "kn", "nso", "pcm", "zu"), _MANY_FROM_TWO),
        **dict.fromkeys(("iu", "naq", "sat", "se", "sma", "smj", "smn", "sms"), _DUAL),
        **dict.fromkeys(("dsb", "hsb"), _SORBIAN),
        "gd": "nplurals=4; plural=(n == 1 || n == 11 ? 0 : n == 2 || n == 12 ? 1 : n > 2 && n < 20 ? 2 : 3);",
        "gv": "nplurals=4; plural=(n%10 == 1 ? 0 : n%10 == 2 ? 1 : n%20 == 0 ? 2 : 3);",
        "mk": "nplurals=2; plural=(n%10 == 1 && n%100 != 11 ? 0 : 1);",
        "shi": "nplurals=3; plural=(n <= 1 ? 0 : n <= 10 ? 1 : 2);",
    }
)

#: First code point of each decimal numbering system of CLDR (supplemental/numberingSystems.xml), and its CSS counter style.
DIGITS = MappingProxyType(
    {
        "arab": (0x0660, "arabic-indic"),
        "arabext": (0x06F0, "persian"),
        "beng": (0x09E6, "bengali"),
        "deva": (0x0966, "devanagari"),
        "gujr": (0x0AE6, "gujarati"),
        "guru": (0x0A66, "gurmukhi"),
        "khmr": (0x17E0, "cambodian"),
        "knda": (0x0CE6, "kannada"),
        "laoo": (0x0ED0, "lao"),
        "mlym": (0x0D66, "malayalam"),
        "mymr": (0x1040, "myanmar"),
        "orya": (0x0B66, "oriya"),
        "tamldec": (0x0BE6, "tamil"),
        "telu": (0x0C66, "telugu"),
        "thai": (0x0E50, "thai"),
        "tibt": (0x0F20, "tibetan"),
    }
)

#: Scripts written from right to left (Unicode Character Database, property Bidi_Class).
RIGHT_TO_LEFT = frozenset(
    "Adlm Arab Aran Armi Avst Chrs Cprt Elym Gara Hatr Hebr Hung Khar Lydi Mand Mani Mend Merc Mero Narb Nbat Nkoo Orkh Ougr Palm"
    " Phli Phlp Phnx Prti Rohg Samr Sarb Sidt Sogd Sogo Syrc Syre Syrj Syrn Thaa Yezi".split()
)

#: What BCP 47 calls one script, and Unicode several (ISO 15924).
SEVERAL_SCRIPTS = MappingProxyType(
    {
        "Aran": ("Arab",),
        "Hans": ("Hani", "Bopo"),
        "Hant": ("Hani", "Bopo"),
        "Jpan": ("Hani", "Hira", "Kana"),
        "Kore": ("Hang", "Hani"),
        **dict.fromkeys(("Syre", "Syrj", "Syrn"), ("Syrc",)),
    }
)
#: The script of BCP 47 that a text with such letters is in.
WRITTEN_WITH = MappingProxyType({"Hang": "Kore", "Hira": "Jpan", "Kana": "Jpan"})

#: Languages that tags may extend by a more special one (IANA language subtag registry, Type: extlang).
EXTENDED = frozenset({"ar", "kok", "lv", "ms", "sgn", "sw", "uz", "zh"})

#: Tags from before RFC 4646 that follow no rule, and the tag now preferred (IANA language subtag registry).
GRANDFATHERED = MappingProxyType(
    {
        "art-lojban": "jbo",
        "cel-gaulish": "xtg",
        "en-gb-oed": "en-gb-oxendict",
        "i-ami": "ami",
        "i-bnn": "bnn",
        "i-default": "en",
        "i-hak": "hak",
        "i-klingon": "tlh",
        "i-lux": "lb",
        "i-navajo": "nv",
        "i-pwn": "pwn",
        "i-tao": "tao",
        "i-tay": "tay",
        "i-tsu": "tsu",
        "no-bok": "nb",
        "no-nyn": "nn",
        "sgn-be-fr": "sfb",
        "sgn-be-nl": "vgt",
        "sgn-ch-de": "sgg",
        "zh-guoyu": "zh",
        "zh-hakka": "hak",
        "zh-min": "zh",
        "zh-min-nan": "nan",
        "zh-xiang": "hsn",
    }
)
