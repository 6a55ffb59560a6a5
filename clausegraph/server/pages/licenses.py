"""What the page of a license shows: can, must, cannot, reach as a grid, and what flows in and out."""

from functools import lru_cache
from typing import Any

from clausegraph.answers.compare import nearest
from clausegraph.answers.compat import Case, Compat
from clausegraph.answers.license_record import SHEET, clause_dict, license_dict
from clausegraph.ground import namespaces as ns
from clausegraph.ground.errors import UsageError
from clausegraph.library import Library
from clausegraph.library.model import Clause, License
from clausegraph.reasoning.outcome_json import reading_in, reading_words
from clausegraph.texts.evidence import check_clause
from clausegraph.texts.passages import passage


def reach_grid(library: Library, found: License) -> list[dict[str, Any]]:
    """Return, for each form, what binds in each setting: kinds of clause that surely do, and those that may."""
    prefix = f"{ns.ENCUMBRANCE}{found.iri.removeprefix(ns.LICENSE)}/"
    own = (library.encumbrances[iri] for iri in library.encumbrances if iri.startswith(prefix))
    held = {(e.form, e.setting): e for e in own}
    rows = []
    for form in sorted({form for form, _ in held}):
        cells = []
        for setting in sorted({setting for _, setting in held}):
            here = held.get((form, setting))
            settled = sorted({c.kind.label for c in here.binds}) if here else []
            contested = sorted({c.kind.label for c in here.may_bind} - set(settled)) if here else []
            cells.append({"setting": setting, "settled": settled, "contested": contested})
        rows.append({"form": form, "cells": cells})
    return rows


@lru_cache(maxsize=256)
def flows(compat: Compat, license_id: str, via: str) -> dict[str, dict[str, list[str]]]:
    """Return which licenses a license can flow into by a relation, and which can flow into it, by verdict."""
    found: dict[str, dict[str, list[str]]] = {"into": {}, "from": {}}
    for other, license_ in compat.library.licenses.items():
        if not license_.is_text or other == license_id:
            continue
        for way, case in (("into", Case((license_id,), via, (other,))), ("from", Case((other,), via, (license_id,)))):
            found[way].setdefault(compat.answer(case, suggest=False).verdict, []).append(other)
    return found


def _passage(found: License, clause: Clause) -> str:
    """Return the passage of the text in which a clause was read, or nothing where the text is not installed."""
    try:
        check = check_clause(found, clause)
    except UsageError:
        return ""
    return "\n".join(passage(check.text, check.place)) if check.text and check.place else ""


def license_context(library: Library, compat: Compat, found: License, via: str) -> dict[str, Any]:
    """Return everything that the page of a license shows."""
    facts = license_dict(library, found)
    clauses = {c.iri: clause_dict(c) for c in found.clauses}
    sheet = [
        (
            title,
            [
                clauses[c.iri]
                | {
                    "label": c.kind.label,
                    "places": c.places,
                    "passage": _passage(found, c),
                    "reading": reading_words(reading_in(found, c)),
                }
                for c in found.clauses
                if c.kind.deontic == deontic
            ],
        )
        for deontic, title in SHEET.items()
    ]
    return {
        "license": facts,
        "sheet": sheet,
        "grid": reach_grid(library, found),
        "aliases": found.aliases,
        "via": via,
        "relations": sorted(library.relations),
        "flows": flows(compat, found.id, via) if found.is_text else {},
        "nearest": nearest(library, found) if found.clauses else [],
        "status": found.status,
        "reading": reading_words(reading_in(found)),
    }
