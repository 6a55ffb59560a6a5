"""Composed licenses: what one chooses is what one gets, in RDF that conforms, judges and reads alike."""

import json
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path
from random import Random

import jsonschema
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from clausegraph.answers.compat import Case, Compat, CompatResult
from clausegraph.composing.assemble import _source, assemble
from clausegraph.composing.choices import choose, explicit, from_query
from clausegraph.composing.compose import compose, problems, recompose
from clausegraph.ground import namespaces as ns
from clausegraph.ground.errors import UsageError
from clausegraph.library import Library
from tests.conftest import SHARED
from tests.support.composing import KIT, LIBRARY, composed, works
from tests.support.paths import ROOT
from tests.support.running import fails, ok

#: The eight licenses of ModelGo 2.0 and the options that make them.
MODELGO = {
    "mg0-2.0": ("Zero-M", ()),
    "mg-by-2.0": ("BY-M", ("attribution",)),
    "mg-by-sa-2.0": ("BY-SA-M", ("attribution", "source")),
    "mg-by-rai-2.0": ("BY-RAI-M", ("attribution", "responsible-use")),
    "mg-by-nc-2.0": ("BY-NC-M", ("attribution", "non-commercial", "output-provenance")),
    "mg-by-nd-2.0": ("BY-ND-M", ("attribution", "no-derivatives", "output-provenance")),
    "mg-by-nc-rai-2.0": ("BY-NC-RAI-M", ("attribution", "non-commercial", "responsible-use", "output-provenance")),
    "mg-by-nc-nd-2.0": ("BY-NC-ND-M", ("attribution", "non-commercial", "no-derivatives", "output-provenance")),
}
#: What a composed license asks for and the published one does not.
STRICTER = {
    "mg-by-sa-2.0": "2.2(a)(vi) leaves out bare copies",
    "mg-by-rai-2.0": "2.2 asks nobody to pass the restrictions on",
    "mg-by-nc-rai-2.0": "2.2 asks nobody to pass the restrictions on",
}
#: Where the two texts of one number differ, the answer for the published license is contested.
TWO_TEXTS = {("mg-by-2.0", "distill"), ("mg-by-2.0", "train-on-output")}
LETTERS = {"D": "dataset", "A": "application", "M": "model", "S": "source"}
COMBINATIONS = ["".join(c) for size in range(1, 5) for c in combinations(LETTERS, size)]


# ---- the kit -----------------------------------------------------------------


def test_the_kit_has_the_ten_mandatory_and_fifteen_optional_provisions_of_the_generator() -> None:
    mandatory = [p.key for p in KIT.provisions.values() if p.mandatory]
    assert (len(mandatory), len(KIT.provisions)) == (10, 25)
    adds = {iri.rpartition("/")[2] for iri in KIT.options["mandatory"].adds}
    assert adds == set(mandatory)


@pytest.mark.skipif(not (SHARED / "hub").exists(), reason="the catalogue of the generator lies in shared/data")
def test_the_provisions_are_those_of_the_generator_in_its_order_and_in_other_words() -> None:
    listed = json.loads((SHARED / "hub" / "rail_generator" / "initial_restrictions.json").read_text())
    assert [one["source"] == "RAIL Initiative" for one in listed] == [p.mandatory for p in KIT.provisions.values()]
    for one, ours in zip(listed, KIT.provisions.values(), strict=True):
        theirs = one["text"].casefold().split()
        runs = {" ".join(theirs[i : i + 7]) for i in range(len(theirs) - 6)}
        assert not [run for run in runs if run in ours.wording.casefold()], ours.key


def test_every_category_of_the_taxonomy_can_be_chosen() -> None:
    assert len(KIT.restrictions) == 65
    assert {c for p in KIT.provisions.values() for c in p.categories} <= set(KIT.restrictions)
    assert len(set(KIT.spellings)) == len(KIT.spellings)


@pytest.mark.parametrize("key", sorted(KIT.options))
def test_every_option_composes_into_a_license_that_conforms(key: str) -> None:
    values = {p: KIT.parameters[p].example for p in KIT.options[key].asks_for}
    extra = ["malware"] if key == "responsible-use" else []
    found = composed("artifact-m", key, *extra, **values)
    assert problems(found.composed) == []
    kinds = {KIT.reader.one(part, "kind") for part in KIT.options[key].adds} - {None}
    assert {ns.local(kind) for kind in kinds} <= {c.kind.name for c in found.license.clauses}


