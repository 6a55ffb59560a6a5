"""Findings about what sources say of parents and licenses: `shapes/data` states the same over the graph."""

from clausegraph.library import Library

#: Finding codes by how a stated parent was repaired.
REPAIR_CODES = {
    "self_loop": "CG112",
    "form": "CG130",
    "legacy_name": "CG114",
    "case": "CG115",
    "renamed": "CG116",
    "no_artifact": "CG117",
}
#: Finding codes of what is marked on a reference, by column.
MARK_CODES = {"circle": "CG113", "dropped": "CG118", "undeclared": "CG119"}
#: Finding codes by how a further license statement compares with the declared license.
COMPARISON_CODES = {
    "file_differs": "CG106",
    "file_holds_more": "CG120",
    "file_not_identified": "CG128",
    "tag_differs": "CG107",
    "checked_differs": "CG108",
    "catalogue_differs": "CG109",
}
#: The finding code of a card that names only the license of the code.
CODE_ONLY = "CG105"
#: The finding code of a license on the wrong kind of thing.
UNSUITABLE = "CG104"
CODES = frozenset({*REPAIR_CODES.values(), *MARK_CODES.values(), *COMPARISON_CODES.values()})


def findings_sql() -> str:
    """Return the SQL of all these findings: `n`, `code`, and `subject`, the value that is found fault with."""

    def case(column: str, codes: dict[str, str]) -> str:
        branches = " ".join(f"WHEN '{value}' THEN '{code}'" for value, code in codes.items())
        return f"CASE {column} {branches} END"

    marks = " ".join(
        f"UNION SELECT child, '{code}', stated FROM refs WHERE {mark}" for mark, code in MARK_CODES.items()
    )
    return f"""SELECT child AS n, {case("repair", REPAIR_CODES)} AS code,
        stated || coalesce(' (' || reason || ')', '') AS subject FROM refs
        WHERE repair NOT IN ('exact', 'gone') AND stated != ''
      {marks}
      UNION SELECT n, {case("comparison", COMPARISON_CODES)},
        value || ' (' || concat_ws(' ', place, name) || ')' FROM comparisons
        WHERE comparison NOT IN ('same', 'unknown')"""


def open_reasons(library: Library) -> list[str]:
    """Return the reasons that come from statements beside the declared license, in order."""
    return sorted(set(comparison_reasons(library).values()))


def comparison_reasons(library: Library) -> dict[str, str]:
    """Return, for each way in which a license file differs, the reason for not knowing that it is."""
    by_code = {r.code: r.name for r in library.reasons.values()}
    return {comparison: by_code[code] for comparison, code in COMPARISON_CODES.items() if code in by_code}


def code_only_reason(library: Library) -> str:
    """Return the reason that a card names only the license of the code."""
    return next(r.name for r in library.reasons.values() if r.code == CODE_ONLY)
