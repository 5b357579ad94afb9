"""An author's Markdown becomes a rope: HTML of ours around segments that translators own.

The law: filling the holes of the rope with the source's own segments gives exactly what markdown-it renders for the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore, text_join
from markdown_it.rules_inline import StateInline, image, link
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_ref

from pipeline.diagnostics import InvalidInput, Location
from pipeline.source.directives import COMMENTS, Directive, Skips, directed, directive_faults, read_directives
from pipeline.source.document import Role, Section, Segment
from pipeline.source.faults import faults, flattened, forbidden_characters, line_of, lost_footnotes, with_lines
from pipeline.source.plain import is_plain, parse_inlines, plain_paragraph, words_of
from pipeline.source.slogans import gather_slogans

HOLE = "\ufffc"
_FOOTNOTE = re.compile(r"\[\^([^\s\]]+)\]")
# Texts in which the end of a line may be more than a space: hard breaks, code, addresses and titles of links.
_NOT_FOLDABLE = re.compile(r"\\\n|[ \t]\n|\n[ \t]|[`<].*\n|\]\([^)]*\n", re.DOTALL)
_OPENING_TAG = re.compile(r"<([a-z][a-z0-9]*)([^<>]*)>\Z")

#: What a run of text becomes in HTML: escaping at least.
Typeset = Callable[[str], str]
#: Where a picture of the source is to be had from, by its ``src`` in the source.
Pictures = Mapping[str, str]
Environment = MutableMapping[str, Any]


@dataclass(frozen=True, slots=True)
class Body:
    """A parsed body: its rope, and the pictures it shows, as written."""

    section: Section
    pictures: tuple[tuple[str, Location], ...]


def parse_body(text: str, path: str, first_line: int = 1) -> Body:
    """The rope of a CommonMark text (with tables and footnotes) whose first line is ``first_line`` of the file ``path``.

    Raises InvalidInput with every complaint: raw HTML, control characters, links that are neither web, mail, phone nor relative,
    footnotes without text or without a mark.
    """
    complaints = list(forbidden_characters(text, path, first_line))
    parser = _parser(html=True)
    environment: Environment = {"edits": {}, "first_line": first_line}
    tokens = parser.parse(text, environment)
    complaints.extend(directive_faults(tokens, path))
    complaints.extend(faults(tokens, path, first_line))
    complaints.extend(lost_footnotes(tokens, environment, path, first_line))
    if complaints:
        raise InvalidInput(complaints)
    pictures = tuple(
        (str(child.attrGet("src")), Location(path, line))
        for token in tokens
        if token.type == "inline" and "![" in token.content
        for child, line in with_lines(token, first_line)
        if child.type == "image"
    )
    segments = tuple(_segments(tokens, environment, path, first_line))
    for token in tokens:
        if token.type == "inline" and token.content.strip():
            token.children = [Token("html_inline", "", 0, content=HOLE)]
    structure = parser.renderer.render(tokens, parser.options, environment).split(HOLE)
    return Body(Section(tuple(structure), segments, _labels(environment)), pictures)


def reference_rendering(text: str) -> str:
    """What markdown-it itself makes of the text, under our grammar: the other side of the law."""
    return str(_parser(html=True).render(text, {"edits": {}}))


def fill(section: Section, holes: Sequence[str]) -> str:
    """The section's HTML with these pieces of HTML in its holes."""
    pieces = [section.structure[0]]
    for hole, structure in zip(holes, section.structure[1:], strict=True):
        pieces += (hole, structure)
    return "".join(pieces)


def in_language(section: Section, index: int, attributes: str) -> Section | None:
    """The section with the element around one hole carrying these attributes; None if the hole does not fill an element."""
    before, after = section.structure[index], section.structure[index + 1]
    opening = _OPENING_TAG.search(before)
    if opening is None or not after.startswith(f"</{opening[1]}>"):
        return None
    marked = f"{before[: opening.start()]}<{opening[1]}{opening[2]} {attributes}>"
    structure = (*section.structure[:index], marked, *section.structure[index + 1 :])
    return Section(structure, section.segments, section.footnotes)


def environment_for(section: Section, pictures: Pictures | None = None) -> Environment:
    """What rendering the section's inline texts one after another needs to know: footnote numbers, pictures' places."""
    labels = section.footnotes
    return {
        "footnotes": {
            "refs": {f":{label}": number for number, label in enumerate(labels)},
            "list": {number: {"label": label, "count": 0} for number, label in enumerate(labels)},
        },
        "pictures": pictures,
        "edits": {},
    }


def inline_html(text: str, environment: Environment, typeset: Typeset = escapeHtml) -> str:
    """The HTML of one run of inline Markdown; raw HTML in it is text, and no block can come of it."""
    environment["typeset"] = typeset
    parser = _parser(html=False)
    renderer = cast(RendererHTML, parser.renderer)
    return renderer.renderInline(inline_tokens(text, environment), parser.options, environment)