def test_a_part_that_lacks_its_section_does_not_conform() -> None:
    found = composed("artifact-m").composed
    broken = [t for t in found.triples if t.predicate.value != ns.CG + "section"]
    assert problems(type(found)(**{f: getattr(found, f) for f in found.__slots__} | {"triples": tuple(broken)}))


# ---- names, digests, permalinks ----------------------------------------------


@pytest.mark.parametrize("letters", COMBINATIONS)
def test_the_fifteen_combinations_of_rail_compose_validate_and_classify(letters: str) -> None:
    found = composed("open", *works(letters))
    assert found.composed.names.code == f"OpenRAIL-{letters}"
    assert problems(found.composed) == []
    assert {f"RAIL-{letter}" for letter in letters} == {f for f in found.license.families if f.startswith("RAIL-")}
    assert {"OpenRAILLicense", "ResponsibleAILicense"} <= set(found.license.families)
    assert found.license.intended_for == {LETTERS[letter] for letter in letters}


def test_a_research_rail_is_no_open_rail_and_copyleft_adds_the_l() -> None:
    research = composed("research", *works("DAMS"))
    assert research.composed.names.code == "ResearchRAIL-DAMS"
    assert "ResearchLicense" in research.license.families
    assert "OpenRAILLicense" not in research.license.families
    copyleft = composed("open", "share-alike", *works("DMS"))
    assert copyleft.composed.names.code == "OpenRAIL-DMSL"
    assert {"CopyleftLicense", "OpenRAILLicense"} <= set(copyleft.license.families)
    assert composed("rail", "non-commercial", *works("M")).composed.names.code == "RAIL-M"


def test_the_same_choices_in_another_order_are_the_same_license() -> None:
    one = choose(KIT, LIBRARY, chosen=["artifact-m", "open", "malware"], values={"law": " the law  of Spain "})
    other = choose(KIT, LIBRARY, chosen=["malware", "open", "open", "artifact-m"], values={"law": "the law of Spain"})
    assert one == other
    assert one.digest == other.digest
    assert compose(LIBRARY, one).composed.turtle == compose(LIBRARY, other).composed.turtle
    assert from_query(KIT, LIBRARY, one.permalink) == one


@pytest.mark.parametrize(("key", "one", "other"), [("users", "700_000_000", "700,000,000"), ("region", "eu", "EU")])
def test_a_value_has_one_spelling(key: str, one: str, other: str) -> None:
    found = [choose(KIT, LIBRARY, chosen=["artifact-m"], values={key: value}) for value in (one, other)]
    assert found[0].digest == found[1].digest


OPTIONS = st.lists(st.sampled_from(KIT.spellings), min_size=1, max_size=8)
VALUES = st.dictionaries(st.sampled_from(sorted(KIT.parameters)), st.just(""), max_size=3)


@settings(deadline=None, max_examples=300)
@given(OPTIONS, VALUES, st.randoms())
def test_choices_are_refused_with_words_or_read_back_from_their_permalink(
    chosen: list[str], values: dict[str, str], random: Random
) -> None:
    given_ = {key: KIT.parameters[key].example for key in values}
    try:
        first = choose(KIT, LIBRARY, chosen=["artifact-d", *chosen], values=given_)
    except UsageError as error:
        event(str(error).split(":")[0])
        return
    random.shuffle(chosen)
    assert choose(KIT, LIBRARY, chosen=[*chosen, "artifact-d"], values=given_) == first
    assert choose(KIT, LIBRARY, chosen=explicit(KIT, first), values=given_) == first
    assert from_query(KIT, LIBRARY, first.permalink) == first


# ---- what a composed license means -------------------------------------------


@pytest.mark.parametrize("published", MODELGO)
def test_modelgo_options_judge_like_the_licenses_that_modelgo_publishes_or_stricter(published: str) -> None:
    code, options = MODELGO[published]
    ruled_out = [name for clause in LIBRARY.licenses[published].clauses for name in clause.imposes]
    found = composed("artifact-m", *options, *ruled_out)
    assert found.composed.names.code == code
    assert problems(found.composed) == []
    known, ours, me = Compat(LIBRARY), Compat(found.library), found.license.id
    # a family that the published license belongs to does not hold the composed one
    families = {family for family, members in LIBRARY.members.items() if published in members}
    others = [i for i in sorted(LIBRARY.licenses)[::20] if not i.startswith("mg") and i not in families]
    for via in sorted(LIBRARY.relations):
        for other in others:
            for one, two in (
                (((published,), (other,)), ((me,), (other,))),
                (((other,), (published,)), ((other,), (me,))),
            ):
                wanted = known.answer(Case(one[0], via, one[1]), suggest=False).judgment.verdict
                judged = ours.answer(Case(two[0], via, two[1]), suggest=False).judgment.verdict
                if published in STRICTER:
                    assert judged >= wanted or me not in two[0], (via, other)
                elif (published, via) not in TWO_TEXTS:
                    assert judged == wanted, (via, other)


