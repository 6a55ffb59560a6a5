"""Every row of the second reading of the license texts, with the value that the text asks for.

A row whose library is still wrong stands in `reviews/waiting.txt` and is a strict expected failure: whoever mends the
library takes it out of the list. The list may only shrink.
"""

from typing import Any

import pytest
import yaml

from tests.support.chains import judged, said
from tests.support.paths import ROOT

REVIEWS = ROOT / "tests" / "reviews"
ROWS: dict[str, dict[str, Any]] = {
    row["id"]: row for path in sorted(REVIEWS.glob("*.yaml")) for row in yaml.safe_load(path.read_text("utf-8"))
}
WAITING = (REVIEWS / "waiting.txt").read_text("utf-8").splitlines()
#: How many rows wait. A number that grows hides a fault that is new.
STILL = 21
WHY = "the library is not mended yet"


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=pytest.mark.xfail(strict=True, reason=WHY) if n in WAITING else ()) for n in ROWS]
)
def test_a_license_means_what_its_text_says(name: str) -> None:
    row = ROWS[name]
    found = judged(row).check()
    met = said((f["kind"], f["section"]) for f in found.findings())
    owed = said((o.clause.kind.name, o.clause.section) for o in found.judgment.obligations)
    sure = said((o.clause.kind.name, o.clause.section) for o in found.judgment.obligations if o.certainty == "settled")
    assert found.verdict in row.get("verdict", [found.verdict])
    assert met >= set(row.get("finds", ()))
    assert not met & set(row.get("finds_not", ()))
    assert owed >= set(row.get("owes", ()))
    assert not owed & set(row.get("owes_not", ()))
    assert sure >= set(row.get("owes_settled", ()))
    if "same_as" in row:
        other = judged(row | {"steps": row["same_as"]}).check()
        assert {f["clause"] for f in found.findings()} == {f["clause"] for f in other.findings()}


def test_the_list_of_what_waits_names_rows_and_only_shrinks() -> None:
    assert sorted(set(WAITING)) == WAITING
    assert set(WAITING) <= ROWS.keys()
    assert len(WAITING) == STILL
    assert sum(len(yaml.safe_load(path.read_text("utf-8"))) for path in REVIEWS.glob("*.yaml")) == len(ROWS)


def test_every_row_names_its_place_in_a_review_and_asks_for_something() -> None:
    asks = {"verdict", "finds", "finds_not", "owes", "owes_not", "owes_settled"}
    for name, row in ROWS.items():
        assert row["row"][0] == name[0], name
        assert row["says"].endswith("."), name
        assert asks & row.keys(), name
        assert row.keys() <= asks | {"id", "row", "says", "start", "steps", "assume", "reading", "same_as"}, name