def inline_tokens(text: str, environment: Environment) -> list[Token]:
    """The tokens of one run of inline Markdown: the inline rules alone, so that it can never make a block."""
    if is_plain(text):
        return words_of(text)
    parser = _parser(html=False)
    tokens: list[Token] = []
    parser.inline.parse(text, parser, environment, tokens)
    run = Token("inline", "", 0, children=tokens)
    text_join(StateCore(text, parser, environment, [run]))
    return run.children or []


@dataclass(frozen=True, slots=True)
class Grammar:
    """The closed grammar of one inline text: all in it that is not words; ``titled`` are addresses that carry a title."""

    links: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    footnotes: tuple[str, ...] = ()
    titled: tuple[str, ...] = ()


def grammar(text: str, labels: tuple[str, ...]) -> Grammar:
    """Link addresses, pictures and footnote labels in a run of inline Markdown, in order."""
    found = list(flattened(inline_tokens(text, environment_for(Section(("", ""), (), labels)))))
    return Grammar(
        tuple(str(each.attrGet("href")) for each in found if each.type == "link_open"),
        tuple(str(each.attrGet("src")) for each in found if each.type == "image"),
        tuple(str(each.meta["label"]) for each in found if each.type == "footnote_ref"),
        tuple(str(each.attrGet("href") or each.attrGet("src")) for each in found if each.attrGet("title")),
    )


def plain_text(text: str, labels: tuple[str, ...] = (), *, pictures: bool = True) -> str:
    """The words of a run of inline Markdown, without its markup; with or without those that stand for pictures."""
    tokens = inline_tokens(text, environment_for(Section(("", ""), (), labels)))
    tokens = [each for each in tokens if pictures or each.type != "image"]
    words = (
        " " if each.type in ("softbreak", "hardbreak") else each.content
        for each in flattened(tokens)
        if not each.children
    )
    return "".join(words)


class _Sources(MarkdownIt):
    """The parser of sources: takes links of every kind, so that a bad one is complained of and not printed with its brackets."""

    def validateLink(self, url: str) -> bool:  # noqa: N802  # markdown-it's name
        return True


@lru_cache(maxsize=2)
def _parser(html: bool) -> MarkdownIt:
    parser = (_Sources if html else MarkdownIt)("commonmark", {"html": html}).enable("table")
    parser.use(footnote_plugin, inline=False)
    parser.block.ruler.before("table", "plain_paragraph", plain_paragraph)
    parser.core.ruler.after("block", "comments", _drop_comments)
    parser.core.ruler.after("comments", "footnote_places", _note_definitions)
    parser.core.ruler.after("footnote_places", "slogans", _gather_slogans)
    parser.core.ruler.at("inline", parse_inlines)
    parser.inline.ruler.at("link", _recording(link))
    parser.inline.ruler.at("image", _recording(image))
    parser.inline.ruler.at("footnote_ref", _footnote_mark)
    parser.add_render_rule("softbreak", _softbreak)
    parser.add_render_rule("text", _text)
    parser.add_render_rule("image", _image)
    parser.add_render_rule("footnote_anchor", _footnote_anchor)
    parser.add_render_rule("footnote_caption", _footnote_caption)
    return parser


def _softbreak(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Environment) -> str:
    return " "


def _text(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Environment) -> str:
    typeset: Typeset = env.get("typeset", escapeHtml)
    return typeset(tokens[index].content)


def _image(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Environment) -> str:
    pictures: Pictures | None = env.get("pictures")
    token = tokens[index]
    source = str(token.attrGet("src"))
    if pictures is not None:
        if source not in pictures:
            return f"<em>{escapeHtml(token.content)}</em>"
        token.attrSet("src", pictures[source])
    return RendererHTML.image(self, tokens, index, options, env)


def _footnote_anchor(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Environment
) -> str:
    """The way back from a footnote, without a word or sign of its own: a format gives it one, or hides it."""
    meta = tokens[index].meta
    again = f":{meta['subId']}" if meta["subId"] > 0 else ""
    return f' <a href="#fnref{meta["id"] + 1}{again}" class="footnote-backref"></a>'


def _footnote_caption(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Environment
) -> str:
    digits: Callable[[str], str] = env.get("digits", str)
    return digits(str(tokens[index].meta["id"] + 1))


