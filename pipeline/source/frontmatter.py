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
from pipeline.source.document import UNPRINTABLE, Numbering

LARGEST = 200_000
_FENCE = re.compile(r"\A\ufeff?---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
#: Other names under which a field is understood: files in the wild write them.
# What libyaml's composer must not see: anchors, and nesting without end, for it has no limit of depth.
_NOT_SIMPLE = re.compile(r"[&*{?]|\[[^\]]*\[|(?:-[ \t]+){6}|^[ \t]{40}", re.MULTILINE)
_SYNONYMS = {
    "type": "kind",
    "body": "issuer",
    "date": "adopted",
    "lang": "locale",
    "language": "locale",
    "licence": "license",
}
_FIELDS = ("title", "kind", "issuer", "adopted", "locale", "number", "license", "short", "signatories")
_GROUP_FIELDS = ("heading", "as-of", "open", "numbering", "members")
_ADOPTED = "write the day as year-month-day, such as 2026-02-21"
_QUOTED = "put texts that hold a colon, a hash or a quotation mark between double quotation marks"
#: What ruamel.yaml says in a scanner's words, in an author's.
_YAML_FAULTS = {
    "mapping values are not allowed here": ("a colon stands where none may stand", _QUOTED),
    "found unexpected end of stream": ("a quotation mark is opened and not closed", _QUOTED),
    "found undefined alias": ("a text may not begin with *", _QUOTED),
    "found character '\\t'": ("a line begins with a tab", "indent with spaces"),
    "found character '@'": ("a text may not begin with @", _QUOTED),
    "found character '`'": ("a text may not begin with `", _QUOTED),
    "could not find expected ':'": ("a line has no colon after its name", "write “name: value”"),
    "expected <block end>": (
        "a line is indented differently from those above it",
        "begin names of one list in one column",
    ),
    "but found another document": ("the front matter ends before its closing line ---", "delete the lines ... or ---"),
    "expected ',' or ']'": (
        "a list is opened with [ and not closed",
        "separate the ids by commas and close the list with ]",
    ),
}
_MEMBER_LIST = "write a list of ids from sources/organisations.csv: members: [first, second]"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text from the front matter, and where it stands."""

    text: str
    location: Location


@dataclass(frozen=True, slots=True)
class Passage:
    """Markdown of several lines from the front matter, and the line of the file on which it begins."""

    text: str
    first_line: int


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
    short: Passage | None = None


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
    metadata, complaints = read_front_matter(text, path)
    if complaints:
        raise InvalidInput(complaints)
    return metadata


def read_front_matter(text: str, path: str) -> tuple[Metadata, tuple[Diagnostic, ...]]:
    """The metadata as far as they can be understood, and what is wrong with the rest.

    Raises InvalidInput if the front matter is no YAML mapping.
    """
    quick = _compose_quickly(text)
    if isinstance(quick, MappingNode):
        metadata, complaints = _read(quick, path)
        if not complaints:
            return metadata, ()
    return _read(_compose(text, path), path)


def _read(root: Node | None, path: str) -> tuple[Metadata, tuple[Diagnostic, ...]]:
    reader = _Reader(path)
    if not isinstance(root, MappingNode):
        hint = "write at least title: and the title of the resolution"
        message = "the front matter is empty" if root is None else "the front matter is not made of “name: value” lines"
        raise InvalidInput([reader.complaint("front-matter", message, root, hint)])
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
        short=reader.passage(fields, "short"),
    )
    return metadata, tuple(reader.complaints)


def _words(text: Text | None) -> str:
    return text.text if text else ""


def _compose(text: str, path: str) -> Node | None:
    if len(text) > LARGEST:
        hint = "the text of the resolution comes below the second line of three hyphens"
        message = "the front matter is too long to be one"
        raise InvalidInput([Diagnostic("front-matter", message, Location(path, 2), hint=hint)])
    try:
        root = cast("Node | None", YAML(typ="safe", pure=True).compose(text))
    except MarkedYAMLError as error:
        raise InvalidInput([_yaml_fault(error, path)]) from None
    except YAMLError as error:
        reason = str(error).split("\n", maxsplit=1)[0]
        raise InvalidInput(
            [Diagnostic("yaml", f"the front matter is not valid YAML: {reason}", Location(path, 2), hint=_QUOTED)]
        ) from None
    except RecursionError:
        hint = "a resolution needs lists within lists at two places only: signatories and members"
        raise InvalidInput([Diagnostic("yaml", "lists are nested too deep", Location(path, 2), hint=hint)]) from None
    anchored = [node for node in _nodes(root, 0) if getattr(node, "anchor", None)]
    if anchored:
        message, hint = "YAML anchors (&) and aliases (*) are not allowed", "write the text out; " + _QUOTED
        places = dict.fromkeys(Location(path, node.start_mark.line + 2) for node in anchored)
        raise InvalidInput(Diagnostic("yaml", message, place, hint=hint) for place in places)
    return root


def _compose_quickly(text: str) -> Node | None:
    """What libyaml makes of the text, in a seventh of the time; None where it refuses, or might go too deep.

    Its complaints are less clear, and some of its lines are off by one: where anything is wrong, the slow way tells.
    """
    if len(text) > LARGEST or _NOT_SIMPLE.search(text):
        return None
    try:
        return cast("Node | None", YAML(typ="safe", pure=False).compose(text))
    except (YAMLError, RecursionError):
        return None


def _yaml_fault(error: MarkedYAMLError, path: str) -> Diagnostic:
    said = str(error.problem or error.context)
    reason, hint = next((ours for theirs, ours in _YAML_FAULTS.items() if theirs in said), (said, _QUOTED))
    # An open quotation mark or bracket is noticed at the end of the file; it is to be mended where it opens.
    opened = error.context_mark if "not closed" in reason else None
    mark = opened or error.problem_mark or error.context_mark
    line = mark.line + 2 if mark is not None else 2
    return Diagnostic("yaml", f"the front matter is not valid YAML: {reason}", Location(path, line), hint=hint)


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
            written = " ".join(str(key.value).split()) if isinstance(key, ScalarNode) else "[…]"
            name = synonyms.get(written, written)
            if name not in known:
                near = difflib.get_close_matches(written.lower(), [*known, *synonyms], n=1)
                hint = f"did you mean “{near[0]}”?" if near else "known names are: " + ", ".join(known)
                whose = "a group of signatories" if known == _GROUP_FIELDS else "a resolution"
                self.complain("unknown-field", f"“{written}” is not a field of {whose}", key, hint)
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
        found = UNPRINTABLE.search(words)
        if found:
            message = f"“{name}” holds the character U+{ord(found[0]):04X}, which cannot be printed"
            self.complain("control-character", message, node, "delete it")
            return None
        return Text(words, self.place(node))

    def passage(self, fields: dict[str, Node], name: str) -> Passage | None:
        node = fields.get(name)
        if node is None:
            return None
        if not isinstance(node, ScalarNode) or _is_null(node) or not str(node.value).strip():
            hint = f"write “{name}: |”, and the text in the lines below it, indented by two spaces"
            self.complain("not-text", f"“{name}” must be a text", node, hint)
            return None
        begins_below = node.style in ("|", ">")
        return Passage(str(node.value), self.place(node).line + begins_below)

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
        return self._parsed(fields, name, _day, _ADOPTED)

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
        if not node.value:
            return ()
        if all(isinstance(each, ScalarNode) for each in node.value):
            return (GroupMetadata(None, None, False, "restart", self.members(node), self.place(node)),)
        return tuple(group for each in node.value for group in self._group(each))

    def _group(self, node: Node) -> Iterator[GroupMetadata]:
        if not isinstance(node, MappingNode):
            self.complain("signatories", "a group of signatories needs a heading and members", node, _MEMBER_LIST)
            return
        fields = self.fields(node, _GROUP_FIELDS, {})
        if "members" not in fields or _is_null(fields["members"]):
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
        members = []
        for each in node.value:
            if not isinstance(each, ScalarNode) or not str(each.value).strip():
                self.complain("signatories", "a member must be an id of the registry", each, _MEMBER_LIST)
            else:
                members.append(Text(str(each.value).strip(), self.place(each)))
        return tuple(members)


def _is_null(node: Node) -> bool:
    return isinstance(node, ScalarNode) and str(node.tag).endswith(":null")


def _day(text: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):  # ISO 8601 has more spellings; people mistype them
        raise ValueError(text)
    return date.fromisoformat(text)


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower() == "true"


def _numbering(text: str) -> Numbering:
    if text not in get_args(Numbering):
        raise ValueError(text)
    return cast("Numbering", text)
