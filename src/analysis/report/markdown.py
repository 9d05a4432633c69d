"""The markdown a report may hold, as plain nodes. Anything else is refused, never guessed."""

import re
from collections.abc import Iterator
from typing import Any

import mistune

from analysis.present import origins
from analysis.refusal import ReportError

Node = dict[str, Any]
Notes = dict[int, list[Node]]

_REFERENCE = r"\{(?P<what>[Ff]ig|[Tt]ab):(?P<id>[a-z][a-z0-9-]*)\}"
_LOOSE_END = re.compile(r"\{\w+:|\[\^\w")  # a reference or footnote that was not understood


def blocks(text: str, *, where: str) -> list[Node]:
    """Return headings, paragraphs, lists and quotes; footnotes sit where they are called.

    Raises
    ------
    ReportError
        If the text holds a construct that the report does not know; `where` names the place.
    """
    tokens = _parse(text)
    notes = _notes(tokens, where)
    found = (_block(token, notes, where) for token in tokens)
    return [block for block in found if block]


def inline(text: str, *, where: str) -> list[Node]:
    """Return the inline nodes of one paragraph."""
    found = blocks(text, where=where)
    if [block["kind"] for block in found] != ["paragraph"]:
        raise _refusal(where, f"{len(found)} blocks in {text!r}", "one paragraph of text")
    return list(found[0]["inline"])


def plain(nodes: list[Node]) -> str:
    """Return the words only, without footnotes."""
    return "".join(
        node["text"] if "text" in node else plain(node["inline"])
        for node in nodes
        if node["kind"] != "note"
    )


def nodes(value: Any, kind: str) -> Iterator[Node]:
    """Every inline node of a kind in blocks or chapters, in reading order."""
    if isinstance(value, dict):
        if value.get("kind") == kind:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from nodes(inner, kind)


def _reference(_inline: Any, match: re.Match[str], state: Any) -> int:
    what, id = match["what"], match["id"]
    attrs = {"to": f"{what.lower()}-{id}", "capital": what[0].isupper()}
    state.append_token({"type": "reference", "attrs": attrs})
    return match.end()


def _with_references(markdown: mistune.Markdown) -> None:
    markdown.inline.register("reference", _REFERENCE, _reference, before="link")


_markdown: Any = mistune.create_markdown(renderer="ast", plugins=["footnotes"])
_markdown.use(_with_references)


def _parse(text: str) -> list[Node]:
    return [token for token in _markdown(text) if token["type"] != "blank_line"]


def _notes(tokens: list[Node], where: str) -> Notes:
    items = [item for token in tokens if token["type"] == "footnotes" for item in token["children"]]
    return {item["attrs"]["index"]: _one_paragraph(item, {}, where) for item in items}


def _block(token: Node, notes: Notes, where: str) -> Node | None:
    match token["type"]:
        case "heading":
            level = token["attrs"]["level"]
            if level > 3:
                raise _refusal(where, f"a heading of level {level}", "levels 1 to 3")
            return {"kind": "heading", "level": level, "inline": _inline(token, notes, where)}
        case "paragraph":
            return {"kind": "paragraph", "inline": _inline(token, notes, where)}
        case "list":
            items = [_one_paragraph(item, notes, where) for item in token["children"]]
            return {"kind": "list", "ordered": token["attrs"]["ordered"], "items": items}
        case "block_quote":
            return {"kind": "quote", "inline": _one_paragraph(token, notes, where)}
        case "footnotes":
            return None
    raise _refusal(where, f"a {token['type']}", "headings, paragraphs, lists, quotes")


def _one_paragraph(token: Node, notes: Notes, where: str) -> list[Node]:
    children = [child for child in token["children"] if child["type"] != "blank_line"]
    if [child["type"] for child in children] not in (["paragraph"], ["block_text"]):
        kinds = ", ".join(child["type"] for child in children)
        raise _refusal(where, f"{kinds} in a {token['type']}", "one paragraph in it")
    return _inline(children[0], notes, where)


def _inline(token: Node, notes: Notes, where: str) -> list[Node]:
    found: list[Node] = []
    for child in token["children"]:
        node = _node(child, notes, where)
        if (
            found
            and node["kind"] == found[-1]["kind"] == "text"
            and "digest" not in node | found[-1]
        ):
            found[-1]["text"] += node["text"]
        else:
            found.append(node)
    return found


def _node(token: Node, notes: Notes, where: str) -> Node:
    match token["type"]:
        case "text":
            if _LOOSE_END.search(token["raw"]):
                expected = "{fig:id}, {tab:id} or a footnote that is defined in the same text"
                raise _refusal(where, repr(token["raw"]), expected)
            return {"kind": "text", "text": token["raw"]}
        case "softbreak" | "linebreak":
            return {"kind": "text", "text": " "}
        case "strong" | "emphasis" as kind:
            return {"kind": kind, "inline": _inline(token, notes, where)}
        case "codespan":
            return {"kind": "code", "text": token["raw"]}
        case "link" if number := origins.TARGET.fullmatch(token["attrs"]["url"]):
            shown = plain(_inline(token, notes, where))
            return {"kind": "text", "text": shown, "digest": number["digest"]}
        case "link":
            url = _url(token["attrs"]["url"], where)
            return {"kind": "link", "url": url, "inline": _inline(token, notes, where)}
        case "reference":
            return {"kind": "reference", **token["attrs"]}
        case "footnote_ref" if token["attrs"]["index"] in notes:
            return {"kind": "note", "inline": notes[token["attrs"]["index"]]}
    raise _refusal(where, f"a {token['type']}", "text, emphasis, code, links, references, notes")


def _url(url: str, where: str) -> str:
    if not re.match(r"https?://[^\s]+$", url):
        raise _refusal(where, f"a link to {url!r}", "a link to a web page")
    return url


def _refusal(where: str, found: str, expected: str) -> ReportError:
    do = "rewrite the sentence; wrap text from outside in `literal`"
    return ReportError(where, found=found, expected=expected, do=do)