def test_what_carries_more_restrictions_carries_the_license() -> None:
    less = composed("open", *works("M"))
    more = compose(less.library, choose(KIT, less.library, chosen=["artifact-m", "open", "malware"]))
    compat = Compat(more.library)
    down = compat.answer(Case((less.license.id,), "finetune", (more.license.id,))).verdict
    up = compat.answer(Case((more.license.id,), "finetune", (less.license.id,))).verdict
    assert (down, up) == ("conditional", "conflict")


GOOD = ("compatible", "conditional")


@pytest.mark.parametrize("seed", range(8))
def test_one_more_restriction_never_makes_more_possible(seed: int) -> None:
    random = Random(seed)
    some = set(random.sample(sorted(KIT.restrictions), random.randint(1, 4)))
    another = random.choice(sorted(KIT.restrictions))
    less, more = (composed("artifact-m", "responsible-use", *sorted(r)) for r in (some, some | {another}))
    for via in ("finetune", "merge", "copy"):
        few, many = (
            {i for i in LIBRARY.licenses if compat.answer(Case((me,), via, (i,)), suggest=False).verdict in GOOD}
            for compat, me in ((Compat(found.library), found.license.id) for found in (more, less))
        )
        assert few <= many


@pytest.mark.parametrize(
    ("values", "assume", "verdict"),
    [
        ({"users": "1000"}, {"monthly_active_users": 1001}, "conflict"),
        ({"users": "1000"}, {"monthly_active_users": 1000}, "compatible"),
        ({"users": "1000"}, {"monthly_active_users": 1001, "authorized": True}, "compatible"),
        ({"revenue": "5"}, {"annual_revenue_usd": 6}, "conflict"),
        ({"region": "EU"}, {"region": "DE"}, "conflict"),
        ({"region": "EU"}, {"region": "US"}, "compatible"),
        ({"prefix": "Acme"}, {"name": "Other-1"}, "conflict"),
        ({"prefix": "Acme"}, {"name": "Acme-1"}, "compatible"),
        ({"phrase": "Built with Acme"}, {"attribution_displayed": False}, "conflict"),
    ],
)
def test_a_value_counts_as_the_condition_that_it_is(
    values: dict[str, str], assume: dict[str, object], verdict: str
) -> None:
    found = composed("artifact-m", **values)
    answer = Compat(found.library).answer(Case((found.license.id,), "finetune", ("mit",), assume=assume))
    assert answer.verdict == verdict


# ---- like another license ----------------------------------------------------


@pytest.mark.parametrize("license_id", sorted(LIBRARY.licenses))
def test_every_license_composed_from_its_own_rdf_has_the_same_clauses(license_id: str) -> None:
    iri = LIBRARY.licenses[license_id].iri
    again = assemble(KIT, LIBRARY, choose(KIT, LIBRARY, like=license_id), identity=iri)
    said = {t for t in _source(LIBRARY, iri) if t.subject.value == iri or t.subject.value.startswith(iri + "#")}
    assert set(again.triples) == said


@pytest.mark.parametrize("license_id", ["creativeml-openrail-m", "llama3", "gpl-3.0", "cc-by-nc-sa-4.0", "gemma"])
def test_a_license_like_another_has_the_same_verdicts_upstream(license_id: str) -> None:
    found = composed(like=license_id)
    known, ours = Compat(LIBRARY), Compat(found.library)
    for via in sorted(LIBRARY.relations):
        for down in ("mit", "gpl-2.0", "proprietary", "openrail++", "cc-by-nc-4.0", "apache-2.0"):
            if down != license_id:
                one = known.answer(Case((license_id,), via, (down,)), suggest=False)
                two = ours.answer(Case((found.license.id,), via, (down,)), suggest=False)
                assert two.verdict == one.verdict, (via, down)
                assert sorted(sections(two)) == sorted(sections(one)), (via, down)


def sections(answer: CompatResult) -> list[str]:
    return [outcome.clause.section for outcome in answer.judgment.findings]


