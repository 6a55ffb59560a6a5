"""Loaders, and what they do with bad input: one mistake, one test, one message that says what to do."""

import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from clausegraph.loaders.card import read_card
from clausegraph.loaders.front_matter import front_matter, parse_front_matter
from clausegraph.loaders.identifiers import is_repo_id, split_reference
from clausegraph.loaders.records import Artifact, Reference
from clausegraph.loaders.tags import from_card, from_tags, inferred_relation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.ground.errors import UnknownIdentifier, UnreadableInput, UsageError
from clausegraph.library import Library
from clausegraph.workspace import lineage
from clausegraph.workspace.context import context
from clausegraph.workspace.folder import FORMAT, Workspace
from clausegraph.workspace.load import load
from clausegraph.workspace.sample import sample_file


def model(id_: str, *tags: str, **more: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "modelId": id_,
        "tags": list(tags),
        "downloads": 1,
        "createdAt": "2024-01-01T00:00:00.000Z",
    } | more


def write(path: Path, records: list[Any], zipped: bool = False) -> Path:
    text = "".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in records)
    path.write_bytes(gzip.compress(text.encode()) if zipped else text.encode())
    return path


def read(path: Path) -> Artifact:
    return read_card(path, context(lambda _: None))


def rows(workspace: Workspace, table: str) -> list[dict[str, Any]]:
    return [r for f in workspace.tables(table) for r in pq.read_table(f).to_pylist()]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "ws")


def test_a_dump_gives_artifacts_and_references(workspace: Workspace, tmp_path: Path) -> None:
    path = write(
        tmp_path / "models.jsonl.gz",
        [
            model("acme/base", "license:mit"),
            model("acme/chat", "license:mit", "base_model:acme/base", "dataset:acme/talk", "arxiv:1:2"),
            model("acme/lora", "base_model:adapter:acme/base", "base_model:acme/base", "peft"),
            model("acme/q", "base_model:acme/chat", "gguf"),
            model("acme/m", "base_model:acme/base", "base_model:acme/chat"),
        ],
        zipped=True,
    )
    done = load(workspace, str(path))
    assert (done.source.artifacts, done.source.references, done.source.rejected) == (5, 6, 0)
    found = {(r["child"], r["parent"], r["relation"], r["basis"]) for r in rows(workspace, "references")}
    assert found == {
        ("acme/chat", "acme/base", "finetune", "inferred"),
        ("acme/chat", "acme/talk", "train", "declared"),
        ("acme/lora", "acme/base", "adapter", "hub"),
        ("acme/q", "acme/chat", "quantize", "inferred"),
        ("acme/m", "acme/base", "merge", "inferred"),
        ("acme/m", "acme/chat", "merge", "inferred"),
    }


def test_reading_in_one_pass_and_line_by_line_gives_the_same(tmp_path: Path) -> None:
    records = [
        model("a/b", "license:mit", "base_model:c/d", "dataset:x/y", "dataset:x/y", "gguf", "base_model:quantized:c/d"),
        model("c/d", "license:apache-2.0", "license:mit", "merge", "base_model:e/f", "base_model:g/h"),
        model("e", "LoRA", "base_model:c/d"),
    ]
    bulk, careful = Workspace(tmp_path / "one"), Workspace(tmp_path / "two")
    load(bulk, str(write(tmp_path / "models-a.jsonl", records)))
    load(careful, str(write(tmp_path / "models-b.jsonl", [*records, "no json"])))
    for table in ("artifacts", "references"):
        ones, twos = ([json.dumps(r, sort_keys=True) for r in rows(w, table)] for w in (bulk, careful))
        assert sorted(ones) == sorted(twos)


