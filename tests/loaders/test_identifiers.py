"""Identifiers: every way to write a repository means the same."""

from clausegraph.loaders.identifiers import hub_reference
from hypothesis import given
from hypothesis import strategies as st

PART = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,20}", fullmatch=True).filter(lambda s: ".." not in s)


@given(owner=PART.filter(lambda s: s not in ("datasets", "spaces", "models", "applications", "github.com")), name=PART)
def test_every_way_to_write_a_repository_means_the_same(owner: str, name: str) -> None:
    id_ = f"{owner}/{name}"
    for written in (id_, f"hf:{id_}", f" {id_} ", f"https://huggingface.co/{id_}", f"https://hf.co/{id_}/tree/main"):
        assert hub_reference(written) == (None, id_)
    for written in (f"models/{id_}", f"pkg:huggingface/{id_}@main"):
        assert hub_reference(written) == ("model", id_)
    for written in (f"datasets/{id_}", f"https://huggingface.co/datasets/{id_}/blob/main/README.md"):
        assert hub_reference(written) == ("dataset", id_)
    assert hub_reference(f"https://github.com/{id_}") == ("source", id_)
    assert hub_reference(f"https://example.org/{id_}") is None
