"""The YAML 1.2 between the ``---`` lines of a source becomes metadata; every complaint has its line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar, cast, get_args

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.locales import Locale
from pipeline.source.document import Numbering

LARGEST = 200_000
_FENCE = re.compile(r"\A\ufeff?---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
#: Other names under which a field is understood: files in the wild write them.
_SYNONYMS = {
    "type": "kind",
    "body": "issuer",
    "date": "adopted",
    "lang": "locale",
    "language": "locale",
    "licence": "license",
}
_FIELDS = ("title", "kind", "issuer", "adopted", "locale", "number", "license", "signatories")
_GROUP_FIELDS = ("heading", "as-of", "open", "numbering", "members")
_MEMBER_LIST = "write a list of ids from sources/organisations.csv: members: [first, second]"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text from the front matter, and where it stands."""

    text: str
    location: Location


@dataclass(frozen=True, slots=True)
class GroupMetadata:
    """One list of signatories as the author declares it: ids of the registry, each with its place."""

    heading: Text | None
    as_of: date | None
    open: bool
    numbering: Numbering
    members: tuple[Text, ...]
    location: Location


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the front matter says of a resolution. ``locale`` is None where it says nothing."""

    title: Text
    kind: Text | None
    issuer: Text | None
    adopted: date | None
    locale: Locale | None
    number: str
    license: str
    groups: tuple[GroupMetadata, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """A source in its two parts, and the line on which its body begins."""

    front_matter: str
    body: str
    body_line: int


def split_source(text: str, path: str) -> Split:
    """The front matter and the body of a source. Raises InvalidInput if there is no front matter."""
    match = _FENCE.match(text)
    if match is None:
        opened = text.lstrip("\ufeff").startswith("---")
        message = "the front matter is not closed" if opened else "the source has no front matter"
        hint = (
            "end it with a line of three hyphens"
            if opened
            else "begin the file with ---, then title: …, then --- again"
        )
        raise InvalidInput([Diagnostic("no-front-matter", message, Location(path, 1), hint=hint)])
    return Split(match[1], text[match.end() :], text.count("\n", 0, match.end()) + 1)


def parse_front_matter(text: str, path: str) -> Metadata:
    """The metadata in a front matter whose first line is line 2 of the file ``path``.

    YAML 1.2 (``no`` is Norwegian, not False). Raises InvalidInput with every complaint.
    """
    root = _compose(text, path)
    reader = _Reader(path)
    if not isinstance(root, MappingNode):
        raise InvalidInput(
            [reader.complaint("front-matter", "the front matter is not a list of “name: value” lines", root)]
        )
    fields = reader.fields(root, _FIELDS, _SYNONYMS)
    title = reader.text(fields, "title")
    if title is None and "title" not in fields:
        reader.complain(
            "title-missing", "the resolution has no title", root, "add a line such as title: Bread for all!"
        )
    metadata = Metadata(
        title=title or Text("", Location(path, 1)),
        kind=reader.text(fields, "kind"),
        issuer=reader.text(fields, "issuer"),
        adopted=reader.day(fields, "adopted"),
        locale=reader.locale(fields, "locale"),
        number=_words(reader.text(fields, "number")),
        license=_words(reader.text(fields, "license")),
        groups=reader.groups(fields),
    )
    if reader.complaints:
        raise InvalidInput(reader.complaints)
    return metadata


def _words(text: Text | None) -> str:
    return text.text if text else ""


def _compose(text: str, path: str) -> Node | None:
    if len(text) > LARGEST:
        raise InvalidInput([Diagnostic("front-matter", "the front matter is too long to be one", Location(path, 2))])
    loader = YAML(typ="safe", pure=True)
    try:
        root = cast("Node | None", loader.compose(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 2 if mark is not None else 2
        message = f"the front matter is not valid YAML: {error.problem or error.context}"
        hint = "put texts that hold a colon, a hash or a quotation mark between double quotation marks"
        raise InvalidInput([Diagnostic("yaml", message, Location(path, line), hint=hint)]) from None
    except YAMLError as error:
        reason = str(error).split("\n", maxsplit=1)[0]
        raise InvalidInput(
            [Diagnostic("yaml", f"the front matter is not valid YAML: {reason}", Location(path, 2))]
        ) from None
    anchored = next((node for node in _nodes(root, 0) if getattr(node, "anchor", None)), None)
    if anchored is not None:
        place = Location(path, anchored.start_mark.line + 2)
        raise InvalidInput(
            [Diagnostic("yaml", "YAML anchors (&) and aliases (*) are not allowed", place, hint="write it out")]
        )
    return root


def _nodes(node: Node | None, depth: int) -> Iterator[Node]:
    if node is None or depth > 20:
        return
    yield node
    if getattr(node, "anchor", None):
        return
    children = node.value if isinstance(node, SequenceNode) else []
    if isinstance(node, MappingNode):
        children = [each for pair in node.value for each in pair]
    for child in children:
        yield from _nodes(child, depth + 1)


class _Reader:
    """Reads typed values out of YAML nodes and gathers every complaint on the way."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.complaints: list[Diagnostic] = []

    def place(self, node: Node | None) -> Location:
        return Location(self.path, node.start_mark.line + 2 if node is not None else 2)

    def complaint(self, code: str, message: str, node: Node | None, hint: str = "") -> Diagnostic:
        return Diagnostic(code, message, self.place(node), hint=hint)

    def complain(self, code: str, message: str, node: Node | None, hint: str = "") -> None:
        self.complaints.append(self.complaint(code, message, node, hint))

    def fields(self, mapping: MappingNode, known: tuple[str, ...], synonyms: dict[str, str]) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for key, value in mapping.value:
            written = str(key.value)
            name = synonyms.get(written, written)
            if name not in known:
                near = difflib.get_close_matches(written, [*known, *synonyms], n=1)
                hint = f"did you mean “{near[0]}”?" if near else "known names are: " + ", ".join(known)
                self.complain("unknown-field", f"“{written}” is not a field of a resolution", key, hint)
            elif name in found:
                self.complain("field-twice", f"“{name}” is given twice", key, "delete one of the two")
            else:
                found[name] = value
        return found

    def text(self, fields: dict[str, Node], name: str) -> Text | None:
        node = fields.get(name)
        if node is None or _is_null(node):
            if node is not None:
                self.complain("field-empty", f"“{name}” has no value", node, "write one, or delete the line")
            return None
        if not isinstance(node, ScalarNode):
            self.complain("not-text", f"“{name}” must be one text", node, "put the text between double quotation marks")
            return None
        words = " ".join(str(node.value).split())
        if not words:
            self.complain("field-empty", f"“{name}” has no value", node, "write one, or delete the line")
            return None
        return Text(words, self.place(node))

    def _parsed(self, fields: dict[str, Node], name: str, parse: Callable[[str], _T], hint: str) -> _T | None:
        found = self.text(fields, name)
        if found is None:
            return None
        try:
            return parse(found.text)
        except ValueError:
            self.complain("bad-value", f"“{name}: {found.text}” cannot be understood", fields[name], hint)
            return None

    def day(self, fields: dict[str, Node], name: str) -> date | None:
        return self._parsed(fields, name, date.fromisoformat, "write the day as year-month-day, such as 2026-02-21")

    def locale(self, fields: dict[str, Node], name: str) -> Locale | None:
        return self._parsed(fields, name, Locale.parse, "write a language tag (BCP 47), such as en, pt-BR or sr-Latn")

    def yes(self, fields: dict[str, Node], name: str) -> bool:
        return bool(self._parsed(fields, name, _boolean, "write true or false"))

    def numbering(self, fields: dict[str, Node]) -> Numbering:
        return self._parsed(fields, "numbering", _numbering, "write restart, continue or none") or "restart"

    def groups(self, fields: dict[str, Node]) -> tuple[GroupMetadata, ...]:
        node = fields.get("signatories")
        if node is None or _is_null(node):
            return ()
        if not isinstance(node, SequenceNode):
            hint = "begin each group with a line “  - heading: …”, then “    members: […]”"
            self.complain("signatories", "“signatories” must be a list of groups", node, hint)
            return ()
        if all(isinstance(each, ScalarNode) for each in node.value):
            return (GroupMetadata(None, None, False, "restart", self.members(node), self.place(node)),)
        return tuple(group for each in node.value for group in self._group(each))

    def _group(self, node: Node) -> Iterator[GroupMetadata]:
        if not isinstance(node, MappingNode):
            self.complain("signatories", "a group of signatories needs a heading and members", node, _MEMBER_LIST)
            return
        fields = self.fields(node, _GROUP_FIELDS, {})
        if "members" not in fields:
            self.complain("signatories", "this group of signatories has no members", node, _MEMBER_LIST)
        yield GroupMetadata(
            heading=self.text(fields, "heading"),
            as_of=self.day(fields, "as-of"),
            open=self.yes(fields, "open"),
            numbering=self.numbering(fields),
            members=self.members(fields.get("members")),
            location=self.place(node),
        )

    def members(self, node: Node | None) -> tuple[Text, ...]:
        if node is None or _is_null(node):
            return ()
        if not isinstance(node, SequenceNode):
            self.complain("signatories", "“members” must be a list", node, _MEMBER_LIST)
            return ()
        for each in node.value:
            if not isinstance(each, ScalarNode):
                self.complain("signatories", "a member must be an id of the registry", each, _MEMBER_LIST)
        return tuple(Text(str(each.value), self.place(each)) for each in node.value if isinstance(each, ScalarNode))


def _is_null(node: Node) -> bool:
    return isinstance(node, ScalarNode) and str(node.tag).endswith(":null")


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower() == "true"


def _numbering(text: str) -> Numbering:
    if text not in get_args(Numbering):
        raise ValueError(text)
    return cast("Numbering", text)
