"""What known artifacts answer where nothing is loaded, on folders as newcomers write them."""

from pathlib import Path

import pytest

from clausegraph.answers.card import card_subject
from clausegraph.answers.check import CheckResult
from clausegraph.answers.known_artifacts import Ancestors
from clausegraph.choosing.choose import choose
from clausegraph.ground.errors import UnknownIdentifier
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.known import Known, KnownArtifacts, KnownParent, Stated, hub_line, key
from clausegraph.workspace.load import load

_CASES = [
    line.split("\t")
    for line in (Path(__file__).parent / "known_cases.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
_HUB = {"finetune": "finetune", "adapter": "adapter", "quantize": "quantized"}


def _card(place: Path, declared: str, kind: str, parent: str, relation: str) -> Path:
    lines = [f"license: {declared}"]
    if kind == "dataset":
        lines += ["datasets:", f"- {parent}"]
    else:
        lines += [f"base_model: {parent}", f"base_model_relation: {_HUB[relation]}"]
    place.mkdir(exist_ok=True)
    (place / "README.md").write_text("---\n" + "\n".join(lines) + "\n---\n# A work\n", encoding="utf-8")
    return place


def _check(library: Library, folder: Path, ancestors: Ancestors) -> CheckResult:
    return ancestors.judged(card_subject(library, folder, Assumptions(library), ancestors))


def _known(place: Path, *artifacts: Known, curated: str = "") -> KnownArtifacts:
    place.mkdir(parents=True, exist_ok=True)
    ordered = sorted(artifacts, key=lambda k: key(k.kind, k.id))
    (place / "hub.tsv").write_text("# made by hand\n" + "".join(hub_line(k) + "\n" for k in ordered), encoding="utf-8")
    (place / "curated.tsv").write_text(curated, encoding="utf-8")
    return KnownArtifacts(place)


def _ancestors(library: Library, place: Path, *artifacts: Known, curated: str = "") -> Ancestors:
    return Ancestors(library, None, known=_known(place, *artifacts, curated=curated))


@pytest.mark.parametrize("case", _CASES, ids=lambda c: f"{c[0]}-{c[3]}-{c[2]}")
def test_a_folder_with_a_famous_parent_is_judged_with_nothing_loaded(
    case: list[str], tmp_path: Path, library: Library
) -> None:
    declared, kind, parent, relation, right, _ = case
    result = _check(library, _card(tmp_path / "work", declared, kind, parent, relation), Ancestors(library))
    assert result.verdict in right.split(","), f"{parent}: {result.verdict}"
    if "never-heard" not in parent:
        assert result.known, "the answer says that it comes from known artifacts, and of which day"


def test_an_artifact_that_is_not_known_stays_unknown(tmp_path: Path, library: Library) -> None:
    folder = _card(tmp_path / "work", "mit", "model", "acme/base", "finetune")
    assert _check(library, folder, _ancestors(library, tmp_path / "known")).verdict == "unknown"
    known = Known("model", "acme/base", (Stated("2024-07-11", ("apache-2.0",)),))
    assert _check(library, folder, _ancestors(library, tmp_path / "known", known)).verdict == "conditional"


def test_a_known_artifact_without_a_license_stays_unknown(tmp_path: Path, library: Library) -> None:
    folder = _card(tmp_path / "work", "mit", "model", "acme/base", "finetune")
    known = Known("model", "acme/base", (Stated("2024-07-11", ()),))
    ancestors = _ancestors(library, tmp_path / "known", known)
    assert _check(library, folder, ancestors).verdict == "unknown"
    assert not choose(ancestors.cautious(card_subject(library, folder, Assumptions(library), ancestors))).possible


def test_all_levels_are_walked_and_a_parent_that_is_not_known_is_not_lost(tmp_path: Path, library: Library) -> None:
    folder = _card(tmp_path / "work", "mit", "model", "acme/top", "finetune")
    top = Known(
        "model", "acme/top", (Stated("2024-07-11", ("mit",)),), (KnownParent("model", "other/base", "finetune"),)
    )
    base = Known("model", "other/base", (Stated("2024-07-11", ("llama2",)),))
    found = _check(library, folder, _ancestors(library, tmp_path / "two", top, base))
    assert found.verdict == "conflict"
    assert {row["origin"] for row in found.findings()} == {"other/base"}
    assert _check(library, folder, _ancestors(library, tmp_path / "one", top)).verdict == "unknown"


def test_an_older_statement_that_judges_worse_is_what_counts_and_is_told(tmp_path: Path, library: Library) -> None:
    folder = _card(tmp_path / "work", "mit", "model", "acme/base", "finetune")
    older = Stated("2024-07-11", ("cc-by-nc-4.0",))
    found = _check(
        library,
        folder,
        _ancestors(library, tmp_path / "a", Known("model", "acme/base", (Stated("2026-05-28", ("mit",)), older))),
    )
    assert found.verdict == "conflict"
    assert any("2024-07-11" in note.subject for note in found.notes)
    lighter = Stated("2024-07-11", ("mit",))
    found = _check(
        library,
        folder,
        _ancestors(library, tmp_path / "b", Known("model", "acme/base", (Stated("2026-05-28", ("llama2",)), lighter))),
    )
    assert found.verdict == "conflict"
    assert not any("2024-07-11" in note.subject for note in found.notes)


def test_terms_that_somebody_read_count_where_the_card_says_nothing(tmp_path: Path, library: Library) -> None:
    folder = _card(tmp_path / "work", "mit", "model", "acme/base", "finetune")
    silent = Known("model", "acme/base", (Stated("2026-05-28", ()),))
    row = "model\tacme/base\tllama2\t2025-01-01\thttps://example.org/terms\n"
    found = _check(library, folder, _ancestors(library, tmp_path / "known", silent, curated=row))
    assert found.verdict == "conflict"
    assert found.known["acme/base"] == ("2025-01-01", "https://example.org/terms", "known artifacts")


def test_a_statement_of_the_workspace_that_is_newer_is_judged(tmp_path: Path, library: Library) -> None:
    from clausegraph.answers.artifact_index import Catalogue

    folder = _card(tmp_path / "work", "apache-2.0", "model", "acme/base", "finetune")
    known = _known(tmp_path / "known", Known("model", "acme/base", (Stated("2025-01-01", ("mit",)),)))
    facts = tmp_path / "facts.jsonl"
    facts.write_text('{"kind": "model", "id": "acme/base", "license": ["llama2"]}\n', encoding="utf-8")
    for day, verdict, told in (("2026-01-01", "conflict", False), ("2024-01-01", "conflict", True)):
        place = Workspace(tmp_path / day)
        load(place, str(facts), date=day)
        found = _check(library, folder, Ancestors(library, Catalogue(place, library), known=known))
        assert found.verdict == verdict
        assert ("acme/base" in found.known) is told
        assert any("2024-01-01" in note.subject for note in found.notes) is told


def test_an_artifact_that_is_known_is_checked_by_its_name(library: Library) -> None:
    found = Ancestors(library).check("https://huggingface.co/lmsys/vicuna-7b-v1.5", Assumptions(library))
    assert found.id == "lmsys/vicuna-7b-v1.5"
    assert str(found.declared) == "llama2"
    with pytest.raises(UnknownIdentifier, match=r"Did you mean lmsys/vicuna-7b-v1\.5"):
        Ancestors(library).check("lmsys/vicuna7b-v1.5", Assumptions(library))


@pytest.mark.parametrize(("owner", "right"), [("acme", "conflict"), ("facebook", "compatible")])
def test_a_known_base_under_a_license_of_another_licensor_binds_what_its_owner_made_from_it(
    owner: str, right: str, tmp_path: Path, library: Library
) -> None:
    base = Known("model", f"{owner}/base", (Stated("2024-07-11", ("llama2",)),))
    parent = KnownParent("model", base.id, "finetune")
    tuned = Known("model", f"{owner}/tuned", (Stated("2024-07-11", ("mit",)),), (parent,))
    ancestors = _ancestors(library, tmp_path / "known", base, tuned)
    assert ancestors.check(tuned.id, Assumptions(library)).verdict == right