def test_one_bad_line_never_stops_a_load(workspace: Workspace, tmp_path: Path) -> None:
    bad = ["{broken", "[1, 2]", json.dumps({"modelId": "x", "id": "a b"}), json.dumps(model("../etc/passwd"))]
    bad += [json.dumps({"id": "a/b", "modelId": "a/b", "tags": "license:mit"}), json.dumps({"modelId": 3})]
    done = load(workspace, str(write(tmp_path / "models.jsonl", [model("acme/one"), *bad, model("acme/two")])))
    assert (done.source.artifacts, done.source.rejected) == (2, len(bad))
    assert done.quarantine is not None
    kept = [json.loads(line) for line in done.quarantine.read_text().splitlines()]
    assert [k["line"] for k in kept] == [2, 3, 4, 5, 6, 7]
    assert all(k["reason"] and k["source"].endswith("models.jsonl") for k in kept)
    assert kept[0]["text"] == "{broken"
    assert "../etc/passwd" in kept[3]["reason"]


def test_a_truncated_gzip_gives_what_could_be_read(workspace: Workspace, tmp_path: Path) -> None:
    import random

    numbers = random.Random(1)
    records = [model(f"acme/m{n}-{numbers.random()}") for n in range(20_000)]
    path = write(tmp_path / "models.jsonl.gz", records, zipped=True)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    done = load(workspace, str(path))
    assert 5_000 < done.source.artifacts < 20_000
    assert done.quarantine is not None
    assert "cut off" in done.quarantine.read_text()


def test_a_missing_file_is_named(workspace: Workspace) -> None:
    with pytest.raises(UnreadableInput, match=r"there is no such file or folder\. Check the path"):
        load(workspace, "nowhere.jsonl")


def test_a_folder_without_a_card_is_named(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match=r"holds no README\.md"):
        load(workspace, str(tmp_path))


def test_a_failed_load_loses_nothing(workspace: Workspace, tmp_path: Path) -> None:
    load(workspace, str(write(tmp_path / "models.jsonl", [model("acme/one")])))
    with pytest.raises(UnreadableInput):
        load(workspace, str(write(tmp_path / "bad.jsonl", ["x"])))
    assert [s.artifacts for s in workspace.sources()] == [1]
    assert list((workspace.folder / "sources").glob(".new-*")) == []


def test_a_killed_load_leaves_no_trace_and_resumes(workspace: Workspace, tmp_path: Path) -> None:
    load(workspace, str(write(tmp_path / "models.jsonl", [model("acme/one")])))
    left = workspace.folder / "sources" / ".new-killed"
    left.mkdir()
    (left / "artifacts.parquet").write_text("half")
    assert len(workspace.sources()) == 1
    assert not load(workspace, str(tmp_path / "models.jsonl")).fresh
    load(workspace, str(write(tmp_path / "models-2.jsonl", [model("acme/two")])))
    assert not left.exists()
    assert len(rows(workspace, "artifacts")) == 2


def test_loading_twice_changes_nothing_and_a_changed_file_replaces(workspace: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path / "models.jsonl", [model("acme/one")])
    assert load(workspace, str(path)).fresh
    assert not load(workspace, str(path)).fresh
    write(path, [model("acme/one"), model("acme/two")])
    assert load(workspace, str(path)).fresh
    assert len(rows(workspace, "artifacts")) == 2


def test_of_an_artifact_in_two_sources_the_later_counts(workspace: Workspace, library: Library, tmp_path: Path) -> None:
    load(workspace, str(write(tmp_path / "models-1.jsonl", [model("acme/one", "license:mit")])))
    load(workspace, str(write(tmp_path / "models-2.jsonl", [model("acme/one", "license:gpl-3.0")])))
    assert Catalogue(workspace, library).entry("acme/one").licenses == ("gpl-3.0",)


def test_a_workspace_of_another_version_is_refused(workspace: Workspace) -> None:
    workspace.folder.mkdir()
    workspace.manifest.write_text(json.dumps({"format": FORMAT + 1, "sources": []}))
    with pytest.raises(UsageError, match="Upgrade clausegraph"):
        workspace.sources()
    workspace.manifest.write_text(json.dumps({"format": FORMAT - 1, "sources": []}))
    with pytest.raises(UsageError, match=r"no longer reads\. Load the sources into a new --workspace"):
        workspace.sources()
    workspace.manifest.write_text("{")
    with pytest.raises(UnreadableInput, match="Load into a new --workspace"):
        workspace.sources()


