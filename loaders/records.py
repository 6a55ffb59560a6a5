"""The records that every loader yields, and the Arrow schemas of the tables that keep them."""

from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa

MODEL, DATASET, APPLICATION = "model", "dataset", "application"
SERVICE, SOURCE = "service", "source"

ARTIFACT_SCHEMA = pa.schema(
    [
        ("kind", pa.string()),
        ("id", pa.string()),
        ("licenses", pa.list_(pa.string())),
        ("license_name", pa.string()),
        ("license_link", pa.string()),
        ("created_at", pa.string()),
        ("downloads", pa.int64()),
    ]
)
REFERENCE_SCHEMA = pa.schema(
    [
        ("child_kind", pa.string()),
        ("child", pa.string()),
        ("parent_kind", pa.string()),
        ("parent", pa.string()),
        ("relation", pa.string()),
        ("basis", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A statement on a card that names a parent, as it is written.

    `basis` says where the relation comes from: `declared` by the card, or `inferred` from its tags.
    """

    parent_kind: str
    parent: str
    relation: str
    basis: str = "declared"


@dataclass(frozen=True, slots=True)
class Artifact:
    """One artifact as its source describes it; `licenses` are the values as written."""

    kind: str
    id: str
    licenses: tuple[str, ...] = ()
    license_name: str | None = None
    license_link: str | None = None
    created_at: str | None = None
    downloads: int | None = None
    references: tuple[Reference, ...] = ()

    def row(self) -> dict[str, Any]:
        """Return the row of the artifact table."""
        row = asdict(self)
        row.pop("references")
        row["licenses"] = list(self.licenses)
        return row

    def reference_rows(self) -> list[dict[str, Any]]:
        """Return the rows of the reference table."""
        return [{"child_kind": self.kind, "child": self.id, **asdict(ref)} for ref in dict.fromkeys(self.references)]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that could not be read: where it stands, why, and its text for the quarantine file."""

    source: str
    line: int
    reason: str
    text: str
