"""The nodes of a crate: JSON-LD, flat, every node with an id of its own.

Profiles: Workflow Run Crate 0.5 and what it stands on (Process Run Crate 0.5, Workflow RO-Crate
1.0, RO-Crate 1.1). Inputs are described, not enclosed.
"""

import json
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from analysis.report import folder, plan

NAME = "ro-crate-metadata.json"
WORKFLOW = "evaluation.yml"
LOCK = "requirements.lock"
_PACKAGE = "pio-analysis"
_CRATE = "https://w3id.org/ro/crate/1.1"
_PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": "Workflow RO-Crate",
}
_CONTEXT = [f"{_CRATE}/context", "https://w3id.org/ro/terms/workflow-run/context"]
_MIT = "https://spdx.org/licenses/MIT"
_FORMATS = {
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".csv": "text/csv",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".yml": "application/yaml",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_ABOUT = {
    "results.csv": "The ledger: one row per published number",
    "rejects.csv": "Files that could not be read",
    "signals.csv": "Names and codes in the notices that no reader knows",
    WORKFLOW: "The workflow: the chapters of the report, in order",
    "report.json": "Record of the run, with digests of every stage, source file and output",
}
_PARAMETERS = {
    "year": ("Integer", "Last year evaluated"),
    "languages": ("Text", "Languages of the pages, in order"),
}

Node = dict[str, Any]


def nodes(told: Node, files: dict[str, str], given: list[Node]) -> Iterator[Node]:
    """Every node of the crate of a run.

    Parameters
    ----------
    told : as `crate.run` gives it
    files : the outputs and their sha256, by name
    given : inputs and facts, as of `crate_inputs`
    """
    outputs = [name for name in files if name not in (NAME, WORKFLOW)]
    yield from _frame(told, [*outputs, WORKFLOW, folder.RECORD])
    yield _workflow()
    yield from _parameters(told["parameters"])
    yield from _environment(told["code"])
    yield _run(told, outputs, given)
    for name in [*outputs, folder.RECORD]:
        yield _file(name, files.get(name))
    for one in given:
        yield _input(one)


def graph(told: Node, files: dict[str, str], given: list[Node]) -> Node:
    """The crate as one JSON-LD document; parameters as of `nodes`."""
    return {"@context": _CONTEXT, "@graph": list(nodes(told, files, given))}


def command(parameters: Node) -> str:
    """What to type for the same report."""
    return f"pio report --year {parameters['year']} --language {','.join(parameters['languages'])}"


def _frame(told: Node, parts: list[str]) -> Iterator[Node]:
    """The descriptor, the root and the profiles."""
    meta = plan.read().meta(told["parameters"]["year"], None)
    profiles = [_to(id) for id in _PROFILES]
    yield {
        "@id": NAME,
        "@type": "CreativeWork",
        "about": _to("./"),
        "conformsTo": [_to(_CRATE), _to("https://w3id.org/workflowhub/workflow-ro-crate/1.0")],
    }
    yield {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{meta['title']['en']}: {meta['subtitle']['en']}",
        "description": "A yearly report with its ledger, tables and figures, and how it was made.",
        "datePublished": meta["day"],
        "license": _to(_MIT),
        "conformsTo": profiles,
        "hasPart": [_to(quote(name)) for name in sorted(parts)],
        "mainEntity": _to(WORKFLOW),
        "mentions": _to("#run"),
        "publisher": _to("#publisher"),
        "author": _to("#publisher"),
    }
    yield {"@id": "#publisher", "@type": "Organization", "name": meta["organisation"]["en"]}
    yield {"@id": _MIT, "@type": "CreativeWork", "name": "MIT licence", "identifier": "MIT"}
    for id, name in _PROFILES.items():
        said = id.rsplit("/", 1)[-1]
        yield {"@id": id, "@type": "CreativeWork", "name": name, "version": said}


def _workflow() -> Node:
    return {
        "@id": WORKFLOW,
        "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow"],
        "name": _ABOUT[WORKFLOW],
        "sha256": folder.sha256(plan.PLAN.read_bytes()),
        "encodingFormat": _FORMATS[".yml"],
        "license": _to(_MIT),
        "programmingLanguage": _to("#python"),
        "softwareRequirements": [_to("#code"), _to("#lock")],
        "input": [_to(f"#parameter-{name}") for name in _PARAMETERS],
        "output": _to("#output-ledger"),
        "version": version(_PACKAGE),
    }