def test_a_damaged_table_is_named(workspace: Workspace, library: Library, tmp_path: Path) -> None:
    load(workspace, str(write(tmp_path / "models.jsonl", [model("acme/one")])))
    Path(workspace.tables("artifacts")[0]).write_bytes(b"PAR1 no")
    with pytest.raises(UnreadableInput, match="Load the source again"):
        lineage.resolve(workspace, library)


# ---- cards -----------------------------------------------------------------


def card(tmp_path: Path, text: str) -> Path:
    (tmp_path / "my model").mkdir(exist_ok=True)
    path = tmp_path / "my model" / "README.md"
    path.write_text(f"---\n{text}\n---\n# Title\n")
    return path


def test_a_card_gives_license_and_parents(tmp_path: Path) -> None:
    found = read(card(tmp_path, "license: mit\nbase_model: [a/b, c/d]\ndatasets: e/f\ntags: [merge]"))
    assert (found.kind, found.id, found.licenses) == ("model", "local/my-model", ("mit",))
    assert found.references == (
        Reference("model", "a/b", "merge", "inferred"),
        Reference("model", "c/d", "merge", "inferred"),
        Reference("dataset", "e/f", "train"),
    )


def test_a_list_of_licenses_does_not_say_whether_all_hold_or_one_may_be_chosen(
    tmp_path: Path, library: Library
) -> None:
    found = lineage.declared_expression(library, read(card(tmp_path, "license: [mit, gpl-3.0]")).licenses, None)
    assert (str(found), found.listed) == ("gpl-3.0 AND/OR mit", True)
    assert found.readings == {frozenset({"mit"}), frozenset({"gpl-3.0"}), frozenset({"mit", "gpl-3.0"})}
    together = lineage.declared_expression(library, read(card(tmp_path, "license: mit AND gpl-3.0")).licenses, None)
    assert (str(together), together.listed) == ("gpl-3.0 AND mit", False)


def test_other_with_a_known_name_is_that_license(tmp_path: Path, library: Library) -> None:
    found = read(card(tmp_path, "license: other\nlicense_name: tongyi-qianwen\nlicense_link: LICENSE"))
    assert found.license_link == "LICENSE"
    assert str(lineage.declared_expression(library, found.licenses, found.license_name)) == "tongyi-qianwen-2023"
    assert str(lineage.declared_expression(library, ("other",), "my own words")) == "other"


def test_the_misspelt_key_counts_where_the_right_one_is_missing(tmp_path: Path) -> None:
    assert read(card(tmp_path, "licence: mit")).licenses == ("mit",)


def test_a_dataset_card_is_known_by_its_keys(tmp_path: Path) -> None:
    found = read(card(tmp_path, "license: cc-by-4.0\ntask_categories: [text-classification]"))
    assert found.kind == "dataset"


def test_a_stated_relation_wins_over_a_guess() -> None:
    found = from_card("model", {"base_model": "a/b", "base_model_relation": "quantized", "tags": ["lora"]})
    assert found == (Reference("model", "a/b", "quantize"),)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_front_matter_is_read_whatever_the_line_ends(end: str) -> None:
    assert front_matter(f"---{end}license: mit{end}---{end}text") == {"license": "mit"}
    assert front_matter("no front matter") == {}


def test_a_mistake_in_yaml_names_its_line() -> None:
    with pytest.raises(ValueError, match="line 4"):
        parse_front_matter("license: mit\ntags: [a\nb: c")


#: Fixtures whose front matter is no YAML mapping: one on purpose, one is a template.
NO_CARDS = {"sample_invalid_card_data.md", "sample_template.md"}


def test_real_card_fixtures_are_read_or_refused_with_a_reason(shared: Path) -> None:
    paths = sorted((shared / "hub" / "card_fixtures").glob("sample_*.md"))
    assert len(paths) == 9
    for path in paths:
        if path.name in NO_CARDS:
            with pytest.raises(UnreadableInput, match=path.name):
                read(path)
        else:
            assert read(path).kind in ("model", "dataset")


