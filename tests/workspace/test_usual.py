"""Which licenses models and data sets usually declare."""

import pytest

from clausegraph.ground.files import folder
from clausegraph.library import Library
from clausegraph.workspace.known import Known, Stated, known_artifacts
from clausegraph.workspace.usual import USUAL_FILE, usual_share, usual_text


def test_the_file_is_made_of_the_known_artifacts(library: Library) -> None:
    text = (folder("ontology") / "known" / USUAL_FILE).read_text(encoding="utf-8")
    assert text == usual_text(library, known_artifacts().hub())


def test_only_one_text_that_several_works_declare_newest_is_counted(library: Library) -> None:
    def works(number: int, *licenses: str, older: str = "mit") -> list[Known]:
        stated = (Stated("2026-05-28", licenses), Stated("2024-07-11", (older,)))
        return [Known("model", f"acme/{n}", stated) for n in range(number)]

    known = [
        *works(12, "apache-2.0"),
        *works(3, "gpl-3.0"),
        *works(20, "other"),
        *works(20),
        *works(20, "mit", "gemma"),
    ]
    assert usual_text(library, known).splitlines()[1:] == ["model\tapache-2.0\t12"]


@pytest.mark.parametrize("kind", ["model", "dataset"])
def test_shares_are_parts_of_one_kind(library: Library, kind: str) -> None:
    assert sum(usual_share(kind, one) for one in library.licenses) == pytest.approx(1)
    assert usual_share(kind, "apache-2.0") > usual_share(kind, "wtfpl") >= 0


def test_of_other_kinds_nothing_is_counted() -> None:
    assert usual_share("application", "mit") == 0
