"""Folders to check and findings to write, for the tests of machine formats."""

import json
from pathlib import Path
from typing import Any

from clausegraph.answers.artifact_findings import ArtifactFinding

#: A base that neither a workspace nor the known artifacts hold.
BASE = "acme/base-7b"
CARD = f"---\nlicense: mit\nbase_model: {BASE}\n---\n"


def made(folder: Path, card: str = CARD, text: str | None = None) -> Path:
    """Make a folder with a card, and a license file beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "README.md").write_text(card, encoding="utf-8")
    if text is not None:
        (folder / "LICENSE").write_text(text)
    return folder


def results(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)["runs"][0]["results"]
    return found


def finding(**changes: Any) -> ArtifactFinding:
    facts: dict[str, Any] = {"artifact": "a/b", "kind": "model", "code": "CG204", "severity": "violation"}
    facts |= {"clause": "https://w3id.org/clausegraph/license/mit#1-x", "license": "mit", "section": "1"}
    facts |= {
        "mode": "Based/Whole",
        "certainty": "settled",
        "reading": "read",
        "message": "It may not.",
        "remedy": "Ask.",
    }
    return ArtifactFinding(**(facts | {"origin": "c/d"} | changes))