# ---- references ------------------------------------------------------------


@pytest.mark.parametrize(
    ("tags", "parents", "relation"),
    [
        (["gguf"], 1, "quantize"),
        (["peft"], 1, "adapter"),
        (["mergekit"], 1, "merge"),
        ([], 2, "merge"),
        ([], 1, "finetune"),
    ],
)
def test_a_relation_is_inferred_from_tags(tags: list[str], parents: int, relation: str) -> None:
    assert inferred_relation(tags, parents) == relation


def test_source_datasets_are_parents_of_a_dataset() -> None:
    tags = ["source_datasets:original", "source_datasets:extended|squad", "source_datasets:a/b"]
    assert [(r.parent, r.relation) for r in from_tags("dataset", tags)] == [("squad", "modify"), ("a/b", "modify")]


@pytest.mark.parametrize("bad", ["a b", "../x", "a/../b", "", "a/b/c", "/a", "x" * 300, "a/b\n"])
def test_what_is_no_identifier_of_the_hub(bad: str) -> None:
    assert not is_repo_id(bad)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://huggingface.co/a/b", (None, "a/b")),
        ("https://huggingface.co/datasets/a/b/tree/main", ("dataset", "a/b")),
        ("hf:a/b", (None, "a/b")),
        ("spaces/a/b", ("service", "a/b")),
        ("https://github.com/a/b", ("source", "a/b")),
        ("gpt2", (None, "gpt2")),
    ],
)
def test_every_spelling_of_an_artifact_is_understood(text: str, expected: tuple[str | None, str]) -> None:
    assert split_reference(text) == expected


@pytest.fixture
def repaired(workspace: Workspace, library: Library, tmp_path: Path) -> Catalogue:
    load(
        workspace,
        str(
            write(
                tmp_path / "models.jsonl",
                [
                    model("org/GPT", "license:mit", downloads=10),
                    model("other/gpt", "license:gpl-3.0", downloads=1),
                    model("me/exact", "base_model:org/GPT"),
                    model("me/case", "base_model:ORG/gpt"),
                    model("me/legacy", "base_model:gpt"),
                    model("me/gone", "base_model:no/where"),
                    model("me/self", "base_model:me/self"),
                    model("me/ring-1", "base_model:me/ring-2"),
                    model("me/ring-2", "base_model:me/ring-1"),
                ],
            )
        ),
    )
    return Catalogue(workspace, library)


def test_each_repair_is_a_statement_beside_what_is_stated(repaired: Catalogue) -> None:
    found = repaired.connection.execute(
        """SELECT c.id, r.stated, r.repair, p.id, r.circle FROM refs r JOIN artifacts c ON c.n = r.child
        LEFT JOIN artifacts p ON p.n = r.parent ORDER BY 1"""
    ).fetchall()
    assert found == [
        ("me/case", "ORG/gpt", "case", "org/GPT", False),
        ("me/exact", "org/GPT", "exact", "org/GPT", False),
        ("me/gone", "no/where", "gone", None, False),
        ("me/legacy", "gpt", "legacy_name", "org/GPT", False),
        ("me/ring-1", "me/ring-2", "exact", "me/ring-2", True),
        ("me/ring-2", "me/ring-1", "exact", "me/ring-1", True),
        ("me/self", "me/self", "self_loop", "me/self", False),
    ]


def test_statistics_count_every_reference_once(repaired: Catalogue) -> None:
    numbers = repaired.statistics()
    assert numbers["references"] == 7
    found = {name: number for name, number in numbers["by_repair"].items() if number}
    assert found == {"exact": 3, "legacy_name": 1, "case": 1, "gone": 1, "self_loop": 1, "circle": 2}
    assert numbers["edges"] == 5
    assert (numbers["parent_only"], numbers["neither"], numbers["both_licensed"]) == (3, 2, 0)


