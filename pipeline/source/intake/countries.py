"""Country names and adjectives in text become ISO 3166 codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

import babel

from pipeline.locales import is_country, official_languages
from pipeline.source.intake.text import comparable, folded

_LANGUAGES = (
    "en fr de es it pt nl tr ru el ar fa sv da nb fi is pl cs sk sl hr bs sr sr_Latn mk bg uk be ro hu sq ca eu gl "
    "et lv lt ga "
    "cy id ms vi sw ht ku az kk uz ka hy he am so ur ps hi ne bn pa ta te ml si my km lo th fil af ja ko zh zgh"
).split()
_NOT_COUNTRIES = "AC AQ BV CP CQ DG EA EU EZ HM IC QO TA TF UM UN XA XB ZZ".split()
_ALSO = """
BA bosnia and herzegovina, bosnia, bosnia herzegovina, bih, byh | BO plurinational state of bolivia | CD democratic
republic of the congo, democratic republic of congo, dr congo, drc, d r congo, congo kinshasa, zaire, rd congo, rdc |
CG congo, congo brazzaville, republic of the congo | CI ivory coast, cote d ivoire | CV cabo verde | CZ czech
republic, czechia, bohemia and moravia, bohemia | DE germany, frg, brd | DO dominican republic, republica dominicana |
ES spanish state, state of spain, catalonia, galicia, euskal herria, basque country, estado espanol, catalunya | GB
great britain, britain, uk, u k, england, scotland, wales, northern ireland, united kingdom, royaume uni,
grossbritannien | GQ equatorial guinea | IR islamic republic of iran, persia | KP north korea, dprk | KR south korea,
republic of korea | LA laos | LK ceylon | LU luxemburg, luxembourg | MK fyrom, macedonia, f y r o m | MM burma,
myanmar | NL holland, the netherlands | PS palestine, palastina, filistin, filastin | RU russian federation, russia |
SY syria | SZ swaziland | TL east timor, timor leste | TR turkey, turkiye, turquie, turkei, turquia, north kurdistan
turkey, turkey north kurdistan, turkey kurdistan, kurdistan turkey, kuzey kurdistan turkiye, turkiye kuzey kurdistan |
TW taiwan | TZ tanzania | US usa, u s a, us, united states of america, etats unis, vereinigte staaten, eeuu, ee uu |
VA vatican | VN viet nam, vietnam | AE uae, emirates | CF central african republic | CA quebec | EH western sahara,
sahara occidental | MD moldavia | BY belorussia, white russia | KG kirghizia | SK slovak republic | XK kosovo, kosova
| TT trinidad and tobago, trinidad | AG antigua and barbuda | ST sao tome and principe, sao tome | VC saint vincent
and the grenadines | KN saint kitts and nevis | HK hongkong | BE wallonia brussels, wallonia, flanders | CH
switzerland, schweiz | FR corsica
"""
# Beginnings of adjectives (folded); up to five more letters may follow.
_ADJECTIVES = """
AF afghan|AL albanian albanais albanisch albanes|AM armenian armenien armenisch armenia|AR argentin|AT austrian
autrich osterreich|AU australian australien australisch|AZ azerbaijani azeri aserbaids|BA bosnian bosniaque bosnisch
bosansk|BD bangladeshi bangladais|BE belgian belge belgisch belgique|BG bulgarian bulgare bulgarisch bolgar|BO
bolivian bolivien bolivianisch|BR brazilian bresil brasileir brasilen brasilian|BY belarus belorus|CA canadian
canadien kanadisch canadien|CH swiss suisse schweizer svizzer|CI ivorian ivoirien|CL chilean chilien chilen|CM
cameroonian camerounais kamerun|CN chinese chinois chinesisch|CO colombian colombien kolumbian|CU cuban cubain
kubanisch|CY cypriot chypriot zypri zypern kibris kypr kupri|CZ czech tcheque tschech ceske ceska cesky|DE german
allemand deutsche deutscher deutschland aleman tedesc alema|DK danish danois danisch danmark danske|DO dominican|DZ
algerian algerien algerisch argelin|EC ecuadorian ecuadorien ecuatorian|EE estonian eesti|EG egyptian egyptien
agyptisch egipci|ES spanish espagnol espanol spanisch|ET ethiopian ethiopien|FI finnish finlandais finnisch suomen|FR
french francais francaise franzosisch frances francese|GB british britannique britisch|GE georgian georgien|GH
ghanaian|GR greek grec griechisch hellenic helleni griego ellad ellinik|GT guatemaltec guatemalan|HN hondur|HR
croatian croate kroatisch hrvatsk|HT haitian haitien haitien|HU hungarian hongrois ungarisch magyar|ID indonesian
indonesien|IE irish irlandais irisch|IL israeli israelien|IN indian|IQ iraqi irakien irakisch|IR iranian iranien
iranisch irani|IS icelandic islandais|IT italian italien italienisch|JO jordanian jordanien|JP japanese japonais
japanisch|KE kenyan|KR south korean|KZ kazakh|KG kyrgyz|LB lebanese libanais libanesisch libanes|LK sri lankan|LT
lithuanian lituanien lietuv|LU luxembourgeois luxemburgisch|LV latvian letton latvij|MA moroccan marocain marokkanisch
marroqui|MD moldovan moldave|ME montenegrin crnogor|MK macedonian makedon|ML malian|MT maltese maltais|MX mexican
mexicain mexikanisch|MY malaysian|NE nigerien|NG nigerian|NI nicaraguense nicaraguan|NL dutch neerlandais niederland
nederland|NO norwegian norveg norwegisch norges norske|NP nepali nepalese nepalais nepalesisch|PA paname|PE peruan
peruvian peruvien|PH filipino philippin pilipin|PK pakistani pakistanais pakistanisch|PL polish polonais polnisch
polski|PS palestinian palestinien palastinens palestin filistin|PT portugues portugais portugiesisch|PY paraguay|RO
romanian roumain rumanisch romanesc romaneasc|RS serbian serbe serbisch srbij srpsk|RU russian russe russisch rossij
rossiisk rossisch|SA saudi|SD sudanese soudanais|SE swedish suedois schwedisch svensk sverige|SI slovenian slovene
slovenij|SK slovak|SN senegalese senegalais|SV salvador|SY syrian syrien syrisch|TG togolese togolais|TN tunisian
tunisien tunesisch|TR turkish turc turque turkisch turkiye|UA ukrain|US american|UY uruguay|UZ uzbek|VE venezuela
venezolan venezuel|VN vietnamese vietnamien vietnamesisch|YE yemeni|ZA south african sud africain sudafrikanisch|ZW
zimbabwean|AD andorran|AO angolan|BF burkinab|BJ beninois|BN brunei|CR costarricense|ER eritrean|ET ethiopisch|LY
libyan libyen|MG malgache malagasy|MM burmese|MN mongolian|MR mauritanien mauritanian|MZ mocambican mozambican|SO
somali|TD tchadien|TJ tajik|TM turkmen|TZ tanzanian|UG ugandan
"""


@cache
def _names(tag: str) -> dict[str, str]:
    territories = babel.Locale.parse(tag).territories
    named = {comparable(name): code for code, name in sorted(territories.items()) if is_country(code)}
    return {name: code for name, code in named.items() if name and code not in _NOT_COUNTRIES}


@cache
def _also() -> dict[str, str]:
    entries = (entry.strip().split(" ", 1) for entry in " ".join(_ALSO.split()).split("|"))
    return {name.strip(): code for code, names in entries for name in names.split(",")}


@cache
def _every_name() -> dict[str, str]:
    """Every spelling in every language, for text that is nothing but a country."""
    table: dict[str, str] = {}
    for tag in _LANGUAGES:
        for name, code in _names(tag).items():
            table.setdefault(name, code)
    return table | _also()


@cache
def _native_names() -> dict[str, str]:
    """What each country calls itself, in the languages that are official there."""
    table: dict[str, str] = {}
    for code in dict.fromkeys(_every_name().values()):
        for language in official_languages(code):
            if (tag := language.tag.replace("-", "_")) in _LANGUAGES:
                table.update((name, each) for name, each in _names(tag).items() if each == code and len(name) > 3)
    return table


@lru_cache(maxsize=64)
def _running_names(language: str) -> dict[str, str]:
    """The spellings to look for inside a text in this language."""
    own = _names(language) if language in _LANGUAGES else {}
    usual = {name: code for name, code in (_native_names() | _names("en")).items() if name != "island"}
    return {name: code for name, code in (usual | own | _also()).items() if len(name) > 3 or name in _also()}


@cache
def _adjectives() -> dict[str, str]:
    entries = (entry.split() for entry in " ".join(_ADJECTIVES.split()).split("|"))
    return {stem: code for code, *stems in entries for stem in stems if len(stem) > 3}


def country_named(text: str) -> str:
    """The code of the country that a text names and does nothing else; empty if it does not.

    >>> country_named("MEXICO"), country_named("the Netherlands"), country_named("Red Star")
    ('MX', 'NL', '')
    """
    if len(text) > 80:
        return ""
    name = comparable(text)
    return _every_name().get(name) or _every_name().get(name.removeprefix("the "), "")


def countries_in(text: str, language: str = "") -> tuple[str, ...]:
    """The countries that a name speaks of, as they come: those it names outright, or else those of its adjectives.

    >>> countries_in("Lesebund Deutschlands", "de"), countries_in("Moroccan Readers", "en")
    (('DE',), ('MA',))
    """
    tokens = [match for match in re.finditer(r"[^\W_]+(?:[\u0900-\u0dff]+[^\W_]*)*", text) if len(match.group()) < 60]
    named = tuple(dict.fromkeys(_named(text, [match.span() for match in tokens], language)))
    return named or tuple(dict.fromkeys(_described([match.group() for match in tokens])))


def _named(text: str, spans: list[tuple[int, int]], language: str) -> Iterator[str]:
    names, index = _running_names(language.split("-", maxsplit=1)[0]), 0
    while index < len(spans):
        start, end = spans[index]
        longest = 0
        if not text[start].islower():
            for last in range(min(index + 5, len(spans) - 1), index - 1, -1):
                phrase = text[start : spans[last][1]]
                code = names.get(comparable(phrase))
                if code and (len(phrase) > 3 or phrase.isupper()):
                    yield code
                    longest = last - index + 1
                    break
            else:
                yield from _inflected(folded(text[start:end]), names)
        index += max(longest, 1)


def _inflected(word: str, names: dict[str, str]) -> Iterator[str]:
    """A country's name with an ending: genitives of Germanic, Slavic and Greek names."""
    if word.endswith("s") and len(word) > 5 and word[:-1] in names:
        yield names[word[:-1]]
    elif len(word) > 3 and not word.isascii():
        stem = next((word[:length] for length in range(len(word) - 1, 3, -1) if word[:length] in _stems()), "")
        if stem and len(word) - len(stem) < 6:
            yield _stems()[stem]


@cache
def _stems() -> dict[str, str]:
    """Names in Cyrillic and Greek letters without their ending."""
    table: dict[str, str] = {}
    for tag in ("ru", "uk", "be", "bg", "mk", "sr", "el"):
        for name, code in _names(tag).items():
            stem = re.sub(r"(?:ος|οσ|ια|[аеияоьηαασς])$", "", name)
            if len(stem) > 3 and " " not in stem and stem.isalpha():
                table.setdefault(stem, code)
    return table


def _described(tokens: list[str]) -> Iterator[str]:
    adjectives = _adjectives()
    for token in map(folded, tokens):
        for length in range(len(token), max(len(token) - 6, 3), -1):
            if token[:length] in adjectives:
                yield adjectives[token[:length]]
                break
