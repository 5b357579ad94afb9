"""WeasyPrint's tag tree mended: the language of foreign words, lists that hold items, items that hold a body (ISO 14289-1, 7.2).

- An element whose HTML says a language that is not the document's has ``/Lang`` (ISO 32000-1, 14.9.2).
- An item of several paragraphs has them in its ``LBody``; WeasyPrint hangs them into the item itself.
- What stands between the items of a list, the white space of a row of inline blocks, goes into the item before it.
- A line of Nastaliq says its text in reading order (``ActualText``), for its letters are shown from left to right.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import pydyf
import weasyprint.pdf
from weasyprint.pdf import tags

PINNED = "70.0"
#: In the tags of a stream: what a line says, where its glyphs do not say it in reading order.
SPOKEN = "spoken"
_BODY = {"/Lbl", "/LBody"}
_ITEMS = {"/LI", "/L", "/Caption"}


def mend() -> None:
    """WeasyPrint tags as above from now on, in this process; a second call changes nothing.

    Raises RuntimeError if another WeasyPrint is installed than the one this was written for.
    """
    if version("weasyprint") != PINNED:
        raise RuntimeError(f"tagging is mended for WeasyPrint {PINNED} only, not for {version('weasyprint')}")
    tags._build_box_tree = _build_box_tree
    weasyprint.pdf.add_tags = _add_tags


_original_tree = tags._build_box_tree
_original_tags = weasyprint.pdf.add_tags


def _build_box_tree(box: Any, parent: Any, pdf: Any, *others: Any) -> Iterator[Any]:
    """The elements of a box, as WeasyPrint's function of this name, in the language of their HTML."""
    html = getattr(box, "element", None)
    language = html.get("lang") if html is not None else None
    foreign = language and language != _text(pdf.catalog.get("Lang"))
    for element in _original_tree(box, parent, pdf, *others):
        if foreign:
            element["Lang"] = pydyf.String(language)
        yield element


def _text(string: Any) -> str:
    return str(string.string) if isinstance(string, pydyf.String) else ""


def _add_tags(pdf: Any, document: Any, pdf_version: Any, page_streams: Any) -> None:
    """The tag tree of a document, as WeasyPrint's function of this name, then mended."""
    spoken = {
        (bytes(page), tag["mcid"]): tag[SPOKEN]
        for page, stream in zip(pdf.page_references, page_streams, strict=False)
        for tag in (stream._tags or {}).values()
        if SPOKEN in tag
    }
    _original_tags(pdf, document, pdf_version, page_streams)
    for element in [each for each in pdf.objects if isinstance(each, pydyf.Dictionary) and each.get("K")]:
        match element.get("S"):
            case "/LI":
                _give_body(pdf, element)
            case "/L":
                _keep_items(pdf, element)
            case "/Span" if isinstance(element["K"][0], int):
                text = spoken.get((bytes(element["Pg"]), element["K"][0]))
                if text:
                    element["ActualText"] = pydyf.String(text)


def _give_body(pdf: Any, item: Any) -> None:
    """A list item whose children are a label and bodies; all others go into one body."""
    kids = [(reference, _element(pdf, reference)) for reference in item["K"]]
    strays = [(reference, kid) for reference, kid in kids if kid.get("S") not in _BODY]
    if strays:
        bodies = [kid for _, kid in kids if kid.get("S") == "/LBody"]
        body = bodies[-1] if bodies else _new(pdf, "LBody", item)
        if not bodies:
            item["K"].append(body.reference)
        for reference, kid in strays:
            item["K"].remove(reference)
            _adopt(body, reference, kid)


def _keep_items(pdf: Any, container: Any) -> None:
    """A list whose children are items; all others go into the body of the item before them, or into one of their own."""
    last: Any = None
    kept: list[Any] = []
    for reference in list(container["K"]):
        kid = _element(pdf, reference)
        if kid.get("S") not in _ITEMS:
            if last is None:
                last = _new(pdf, "LI", container)
                kept.append(last.reference)
            _adopt(_body(pdf, last), reference, kid)
        else:
            last = kid if kid["S"] == "/LI" else last
            kept.append(reference)
    container["K"] = pydyf.Array(kept)


def _body(pdf: Any, item: Any) -> Any:
    bodies = [kid for kid in (_element(pdf, reference) for reference in item["K"]) if kid.get("S") == "/LBody"]
    if bodies:
        return bodies[-1]
    body = _new(pdf, "LBody", item)
    item["K"].append(body.reference)
    return body


def _element(pdf: Any, reference: Any) -> Any:
    """The object behind a reference; an empty one for the number of marked content."""
    return pydyf.Dictionary() if isinstance(reference, int) else pdf.objects[int(reference.split()[0])]


def _new(pdf: Any, kind: str, parent: Any) -> Any:
    element = pydyf.Dictionary(
        {"Type": "/StructElem", "S": f"/{kind}", "K": pydyf.Array(), "Pg": parent["Pg"], "P": parent.reference}
    )
    pdf.add_object(element)
    return element


def _adopt(parent: Any, reference: Any, kid: Any) -> None:
    parent["K"].append(reference)
    if "P" in kid:
        kid["P"] = parent.reference