def test_an_artifact_is_found_by_case_and_name_and_the_nearest_are_suggested(repaired: Catalogue) -> None:
    assert repaired.entry("ORG/gpt").id == "org/GPT"
    assert repaired.entry("gpt").id == "org/GPT"
    with pytest.raises(UnknownIdentifier, match="me/exact"):
        repaired.entry("me/exat")


def test_facts_with_an_unknown_relation_go_to_quarantine(workspace: Workspace, tmp_path: Path) -> None:
    good = {"kind": "model", "id": "a/b", "license": ["mit"]}
    bad = {"kind": "model", "id": "c/d", "parents": [{"id": "a/b", "via": "borrow"}]}
    done = load(workspace, str(write(tmp_path / "facts.jsonl", [good, bad, {"kind": "song", "id": "x"}])))
    assert (done.source.artifacts, done.source.rejected) == (1, 2)
    assert done.quarantine is not None
    assert "use one of adapter" in done.quarantine.read_text()


def test_the_old_hub_with_cards_is_read(workspace: Workspace, library: Library, shared: Path) -> None:
    done = load(workspace, str(shared / "hub" / "hf_models_2022-02-21_full_with_cards_frontmatter.jsonl.gz"))
    assert done.source.artifacts + done.source.rejected == 29_432
    assert done.source.artifacts > 29_000


RECORDS = st.lists(
    st.builds(
        lambda n, parent, tag: model(f"o/m{n}", f"base_model:o/m{parent}", f"license:{tag}"),
        st.integers(0, 6),
        st.integers(0, 6),
        st.sampled_from(["mit", "llama2", "other"]),
    ),
    max_size=8,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=RECORDS, second=RECORDS)
def test_loading_a_source_again_never_changes_what_is_kept(
    first: list[Any], second: list[Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("again")
    workspace = Workspace(folder / "ws")
    paths = [write(folder / f"models-{n}.jsonl", [model("o/m0"), *one]) for n, one in enumerate((first, second))]
    for path in paths:
        load(workspace, str(path))
    before = {table: rows(workspace, table) for table in ("artifacts", "references", "statements")}
    for path in paths:
        assert not load(workspace, str(path)).fresh
    assert {table: rows(workspace, table) for table in before} == before


@pytest.mark.parametrize(
    ("tags", "parents"),
    [
        (["lora"], [("", "adapter")]),
        (["lora", "gguf"], [("", "adapter")]),  # a quantized adapter is an adapter all the same
        (["gguf"], []),
        (["lora", "base_model:acme/base"], [("acme/base", "adapter")]),
        (["base_model:adapter:acme/base"], [("acme/base", "adapter")]),
    ],
)
def test_the_tags_of_a_card_name_parents_in_a_folder_and_in_a_dump(
    tmp_path: Path, tags: list[str], parents: list[tuple[str, str]]
) -> None:
    home = tmp_path / "cards" / "acme" / "work"
    home.mkdir(parents=True)
    (home / "README.md").write_text(f"---\n{json.dumps({'license': 'mit', 'tags': tags})}\n---\n")
    dump = tmp_path / "models.jsonl"
    dump.write_text(json.dumps({"id": "acme/work", "tags": ["license:mit", *tags]}) + "\n")
    for number, source in enumerate((tmp_path / "cards", dump)):
        place = Workspace(tmp_path / f"ws{number}")
        load(place, str(source))
        rows = [pq.read_table(path).to_pylist() for path in place.tables("references")]
        assert [(r["parent"], r["relation"]) for table in rows for r in table] == parents, source


def test_tables_of_an_older_version_are_taken_away_when_new_ones_are_made(
    workspace: Workspace, library: Library
) -> None:
    older = workspace.derived / "resolved-0.1"
    older.mkdir(parents=True)
    load(workspace, str(sample_file()))
    older.mkdir(parents=True, exist_ok=True)
    kept = lineage.resolve(workspace, library)
    assert list(workspace.derived.glob("resolved-*")) == [kept]