def test_like_openrail_plus_malware_minus_medical_advice() -> None:
    base = LIBRARY.licenses["creativeml-openrail-m"]
    found = composed("malware", like=base.id, without=("medical_advice",))
    imposed = {r for c in found.license.clauses for r in c.imposes}
    assert imposed == {r for c in base.clauses for r in c.imposes} - {"medical_advice"} | {"malware_cyber"}
    near = found.to_dict()["nearest"][0]
    assert near["license"] in {"creativeml-openrail-m", "openrail++"}
    assert (near["plus"], near["minus"]) == (["restriction: malware_cyber"], ["restriction: medical_advice"])
    assert problems(found.composed) == []
    text = found.files()["LICENSE.txt"]
    assert "Addendum: purposes that are ruled out" in text
    assert "medical advice" not in text


def test_like_mit_with_share_alike_adds_numbered_terms() -> None:
    found = composed("share-alike", like="mit")
    assert "CopyleftLicense" in found.license.families
    added = next(c for c in found.license.clauses if c.kind.name == "share-alike")
    assert added.section.startswith("addendum-")
    assert problems(found.composed) == []


def test_a_restriction_enters_a_license_that_had_none() -> None:
    found = composed("malware", like="mit")
    assert {r for c in found.license.clauses for r in c.imposes} == {"malware_cyber"}
    assert "ResponsibleAILicense" in found.license.families
    assert problems(found.composed) == []


def test_what_contradicts_the_base_is_possible_once_it_is_taken_out() -> None:
    found = composed("share-alike", like="cc-by-nd-4.0", without=("no-derivatives",))
    kinds = {c.kind.name for c in found.license.clauses}
    assert "share-alike" in kinds
    assert "no-derivatives" not in kinds


def test_a_license_is_composed_again_from_its_file(tmp_path: Path) -> None:
    ok(
        "compose",
        "--with",
        "artifact-d",
        "--with",
        "rail",
        "--name",
        "Acme",
        "--set",
        "users=9",
        "-o",
        str(tmp_path / "one"),
    )
    ok("compose", "--from", str(tmp_path / "one" / "license.ttl"), "-o", str(tmp_path / "two"))
    names = sorted(p.name for p in (tmp_path / "one").iterdir())
    assert len(names) == 8
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    file = (ROOT / "ontology" / "licenses" / "gemma.ttl").read_text()
    again = recompose(LIBRARY, "gemma.ttl", file)
    assert [c.kind for c in again.license.clauses] == [c.kind for c in LIBRARY.licenses["gemma"].clauses]


# ---- text and exports --------------------------------------------------------

FULL = ("open", "attribution", "share-alike", "indemnity", "updates", *works("DAMS"))


