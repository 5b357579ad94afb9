"""The furniture of a website around a text: which lines of a page are not the document's."""

from __future__ import annotations

import re
from functools import cache

from pipeline.source.intake.lines import Dropped, Line, Shape
from pipeline.source.intake.text import comparable, folded

# Lines that say exactly this, whatever their punctuation.
_PHRASES = """
Skip to content|Skip to main content|Skip to navigation|Personal tools|You are here|Document Actions|Navigation
Main navigation|Sections
Search Site|Advanced Search|Log in|Login|Print|Print this|Print this page|Send this|Send|E-mail|Email|Email this page
PDF version|Share
Share this|Tweet|Read more|Back to top|Top|Previous|Next|Home|Menu|Site Map|Accessibility|Contact
only in current section|All rights reserved|Accept|Accept all|Accept cookies|Print friendly
Filed under|Related content|Leave a comment|Reply|Subscribe
Aller au contenu|Aller au contenu principal|Aller à la navigation|Outils personnels|Vous êtes ici
Actions sur le document|Imprimer|Envoyer
Partager|Connexion|Se connecter|Rechercher|Recherche|Accueil|Lire la suite|Tous droits réservés|Accepter|Haut de page
Direkt zum Inhalt|Zum Inhalt springen|Direkt zur Navigation|Zur Navigation springen|Benutzerspezifische Werkzeuge
Meine Werkzeuge
Sie sind hier|Artikelaktionen|Drucken|Seite drucken|Teilen|Anmelden|Suche|Startseite|Weiterlesen|Nach oben
Alle Rechte vorbehalten
Impressum|Datenschutz|Akzeptieren
Saltar a contenido|Saltar al contenido|Ir al contenido|Saltar a navegación|Herramientas personales|Usted está aquí
Acciones de documento
Acciones de Documento|Navegación|Imprimir|Enviar|Compartir|Entrar|Buscar|Inicio|Leer más|Aceptar
Vai ai contenuti|Salta al contenuto|Vai alla navigazione|Strumenti personali|Tu sei qui|Azioni sul documento
Navigazione|Stampa
Condividi|Accedi|Leggi tutto
Ir para o conteúdo|Ir para navegação|Ferramentas pessoais|Você está aqui|Ações do documento|Navegação|Partilhar
Compartilhar|Ler mais
Ga naar de inhoud|Ga naar navigatie|Persoonlijke hulpmiddelen|U bent hier|Document acties|Documentacties|Navigatie
Afdrukken|Delen|Inloggen
İçeriğe atla|İçeriğe geç|Kişisel araçlar|Buradasınız|Doküman eylemleri|Gezinti|Yazdır|Paylaş
Перейти к содержимому|Перейти к навигации|Персональные инструменты|Вы здесь|Операции с документом|Навигация|Печать
Поделиться
Μετάβαση στο περιεχόμενο|Προσωπικά εργαλεία|Βρίσκεστε εδώ|Πλοήγηση|Εκτύπωση|Κοινοποίηση
انتقل إلى المحتوى|تخطى إلى المحتوى|أدوات شخصية|أنت هنا|التنقل|طباعة|مشاركة
پرش به محتوا|ابزارهای شخصی|شما اینجا هستید|ناوبری|چاپ|نسخه چاپی|اشتراک گذاری
"""
_BREADCRUMBS = (
    "You are here|Vous êtes ici|Sie sind hier|Usted está aquí|Está aquí|Tu sei qui|Ti trovi qui|Você está aqui|Está "
    "em|U bent hier|"
    "Je bent hier|Buradasınız|Şu anda buradasınız|Вы здесь|Вы находитесь здесь|Ви тут|Βρίσκεστε εδώ|Είστε εδώ|أنت "
    "هنا|شما اینجا هستید|"
    "Du är här|Du er her|Olet täällä|Jesteś tutaj|Nacházíte se zde|Itt vagy|Te afli aici|Ets aquí|Hemen zaude"
)
_NETWORKS = frozenset(
    "share on via by this facebook twitter x whatsapp telegram linkedin reddit mastodon pinterest instagram youtube "
    "vk tumblr email "
    "e mail print partager sur teilen auf compartir en condividi su tweet signal threads bluesky copy link messenger "
    "rss pdf and".split()
)
_LEADING = re.compile(
    r"(?:last (?:updated|modified|edited)|updated on|page date|date of (?:the )?(?:page|visit|crawl)|retrieved|"
    r"accessed|hits ?:|views ?:|"
    r"printed (?:on|from)|copyright|©|\(c\) ?\d{4}|powered by|filed under ?:|tags ?:|category ?:|categories ?:|"
    r"posted in|"
    r"derniere (?:mise a jour|modification)|mis a jour|imprime le|zuletzt (?:geandert|aktualisiert)|stand der seite|"
    r"ultima (?:actualizacion|modifica)|actualizado|son guncelleme|последнее обновление|(?:quelle|source|fonte|fuente|"
    r"منبع) ?: ?(?:https?:|www\.)"
    r")"
)
_ADDRESS_ONLY = re.compile(r"<?(?:[a-z][a-z0-9+.-]{1,20}:(?://)?\S+|www\.\S+)>?", re.IGNORECASE)


@cache
def _phrases() -> frozenset[str]:
    return frozenset(comparable(phrase) for phrase in re.split(r"[|\n]", _PHRASES) if phrase)


@cache
def _breadcrumb() -> re.Pattern[str]:
    alternatives = "|".join(re.escape(folded(phrase)) for phrase in _BREADCRUMBS.split("|"))
    return re.compile(rf"(?:{alternatives})\s*[:：]\s*(?=\S)")


def is_breadcrumb(text: str) -> bool:
    """Whether a line is the trail from the home page to this one.

    >>> is_breadcrumb("Vous êtes ici : Accueil / 2010 / Titre"), is_breadcrumb("You are here")
    (True, False)
    """
    return bool(_breadcrumb().match(folded(text)))


def furniture(line: Line) -> str:
    """Why a line belongs to the website and not to the document; empty if it does not.

    >>> furniture(Line("Skip to content. | Skip to navigation", 1)), furniture(Line("No to war!", 1))
    ('page furniture', '')
    """
    text = line.text
    if line.shape is Shape.ORNAMENT or line.ordinal:
        return ""
    pieces = [comparable(piece) for piece in re.split(r"[|•·/]", text)]
    if not text.endswith("!") and any(pieces) and all(piece in _phrases() for piece in pieces if piece):
        return "page furniture"
    if is_breadcrumb(text):
        return "breadcrumb"
    said = set(comparable(text).split())
    if (
        len(said) > 1
        and said <= _NETWORKS
        and not said.isdisjoint({"facebook", "twitter", "whatsapp", "telegram", "linkedin", "print"})
    ):
        return "share buttons"
    plain = folded(text)
    if (
        "cookie" in plain
        and len(text) < 400
        and re.search(r"site|seite|web|accept|akzept|utilis|verwend|usa|kullan|policy|сайт", plain)
    ):
        return "cookie notice"
    if _LEADING.match(plain) and len(text) < 200:
        return "page furniture"
    if _ADDRESS_ONLY.fullmatch(text):
        return "web address"
    return ""


def without_furniture(lines: tuple[Line, ...]) -> tuple[tuple[Line, ...], tuple[Dropped, ...]]:
    """The lines of the document, and those of the website around it."""
    reasons = [furniture(line) for line in lines]
    kept = tuple(line for line, reason in zip(lines, reasons, strict=True) if not reason)
    gone = (Dropped(line.number, line.text, reason) for line, reason in zip(lines, reasons, strict=True) if reason)
    return kept, tuple(gone)
