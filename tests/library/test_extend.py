"""A license of one's own in the library: it judges like one that ships, and a bad file is refused with its name."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from clausegraph.answers.compat import Case, Compat
from clausegraph.ground import namespaces as ns
from clausegraph.ground.errors import ClausegraphError, UsageError
from clausegraph.library.extend import extend
from tests.support.composing import LIBRARY, composed, works
from tests.support.paths import ROOT


def test_an_extended_library_says_what_a_library_built_with_it_says(tmp_path: Path) -> None:
    """The rules over everything, against the rules with the license put in."""
    from clausegraph.ground.turtle import read_turtle
    from clausegraph.library.extend import _derive
    from clausegraph.library.index import plain
    from clausegraph.library.rules import derive, source_store

    keep = ("mit", "gpl-3.0", "creativeml-openrail-m", "cc-by-sa-4.0", "proprietary", "unknown")
    dropped = [f.iri for i, f in LIBRARY.licenses.items() if i not in keep]
    text = composed("open", "share-alike", *works("DM")).composed.turtle
    triples = read_turtle(text, "composed")
    store = source_store()
    for quad in list(store):
        if any(quad.subject.value == iri or quad.subject.value.startswith(iri + "#") for iri in dropped):
            store.remove(quad)
    before = derive(_copy(store))
    whole = _copy(store)
    whole.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    iri = next(t.subject.value for t in triples if t.predicate.value == ns.CG + "identifier")
    asked = (
        "lacksKind",
        "binds",
        "mayBind",
        "claims",
        "mayClaim",
        "admits",
        "relicensedBy",
        "refusedBy",
        "mayBeRefusedBy",
    )
    asked_iris = {ns.CG + name for name in asked}
    gone = {ns.local(dropped_iri) for dropped_iri in dropped}

    def kept(term: object) -> bool:
        named = re.fullmatch(rf"{ns.BASE}(?:license|encumbrance)/([^/#]+).*", str(term))
        return named is None or named[1] not in gone

    wanted = {
        (t.subject.value, t.predicate.value, plain(t.object))
        for t in derive(whole) - before
        if t.predicate.value in asked_iris
    }
    found = {(s, p, o) for s, p, o in _derive(LIBRARY, triples, iri) if p in asked_iris and kept(s) and kept(o)}
    assert found == wanted


def _copy(store: ox.Store) -> ox.Store:
    copied = ox.Store()
    copied.extend(store)
    return copied


def test_a_license_that_refuses_the_terms_of_others_refuses_them_when_added() -> None:
    found = composed(like="gpl-3.0")
    answer = Compat(found.library).answer(Case(("cc-by-nc-4.0", found.license.id), "merge", (found.license.id,)))
    assert answer.verdict == "conflict"
    assert any(o.against for o in answer.judgment.findings)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("<urn:a> <urn:b>", "Fix the Turtle"),
        ("<urn:a> <urn:b> <urn:c> .", "describes 0 licenses"),
        (
            '@prefix cg: <https://w3id.org/clausegraph/ns#> . <urn:a> a cg:License ; cg:identifier "x1" .',
            "lacks something",
        ),
    ],
)
def test_a_file_that_is_no_license_is_refused_with_its_name(text: str, part: str, tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text(text)
    with pytest.raises(ClausegraphError, match=part) as caught:
        extend(LIBRARY, [tmp_path / "x.ttl"])
    assert "x.ttl" in str(caught.value)


def test_a_name_that_another_license_bears_is_refused(tmp_path: Path) -> None:
    file = ROOT / "ontology" / "licenses" / "mit.ttl"
    with pytest.raises(UsageError, match="already a name of MIT License"):
        extend(LIBRARY, [file])
