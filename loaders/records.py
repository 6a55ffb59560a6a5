"""The records that every loader yields.

What is stated twice is kept twice: a reference names the `place` that states it, and a license that
stands elsewhere than where the artifact's own `licenses` were read is a `Statement` beside it.
"""

from dataclasses import asdict, dataclass, fields
from typing import Any

MODEL, DATASET, APPLICATION = "model", "dataset", "application"
SERVICE, SOURCE = "service", "source"

#: Where something is stated: on the card, in a tag that the Hub wrote, in what the Hub resolved, in a
#: file of the repository, in a policy or notice attached to it, in a catalogue of somebody else, or by
#: people who checked it.
CARD, TAG, RESOLVED, FILE = "card", "tag", "resolved", "file"
ATTACHED, CATALOGUE, CHECKED = "attached", "catalogue", "checked"
#: Places in a repository itself; what others say stands behind them.
OWN = (CARD, TAG, RESOLVED, FILE, ATTACHED)
#: Where a relation comes from: said by the publisher, by the Hub, or concluded from tags and files.
DECLARED, HUB, INFERRED = "declared", "hub", "inferred"
#: The same, in the order in which they count.
BASES = (DECLARED, HUB, INFERRED)
#: How a stated parent was resolved; `clausegraph.workspace.lineage` says what each means.
REPAIRS = ("exact", "form", "legacy_name", "case", "renamed", "no_artifact", "gone", "self_loop")


@dataclass(frozen=True, slots=True)
class Reference:
    """A statement that names a parent, as it is written: who states it, and where the relation comes from."""

    parent_kind: str
    parent: str
    relation: str
    basis: str = DECLARED
    place: str = CARD


@dataclass(frozen=True, slots=True)
class Statement:
    """A license value that stands elsewhere than where the artifact's own were read.

    `name` is the license name that goes with a value `other`, or the file in which it stands. A license file of which
    nothing is known has the value "", and `more` says that a file holds more than the value says.
    """

    place: str
    value: str
    name: str | None = None
    more: bool = False


@dataclass(frozen=True, slots=True)
class Identified:
    """What a license text was found to be: a license expression, or `None` where nothing is known of it.

    `more` says that the text holds more than that license, `rest` names licenses in it that the library does not know,
    and `sure` is the share in percent of the license's words that the text has.
    """

    license: str | None = None
    more: bool = False
    sure: float = 0.0
    rest: tuple[str, ...] = ()

    @property
    def stated(self) -> str:
        """What the text says as one license expression, with what is not known by its name; "" where nothing is."""
        if self.license is None:
            return ""
        parts = [f"({self.license})" if self.rest and " OR " in self.license else self.license, *self.rest]
        return " AND ".join(dict.fromkeys(parts))

    def statement(self, place: str, name: str) -> Statement:
        """Return the statement that stands in a text of a name."""
        return Statement(place, self.stated, name, self.more)


@dataclass(frozen=True, slots=True)
class Artifact:
    """One artifact as its source describes it; `licenses` are the values as written, and `place` is where.

    `access` is `public`, `gated`, `private` or `disabled`, or `None` if the source does not say.
    `resolved` says that the source holds the parents that the Hub resolved, so that a missing one was dropped.
    """

    kind: str
    id: str
    licenses: tuple[str, ...] = ()
    license_name: str | None = None
    license_link: str | None = None
    created_at: str | None = None
    downloads: int | None = None
    access: str | None = None
    place: str = CARD
    resolved: bool = False
    references: tuple[Reference, ...] = ()
    statements: tuple[Statement, ...] = ()

    def row(self) -> dict[str, Any]:
        """Return the row of the artifact table."""
        own = (f.name for f in fields(self) if f.name not in ("references", "statements"))
        return {name: getattr(self, name) for name in own} | {"licenses": list(self.licenses)}

    def reference_rows(self) -> list[dict[str, Any]]:
        """Return the rows of the reference table."""
        return [{"child_kind": self.kind, "child": self.id, **asdict(ref)} for ref in dict.fromkeys(self.references)]

    def statement_rows(self) -> list[dict[str, Any]]:
        """Return the rows of the table of further license statements."""
        return [{"kind": self.kind, "id": self.id, **asdict(s)} for s in dict.fromkeys(self.statements)]


@dataclass(frozen=True, slots=True)
class Rename:
    """An identifier that now means another artifact, with the reason."""

    kind: str
    id: str
    now: str
    reason: str


@dataclass(frozen=True, slots=True)
class Link:
    """A parent of another artifact than the one that the record describes, which may be in another source."""

    child_kind: str
    child: str
    reference: Reference

    def row(self) -> dict[str, Any]:
        """Return the row of the reference table."""
        return {"child_kind": self.child_kind, "child": self.child, **asdict(self.reference)}


Record = Artifact | Rename | Link


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that could not be read: where it stands, why, and its text for the quarantine file.

    `line` is the line of a list or table, the number of the entry in a document, or 0 for a whole file.
    """

    source: str
    line: int
    reason: str
    text: str
