"""Writes `docs/assumptions.md`: what only the user can say, and which clauses ask for it."""

from collections.abc import Iterator, Sequence

from clausegraph.ground import namespaces as ns
from clausegraph.library import from_reader
from clausegraph.library.model import AssumptionKey, Clause
from clausegraph.library.read import Reader
from clausegraph.reasoning.asking import asking

_HEAD = """# Assumptions: what only you can say

<!-- GENERATED from ontology/conditions.ttl and ontology/licenses/ by `make library`. Do not edit. -->

Give an answer with `--assume KEY=VALUE` in the terminal, under `assume` in recipes, profiles and cases, or as
`KEY=VALUE` in an address. What was not said is open: it makes an answer conditional at best, unless there is a default.
Where it is about one upstream work, `KEY@LICENSE=VALUE` counts for the clauses of that license only. An answer for
which no clause asks is asked back where a like question is open: whoever gives `monthly_active_users` for Llama 3.1,
which counts those at the release, is asked for `monthly_active_users_at_release`.

`clausegraph explain assumptions` prints this table, and `clausegraph explain KEY` all clauses that ask for one key.

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
    found = asking(library)
    rows = [_row(key, found[key.name]) for key in sorted(library.keys.values(), key=lambda k: k.name)]
    return _HEAD + "".join(rows) + _RESTRICTIONS + "".join(_restrictions(reader)) + _RECIPE + _APART


def _restrictions(reader: Reader) -> Iterator[str]:
    """Yield a row for each restriction that licenses impose, with what it is."""
    for iri in reader.typed("Restriction"):
        if reader.all(iri, ns.SKOS + "broader"):
            yield f"| `{ns.local(iri)}` | {reader.one(iri, ns.SKOS + 'definition')} |\n"


def _row(key: AssumptionKey, clauses: Sequence[Clause]) -> str:
    words = "names of restrictions" if key.type == "restrictions" else key.type
    takes = " or ".join(f"`{value}`" for value in key.allowed) or words
    default = "" if key.default is None else f"`{str(key.default).lower()}`"
    sections: dict[str, dict[str, None]] = {}
    for clause in clauses:
        sections.setdefault(clause.license, {})[f"§{clause.section}"] = None
    said = [f"{license_} {', '.join(places)}" for license_, places in sections.items()]
    more = len(said) - _NAMED
    asked = "; ".join(said) if more <= 0 else f"{len(said)} licenses, such as {'; '.join(said[:_NAMED])}"
    name = f"`{key.name}`" + (" (per licensor)" if key.per_licensor else "")
    return f"| {name} | {takes} | {default} | {key.definition} | {asked} |\n"
