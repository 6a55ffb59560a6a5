"""Checks that every clause stands where the library says, and records the place.

The record is `ontology/generated/evidence.nt` for machines and `docs/evidence.md` for people. Both
hold digests, line numbers and counts, and nothing of a license text.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pyoxigraph as ox

from clausegraph.ground import namespaces as ns
from clausegraph.ground.errors import UnknownIdentifier, UsageError
from clausegraph.ground.files import folder, generated
from clausegraph.library import Library
from clausegraph.library.model import Clause, License
from clausegraph.texts.passages import PACKAGE, LicenseText, Place, license_text, locate, package_version, passage

RECORD = "evidence.nt"
RECORD_HEADER = "# GENERATED from the license texts by `clausegraph license verify --record`. Do not edit.\n"
#: What can be said of a clause, in words.
OUTCOMES = {
    "numbered": "found under the number of their section",
    "counted": "found where the text prints no number",
    "elsewhere": "were read in the text that the source of their license names",
    "no text": "have no text at hand",
    "missing": "are not where the library says",
    "drifted": "stand in another text or on other lines than recorded",
    "unrecorded": "are found, but not in the record",
}


@dataclass(frozen=True)
class Check:
    """What the machine found for one clause: the outcome, and the text and place where there are any."""

    clause: Clause
    outcome: str
    text: LicenseText | None = None
    place: Place | None = None

    @property
    def found(self) -> bool:
        """Whether the section is where the library says."""
        return self.outcome in ("numbered", "counted")

    @property
    def wrong(self) -> bool:
        """Whether library, text and record disagree."""
        return self.outcome in ("missing", "drifted", "unrecorded")

    @property
    def lines(self) -> str | None:
        """The lines of the text as `first-last`, counted from 1."""
        return f"{self.place.first}-{self.place.last}" if self.place else None


def text_key(found: License, clause: Clause) -> str | None:
    """Return the key of the text in which a clause stands, or `None` if no text is at hand."""
    return (clause.text_key or found.scancode_key) if clause.anchor else None


def read_elsewhere(found: License) -> bool:
    """Say whether a license was read in a text that the package does not hold, and that its source names by digest."""
    return found.verified and found.scancode_key is None and "SHA-256" in (found.source or "")


def check_clause(found: License, clause: Clause) -> Check:
    """Look for a clause in its text; raises `UsageError` if the texts are not installed."""
    key = text_key(found, clause)
    if key is None or clause.anchor is None:
        return Check(clause, "elsewhere" if clause.anchor and read_elsewhere(found) else "no text")
    try:
        text = license_text(key)
    except UnknownIdentifier:
        return Check(clause, "missing")
    place = locate(text, clause.anchor, clause.section)
    return Check(clause, place.how if place else "missing", text, place)


def recorded() -> dict[str, tuple[str, str]]:
    """Return, for each clause of the record, the digest of its text and the lines."""
    path = generated(RECORD)
    facts: dict[str, dict[str, str]] = {}
    if path.exists():
        for triple in ox.parse(path=str(path)):
            facts.setdefault(triple.subject.value, {})[ns.local(triple.predicate.value)] = triple.object.value
    return {iri: (found["textDigest"], found["foundOn"]) for iri, found in facts.items()}


def verify(library: Library, ids: Iterable[str] = ()) -> list[Check]:
    """Check the clauses of licenses (all of them without `ids`) against the texts and against the record."""
    package_version()
    known = recorded()
    checks = []
    for id_ in [library.resolve(i) for i in ids] or library.licenses:
        for clause in library.licenses[id_].clauses:
            check = check_clause(library.licenses[id_], clause)
            if check.found and check.text:
                place = (check.text.digest, check.lines)
                if clause.iri not in known:
                    check = replace(check, outcome="unrecorded")
                elif known[clause.iri] != place:
                    check = replace(check, outcome="drifted")
            checks.append(check)
    return checks


def record_text(checks: Iterable[Check]) -> str:
    """Return the record as N-Triples: digest, lines and how, for each clause that was found."""
    rows = []
    for check in checks:
        if check.text and check.place and check.outcome != "missing":
            facts = {"textDigest": check.text.digest, "foundOn": check.lines, "foundBy": check.place.how}
            rows += [f'<{check.clause.iri}> <{ns.CG}{name}> "{value}" .\n' for name, value in facts.items()]
    return RECORD_HEADER + "".join(sorted(rows))


def table_text(library: Library, checks: Iterable[Check]) -> str:
    """Return the table of `docs/evidence.md`: per license the clauses, how many were found, reviewer and date."""
    by_license: dict[str, list[Check]] = {}
    for check in checks:
        by_license.setdefault(check.clause.license, []).append(check)
    total = [c for found in by_license.values() for c in found]
    elsewhere, without = (sum(c.outcome == o for c in total) for o in ("elsewhere", "no text"))
    with_text = [c for c in total if c.outcome not in ("elsewhere", "no text")]
    at_place = [c for c in with_text if c.place]
    head = (
        "# Evidence\n\n<!-- GENERATED by `clausegraph license verify --record`. Do not edit. -->\n\n"
        f"{len(total):,} clauses of {len(by_license)} licenses and license families. "
        f"For {len(with_text):,} a text is in `{PACKAGE}` {package_version()}; "
        f"a machine found the section of {len(at_place):,} of them "
        f"({len(at_place) / len(with_text):.1%}). {elsewhere:,} clauses were read in another text. "
        f"{without:,} clauses have no text at hand.\n\n"
        "*Verified* clauses stand in a text that was read through by the reviewer on that date. *Found* "
        "clauses are those whose section a machine found in the text, whether or not anybody read it through; "
        "*counted* ones among them stand where the stored text prints no number. *Elsewhere* means that the "
        "reviewer read the clause in a text that the package does not hold: the `dcterms:source` of the license names "
        "it by address and SHA-256, and no machine looks for the section. *No text* means that the "
        "clause was carried over from a record of facts, and that nobody here read the text.\n\n"
        "| License | Clauses | Verified | Unverified | Found | Counted | Elsewhere | No text | Reviewer | Date |\n"
        "|---|---:|---:|---:|---:|---:|---:|---:|---|---|\n"
    )
    return head + "".join(_row(library.licenses[i], by_license[i]) for i in sorted(by_license))


def _row(found: License, checks: list[Check]) -> str:
    verified = sum(found.verified and c.outcome != "no text" for c in checks)
    counts = (
        len(checks),
        verified,
        len(checks) - verified,
        sum(c.place is not None for c in checks),
        sum(c.place is not None and c.place.how == "counted" for c in checks),
        sum(c.outcome == "elsewhere" for c in checks),
        sum(c.outcome == "no text" for c in checks),
    )
    date = (found.reviewed_on or "")[:10]
    return f"| {found.id} | {' | '.join(map(str, counts))} | {found.reviewer or ''} | {date} |\n"


def check_dict(check: Check) -> dict[str, object]:
    """Return a check for machines."""
    clause = check.clause
    return {
        "id": clause.iri,
        "license": clause.license,
        "kind": clause.kind.name,
        "section": clause.section,
        "outcome": check.outcome,
        "text": check.text.key if check.text else None,
        "digest": check.text.digest if check.text else None,
        "lines": check.lines,
    }


def record(library: Library, checks: list[Check]) -> list[str]:
    """Write the record and the table of the whole library; return the names of the files that changed.

    Raises `UsageError` outside a checkout, where there are no docs to keep.
    """
    docs = folder("ontology").parent / "docs"
    if not docs.is_dir():
        raise UsageError("the record is kept in a checkout of clausegraph; this is an installed package.")
    changed = []
    for path, text in (
        (generated(RECORD), record_text(checks)),
        (docs / "evidence.md", table_text(library, checks)),
    ):
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(path.name)
    return changed


def clause_of(library: Library, spelling: str) -> tuple[License, Clause]:
    """Return a clause by its IRI or as `LICENSE#NAME`; raise `UnknownIdentifier` with the clauses there are."""
    iri = spelling if "://" in spelling else None
    if iri and iri in library.clauses:
        clause = library.clauses[iri]
        return library.licenses[clause.license], clause
    license_part, _, name = spelling.rpartition("#")
    if not license_part or not name:
        raise UsageError(f"{spelling!r} names no clause. Write it as in `apache-2.0#4.a-license-copy`.")
    found = library.license(license_part)
    for clause in found.clauses:
        if clause.iri.rpartition("#")[2] == name:
            return found, clause
    names = {c.iri.rpartition("#")[2]: None for c in found.clauses}
    raise UnknownIdentifier("clause", name, names, f"`clausegraph license show {found.id}` shows all clauses.")


def passage_of(library: Library, spelling: str) -> tuple[License, Check, list[str]]:
    """Return license, check and passage of a clause; the passage is empty where no text is at hand."""
    found, clause = clause_of(library, spelling)
    check = check_clause(found, clause)
    lines = passage(check.text, check.place) if check.text and check.place else []
    return found, check, lines
