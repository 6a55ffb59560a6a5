"""Results for programs and hosts: JSON lines, CSV, SARIF, JUnit, Markdown."""

import csv
import hashlib
import io
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from clausegraph.answers.artifact_findings import ArtifactFinding
from clausegraph.answers.profile import Run
from clausegraph.ground.addresses import iri_of
from clausegraph.ground.version import __version__
from clausegraph.library.codes import codes

if TYPE_CHECKING:
    from clausegraph.validation.audit import AuditResult

_SARIF_LEVELS = {"violation": "error", "warning": "warning", "info": "note"}
#: Keys of a card whose line shows its own terms.
_LICENSE_KEYS = ("license", "licence")
#: Keys of a card that name parents.
_PARENT_KEYS = ("base_model", "datasets", "models", "source_datasets")
#: Codes of findings about a license file beside a card.
_ABOUT_FILES = frozenset({"CG106", "CG120", "CG128"})
#: What a SARIF result says beside its text, where it is known.
_PROPERTIES = ("clause", "license", "section", "mode", "certainty", "reading", "reason", "origin")
#: Kinds of artifacts that have a card on the Hub, and the owner under which cards without one are read.
_ON_HUB, _LOCAL = frozenset({"model", "dataset", "service"}), "local/"
_CARD = re.compile(r"\ufeff?---[ \t]*\r?$")
#: What XML 1.0 cannot hold.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def jsonl(findings: Iterable[ArtifactFinding], run: Run) -> Iterator[str]:
    """Yield one JSON object per line."""
    for finding in findings:
        yield json.dumps(asdict(finding), ensure_ascii=False) + "\n"


def as_csv(findings: Iterable[ArtifactFinding], run: Run) -> Iterator[str]:
    """Yield CSV with a header."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    names = [f.name for f in fields(ArtifactFinding)]
    writer.writerow(names)
    for finding in findings:
        writer.writerow([_no_formula(getattr(finding, name)) for name in names])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _no_formula(value: Any) -> Any:
    """Keep spreadsheets from reading a value as a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@") else value


def _text(finding: ArtifactFinding) -> str:
    """Return what a finding says: the message, the section it rests on, and what to do."""
    place = f"({finding.place})" if finding.place else ""
    return " ".join(filter(None, (finding.message, place, finding.remedy)))


# ---- SARIF -------------------------------------------------------------------