def _parameters(given: Node) -> Iterator[Node]:
    """Each parameter, and the value that it had; and the ledger as what comes out."""
    for name, (kind, about) in _PARAMETERS.items():
        yield {
            "@id": f"#parameter-{name}",
            "@type": "FormalParameter",
            "additionalType": kind,
            "name": name,
            "description": about,
            "workExample": _to(f"#{name}"),
            "valueRequired": "True",
        }
        yield {
            "@id": f"#{name}",
            "@type": "PropertyValue",
            "name": name,
            "value": written(given[name]),
            "exampleOfWork": _to(f"#parameter-{name}"),
        }
    yield {
        "@id": "#output-ledger",
        "@type": "FormalParameter",
        "additionalType": "File",
        "name": "ledger",
        "workExample": _to("results.csv"),
    }


def written(value: Any) -> str:
    """A parameter as it is typed."""
    return ",".join(value) if isinstance(value, list) else str(value)


def _environment(code: dict[str, str]) -> Iterator[Node]:
    """The language, the code and the lock of its environment."""
    python = "https://www.python.org/"
    yield {
        "@id": "#python",
        "@type": "ComputerLanguage",
        "name": "Python",
        "url": _to(python),
        "identifier": _to(python),
    }
    yield {
        "@id": "#code",
        "@type": "SoftwareSourceCode",
        "name": _PACKAGE,
        "description": f"{len(code)} files; the digest of each is in {folder.RECORD}",
        "version": version(_PACKAGE),
        "sha256": folder.sha256(json.dumps(code, sort_keys=True).encode()),
        "license": _to(_MIT),
    }
    yield {
        "@id": "#lock",
        "@type": "CreativeWork",
        "name": LOCK,
        "description": "Every package of the environment, pinned and hashed",
        "sha256": code.get(LOCK, ""),
    }


def _run(told: Node, outputs: list[str], given: list[Node]) -> Node:
    consumed = [f"#{name}" for name in _PARAMETERS] + [_input_id(one) for one in given]
    return {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"The report of {told['parameters']['year']}",
        "description": command(told["parameters"]),
        "instrument": _to(WORKFLOW),
        "object": [_to(id) for id in [*consumed, "#code", "#lock"]],
        "result": [_to(quote(name)) for name in outputs],
    }


def _file(name: str, digest: str | None) -> Node:
    node: Node = {
        "@id": quote(name),
        "@type": "File",
        "name": _ABOUT.get(name, name),
        "encodingFormat": _FORMATS.get(PurePosixPath(name).suffix, "application/octet-stream"),
    }
    if name == "results.csv":
        node |= {"exampleOfWork": _to("#output-ledger")}
    return node | ({"sha256": digest} if digest else {"about": _to("#run")})


def _input(one: Node) -> Node:
    """An input is described, not enclosed: what it is, whose, under which licence."""
    said = {"name": one["name"], "description": one["title"], "sha256": one["sha256"]}
    return {
        "@id": _input_id(one),
        "@type": "CreativeWork",
        **said,
        "contentSize": str(one["bytes"]),
        "publisher": one["publisher"],
        "license": one["licence"],
        **({"temporalCoverage": one["period"]} if one["period"] else {}),
        **({"additionalType": one["kind"]} if "kind" in one else {}),
    }


def _input_id(one: Node) -> str:
    return f"#input-{one['sha256'][:16]}-{quote(one['name'], safe='')}"


def _to(id: str) -> dict[str, str]:
    return {"@id": id}
