"""Severity profiles: policy, kept outside the rules.

A profile is a TOML file with a table `severity` that maps a finding code, or the beginning of codes, to
`violation`, `warning`, `info` or `off`. The longest beginning counts; what a profile does not name keeps
the severity that its shape states.
"""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clausegraph.errors import UnreadableInput, UsageError

if TYPE_CHECKING:
    from clausegraph.findings import ArtifactFinding

LEVELS = ("violation", "warning", "info", "off")
_SHIPPED = Path(__file__).resolve().parent / "profiles"


@dataclass(frozen=True)
class Profile:
    """Severities by code or beginning of codes."""

    name: str = "default"
    severities: dict[str, str] = field(default_factory=dict)

    def severity(self, code: str, default: str) -> str:
        """Return the severity of a code."""
        for length in range(len(code), 2, -1):
            if code[:length] in self.severities:
                return self.severities[code[:length]]
        return default

    def apply(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Return an answer with the severities of this profile in its findings; `off` ones are left out."""
        found = [f | {"severity": self.severity(f["code"], f["severity"])} for f in answer.get("findings", [])]
        return answer | {"findings": [f for f in found if f["severity"] != "off"]}

    def apply_rows(self, rows: Iterable["ArtifactFinding"]) -> Iterator["ArtifactFinding"]:
        """Yield findings with the severities of this profile; `off` ones are left out."""
        for row in rows:
            severity = self.severity(row.code, row.severity)
            if severity != "off":
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
        raise UnreadableInput(f"{path}: {error}. Mend the TOML.") from error
    severities = data.get("severity", {})
    if not isinstance(severities, dict):
        raise UsageError(f'{path}: `severity` is no table. Write [severity] and lines such as CG204 = "warning".')
    for code, level in severities.items():
        if level not in LEVELS or not code.startswith("CG"):
            raise UsageError(f"{path}: {code} = {level!r} is not understood. Levels are {', '.join(LEVELS)}.")
    return Profile(path.stem, severities)