def sarif(findings: Iterable[ArtifactFinding], run: Run) -> Iterator[str]:
    """Yield a SARIF 2.1.0 log; a finding stands at its card, and its artifact is a logical location."""
    sheet = _Sheet(run.file) if run.file else None
    sheets = {artifact: _Sheet(file) for artifact, file in run.files.items()}
    results = [_result(finding, sheets.get(finding.artifact, sheet)) for finding in findings]
    used = {result["ruleId"] for result in results}
    rules = [rule for rule in _rules() if rule["id"] in used]
    places = {rule["id"]: number for number, rule in enumerate(rules)}
    for result in results:
        result["ruleIndex"] = places[result["ruleId"]]
    driver = {
        "name": "clausegraph",
        "version": __version__,
        "informationUri": "https://w3id.org/clausegraph",
        "rules": rules,
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0"}
    yield json.dumps(log | {"runs": [{"tool": {"driver": driver}, "results": results}]}, indent=1, ensure_ascii=False)
    yield "\n"


def _rules() -> list[dict[str, Any]]:
    """Return the finding codes as SARIF rules."""
    return [
        {
            "id": c.code,
            "name": c.name,
            "shortDescription": {"text": c.name},
            "fullDescription": {"text": c.message},
            "helpUri": f"https://w3id.org/clausegraph/shapes#{c.code}",
            "defaultConfiguration": {"level": _SARIF_LEVELS[c.severity]},
        }
        for c in codes().values()
    ]


def _result(finding: ArtifactFinding, sheet: "_Sheet | None") -> dict[str, Any]:
    location: dict[str, Any] = {"logicalLocations": [{"fullyQualifiedName": finding.artifact, "kind": "module"}]}
    if sheet:
        uri, line = sheet.place(finding)
        location["physicalLocation"] = {"artifactLocation": {"uri": uri}, "region": {"startLine": line}}
    elif remote := _remote(finding):
        location["physicalLocation"] = {"artifactLocation": {"uri": remote}}
    return {
        "ruleId": finding.code,
        "level": _SARIF_LEVELS[finding.severity],
        "message": {"text": _text(finding)},
        "locations": [location],
        "partialFingerprints": {"clausegraph/v1": _fingerprint(finding)},
        "properties": {name: value for name in _PROPERTIES if (value := getattr(finding, name)) is not None},
    }


def _fingerprint(finding: ArtifactFinding) -> str:
    """Return what tells a finding from others and stays the same; a value at issue stands for a missing clause."""
    about = (finding.code, finding.artifact, finding.clause or finding.subject, finding.origin)
    return hashlib.sha256("\n".join(part or "" for part in about).encode()).hexdigest()[:32]


def _remote(finding: ArtifactFinding) -> str | None:
    """Return where people read the card of an artifact, or `None` where nobody knows."""
    address = finding.artifact
    if ":" in address or address.removeprefix("datasets/").removeprefix("spaces/").startswith(_LOCAL):
        return None
    if finding.kind in _ON_HUB:
        return quote(f"{iri_of(address)}/blob/main/README.md", safe=":/")
    return quote(iri_of(address), safe=":/") if finding.kind == "source" else None


class _Sheet:
    """A card or recipe on this machine: where in it, or in a file beside it, a finding stands."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.recipe = file.suffix.casefold() not in (".md", ".markdown")
        self.scalars = _scalars(file, card=not self.recipe)

    def place(self, finding: ArtifactFinding) -> tuple[str, int]:
        """Return address and line of a finding: its own license, the parent from which it came, or the first line."""
        if self.recipe:
            named = (line for _, text, line in self.scalars if text == finding.artifact)
            return _relative(self.file), next(named, 1)
        beside = self._beside(finding)
        if beside:
            return _relative(beside), 1
        if finding.own:
            found = (line for key, text, line in self.scalars if key == text and key in _LICENSE_KEYS)
            return _relative(self.file), next(found, 1)
        return _relative(self.file), self._line_of_parent(finding.parent or finding.subject or "")

    def _beside(self, finding: ArtifactFinding) -> Path | None:
        """Return the license file that a finding is about: its subject ends with the name in brackets."""
        subject = finding.subject or ""
        if finding.code not in _ABOUT_FILES or not subject.endswith(")"):
            return None
        names = [subject[i + 1 : -1] for i, character in enumerate(subject) if character == "("]
        paths = (self.file.parent / name for name in names if name and "/" not in name and "\\" not in name)
        return next((path for path in paths if path.is_file()), None)

    def _line_of_parent(self, parent: str) -> int:
        """Return the line that names a parent; a name that was repaired still has the last part of its address."""
        wanted = parent.casefold()
        named = [(text.casefold(), line) for key, text, line in self.scalars if key in _PARENT_KEYS and text != key]
        whole = (line for text, line in named if wanted in (text, f"datasets/{text}"))
        last = (line for text, line in named if wanted.rpartition("/")[2] == text.rpartition("/")[2])
        return next(whole, None) or next(last, 1)


def _scalars(file: Path, *, card: bool) -> list[tuple[str, str, int]]:
    """Return all keys and values in the YAML of a card or recipe: the key at the top, the text, and the line."""
    import yaml

    lines = file.read_text(encoding="utf-8", errors="replace").split("\n")
    if card and not _CARD.match(lines[0]):
        return []
    end = next((number for number, line in enumerate(lines) if number and line.rstrip() == "---"), len(lines))
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root = yaml.compose("\n".join(lines[:end]).lstrip("\ufeff"), loader)
    except yaml.YAMLError:
        return []
    found = []
    for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
        found += [(str(key.value), text, line) for part in (key, value) for text, line in _below(part)]
    return found


def _below(node: Any) -> Iterator[tuple[str, int]]:
    """Yield text and line of every scalar in a YAML node."""
    if isinstance(node.value, str):
        yield node.value.strip(), node.start_mark.line + 1
    for part in node.value if isinstance(node.value, list) else ():
        for inner in part if isinstance(part, tuple) else (part,):
            yield from _below(inner)


def _relative(path: Path) -> str:
    """Return the path of a file from the current directory as a relative URI."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # it is on another drive
        relative = path.name
    return quote(os.fsencode(relative.replace(os.sep, "/")))


# ---- JUnit -------------------------------------------------------------------


def junit(findings: Iterable[ArtifactFinding], run: Run) -> Iterator[str]:
    """Yield JUnit XML: a case per finding, and one for the verdict, which fails if and only if the command does."""
    cases, failures, seen = [_verdict_case(run)], int(run.failed), Counter[tuple[str, str]]()
    for finding in findings:
        failed = run.failed_by(finding)
        failures += failed
        name = _case_name(finding)
        seen[finding.code, name] += 1
        number = seen[finding.code, name]
        named = f"{name} ({number})" if number > 1 else name
        text = "\n".join(filter(None, (_text(finding), finding.clause)))
        cases.append(_case(finding.code, named, codes()[finding.code].name, text, failed=failed))
    counts = f'tests="{len(cases)}" failures="{failures}"'
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<testsuites {counts}>\n  <testsuite name="clausegraph" {counts}>\n'
    yield from cases
    yield "  </testsuite>\n</testsuites>\n"


def _verdict_case(run: Run) -> str:
    return _case("verdict", run.subject, run.verdict, f"{run.verdict} (--fail-on {run.limit})", failed=run.failed)


def _case_name(finding: ArtifactFinding) -> str:
    """Return the artifact, the license and section, and where the clause comes from or what is at issue."""
    origin = f"from {finding.origin}" if finding.origin not in (None, finding.artifact) else ""
    return ", ".join(filter(None, (finding.artifact, finding.place, finding.subject, origin)))


def _case(classname: str, name: str, message: str, text: str, *, failed: bool) -> str:
    head = f"    <testcase classname={_attribute(classname)} name={_attribute(name)}>"
    tag = "failure" if failed else "system-out"
    extra = f" message={_attribute(message)}" if failed else ""
    return f"{head}<{tag}{extra}>{escape(_xml(text))}</{tag}></testcase>\n"


def _attribute(text: str) -> str:
    return quoteattr(_xml(text))


def _xml(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)


WRITERS: dict[str, Callable[[Iterable[ArtifactFinding], Run], Iterator[str]]] = {
    "jsonl": jsonl,
    "csv": as_csv,
    "sarif": sarif,
    "junit": junit,
}


def audit_markdown(result: "AuditResult", examples: Mapping[str, list[str]]) -> str:
    """Return an audit as Markdown, for a job summary."""
    lines = [
        "# clausegraph audit",
        "",
        f"{result.artifacts:,} artifacts in {result.situations:,} situations; "
        f"{result.encumbered:,} have known ancestors.",
        "",
        "| verdict | works |",
        "|---|---:|",
        *(f"| {verdict} | {count:,} |" for verdict, count in result.verdicts.items()),
        "",
        "| code | works | what | for example |",
        "|---|---:|---|---|",
    ]
    known = codes()
    for code, count in sorted(result.findings.items()):
        shown = ", ".join(f"`{e}`" for e in examples.get(code, []))
        lines.append(f"| {code} | {count:,} | {known[code].name} | {shown} |")
    lines += ["", f"Data {result.data_version}. Not legal advice.", ""]
    return "\n".join(lines)
