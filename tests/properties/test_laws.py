"""Laws that hold for every license, tried with many generated cases."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from clausegraph.answers.compat import Case, Compat
from clausegraph.library import Library
from clausegraph.library.names import Expression, normalize
from clausegraph.reasoning.outcomes import Verdict
from clausegraph.reasoning.trace import Edge, Node, Trace

LIBRARY = Library.load()
ENGINE = Compat(LIBRARY)
IDS = sorted(LIBRARY.licenses)
LICENSES = st.sampled_from(IDS)
RELATIONS = st.sampled_from(sorted(LIBRARY.relations))
KINDS = st.sampled_from(sorted(LIBRARY.kinds_by_spelling))
BOOLEANS = st.sampled_from(sorted(k.name for k in LIBRARY.keys.values() if k.type == "boolean"))
ASSUMPTIONS = st.dictionaries(BOOLEANS, st.booleans(), max_size=4)


def verdict(up: tuple[str, ...], via: str, down: tuple[str, ...], kind: str, assume: dict[str, bool]) -> Verdict:
    return ENGINE.answer(Case(up, via, down, kind, kind, assume)).judgment.verdict


@settings(deadline=None, max_examples=200)
@given(LICENSES, LICENSES, RELATIONS, LICENSES, KINDS, ASSUMPTIONS)
def test_another_upstream_never_makes_something_allowed(
    one: str, other: str, via: str, down: str, kind: str, assume: dict[str, bool]
) -> None:
    assume = {"same_family": False} | assume
    assert verdict((one, other), via, (down,), kind, assume) >= verdict((one,), via, (down,), kind, assume)


@settings(deadline=None, max_examples=200)
@given(LICENSES, RELATIONS, LICENSES, KINDS, ASSUMPTIONS)
def test_a_choice_upstream_is_as_good_as_its_best_option(
    one: str, via: str, down: str, kind: str, assume: dict[str, bool]
) -> None:
    assume = {"same_family": False} | assume
    single = verdict((one,), via, (down,), kind, assume)
    other = verdict(("mit",), via, (down,), kind, assume)
    assert verdict((f"{one} OR mit",), via, (down,), kind, assume) == min(single, other)


@settings(deadline=None, max_examples=200)
@given(LICENSES, RELATIONS, LICENSES, LICENSES, KINDS)
def test_a_choice_downstream_is_known_only_where_its_options_agree(
    one: str, via: str, a: str, b: str, kind: str
) -> None:
    """All green: the worse of them; all in conflict: a conflict; else nobody knows which one holds."""
    both = verdict((one,), via, (f"{a} OR {b}",), kind, {})
    each = [verdict((one,), via, (down,), kind, {}) for down in (a, b)]
    agreed = max(each) if all(v.green for v in each) else min(each) if min(each) is Verdict.conflict else None
    assert both == (Verdict.unknown if agreed is None else agreed)


@settings(deadline=None, max_examples=200)
@given(LICENSES, RELATIONS, LICENSES, KINDS, ASSUMPTIONS)
def test_what_is_not_known_never_counts_as_compatible(
    one: str, via: str, down: str, kind: str, assume: dict[str, bool]
) -> None:
    """Terms that are not known bind in every way in which some license does, but not as a tool that was only used."""
    unnamed = (
        LIBRARY.licenses[one].status == "UnspecifiedLicense" and "LicenseChoice" not in LIBRARY.licenses[one].sorts
    )
    if unnamed and via != "use":
        assert not verdict((one,), via, (down,), kind, assume).green


@settings(deadline=None, max_examples=200)
@given(LICENSES, RELATIONS, KINDS, ASSUMPTIONS)
def test_a_work_that_names_no_text_is_never_green(one: str, via: str, kind: str, assume: dict[str, bool]) -> None:
    for down, found in LIBRARY.licenses.items():
        if found.status == "UnspecifiedLicense" and "LicenseChoice" not in found.sorts:
            assert not verdict((one,), via, (down,), kind, {"distributed": True} | assume | {"distributed": True}).green


@settings(deadline=None, max_examples=200)
@given(LICENSES, LICENSES, RELATIONS, KINDS, ASSUMPTIONS)
def test_forgetting_a_license_never_makes_an_answer_greener(
    one: str, down: str, via: str, kind: str, assume: dict[str, bool]
) -> None:
    """What takes the place of a forgotten license, above or below, never turns unknown or conflict green."""
    before = verdict((one,), via, (down,), kind, assume)
    if via != "use":
        for unknown in ("none", "other"):
            after = verdict((unknown,), via, (down,), kind, assume)
            assert after >= min(before, Verdict.unknown)
    assert verdict((one,), via, ("other",), kind, assume) >= min(before, Verdict.unknown)


@settings(deadline=None, max_examples=200)
@given(LICENSES, RELATIONS, KINDS, ASSUMPTIONS)
def test_any_is_never_worse_than_a_license_that_one_names(
    one: str, via: str, kind: str, assume: dict[str, bool]
) -> None:
    for down in ("mit", "gpl-3.0", "proprietary", one):
        if LIBRARY.licenses[down].status != "UnspecifiedLicense":
            assert verdict((one,), via, ("any",), kind, assume) <= verdict((one,), via, (down,), kind, assume)


@settings(deadline=None, max_examples=200)
@given(LICENSES, RELATIONS, LICENSES, KINDS, ASSUMPTIONS, BOOLEANS, st.booleans())
def test_saying_more_never_turns_a_settled_conflict_or_yes_into_less_than_an_answer(
    one: str, via: str, down: str, kind: str, assume: dict[str, bool], key: str, value: bool
) -> None:
    """An answer under open assumptions is conditional or certain; saying more may only settle conditions."""
    assume = {name: said for name, said in assume.items() if name != key}
    before = verdict((one,), via, (down,), kind, assume)
    after = verdict((one,), via, (down,), kind, assume | {key: value})
    said = LIBRARY.keys[key]
    if before is Verdict.compatible and said.default is None and said.implies is None:
        assert after is Verdict.compatible


@settings(deadline=None, max_examples=300)
@given(st.lists(LICENSES, min_size=1, max_size=2), RELATIONS, KINDS, ASSUMPTIONS)
def test_a_declaration_that_names_no_text_is_no_conflict_where_some_license_would_do(
    up: list[str], via: str, kind: str, assume: dict[str, bool]
) -> None:
    if verdict(tuple(up), via, ("any",), kind, assume) < Verdict.conflict:
        for down, found in LIBRARY.licenses.items():
            if {"NoDeclaration", "UndeterminedLicense"} & set(found.sorts):
                assert verdict(tuple(up), via, (down,), kind, assume) < Verdict.conflict


def _spellings(id_: str) -> list[str]:
    found = LIBRARY.licenses[id_]
    names = [id_, found.iri, found.name, *found.aliases, *(s for s in (found.spdx_id, found.hf_id) if s)]
    return [s for s in names if s]


@settings(deadline=None, max_examples=300)
@given(st.data(), LICENSES)
def test_every_spelling_of_an_id_means_the_same(data: st.DataObject, id_: str) -> None:
    spelling = data.draw(st.sampled_from(_spellings(id_)))
    for changed in (spelling, spelling.upper(), spelling.lower(), f"  {spelling} ", spelling.replace(" ", "_")):
        if "://" in changed and changed.lower() != spelling.lower().strip():
            continue
        assert LIBRARY.resolve(changed) == LIBRARY.resolve(spelling)
    assert normalize(normalize(spelling)) == normalize(spelling)


def test_no_spelling_means_two_licenses() -> None:
    seen: dict[str, str] = {}
    for id_ in IDS:
        for spelling in _spellings(id_):
            assert seen.setdefault(normalize(spelling), id_) == id_, spelling


#: Relations that fit a model upstream; along another one nothing is judged.
FITTING = st.sampled_from(
    sorted(name for name, r in LIBRARY.relations.items() if r.fits(LIBRARY.artifact_kinds["model"]))
)
CHAIN = st.lists(FITTING, min_size=1, max_size=6)


@settings(deadline=None, max_examples=150)
@given(LICENSES, CHAIN, FITTING)
def test_a_longer_path_never_loses_a_clause_that_reaches_it(license_id: str, chain: list[str], more: str) -> None:
    """What lies on the last work comes from what lies on the one before, moved by the table and nothing else."""

    def trace(relations: list[str]) -> Trace:
        nodes = [Node("w0", "model", Expression.of(license_id))]
        for number, relation in enumerate(relations, 1):
            own = number > 1
            nodes.append(Node(f"w{number}", "model", None, (Edge(f"w{number - 1}", relation, same_party=own),)))
        return Trace(LIBRARY, nodes)

    short, long = trace(chain), trace([*chain, more])
    last, next_ = f"w{len(chain)}", f"w{len(chain) + 1}"
    moved = {LIBRARY.move(e.iri, more) for s in short.states_of(last) for o in short.states.parts[s] for e in o} - {
        None
    }
    found = {e.iri for s in long.states_of(next_) for o in long.states.parts[s] for e in o}
    assert found == moved


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), RELATIONS), max_size=12),
    st.lists(LICENSES, min_size=6, max_size=6),
)
def test_a_lineage_with_circles_comes_to_an_end(edges: list[tuple[int, int, str]], licenses: list[str]) -> None:
    nodes = [
        Node(
            str(n),
            "model",
            Expression.of(licenses[n]),
            tuple(Edge(str(p), r) for c, p, r in edges if c == n and p != n),
        )
        for n in range(6)
    ]
    trace = Trace(LIBRARY, nodes)
    for node in nodes:
        for state in trace.states_of(node.id):
            path = trace.path(node.id, state)
            assert path[-1].child == node.id
            assert all(a.child == b.parent for a, b in pairwise(path))


def test_a_name_without_a_version_is_not_guessed() -> None:
    for spelling in ("bsl", "llama-5", "deepseek-license-v9", "gpl-3.0 with classpath-exception", ""):
        assert LIBRARY.names.expression(spelling) is None, spelling
    for family in ("gpl", "apache", "mpl", "agpl", "cc-by"):
        assert LIBRARY.resolve(family) == family
        assert LIBRARY.licenses[family].status == "UnspecifiedLicense"
    assert LIBRARY.resolve("family:openrail") == LIBRARY.resolve("license:openrail") == "openrail"


def test_expressions_combine() -> None:
    found = LIBRARY.names.expression("MIT AND (Apache-2.0 OR GPL-2.0-or-later)")
    assert str(found) == "(apache-2.0 AND mit) OR (gpl-2.0 AND mit) OR (gpl-3.0 AND mit)"