def _recording(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """The rule, noting where a link or picture by reference stands, so that the msgid can say its address itself."""

    def recorded(state: StateInline, silent: bool) -> bool:
        start, before = state.pos, len(state.tokens)
        matched = rule(state, silent)
        if matched and not silent:
            opening = next((each for each in state.tokens[before:] if each.type in ("link_open", "image")), None)
            if opening is not None:
                label_end = state.md.helpers.parseLinkLabel(
                    state, start + (opening.type == "image"), opening.type != "image"
                )
                by_reference = state.pos == label_end + 1 or state.src[label_end + 1 : label_end + 2] == "["
                if label_end > 0 and by_reference:
                    state.env["edits"].setdefault(state.src, []).append((label_end, state.pos, _target(opening)))
        return matched

    return recorded


def _footnote_mark(state: StateInline, silent: bool) -> bool:
    """The plugin's rule, noting what looks like a footnote and has no text."""
    if footnote_ref(state, silent):
        return True
    mark = _FOOTNOTE.match(state.src, state.pos)
    if mark and not silent:
        state.env.setdefault("undefined", set()).add((state.src, state.pos, mark[1]))
    return False


def _target(token: Token) -> str:
    address = str(token.attrGet("href") or token.attrGet("src") or "")
    title = token.attrGet("title")
    quoted = str(title).replace("\\", "\\\\").replace('"', '\\"') if title else ""
    return f"](<{address}>" + (f' "{quoted}")' if title else ")")


def _gather_slogans(state: StateCore) -> None:
    def splits(text: str) -> bool:
        tokens: list[Token] = []
        state.md.inline.parse(text, state.md, {"edits": {}, "references": state.env.get("references", {})}, tokens)
        breaks = [each for each in tokens if each.type in ("softbreak", "hardbreak") and each.level == 0]
        return len(breaks) == text.count("\n")

    gather_slogans(state.tokens, splits)


def _note_definitions(state: StateCore) -> None:
    """Note where footnotes are defined: those that nothing refers to, or a second of the same name, are gone later."""
    state.env["definitions"] = [
        (str(token.meta["label"]), token) for token in state.tokens if token.type == "footnote_reference_open"
    ]


def _drop_comments(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "html_block" and COMMENTS.fullmatch(token.content):
            first_line = line_of(token, state.env.get("first_line", 1))
            token.meta = {"directives": tuple(read_directives(token.content, first_line))}
            token.content = ""


_ROLES = {
    "heading": Role.HEADING,
    "blockquote": Role.QUOTE,
    "list_item": Role.LIST_ITEM,
    "th": Role.TABLE_HEAD,
    "td": Role.TABLE_CELL,
    "footnote": Role.FOOTNOTE,
}


def _segments(tokens: Sequence[Token], environment: Environment, path: str, first_line: int) -> Iterator[Segment]:
    """The segments in the order of their holes."""
    stack: list[Token] = []
    said: list[Directive] = []
    skips = Skips()
    section, ordinal = "text", 0
    headings: dict[str, int] = {}
    row = 0
    for token in tokens:
        for directive in token.meta.get("directives", ()):
            said.append(directive)
            skips.direct(directive.name)
        if token.nesting > 0:
            stack.append(token)
            skips.opened(len(stack))
            row = line_of(token, first_line) if token.type == "tr_open" else row
        elif token.nesting < 0:
            skips.closed(len(stack))
            stack.pop()
        if token.type != "inline" or not token.content.strip():
            continue
        role = _role(stack)
        if role is Role.HEADING:
            section, ordinal = _slug(token.content, headings), 0
            place = section
        else:
            ordinal += 1
            place = f"{section}.{ordinal}"
        line = row if role in (Role.TABLE_HEAD, Role.TABLE_CELL) else line_of(token, first_line)
        segment = Segment(_msgid(token, environment), Location(path, line), role, place)
        yield directed(segment, said, skips.skipping) if said or skips.skipping else segment
        said = []


def _role(stack: Sequence[Token]) -> Role:
    for token in reversed(stack):
        name = token.type.removesuffix("_open")
        if name == "list_item" and "slogan" in str(token.attrGet("class") or ""):
            return Role.SLOGAN
        if name in _ROLES:
            return _ROLES[name]
    return Role.PARAGRAPH


def _slug(heading: str, seen: dict[str, int]) -> str:
    slug = re.sub(r"[\W_]+", "-", plain_text(heading).lower()).strip("-")[:40].strip("-") or "section"
    seen[slug] = seen.get(slug, 0) + 1
    if seen[slug] == 1:
        return slug
    numbered = f"{slug}-{seen[slug]}"
    if numbered in seen:
        return _slug(heading, seen)
    seen[numbered] = 1
    return numbered


def _msgid(token: Token, environment: Environment) -> str:
    """What a translator gets: reference links with their address, soft line breaks folded. Never a change of meaning."""
    text = token.content
    if text not in environment["edits"] and not ("\n" in text and _NOT_FOLDABLE.search(text)):
        return text.replace("\n", " ")
    labels = _labels(environment)
    original = _rendered(text, environment)
    for attempt in (_self_contained, _folded):
        changed = attempt(text, environment)
        if changed != text and _rendered(changed, environment_for(Section(("", ""), (), labels))) == original:
            text = changed
    return text


def _self_contained(text: str, environment: Environment) -> str:
    for label_end, end, target in sorted(set(environment["edits"].get(text, ())), reverse=True):
        text = text[:label_end] + target + text[end:]
    return text


def _folded(text: str, _environment: Environment) -> str:
    hard = re.sub(r"(?: {2,}|\\)\n[ \t]*", "\\\\\x00", text)
    return re.sub(r"[ \t]*\n[ \t]*", " ", hard).replace("\x00", "\n")


def _rendered(text: str, environment: Environment) -> str:
    own = environment_for(Section(("", ""), (), _labels(environment)))
    own["references"] = environment.get("references", {})
    return inline_html(text, own)


def _labels(environment: Environment) -> tuple[str, ...]:
    listed = environment.get("footnotes", {}).get("list", {})
    return tuple(str(listed[number]["label"]) for number in sorted(listed) if "label" in listed[number])
