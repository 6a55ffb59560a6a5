"""What somebody plans: possible licenses, the guided choice, composed licenses, and what-if recipes as forms."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import yaml

from clausegraph.answers.answer_graph import subject_graph
from clausegraph.answers.artifact_index import Catalogue
from clausegraph.answers.compare import nearest
from clausegraph.answers.recipe import plan_recipe
from clausegraph.choosing.changes import smallest_changes
from clausegraph.choosing.choose import Choice, choose
from clausegraph.choosing.guide import Outcome, follow, load_questions
from clausegraph.choosing.wishes import load_wishes, wishes_of
from clausegraph.composing.choices import choose as choices_of
from clausegraph.composing.compose import Composition, compose
from clausegraph.composing.kit import Kit, load_kit
from clausegraph.ground.errors import UsageError
from clausegraph.library import Library
from clausegraph.library.assumptions import READINGS
from clausegraph.server.pages.artifacts import read_assumptions

Pairs = Sequence[tuple[str, str]]
#: Opens the works of the workspace for one reader.
Opened = Callable[[], AbstractContextManager[Catalogue]]
#: Rows of upstream works in the form of what-if.
ROWS = 6
#: Licenses of each sort that a page shows.
SHOWN = 40


# ---- possible licenses ---------------------------------------------------------


def choice_context(found: Choice, wish: str | None) -> dict[str, Any]:
    """Return the licenses over a work, the best first, with the smallest changes for one that is wished."""
    library = found.subject.library
    changes = smallest_changes(found.subject, found.find(library.resolve(wish)).license.id) if wish else None
    rows = found.to_dict()
    return {
        "choice": rows,
        "possible": [row for row in rows["licenses"] if row["answer"].startswith("possible")],
        "others": [row for row in rows["licenses"] if not row["answer"].startswith("possible")],
        "shown": SHOWN,
        "changes": changes.to_dict() if changes else None,
        "wish": wish or "",
        "wishes": load_wishes(),
    }


# ---- the guided choice ---------------------------------------------------------


def guide_context(library: Library, pairs: Pairs) -> dict[str, Any]:
    """Return where the answers in an address lead."""
    known = load_questions()
    outcome: Outcome = follow({key: value for key, value in pairs if key in known})
    context: dict[str, Any] = {"outcome": outcome, "answered": [(q.key, a.key) for q, a in outcome.path]}
    if outcome.question is not None:
        return context | {"composition": None, "near": []}
    found = compose(library, outcome.choices(load_kit(), library))
    return context | {"composition": found, "near": nearest(library, found.license)}


# ---- composed licenses -----------------------------------------------------------


def composition_of(kit: Kit, library: Library, pairs: Pairs) -> Composition:
    """Return the license that the fields of an address describe."""

    def many(name: str) -> list[str]:
        return [value for key, value in pairs if key == name and value.strip()]

    def one(name: str) -> str | None:
        return next(iter(many(name)), None)

    values = {key: value for key in kit.parameters if (value := one(f"set-{key}"))}
    choices = choices_of(
        kit,
        library,
        chosen=many("with"),
        without=many("without"),
        values=values,
        like=one("like"),
        name=one("name"),
        licensor=one("licensor"),
    )
    return compose(library, choices, kit)


# ---- what if -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One upstream work of a form: a license or a work of the workspace, how it is used, and its kind."""

    of: str
    via: str
    kind: str


def rows_of(pairs: Pairs) -> list[Row]:
    """Return the rows of a form, the empty ones left out."""
    columns = {name: [value.strip() for key, value in pairs if key == name] for name in ("of", "via", "kind")}
    size = min(len(column) for column in columns.values())
    rows = [Row(*(columns[name][n] for name in ("of", "via", "kind"))) for n in range(min(size, ROWS))]
    return [row for row in rows if row.of]


def recipe_of(library: Library, rows: Sequence[Row], fields: Mapping[str, str]) -> dict[str, Any]:
    """Return the recipe that a form describes; what is no license is a work of the workspace."""
    works: dict[str, Any] = {}
    steps = []
    for number, row in enumerate(rows, 1):
        if library.names.expression(row.of) is None:
            steps.append({"work": row.of, "via": row.via})
        else:
            works[f"upstream-{number}"] = {"kind": row.kind, "license": row.of}
            steps.append({"work": f"upstream-{number}", "via": row.via})
    made: dict[str, Any] = {"make": "result", "kind": fields.get("made") or "model"}
    if fields.get("license"):
        made["license"] = fields["license"]
    recipe: dict[str, Any] = {"works": works} if works else {}
    recipe["steps"] = [made | {"from": steps}]
    publish = {key: fields[key] for key in ("policy", "form") if fields.get(key)}
    return recipe | {"publish": {"work": "result"} | publish}


def what_if_context(library: Library, opened: Opened, pairs: Pairs) -> dict[str, Any]:
    """Return the verdict of a planned work, the possible licenses, and the recipe that says the same.

    The tables are opened while ancestors are looked up and no longer, since others wait for them.
    """
    fields = dict(pairs)
    rows = rows_of(pairs)
    context: dict[str, Any] = {
        "rows": [*rows, *[Row("", "finetune", "model")] * (ROWS - len(rows))],
        "fields": fields,
        "relations": sorted(library.relations),
        "kinds": sorted(library.kinds_by_spelling),
        "policies": sorted(library.policies),
        "forms": sorted(library.publish_forms),
        "queries": [_behind(library, row) for row in rows],
        "check": None,
        "error": None,
        "yaml": "",
        "changes": None,
        "turtle": "",
        "given": {},
        "reading": READINGS[0],
    }
    if not rows:
        return context
    try:
        assumptions, given = read_assumptions(library, pairs)
        recipe = recipe_of(library, rows, fields)
        with opened() as catalogue:
            subject = plan_recipe(library, recipe, assumptions, "the form", catalogue).subjects["result"]
        found = choose(subject)
        changes = smallest_changes(subject, library.resolve(fields["license"])) if fields.get("license") else None
        return context | {
            "check": subject.check().to_dict(),
            "turtle": subject_graph(subject).serialize(format="turtle"),
            "possible": [c.license.id for c in found.possible],
            "yaml": yaml.safe_dump(recipe, sort_keys=False, allow_unicode=True),
            "changes": changes.to_dict() if changes and not changes.possible else None,
            "given": given,
            "reading": assumptions.reading,
        }
    except UsageError as error:
        return context | {"error": str(error)}


def _behind(library: Library, row: Row) -> tuple[str, dict[str, str]]:
    """Return the question that says what an upstream work hands on."""
    if library.names.find(row.of) is None:
        return "clauses-of-work", {"work": row.of}
    return "clauses-by-relation", {"license": row.of, "relation": row.via}


def wishes_in(pairs: Pairs) -> tuple[Any, ...]:
    """Return the wishes that an address names."""
    known = load_wishes()
    return wishes_of([value for key, value in pairs if key == "prefer" and value in known])
