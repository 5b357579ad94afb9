"""What ``check`` found, in the words of its readers: people, programs, code hosts (SARIF), GitHub's log."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Literal
from urllib.parse import quote

from pipeline import __version__
from pipeline.diagnostics import Diagnostic, Location
from pipeline.explanations import Explanation

ReportFormat = Literal["text", "json", "sarif", "github"]
_Json = dict[str, object]

SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}
#: Lines are named in some messages, and move when somebody writes above them.
_LINE = re.compile(r"\blines? \d+")
#: What SARIF would take for a link.
_LINK = re.compile(r"\[([^\]\n]*)\]\(")
_BRACKET = re.compile(r"[\[\]]")


def text_report(found: Iterable[Diagnostic]) -> str:
    """The complaints, file by file with an empty line between, and their numbers on the last line."""
    shown = tuple(found)
    files = ["\n".join(map(str, each)) for _, each in groupby(shown, key=lambda each: each.location.path)]
    severities = Counter(each.severity for each in shown)
    last = ", ".join(f"{severities[each]} {each}{'s' * (severities[each] != 1)}" for each in ("error", "warning"))
    return "\n".join(filter(None, ("\n\n".join(files), last)))


def json_report(found: Iterable[Diagnostic]) -> str:
    """The complaints as a list of flat objects."""
    return json.dumps([each.as_dict() for each in found], ensure_ascii=False, indent=1)


def github_report(found: Iterable[Diagnostic], folder: str = "") -> str:
    """The complaints as workflow commands, which GitHub shows beside the lines; ``folder`` is the workspace's in the repository.

    After GitHub's documentation, "Workflow commands for GitHub Actions". Empty if there are none.
    """
    return "\n".join(_workflow_command(each, folder) for each in found)


def sarif_report(found: Iterable[Diagnostic], explain: Callable[[str], Explanation | None], folder: str = "") -> str:
    """The complaints as a SARIF 2.1.0 log (OASIS), which code hosts read; the same complaints give the same bytes.

    ``explain`` gives the page about a code, which travels in the log. Paths are relative to %SRCROOT%, the root of the
    repository, in which ``folder`` is the workspace.
    """
    shown = tuple(found)
    codes = sorted({each.code for each in shown})
    log = {
        "$schema": SARIF_SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "Polyleaf",
                        "semanticVersion": __version__,
                        "rules": [_rule(code, explain(code)) for code in codes],
                    }
                },
                "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The root of the repository."}}},
                "columnKind": "unicodeCodePoints",
                "results": list(_results(shown, codes, folder)),
            }
        ],
    }
    return json.dumps(log, ensure_ascii=False, indent=1)


def _rule(code: str, page: Explanation | None) -> _Json:
    rule: _Json = {"id": code}
    if page is not None:
        rule["shortDescription"] = {"text": page.summary}
        rule["help"] = {"text": page.markdown, "markdown": page.markdown}
    return rule


def _results(found: tuple[Diagnostic, ...], codes: list[str], folder: str) -> Iterator[_Json]:
    """The results; of complaints that say the same of one file, each has its number in its fingerprint."""
    seen: Counter[str] = Counter()
    for each in found:
        print_ = _fingerprint(each)
        seen[print_] += 1
        result: _Json = {
            "ruleId": each.code,
            "ruleIndex": codes.index(each.code),
            "level": _LEVELS[each.severity],
            "message": {"text": _sarif_text(each)},
            "locations": [_sarif_location(each.location, folder)],
        }
        if each.related is not None:
            result["relatedLocations"] = [{"id": 1, **_sarif_location(each.related, folder)}]
        result["partialFingerprints"] = {"polyleaf/v1": f"{print_}:{seen[print_]}"}
        if each.locale:
            result["properties"] = {"locale": each.locale}
        yield result


def _sarif_text(found: Diagnostic) -> str:
    """The message as SARIF reads it: Markdown of a hint is no link, the related place is one (section 3.11.6)."""
    text = _LINK.sub(r"\\[\1\\](", _message(found))
    if found.related is None:
        return text
    place = _BRACKET.sub(r"\\\g<0>", str(found.related))
    return f"{text}\nsee: [{place}](1)"


def _fingerprint(found: Diagnostic) -> str:
    """What stays the same of a complaint when lines are added above it."""
    said = (found.code, found.location.path, found.locale, _LINE.sub("line", found.message))
    return hashlib.sha256("\0".join(said).encode()).hexdigest()[:32]


def _sarif_location(place: Location, folder: str) -> _Json:
    """A file of the workspace as a physical location; what is none, such as “(this machine)”, as a logical one."""
    if not _is_file(place):
        return {"logicalLocations": [{"fullyQualifiedName": place.path or "workspace"}]}
    physical: _Json = {"artifactLocation": {"uri": quote(_in_repository(place, folder)), "uriBaseId": "%SRCROOT%"}}
    if place.line:
        physical["region"] = {"startLine": place.line}
    return {"physicalLocation": physical}


def _workflow_command(found: Diagnostic, folder: str) -> str:
    properties = []
    if _is_file(found.location):
        properties.append(("file", _in_repository(found.location, folder)))
        if found.location.line:
            properties.append(("line", str(found.location.line)))
    properties.append(("title", found.code))
    listed = ",".join(f"{name}={_escaped_property(value)}" for name, value in properties)
    return f"::{_COMMANDS[found.severity]} {listed}::{_escaped(_message(found))}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _message(found: Diagnostic) -> str:
    return found.message + (f"\nhint: {found.hint}" if found.hint else "")


def _is_file(place: Location) -> bool:
    return bool(place.path) and not place.path.startswith("(")


def _in_repository(place: Location, folder: str) -> str:
    """A path from the root of the repository; one that is absolute stays as it is."""
    inside = folder.strip("/") if folder not in (".", "./") else ""
    return f"{inside}/{place.path}" if inside and not place.path.startswith("/") else place.path
