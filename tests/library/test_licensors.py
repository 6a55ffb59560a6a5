"""Whose license a text is: what of the terms of a work binds other works of its owner."""

from pathlib import Path

import duckdb
import pytest

from clausegraph.ground.namespaces import HUB, RDF_TYPE, local
from clausegraph.library import Library, from_reader
from clausegraph.library.extend import extend
from clausegraph.library.licensors import binding_within, build_own_terms
from clausegraph.library.names import Expression
from clausegraph.library.pack import unpack
from clausegraph.library.read import read_all
from tests.support.composing import composed, works
from tests.support.lineages import stated


@pytest.fixture(scope="module")
def read() -> Library:
    """The library as the ontology says it, not as it was last packed."""
    return from_reader(read_all())


def left(library: Library, terms: str, account: str | None) -> str | None:
    found = binding_within(library, stated(terms), account)
    return None if found is None else str(found)


@pytest.mark.parametrize(
    ("terms", "account", "binds"),
    [
        # Meta is the licensor of the Llama licenses, under each of its accounts and in any case of letters.
        ("llama2", "meta-llama", None),
        ("llama2", "facebook", None),
        ("llama2", "Meta-Llama", None),
        ("llama2", "acme", "llama2"),
        ("llama2", "meta-llama-fans", "llama2"),
        ("llama2", "", "llama2"),
        ("llama2", None, "llama2"),
        ("gemma", "google", None),
        ("gemma", "meta-llama", "gemma"),
        ("deepseek", "deepseek-ai", None),
        ("yi-1.0", "01-ai", None),
        ("tongyi-qianwen-2023", "Qwen", None),
        ("stability-ai-community-2024", "stabilityai", None),
        ("falcon-180b-1.0", "tiiuae", None),
        ("falcon-180b-1.0", "acme", "falcon-180b-1.0"),
        # Whoever puts a work under these texts is the licensor, also where a company wrote them.
        ("cc-by-nc-sa-4.0", "acme", None),
        ("gpl-3.0", None, None),
        ("falcon-llm-license", "acme", None),
        ("creativeml-openrail-m", "acme", None),
        ("mg-by-sa-2.0", "acme", None),
        ("none", "acme", None),
        # A value that names no text may stand for anybody's.
        ("other", "acme", "other"),
        ("other", "meta-llama", "other"),
        ("unknown", "acme", "unknown"),
        # A family has the licensors of its members.
        ("llama", "acme", "llama"),
        ("llama", "meta-llama", None),
        ("openrail", "acme", "openrail"),
        ("cc-by-nc", "acme", None),
        # Of a choice one's own option may be taken, and what holds together is taken apart.
        ("llama2 OR mit", "acme", None),
        ("llama2 OR gemma", "acme", "gemma OR llama2"),
        ("llama2 OR gemma", "google", None),
        ("llama2 AND mit", "acme", "llama2"),
        ("llama2 AND gemma", "google", "llama2"),
        ("(llama2 AND mit) OR gemma", "acme", "gemma OR llama2"),
    ],
)
def test_a_license_binds_its_owner_where_its_text_names_another_licensor(
    library: Library, terms: str, account: str | None, binds: str | None
) -> None:
    assert left(library, terms, account) == binds


def test_a_list_that_does_not_say_how_it_holds_keeps_the_question(library: Library) -> None:
    both = library.names.declared(["llama2", "mit"])
    found = binding_within(library, both, "acme")
    assert found == Expression(frozenset({frozenset({"llama2"}), frozenset()}), listed=True)
    assert binding_within(library, both, "facebook") is None
    assert binding_within(library, library.names.declared(["gpl-3.0", "mit"]), "acme") is None


def test_no_account_is_less_bound_than_one_that_nobody_knows(library: Library) -> None:
    accounts = {account for licensor in library.licensors for account in licensor.accounts}
    for id_ in library.licenses:
        if binding_within(library, Expression.of(id_), None) is None:
            assert all(binding_within(library, Expression.of(id_), account) is None for account in accounts), id_


def test_an_account_is_that_of_one_licensor(read: Library) -> None:
    accounts = [account.casefold() for licensor in read.licensors for account in licensor.accounts]
    assert len(accounts) == len(set(accounts))


