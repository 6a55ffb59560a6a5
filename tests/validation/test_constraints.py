"""What a license file may hold was decided here: how many values, of which class, type or form."""

from collections import defaultdict

from tests.properties.test_edges import CONSTRAINTS

#: A carrier has one rule and one certainty, a clause one kind, one section, one type and one summary, and so on.
DECIDED = {
    "Carrier-certainty": {"class", "maxCount"},
    "Carrier-rule": {"class", "maxCount"},
    "Clause-definition": {"pattern", "maxCount"},
    "Clause-kind": {"class", "maxCount"},
    "Clause-section": {"maxCount"},
    "Clause-type": {"in", "maxCount"},
    "Imposition-restriction": {"class", "maxCount"},
    "License-complete": {"datatype", "maxCount"},
    "License-identifier": {"pattern", "maxCount"},
    "License-verified": {"datatype", "maxCount"},
    "Verified-date": {"datatype"},
}


def test_the_shapes_ask_of_license_files_what_was_decided() -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for shape, constraint in CONSTRAINTS:
        found[shape.rpartition("#")[2]].add(constraint.rpartition("#")[2])
    assert found == DECIDED
