"""Which language a text or a name is written in: by script, letters and common words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache, lru_cache

from babel.languages import get_official_languages

from pipeline.source.intake.text import folded, words

# Common words of running text and of organisations' names; a star stands for any ending.
_WORDS = {
    "en": "the of and to in for is are that this with by from on we our their they not have has be was all it its as "
    "an at or "
    "which who will party union communist communists marxist* leninist* maoist* organization organisation movement "
    "front league "
    "workers worker people people's peoples democratic popular revolutionary proletarian patriotic republican "
    "socialist group "
    "new national committee association federation red star dawn line labor labour youth women students council "
    "struggle "
    "international society centre network independent united unity liberation class coordination supporting "
    "bolshevik party's "
    "cp german readers reading room circle friends house hall library",
    "fr": "le la les des du de et à en un une est sont que qui pour dans par sur ne pas avec nous notre leur ce "
    "cette au aux d l "
    "parti communiste communistes union organisation mouvement front ligue des travailleurs ouvriers ouvrière peuple "
    "peuples "
    "démocratique* populaire* révolutionnaire* prolétarien* patriotique socialiste marxiste* léniniste* groupe nouveau "
    "nouvelle comité association associations fédération jeunesse femmes unité contre lutte citoyen* "
    "nationale "
    "action bolchevi* nord sud rassemblement cercle lecture salle lecteurs maison amis bibliothèque "
    "collectif",
    "de": "der die das und den dem des ein eine einer ist sind nicht für mit von im zu auf wir unser ihre sich auch "
    "es an als "
    "partei deutschland* kommunistisch* marxistisch* leninistisch* organisation gruppe bund arbeiter verein union "
    "deutsche* schweiz sozialistisch* volk* front bewegung frauen jugend gegen neue liga verband "
    "lesekreis "
    "freunde leser lesestube lesegesellschaft haus kreis für gesellschaft",
    "es": "el la los las de del y que en un una es son por para con no se su sus nosotros al como más contra partido "
    "comunista "
    "marxista leninista maoista revolucionari* movimiento frente unión organización obrero trabajadores pueblo "
    "pueblos popular "
    "democrático democratico bloque liga socialista nacional comité asociación juventud mujeres nuevo nueva "
    "independiente biblioteca sala lectura amigos círculo casa lectores",
    "it": "il lo la i gli le di del della dei delle degli e che è sono per con non un una nel nella alla si al "
    "partito comunista "
    "dell marxista leninista movimento fronte unione organizzazione operaio lavoratori popolo rivoluzionari* italian* "
    "nazionale comitato associazione giovani donne circolo lettura lettori biblioteca amici casa",
    "pt": "o a os as de do da dos das e que em um uma é são por para com não se ao no na pelo pela partido comunista "
    "marxista leninista movimento frente união organização trabalhadores povo povos revolucionári* portugues* "
    "brasileir* "
    "nacional comitê comité associação juventude mulheres popular biblioteca leitura leitores amigos casa",
    "nl": "de het een en van in is zijn niet voor met op aan wij onze die dat te door ook partij arbeid* "
    "communistische "
    "nieuwe rode beweging bond organisatie vereniging socialistische volk nederland* belgië tegen leeszaal "
    "vrienden",
    "sv": "och att det i är en som på de för med av inte den vi till kommunistiska partiet svenska arbetar* folket "
    "rörelse* "
    "förening* läse* vänner",
    "da": "og at det i er en som på de for med af ikke den vi til kommunistiske parti arbejder* folket danske "
    "danmarks forening*",
    "nb": "og at det i er en som på de for med av ikke den vi til kommunistiske parti arbeider* folket norske norges "
    "forening*",
    "fi": "ja on ei se että kommunistinen puolue suomen työväen liitto yhdistys kansan",
    "pl": "i w na z do nie się jest że oraz dla partia komunistyczna polski polska ruch związek robotnicz* czytelnia "
    "koło "
    "stowarzyszenie",
    "cs": "a v na z do ne se je že pro strana komunistická česk* čech moravy svaz hnutí čítárna",
    "sk": "a v na z do nie sa je že pre strana komunistická slovensk* zväz hnutie",
    "hu": "a az és hogy nem egy munkás* párt magyar kommunista szövetség mozgalom olvasó*",
    "ro": "și de la în nu cu pentru este partidul comunist român* mișcarea uniunea sala lectură",
    "sq": "e të në me për që nuk është partia komuniste shqip* lëvizja bashkimi",
    "bs": "i u na za je ne se partija rada bosne hercegovine savez pokret komunistička čitaonica",
    "hr": "i u na za je ne se partija rada stranka savez pokret komunistička radnička hrvatsk* čitaonica",
    "sr-Latn": "i u na za je ne se partija rada savez pokret komunistička srbij* srpsk* jugoslavij* čitaonica",
    "sl": "in v na za je ne se stranka zveza gibanje komunistična slovenij* čitalnica",
    "tr": "ve bir bu için ile de da olarak değil olan çok parti partisi komünist marksist leninist türkiye devrimci "
    "emek halk* "
    "işçi* kürdistan kuzey bolşevik örgütü hareketi birliği birlik sosyalist demokratik okuma odası derneği kütüphane*",
    "kmr": "û ji li bi di de ku ev na ne partiya kurdistan* karkerên gel tevgera yekîtiya odeya xwendinê",
    "az": "və bir bu üçün ilə partiyası azərbaycan kommunist",
    "ca": "el la els les de del i que en un una és per amb no partit comunista catalunya moviment unió poble",
    "eu": "eta da ez euskal herria alderdi* mugimendua langile*",
    "ht": "ak nan yon pou li yo pati kominis ayiti travayè pèp sal lekti",
    "id": "dan yang di untuk dengan partai komunis rakyat indonesia gerakan serikat buruh taman baca",
    "vi": "và của là đảng cộng sản việt nam phòng đọc",
    "sw": "na ya wa kwa ni chama cha kikomunisti watu kenya tanzania chumba kusomea",
    "eo": "la kaj de en por estas asocio esperant*",
    "so": "iyo ee ka ku xisbiga",
    "tl": "ang ng sa mga at partido komunista pilipinas kilusang bayan",
    "ru-Latn": "sowjet* sovet* sojus* soyuz* soiuz* rabotsch* raboch* dvizhen* dwischen* partija* partiya* kommunisti* "
    "koordinaz* koordinats* rossij* rossii* trudov* narodn* rewoluz* revolyuts* bolschewik* bolshevik*",
    "fa-Latn": "hezb* sazman* jebhe* kargar* mardom* khalgh* komite komala fadaiyan* cherik* rah iran",
    "ar-Latn": "hizb* harakat* jabhat* al el ittihad* tajammu* shuyu* sha'b hay'at",
    "el-Latn": "komma* kommounistik* elladas kinima* syllogos",
    "hi-Latn": "bharat* sangh* dal ekta kisan mazdoor sangathan samaj* janata",
    "bn-Latn": "bangladesher samajtantrik dal samyabadi ganotantrik",
    "ne-Latn": "nepali nepal dal janamorcha sangh krantikari",
    "ru": "и в не на что с по это как его для от мы партия коммунистическая россии рабоч* союз движение совет "
    "советов российск* "
    "народн* читальня общество",
    "uk": "і в не на що з та це як для від ми партія комуністична україн* робітнич* спілка рух рада читальня",
    "be": "і ў не на што з гэта партыя беларус* камуністычная рух",
    "bg": "и в не на че с за от това партия българск* комунистическа съюз движение читалище",
    "sr": "и у не на да је са за партија комунистичка србиј* рада савез покрет српск* читаоница",
    "mk": "и во не на дека со за од партија македон* комунистичка сојуз движење",
    "ar": "في من أن هذا التي الذي عن مع كل لا ما و حزب الحزب الشيوعي حركة جبهة الشعب* العمال* اتحاد المغرب* تونس* قاعة",
    "fa": "در از به که این را با است برای آن ما می و حزب سازمان جبهه کارگران ایران مردم کمونیست تالار انجمن کتاب*",
    "ur": "کی کے میں ہے اور سے کا کو پر نے یہ پاکستان پارٹی جماعت کتب خانہ",
    "ps": "د په او چې کې له سره افغانستان ګوند کور",
    "ckb": "لە و بۆ کە بە حیزب پارتی کوردستان ژووری",
}
_LETTERS = {
    "ñ¿¡": "es", "ã": "pt", "õ": "pt", "ß": "de", "ğ": "tr az", "ş": "tr kmr az", "ı": "tr az", "ə": "az", "ł": "pl",
    "ąęśźż": "pl", "ő": "hu", "ű": "hu", "ø": "da nb", "å": "sv da nb", "ț": "ro", "ă": "ro vi", "řěů": "cs",
    "đ": "vi bs hr",
    "œ": "fr", "ĉĝĵŝŭ": "eo", "ľĺŕ": "sk", "ơư": "vi", "ëç": "sq fr", "èê": "fr", "îû": "kmr fr", "ò": "it ca ht",
    "ä": "de sv fi",
    "їєґ": "uk", "і": "uk be", "ў": "be", "ыэё": "ru be", "ъщ": "bg ru", "љњћђџ": "sr", "ј": "sr mk", "ѓќѕ": "mk",
    "پچژگ": "fa ur ps ckb", "ٹڈںےہھ": "ur", "ېښړډټګ": "ps", "ەێۆڕڵ": "ckb", "ةىأإ": "ar", "ی": "fa ur ckb ps",
    "ي": "ar", "ك": "ar",
}  # fmt: skip
_ONE_LANGUAGE_SCRIPTS = {
    "GREEK": "el", "HEBREW": "he", "GEORGIAN": "ka", "ARMENIAN": "hy", "TAMIL": "ta", "SINHALA": "si", "THAI": "th",
    "HANGUL": "ko",
    "HIRAGANA": "ja", "KATAKANA": "ja", "CJK": "zh", "ETHIOPIC": "am", "MALAYALAM": "ml", "TELUGU": "te",
    "KANNADA": "kn",
    "GUJARATI": "gu", "GURMUKHI": "pa", "TIFINAGH": "zgh", "LAO": "lo", "KHMER": "km", "MYANMAR": "my", "TIBETAN": "bo",
    "BENGALI": "bn", "DEVANAGARI": "hi", "ORIYA": "or",
}  # fmt: skip
_SCRIPTS = {"CYRILLIC": "ru uk be bg sr mk".split(), "ARABIC": "ar fa ur ps ckb".split()}
_DEVANAGARI = {"NP": "ne", "IN": "hi"}


@lru_cache(maxsize=4_000)
def script_of(text: str) -> str:
    """The script most letters of a text are in, by its Unicode name; empty if it has no letters."""
    letters = Counter(unicodedata.name(char, "?").split()[0] for char in text if char.isalpha())
    return max(letters, key=lambda script: (letters[script], script)) if letters else ""


@cache
def _lexicon() -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for tag, text in _WORDS.items():
        for word in dict.fromkeys(folded(text).split()):
            table.setdefault(word, []).append(tag)
    return {word: tuple(tags) for word, tags in table.items()}


def _speakers(word: str) -> tuple[str, ...]:
    """The languages that have a word, by itself or by its beginning."""
    lexicon = _lexicon()
    starred = (lexicon.get(word[:length] + "*", ()) for length in range(len(word), 3, -1))
    return lexicon.get(word, ()) or next((tags for tags in starred if tags), ())


def _scores(text: str, hints: tuple[str, ...]) -> dict[str, float]:
    scores: dict[str, float] = {}
    for word, count in Counter(words(text)).items():
        tags = _speakers(word)
        for tag in tags:
            scores[tag] = scores.get(tag, 0) + min(count, 20) / len(tags) * (0.5 if len(word) < 3 else 1)
    lowered = set(text.lower())
    for letters, tag_text in _LETTERS.items():
        if not lowered.isdisjoint(letters):
            for tag in tag_text.split():
                scores[tag] = scores.get(tag, 0) + 0.6 / len(tag_text.split())
    for tag in re.findall(r"\w{3,}-e\b", text.lower()):
        scores["fa-Latn"] = scores.get("fa-Latn", 0) + 0.7 * bool(tag)
    for tag in scores:
        if tag.split("-")[0] in hints:
            scores[tag] += 0.4
    return scores


def language_of(text: str, countries: tuple[str, ...] = (), likely: str = "") -> str:
    """The tag of the language a text is written in; empty if nothing tells.

    ``countries`` (codes) and ``likely`` (a tag) tip the scales between languages that the words leave equal.

    >>> language_of("Partei der Arbeit"), language_of("Hezb-e Ketabkhanan"), language_of("Xyzzy")
    ('de', 'fa-Latn', '')
    """
    script = script_of(text)
    if script in _ONE_LANGUAGE_SCRIPTS:
        if script == "CJK" and any("\u3040" <= char <= "\u30ff" for char in text):
            return "ja"
        if script == "DEVANAGARI":
            return next((_DEVANAGARI[code] for code in countries if code in _DEVANAGARI), "hi")
        return _ONE_LANGUAGE_SCRIPTS[script]
    hints = tuple(tag.split("_")[0] for code in countries for tag in get_official_languages(code, de_facto=True))
    allowed = _SCRIPTS.get(script)
    scores = {
        tag: score + 0.3 * (tag == likely)
        for tag, score in _scores(text, hints).items()
        if (tag in allowed if allowed else not any(tag in tags for tags in _SCRIPTS.values()))
    }
    ranked = sorted(scores, key=lambda tag: (-scores[tag], hints.index(tag) if tag in hints else 99, tag))
    if not ranked or scores[ranked[0]] < 0.3:
        return next((tag for tag in hints if allowed and tag in allowed), "")
    if len(ranked) > 1 and scores[ranked[0]] - scores[ranked[1]] < 0.04 and ranked[0] not in hints:
        return ""
    return ranked[0]