def test_the_publisher_of_a_release_is_the_licensor_of_its_terms_unless_it_was_made_from_llama(read: Library) -> None:
    others = set()
    for release in read.releases:
        for period in release.weights:
            by = [licensor for licensor in read.licensors if period.license in licensor.licenses]
            named = {a for licensor in by for a in licensor.accounts}
            if named and not set(release.accounts) <= named:
                others.add(release.label)
    assert others == {"BELLE on LLaMA", "Ziya on LLaMA"}


def test_every_license_of_a_fixed_licensor_says_where_its_text_names_it(read: Library) -> None:
    reader = read_all()
    for licensor in read.licensors:
        for id_ in licensor.licenses:
            if licensor.accounts and id_ not in read.members:
                assert reader.one(read.licenses[id_].iri, "licensorNamedIn"), id_


def test_a_family_has_the_licensors_of_all_its_members(read: Library) -> None:
    for family, members in read.members.items():
        named = {licensor.iri for licensor in read.licensors if licensor.licenses & set(members)}
        assert {licensor.iri for licensor in read.licensors if family in licensor.licenses} == named, family


def test_the_packed_library_has_the_licensors_of_the_ontology(read: Library, tmp_path: Path) -> None:
    from clausegraph.library.pack import pack

    target = tmp_path / "library.json"
    target.write_text(pack(read), encoding="utf-8")
    assert unpack(target).licensors == read.licensors


def test_plain_files_know_accounts_as_the_parties_that_publish(library: Library) -> None:
    reader = read_all()
    meta = next(s for s in reader.typed("Licensor") if local(s) == "meta")
    llama2, gemma = (library.licenses[i].iri for i in ("llama2", "gemma"))
    assert set(reader.all(meta, "actsAs")) == {HUB + "meta-llama", HUB + "facebook"}
    others = reader.all(meta, "isNoLicensorOf")
    assert (gemma in others, llama2 in others) == (True, False)
    assert reader.all(meta, RDF_TYPE)


def test_a_license_of_ones_own_may_name_its_licensor_too(library: Library, tmp_path: Path) -> None:
    text = composed("open", "share-alike", *works("DM")).composed.turtle
    path = tmp_path / "own.ttl"
    path.write_text(text, encoding="utf-8")
    plain = extend(library, [path])
    (new,) = plain.licenses.keys() - library.licenses.keys()
    assert left_of(plain, new, "acme") is None
    said = f"<{plain.licenses[new].iri}> cg:fixedLicensor <https://w3id.org/clausegraph/licensor/google> .\n"
    path.write_text(text + "\n" + said, encoding="utf-8")
    named = extend(library, [path])
    assert (left_of(named, new, "acme"), left_of(named, new, "google")) == (new, None)
    assert left_of(named, "gemma", "google") is None


def left_of(library: Library, id_: str, account: str) -> str | None:
    found = binding_within(library, Expression.of(id_), account)
    return None if found is None else str(found)


def test_the_table_of_own_terms_has_only_works_from_which_their_owner_made_another(library: Library) -> None:
    expressions = [Expression.of("llama2"), Expression.of("mit"), stated("llama2 AND mit")]
    with duckdb.connect() as connection:
        connection.execute(
            """CREATE TABLE artifacts AS SELECT * FROM (VALUES (0, 'acme', 0), (1, 'Meta-Llama', 0), (2, 'acme', 1),
              (3, 'acme', 2), (4, 'acme', 0), (5, NULL, 0), (6, 'acme', 0)) t(n, owner, terms);
            CREATE TABLE edges AS SELECT * FROM (VALUES (9, 0, true, true), (8, 0, true, true), (9, 1, true, true),
              (9, 2, true, true), (9, 3, true, true), (9, 4, false, true), (9, 5, true, true), (9, 6, true, false))
              t(child, parent, same_party, fits)"""
        )
        build_own_terms(connection, library, expressions)
        rows = connection.execute("SELECT n, expression FROM own_terms ORDER BY n").fetchall()
    assert [(n, str(expressions[e])) for n, e in rows] == [(0, "llama2"), (3, "llama2"), (5, "llama2")]