class Numbers(HTMLParser):
    """Collects what a page numbers and what it loads."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids |= {found["id"] or ""} if "id" in found else set()
        self.loads += [found[key] or "" for key in ("src", "href") if key in found]


def test_every_clause_cites_a_section_of_the_text() -> None:
    found = composed(*FULL, law="the law of Spain")
    files = found.files()
    page = Numbers()
    page.feed(files["LICENSE.html"])
    for clause in found.license.clauses:
        assert f"**{clause.section}** " in files["LICENSE.md"]
        assert f"\n{clause.section} " in files["LICENSE.txt"]
        assert clause.section in page.ids
        for _, place in clause.places:
            number = place.removeprefix("Attachment A(").removesuffix(")")
            assert f"\n({number}) " in files["LICENSE.txt"]
    assert all(link.startswith("#") for link in page.loads)
    assert "{" not in files["LICENSE.md"]
    assert "legal advice" in files["LICENSE.txt"]
    assert "the law of Spain" in files["LICENSE.txt"]


def test_hostile_names_stay_text() -> None:
    found = compose(
        LIBRARY, choose(KIT, LIBRARY, chosen=["artifact-m", "attribution"], licensor="<script>alert(1)</script>")
    )
    files = found.files()
    assert "<script" not in files["LICENSE.html"]
    assert "<script" not in files["LICENSE.md"]
    assert json.loads(files["spdx.json"])["@graph"][3]["simplelicensing_licenseText"]


def test_the_exports_are_spdx_odrl_and_a_card(tmp_path: Path, library: Library) -> None:
    from clausegraph.loaders.card import read_card
    from rdflib import Graph

    from clausegraph.workspace.context import context

    found = composed(*FULL)
    files = found.files()
    document = json.loads(files["spdx.json"])
    license_ = next(e for e in document["@graph"] if e["type"] == "expandedlicensing_CustomLicense")
    assert license_["spdxId"].endswith("#LicenseRef-" + found.license.id)
    assert license_["simplelicensing_licenseText"] == files["LICENSE.txt"]
    policy = Graph().parse(data=files["policy.ttl"], format="turtle")
    odrl = "http://www.w3.org/ns/odrl/2/"
    rules = {str(o) for p in ("permission", "obligation", "prohibition") for o in policy.objects(None, _uri(odrl + p))}
    assert rules == {c.iri for c in found.license.clauses}
    (tmp_path / "README.md").write_text(files["card.md"])
    card = read_card(tmp_path, context(lambda _: None))
    assert (card.licenses, card.license_name) == (("other",), found.license.id)


def _uri(text: str) -> object:
    from rdflib import URIRef

    return URIRef(text)


def test_the_written_license_is_usable_at_once(tmp_path: Path) -> None:
    facts = json.loads(ok("compose", "--with", "artifact-m", "--with", "open", "-o", str(tmp_path), "-f", "json"))
    file = str(tmp_path / "license.ttl")
    answer = ok("compat", facts["id"], "--via", "finetune", "--to", "mit", "--license-file", file, code=1)
    assert "conflict" in answer.casefold()
    shown = json.loads(ok("license", "show", facts["spdx_id"], "--license-file", file, "-f", "json"))
    assert shown["clauses"] == facts["license"]["clauses"]
    card = tmp_path / "work"
    card.mkdir()
    (card / "README.md").write_text((tmp_path / "card.md").read_text())
    checked = json.loads(ok("check", str(card), "--license-file", file, "-w", str(tmp_path / "none"), "-f", "json"))
    assert checked["declared"] == facts["id"]


# ---- bad input -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "part"),
    [
        ([], 2, "nothing is chosen"),
        (["--with", "open"], 2, "no kind of work is chosen"),
        (["--with", "artifact-m", "--with", "malwrae"], 4, "Did you mean malware"),
        (["--with", "artifact-m", "--with", "share-alike", "--with", "no-derivatives"], 2, "contradict each other"),
        (["--with", "artifact-m", "--with", "open", "--with", "non-commercial"], 2, "permits commercial use"),
        (["--with", "artifact-m", "--with", "responsible-use"], 2, "--with mandatory"),
        (["--with", "artifact-m", "--with", "naming"], 2, "--set prefix="),
        (["--with", "artifact-m", "--set", "users=many"], 2, "whole number"),
        (["--with", "artifact-m", "--set", "region=Atlantis"], 4, "region"),
        (["--with", "artifact-m", "--set", "moon=full"], 4, "Known are law"),
        (["--with", "artifact-m", "--set", "users=1", "--set", "users=2"], 2, "given twice"),
        (["--with", "artifact-m", "--without", "malware"], 2, "--like"),
        (["--like", "mit", "--with", "malware", "--without", "malware"], 2, "is taken out, but named"),
        (["--like", "cc-by-nd-4.0", "--with", "share-alike"], 2, "--without no-derivatives"),
        (["--like", "openrail++", "--with", "malware", "--without", "responsible-use"], 2, "brings it in"),
        (["--like", "mti"], 4, "Did you mean mit"),
        (["--like", "openrail"], 2, "names no one text"),
        (["--like", "mit", "--name", "Apache License 2.0"], 2, "would be taken for Apache"),
        (["--with", "artifact-m", "--with", "open", "--name", "BigScience"], 2, "Give another --name"),
        (["--from", "nowhere.ttl"], 3, "nowhere.ttl"),
        (["--from", "https://w3id.org/clausegraph/compose?moon=full"], 2, "permalink"),
        (["--from", "x.ttl", "--with", "open"], 2, "leave the other choices out"),
        (["--with", "artifact-m", "-f", "csv"], 2, "no format"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_way_out(
    arguments: list[str], code: int, part: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found, err = fails(capsys, monkeypatch, "compose", *arguments)
    assert (found, part in err) == (code, True), err


def test_the_answers_follow_their_schemas() -> None:
    schemas = ROOT / "clausegraph" / "schemas"
    schema = json.loads((schemas / "compose.json").read_text())
    for letters in ("D", "AM"):
        jsonschema.validate(json.loads(json.dumps(composed("rail", *works(letters)).to_dict())), schema)
