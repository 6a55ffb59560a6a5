"""For whom an answer of the user was taken: a fact about one licensor may have been given for all of them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping

from clausegraph.library import Library
from clausegraph.library.assumptions import ALWAYS, AT, Assumptions
from clausegraph.library.model import Clause
from clausegraph.reasoning.parts import Part


def answered_for(library: Library, assumptions: Assumptions, parts: Iterable[Part]) -> dict[str, tuple[str, ...]]:
    """Return, for each answer about one licensor that several licenses took, those licenses."""
    names = {name for name, _ in assumptions.given}
    given = {name for name in names if name in library.keys and library.keys[name].per_licensor}
    found: dict[str, set[str]] = defaultdict(set)
    if given:
        options = (option for part in parts for option in (*part.stated, *part.members))
        for encumbrance in {e for option in options for e in option}:
            for clause in (*encumbrance.binds, *encumbrance.may_bind, *encumbrance.waived_by):
                for key in asked(library, clause) & given:
                    if f"{key}{AT}{clause.license}" not in names:
                        found[key].add(clause.license)
    return {key: tuple(sorted(licenses)) for key, licenses in sorted(found.items()) if len(licenses) > 1}


def answered_words(assumptions: Assumptions, answered: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return a sentence for each answer that several licenses took."""
    return [
        f"{key}={json.dumps(assumptions.value(key))} was taken for each of {', '.join(licenses)}; "
        f"{key}{AT}LICENSE=… answers for one of them"
        for key, licenses in answered.items()
    ]


def asked(library: Library, clause: Clause) -> set[str]:
    """Return the keys of the assumptions on which a clause depends."""
    exercised = library.exercised.get(clause.withholds or "", ())
    carried = (c.condition for c in clause.carriers if c.condition)
    acts = () if ALWAYS in clause.triggers else (c for trigger in clause.triggers for c in library.triggers[trigger])
    found = {c.key for c in (*clause.when, *clause.unless, *clause.met, *exercised, *carried, *acts)}
    return found | ({clause.kind.answered_by} if clause.kind.answered_by and clause.imposes else set())
