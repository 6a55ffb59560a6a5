"""Writes `docs/assumptions.md`: what only the user can say, and which clauses ask for it."""

from collections import defaultdict
from collections.abc import Iterator

from clausegraph.ground import namespaces as ns
from clausegraph.library import from_reader
from clausegraph.library.model import AssumptionKey
from clausegraph.library.read import Reader
from clausegraph.reasoning.taken import asked

_HEAD = """# Assumptions: what only you can say

<!-- GENERATED from ontology/conditions.ttl and ontology/licenses/ by `make library`. Do not edit. -->

Give an answer with `--assume KEY=VALUE` in the terminal, under `assume` in recipes, profiles and cases, or as
`KEY=VALUE` in an address. What was not said is open: it makes an answer conditional at best, unless there is a default.
Where it is about one upstream work, `KEY@LICENSE=VALUE` counts for the clauses of that license only.

| key | takes | default | says | asked by |
|---|---|---|---|---|
"""
_RESTRICTIONS = """
## Purposes

`purposes` takes these names, parted by commas. A license that forbids one of them is breached; that none of them is
forbidden settles nothing, so that the restrictions of the license stay owed.

| name | what it is |
|---|---|
"""
_RECIPE = """
## In a recipe

A recipe names works and steps, and may hold assumptions; `clausegraph check recipe.yaml` judges it.

```yaml
works:
  base: {kind: model, license: cc-by-nc-4.0}
  talk: {kind: dataset, license: cc-by-sa-4.0}
steps:
- make: chat
  kind: model
  license: cc-by-nc-4.0
  from: [{work: base, via: finetune}, {work: talk, via: train}]
publish: {work: chat, policy: share}
assume:
  commercial: false
  exception_applies: {cc-by-sa-4.0: true}
```
"""
_APART = """
## What is not asked

- **Whether a model memorizes**: for some courts a model from which training data can be drawn holds a copy of them.
  `--reading strict` takes what is learned as settled against you; there is no key, since no license speaks of it.
- **What the licensee is** (a public body, a university, a person): licenses that ask for it free the *use* by such a
  licensee, and not those who get the result from it, so that one answer would clear too much. Their clauses keep their
  conditions: commercial, research.
- **When the work was acquired**: which text of a license counts is asked of the text and its dates, not of the user.
- **Affiliates**: numbers of users and revenue are those of the group where the license counts it; the keys say so.
"""
#: Licenses that are named in a row before the rest is only counted.
_NAMED = 6


def assumptions_text(reader: Reader) -> str:
    """Return the text of the page."""
    library = from_reader(reader)
    asking: dict[str, set[str]] = defaultdict(set)
    for clause in library.clauses.values():
        for key in asked(library, clause):
            asking[key].add(clause.license)
    rows = [_row(key, sorted(asking[key.name])) for key in sorted(library.keys.values(), key=lambda k: k.name)]
    return _HEAD + "".join(rows) + _RESTRICTIONS + "".join(_restrictions(reader)) + _RECIPE + _APART


def _restrictions(reader: Reader) -> Iterator[str]:
    """Yield a row for each restriction that licenses impose, with what it is."""
    for iri in reader.typed("Restriction"):
        if reader.all(iri, ns.SKOS + "broader"):
            yield f"| `{ns.local(iri)}` | {reader.one(iri, ns.SKOS + 'definition')} |\n"


def _row(key: AssumptionKey, licenses: list[str]) -> str:
    words = "names of restrictions" if key.type == "restrictions" else key.type
    takes = " or ".join(f"`{value}`" for value in key.allowed) or words
    default = "" if key.default is None else f"`{str(key.default).lower()}`"
    more = len(licenses) - _NAMED
    asked = ", ".join(licenses) if more <= 0 else f"{len(licenses)} licenses, such as {', '.join(licenses[:_NAMED])}"
    name = f"`{key.name}`" + (" (per licensor)" if key.per_licensor else "")
    return f"| {name} | {takes} | {default} | {key.definition} | {asked} |\n"
