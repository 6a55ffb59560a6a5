"""Policy, kept outside the rules: how severe findings are, and from what on a command fails.

A profile is a TOML file with a table `severity` that maps a finding code, or the beginning of codes, to
`violation`, `warning`, `info` or `off`. The longest beginning counts; what a profile does not name keeps
the severity that its shape states. What is `off` is in no list; the verdict stays what it is. Above the table,
`fail_on` names a verdict or a severity, or `never`.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clausegraph.ground.errors import UnreadableInput, UsageError
from clausegraph.reasoning.outcomes import Verdict

if TYPE_CHECKING:
    from clausegraph.answers.artifact_findings import ArtifactFinding

OFF = "off"
LEVELS = ("violation", "warning", "info", OFF)
_ORDER = {"violation": 3, "warning": 2, "info": 1}
_SHIPPED = Path(__file__).resolve().parent / "profiles"


class FailOn(StrEnum):
    """From what on a command exits with 1: a verdict of the answer, a severity of a finding, or never."""

    conditional = "conditional"
    unknown = "unknown"
    conflict = "conflict"
    violation = "violation"
    warning = "warning"
    info = "info"
    never = "never"

    def reached(self, verdict: Verdict | None, severity: str = "") -> bool:
        """Say whether a verdict, or a severity where the limit is one, is at or above the limit."""
        if self in _ORDER:
            return _ORDER.get(severity, 0) >= _ORDER[self]
        return self is not FailOn.never and verdict is not None and verdict >= Verdict[self]


@dataclass(frozen=True, slots=True)
class Run:
    """What a command answered about a subject, and how it ends: `failed` says that it exits with 1.

    `verdict` is the verdict of the answer in words, or how often there is each of them. Where only the findings of one
    of several works decide, `decides` names it; `file` is the card or recipe that was read; of
    several, `files` has those of each artifact.
    """

    subject: str
    verdict: str
    limit: FailOn
    failed: bool
    decides: str | None = None
    file: Path | None = None
    files: Mapping[str, Path] = field(default_factory=dict)

    def failed_by(self, finding: "ArtifactFinding") -> bool:
        """Say whether a finding is among those for which the command exits with 1."""
        counts = self.decides is None or finding.artifact == self.decides
        return self.failed and counts and self.limit.reached(finding.leads_to, finding.severity)


@dataclass(frozen=True)
class Profile:
    """Severities by code or beginning of codes, and from what on a command fails."""

    name: str = "default"
    severities: dict[str, str] = field(default_factory=dict)
    fail_on: FailOn = FailOn.unknown

    def severity(self, code: str, default: str) -> str:
        """Return the severity of a code."""
        for length in range(len(code), 1, -1):
            if code[:length] in self.severities:
                return self.severities[code[:length]]
        return default

    def apply(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        """Return an answer with the severities of this profile in its findings; `off` ones are left out."""
        found = [f | {"severity": self.severity(f["code"], f["severity"])} for f in answer.get("findings", [])]
        changed = dict(answer) | {"findings": [f for f in found if f["severity"] != OFF]}
        if "notes" in answer:
            changed["notes"] = [n for n in answer["notes"] if not (isinstance(n, dict) and self.silences(n["code"]))]
        return changed

    def silences(self, code: str) -> bool:
        """Say whether findings of a code are left out."""
        return self.severity(code, "") == OFF

    def apply_rows(self, rows: Iterable["ArtifactFinding"]) -> Iterator["ArtifactFinding"]:
        """Yield findings with the severities of this profile; `off` ones are left out."""
        for row in rows:
            severity = self.severity(row.code, row.severity)
            if severity != OFF:
                yield replace(row, severity=severity)


def shipped() -> list[str]:
    """Return the names of the profiles that come with the package."""
    return sorted(p.stem for p in _SHIPPED.glob("*.toml"))


def load_profile(name: str) -> Profile:
    """Return a shipped profile by name, or one from a file; raises where it cannot be read or is wrong."""
    path = _SHIPPED / f"{name}.toml" if name in shipped() else Path(name)
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnreadableInput(
            f"{name}: no such profile ({error.strerror}). Name a file, or one of {', '.join(shipped())}."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeError) as error:
        raise UnreadableInput(f"{path}: {error}. Fix the TOML.") from error
    return Profile(path.stem, _severities(path, data.get("severity", {})), _fail_on(path, data))


def _severities(path: Path, severities: Any) -> dict[str, str]:
    if not isinstance(severities, dict):
        raise UsageError(f'{path}: `severity` is no table. Write [severity] and lines such as CG204 = "warning".')
    if "fail_on" in severities:
        raise UsageError(f"{path}: `fail_on` is no finding code. Write it above the line [severity].")
    for code, level in severities.items():
        if level not in LEVELS or not code.startswith("CG"):
            raise UsageError(f"{path}: {code} = {level!r} is not understood. Levels are {', '.join(LEVELS)}.")
    return severities


def _fail_on(path: Path, data: dict[str, Any]) -> FailOn:
    value = data.get("fail_on", FailOn.unknown.value)
    if value not in list(FailOn):
        raise UsageError(f"{path}: fail_on = {value!r} is not understood. Write one of {', '.join(FailOn)}.")
    return FailOn(value)
