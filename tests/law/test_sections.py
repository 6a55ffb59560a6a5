"""A reach stands where its clause does, where the text defines its words, or in a place that is named here."""

import re
from pathlib import Path

import pytest

from clausegraph.ground.files import folder
from clausegraph.library.index import Descriptions, index_files

FILES = sorted((folder("ontology") / "licenses").glob("*.ttl"))
#: Sections that are neither those of a clause with the reach or carrier, nor definitions at the beginning: where a
#: grant is, where definitions stand at the end, where one license lets another in. To change one, look into the text.
ELSEWHERE = {
    "agpl-3.0": {"13"},  # what a service owes, and the way to the GPL
    "gpl-3.0": {"13"},  # the way to the AGPL
    "lgpl-2.0": {"3"},
    "lgpl-2.1": {"3"},  # the way to the GPL
    "mpl-2.0": {"3.3"},  # larger works, and secondary licenses
    "mpl-1.1": {"3.2"},
    "cecill-2.1": {"5.3.2", "5.3.4"},
    "cecill-b": {"5.3.1", "5.3.2"},
    "cecill-c": {"5.3.2", "5.3.4"},
    "eupl-1.1": {"3", "appendix"},
    "eupl-1.2": {"3", "appendix"},  # the list of compatible licenses
    "c-uda": {"5.2"},
    "o-uda-1.0": {"5.1"},
    "cdla-permissive-2.0": {"5.4"},  # definitions stand last
    "montreal-data-license-2021": {"3.a.iii"},
    **{f"cc-by-{rest}-{v}": {"3"} for rest in ("nc", "nc-nd", "nc-sa") for v in ("1.0", "2.0", "2.5", "3.0")},  # grant
    "fair-ai-public-1.0": {"alternatives"},
    "hippocratic-2.1": {"human-rights"},
    "kimi-k2-modified-mit": {"5"},
    "nvidia-open-model-2025-04-28": {"3"},
    "open-aleph-1.0": {"2"},
    "playground-v2-community": {"A"},
    "yi-1.0": {"2.3"},
}
_DEFINITIONS = re.compile(r"[01](\.|$)|definitions", re.IGNORECASE)


def within(one: str, other: str) -> bool:
    return one == other or one.startswith(other + ".") or other.startswith(one + ".")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_reach_and_a_carrier_stand_where_their_clause_does_or_where_words_are_defined(path: Path) -> None:
    found = Descriptions(index_files([path]))
    users: dict[str, list[str]] = {}
    for clause in list(found.index):
        for node in (*found.all(clause, "reach"), *found.all(clause, "carrier")):
            users.setdefault(node, []).append(found.one(clause, "section") or "")
    named = ELSEWHERE.get(path.stem, set())
    for node, sections in users.items():
        section = found.one(node, "section")
        if section is None or section in named or _DEFINITIONS.match(section):
            continue
        assert any(within(section, one) for one in sections if one), f"{node}: {section}, and not {sections}"


def test_every_place_that_is_named_is_the_place_of_something() -> None:
    for name, sections in ELSEWHERE.items():
        found = Descriptions(index_files([folder("ontology") / "licenses" / f"{name}.ttl"]))
        there = {str(found.one(node, "section")) for node in list(found.index)}
        assert sections <= there, name
