"""Reuse cases as a lawyer would read them, and the machine contract."""

import json
from typing import Any

import pytest

from clausegraph.answers.compat import Case, Compat, answer_record, compat
from clausegraph.ground.errors import UnknownIdentifier, UsageError
from clausegraph.library import Library


@pytest.fixture(scope="module")
def engine(library: Library) -> Compat:
    return Compat(library)


def case(up: str, via: str, down: str, expect: str, why: str, **k: Any) -> Any:
    return pytest.param(up, via, down, expect, k, id=why.replace(" ", "_"))


CASES = [
    # permissive licenses
    case("mit", "finetune", "apache-2.0", "conditional", "MIT may become part of Apache with its notice"),
    case("unlicense", "merge", "any", "compatible", "the public domain asks for nothing"),
    case("apache-2.0", "serve", "proprietary", "compatible", "serving Apache gives nobody a copy", artifact="service"),
    case("apache-2.0", "distill", "mit", "compatible", "Apache does not reach a distilled model"),
    case("mg0-2.0", "finetune", "proprietary", "compatible", "ModelGo Zero asks for nothing"),
    case("openmdw-1.0", "finetune", "mit", "conditional", "OpenMDW asks for its text and notices"),
    case("proprietary", "finetune", "mit", "unknown", "nobody here has read what somebody else wrote"),
    # copyleft
    case("gpl-3.0", "serve", "proprietary", "compatible", "GPL does not reach a hosted service", artifact="service"),
    case("gpl-3.0", "link", "apache-2.0", "conflict", "GPL claims what is linked with it", artifact="source"),
    case("lgpl-3.0", "link", "apache-2.0", "conditional", "LGPL lets others link to it", artifact="source"),
    case(
        "gpl-3.0",
        "include",
        "apache-2.0",
        "unknown",
        "whether GPL claims a collection is contested",
        artifact="application",
    ),
    case("gpl-3.0", "generate", "mit", "compatible", "GPL does not reach output", artifact="content"),
    case("gpl-3.0", "train", "mit", "unknown", "training on GPL code is contested", upstream_artifact="source"),
    case("gpl-3.0", "use", "proprietary", "compatible", "a GPL tool leaves nothing behind"),
    case("gpl-2.0", "modify", "gpl-3.0", "conflict", "GPL 2 only does not go on under GPL 3", artifact="source"),
    case(
        "GPL-2.0-or-later", "modify", "gpl-3.0", "conditional", "GPL 2 or later goes on under GPL 3", artifact="source"
    ),
    case(
        "gpl-3.0",
        "modify",
        "GPL-2.0-or-later",
        "unknown",
        "only one option carries GPL 3",
        artifact="source",
    ),
    case("gpl-3.0", "modify", "agpl-3.0", "unknown", "whether a change is a combination with AGPL", artifact="source"),
    case("gpl-3.0", "link", "agpl-3.0", "conditional", "GPL 3 may be linked with AGPL", artifact="source"),
    case("gpl-3.0", "copy", "agpl-3.0", "conflict", "a copy under GPL 3 stays under it", artifact="source"),
    case("agpl-3.0", "modify", "gpl-3.0", "conflict", "AGPL does not become GPL", artifact="source"),
    case("agpl-3.0", "link", "gpl-3.0", "conditional", "AGPL may be linked with GPL 3", artifact="source"),
    case("mpl-2.0", "modify", "gpl-2.0", "conditional", "MPL names GPL as a secondary license", artifact="source"),
    case("mpl-2.0", "modify", "apache-2.0", "conflict", "changed MPL files stay MPL", artifact="source"),
    case("mpl-2.0", "link", "proprietary", "conditional", "MPL files stay MPL in a larger work", artifact="source"),
    case("apache-2.0", "modify", "gpl-2.0", "conflict", "GPL 2 refuses the patent terms of Apache", artifact="source"),
    case(
        "apache-2.0",
        "modify",
        "gpl-3.0",
        "conditional",
        "GPL 3 tolerates the patent terms of Apache",
        artifact="source",
    ),
    case("lgpl-3.0", "modify", "gpl-2.0", "conflict", "LGPL 3 needs GPL 3", artifact="source"),
    case(
        "agpl-3.0",
        "serve",
        "proprietary",
        "conflict",
        "AGPL asks a changed service for its source",
        artifact="service",
        modified=True,
        source_offered=False,
    ),
    case(
        "agpl-3.0",
        "serve",
        "proprietary",
        "compatible",
        "AGPL asks nothing of an unchanged service",
        artifact="service",
        modified=False,
    ),
    case(
        "creativeml-openrail-m",
        "include",
        "mit",
        "conditional",
        "a model inside a hosted application keeps its own license",
        artifact="service",
    ),
    case("gpl-3.0", "include", "proprietary", "compatible", "GPL code inside a hosted service", artifact="service"),
    # Creative Commons
    case("cc-by-sa-4.0", "modify", "gpl-3.0", "conditional", "BY-SA 4 goes on under GPL 3 one way", artifact="content"),
    case("gpl-3.0", "modify", "cc-by-sa-4.0", "conflict", "GPL 3 does not go on under BY-SA", artifact="content"),
    case(
        "cc-by-sa-4.0", "modify", "cc-by-4.0", "conflict", "share-alike does not become attribution", artifact="content"
    ),
    case(
        "cc-by-sa-4.0",
        "train",
        "cc-by-sa-4.0",
        "conditional",
        "the same license satisfies both readings of training",
        upstream_artifact="dataset",
    ),
    case(
        "cc-by-sa-4.0",
        "train",
        "mit",
        "unknown",
        "whether a model adapts its training data is contested",
        upstream_artifact="dataset",
    ),
    case("cc-by-nc-4.0", "finetune", "mit", "conflict", "MIT grants the commercial use that NC withholds"),
    case("cc-by-nc-4.0", "modify", "cc-by-nc-sa-4.0", "conditional", "NC may become NC-SA", artifact="content"),
    case(
        "cc-by-nc-4.0",
        "serve",
        "proprietary",
        "conflict",
        "a paid service is commercial",
        artifact="service",
        commercial=True,
    ),
    case(
        "cc-by-nc-4.0",
        "train",
        "proprietary",
        "unknown",
        "commercial training on NC data is contested",
        upstream_artifact="dataset",
        commercial=True,
    ),
    case("cc-by-nd-4.0", "finetune", "cc-by-nd-4.0", "conflict", "ND forbids sharing a changed version"),
    case(
        "cc-by-nd-4.0",
        "finetune",
        "cc-by-nd-4.0",
        "compatible",
        "ND allows changes that stay inside",
        distributed=False,
    ),
    case("cc-by-nd-4.0", "quantize", "cc-by-nd-4.0", "unknown", "whether quantizing adapts is contested"),
    case(
        "cc-by-4.0",
        "modify",
        "cc-by-nc-4.0",
        "conditional",
        "attribution may become non-commercial",
        artifact="content",
    ),
    # data licenses
    case(
        "cdla-permissive-2.0",
        "train",
        "mit",
        "compatible",
        "CDLA Permissive leaves models free",
        upstream_artifact="dataset",
    ),
    case(
        "cdla-sharing-1.0",
        "train",
        "mit",
        "compatible",
        "CDLA Sharing leaves results free",
        upstream_artifact="dataset",
    ),
    case(
        "cdla-sharing-1.0", "modify", "mit", "conflict", "enhanced CDLA Sharing data stays under it", artifact="dataset"
    ),
    case("c-uda", "train", "mit", "compatible", "C-UDA leaves models free", upstream_artifact="dataset"),
    case("c-uda", "modify", "mit", "conflict", "C-UDA binds every recipient of the data", artifact="dataset"),
    case("odbl", "modify", "odbl", "conditional", "a derived database stays under ODbL", artifact="dataset"),
    case(
        "odbl",
        "train",
        "mit",
        "unknown",
        "whether a model is a derived database is contested",
        upstream_artifact="dataset",
    ),
    # RAIL
    case("bigscience-openrail-m", "finetune", "mit", "conflict", "MIT has no clause for use restrictions"),
    case(
        "bigscience-openrail-m",
        "finetune",
        "bigscience-bloom-rail-1.0",
        "conditional",
        "the same thirteen restrictions carry each other",
    ),
    case("bigscience-openrail-m", "finetune", "proprietary", "conditional", "own terms may include the restrictions"),
    case(
        "bigscience-openrail-m",
        "finetune",
        "proprietary",
        "conflict",
        "own terms without the restrictions do not do",
        passes_terms_on=False,
    ),
    case(
        "bigscience-openrail-m",
        "modify",
        "gpl-3.0",
        "conflict",
        "GPL refuses use restrictions even if passed on",
        passes_terms_on=True,
    ),
    case(
        "creativeml-openrail-m",
        "include",
        "mit",
        "conditional",
        "a bundled RAIL model keeps its own license",
        artifact="application",
    ),
    case(
        "creativeml-openrail-m",
        "generate",
        "proprietary",
        "conditional",
        "use of RAIL output must respect the license",
        artifact="content",
    ),
    case(
        "creativeml-openrail-m",
        "train-on-output",
        "mit",
        "conflict",
        "a model made alike from RAIL output is a derivative",
        similar_purpose=True,
    ),
    case(
        "bigscience-bloom-rail-1.0",
        "distill",
        "apache-2.0",
        "conflict",
        "BLOOM RAIL reaches distilled models",
        similar_purpose=True,
    ),
    case("bigcode-openrail-m", "train-on-output", "mit", "conflict", "BigCode needs no similar purpose"),
    case("deepseek", "finetune", "mit", "conflict", "DeepSeek restrictions must be enforceable"),
    case("openrail", "finetune", "mit", "conflict", "no license of the OpenRAIL family goes on under MIT"),
    case("creativeml-openrail-m", "finetune", "openrail", "unknown", "a family name carries nothing for sure"),
    # Llama, Gemma, Qwen
    case("llama2", "finetune", "apache-2.0", "conflict", "Apache does not pass the Llama agreement on"),
    case("llama2", "finetune", "llama2", "conditional", "Llama 2 goes on under itself"),
    case("llama2", "finetune", "llama3", "conflict", "Llama 3 is another agreement"),
    case("llama2", "train-on-output", "apache-2.0", "conflict", "Llama 2 forbids improving other language models"),
    case("llama2", "train-on-output", "llama2", "conditional", "Llama 2 may improve Llama 2", same_family=True),
    case(
        "llama2",
        "train-on-output",
        "mit",
        "conditional",
        "Llama 2 output may train an image model",
        trains="text-to-image-model",
    ),
    case(
        "llama2",
        "serve",
        "proprietary",
        "conflict",
        "more than 700 million users at release need another license",
        artifact="service",
        monthly_active_users_at_release=800_000_000,
    ),
    case("llama3.1", "train-on-output", "apache-2.0", "conflict", "Llama 3.1 output asks for a name", name="Foo-8B"),
    case(
        "llama3.1", "finetune", "llama3.1", "conditional", "a name that begins with Llama does", name="Llama-3.1-Foo-8B"
    ),
    case(
        "llama3.2",
        "finetune",
        "llama3.2",
        "conflict",
        "multimodal Llama 3.2 is not for licensees in Germany",
        region="DE",
        multimodal=True,
    ),
    case(
        "llama3.2",
        "finetune",
        "llama3.2",
        "conditional",
        "Llama 3.2 is for licensees in the United States",
        region="US",
        multimodal=True,
    ),
    case("gemma", "quantize", "mit", "conflict", "a quantized Gemma is a model derivative"),
    case(
        "gemma",
        "train-on-output",
        "mit",
        "conflict",
        "a model made alike from Gemma output is a derivative",
        similar_purpose=True,
    ),
    case(
        "tongyi-qianwen-2023",
        "train-on-output",
        "apache-2.0",
        "conflict",
        "Qwen of 2023 forbids improving other language models",
    ),
    case("qwen-2024", "train-on-output", "mit", "conditional", "Qwen of 2024 asks to be named"),
    case(
        "qwen-2024",
        "serve",
        "proprietary",
        "conflict",
        "more than 100 million users today need another license",
        artifact="service",
        commercial=True,
        monthly_active_users=200_000_000,
    ),
    case("opt-175b", "finetune", "opt-175b", "conditional", "OPT may be changed for research"),
    case("opt-175b", "finetune", "mit", "conflict", "OPT may not be relabelled"),
    # ModelGo
    case("mg-by-nc-2.0", "finetune", "mg-by-2.0", "conflict", "BY grants the commercial use that BY-NC withholds"),
    case(
        "mg-by-2.0",
        "distill",
        "mit",
        "conditional",
        "the text of ModelGo BY of May 2025 reaches them, that of December does not",
    ),
    case("mg-by-sa-2.0", "distill", "mit", "conflict", "ModelGo BY-SA reaches extracted models"),
    # several licenses
    case("apache-2.0 gpl-2.0", "merge", "any", "conflict", "Apache and GPL 2 cannot be one work"),
    case("gpl-3.0 bigscience-openrail-m", "merge", "any", "conflict", "GPL and RAIL cannot be one work"),
    case("cc-by-sa-4.0 cc-by-nc-sa-4.0", "merge", "any", "conflict", "two share-alikes cannot be one work"),
    case("gpl-3.0 cc-by-sa-4.0", "merge", "gpl-3.0", "conditional", "BY-SA joins GPL 3"),
    case("mpl-2.0 gpl-2.0", "merge", "gpl-2.0", "conditional", "MPL joins GPL 2 as a secondary license"),
    case("mit apache-2.0", "merge", "any", "conditional", "permissive licenses join"),
    case(
        "MIT OR GPL-3.0",
        "modify",
        "apache-2.0",
        "conditional",
        "one option of an upstream choice is enough",
        artifact="source",
    ),
    case(
        "gpl-3.0",
        "modify",
        "MIT OR GPL-3.0",
        "unknown",
        "nobody says which option of a downstream choice holds",
        artifact="source",
    ),
    case(
        "gpl-3.0",
        "modify",
        "gpl-3.0 cc-by-nc-4.0",
        "conflict",
        "GPL refuses a second license that restricts",
        artifact="source",
    ),
]


def _split(text: str) -> list[str]:
    return [text] if " OR " in text else text.split(" ")


@pytest.mark.parametrize(("up", "via", "down", "expect", "extra"), CASES)
def test_case(engine: Compat, up: str, via: str, down: str, expect: str, extra: dict[str, Any]) -> None:
    kinds = {"artifact": extra.pop("artifact", "model")} if "artifact" in extra else {}
    if "upstream_artifact" in extra:
        kinds["upstream_artifact"] = extra.pop("upstream_artifact")
    data = {"upstream": _split(up), "via": via, "downstream": _split(down), "assume": extra, **kinds}
    answer = answer_record(engine, data)
    assert answer["verdict"] == expect, json.dumps(answer["findings"], indent=1)


def test_the_examples_of_the_data_folder_get_the_expected_verdict(engine: Compat, shared: Any) -> None:
    known = judged = 0
    for line in (shared / "licenses" / "compat_examples.jsonl").read_text().splitlines():
        record = json.loads(line)
        answer = answer_record(engine, record)
        if "error" not in answer:
            judged += 1
            known += answer["verdict"] == record["expect"]
    assert judged >= 22
    assert known == judged


def test_an_answer_has_the_form_of_the_contract(engine: Compat) -> None:
    answer = answer_record(
        engine,
        {
            "id": "x1",
            "upstream": ["llama2"],
            "upstream_artifact": "model",
            "via": "train-on-output",
            "downstream": ["apache-2.0"],
            "artifact": "model",
            "assume": {"commercial": True, "similar_purpose": True, "name": "Foo-7B"},
        },
    )
    contract = ["id", "verdict", "findings", "obligations", "alternatives", "data_version"]
    assert list(answer) == [*contract, "schema_version", "reading", "unknown_because"]
    assert (answer["id"], answer["verdict"]) == ("x1", "conflict")
    finding = answer["findings"][0]
    assert finding == finding | {
        "code": "CG211",
        "severity": "violation",
        "license": "llama2",
        "section": "1.b.v",
        "clause": "https://w3id.org/clausegraph/license/llama2#1.b.v-output-restriction",
        "kind": "output-restriction",
        "mode": "Imitation/Whole",
        "certainty": "settled",
    }
    assert finding["message"]
    assert finding["remedy"]


def test_unknown_keys_are_ignored_with_a_note(engine: Compat) -> None:
    data = {"upstream": ["mit"], "via": "copy", "downstream": ["mit"], "color": "red", "assume": {"moon": "full"}}
    notes = answer_record(engine, data)["notes"]
    assert any("color" in n for n in notes)
    assert any("moon" in n for n in notes)


def test_an_assumption_beside_assume_counts(engine: Compat) -> None:
    data = {"upstream": ["gpl-3.0"], "via": "finetune", "downstream": ["mit"], "distributed": False}
    assert answer_record(engine, data)["verdict"] == "compatible"


@pytest.mark.parametrize(
    ("data", "part"),
    [
        ({"upstream": ["mti"], "via": "copy", "downstream": ["mit"]}, "Did you mean mit"),
        ({"upstream": ["mit"], "via": "borrow", "downstream": ["mit"]}, "reuse relation"),
        ({"upstream": ["mit"], "via": "copy", "downstream": ["mit"], "artifact": "song"}, "kind of artifact"),
        ({"upstream": ["mit"], "downstream": ["mit"]}, "'via' is missing"),
        ({"upstream": [], "via": "copy", "downstream": ["mit"]}, "'upstream' takes a list"),
        (
            {"upstream": ["mit"], "via": "copy", "downstream": ["mit"], "assume": {"commercial": "yes"}},
            "takes a boolean",
        ),
        ([1], "a case is a JSON object"),
    ],
)
def test_a_case_that_cannot_be_read_is_unknown_and_says_why(engine: Compat, data: Any, part: str) -> None:
    answer = answer_record(engine, data)
    assert answer["verdict"] == "unknown"
    assert part in answer["error"]


def test_the_python_function_answers_true_without_conflict() -> None:
    assert compat("mit", "finetune", "apache-2.0")
    result = compat("gpl-3.0", "finetune", "mit")
    assert not result
    assert "gpl-3.0" in result.alternatives
    assert "conflict" in result._repr_html_()
    assert len(result.to_rdf()) > 0
    unknown = compat("other", "finetune", "mit")
    assert not unknown
    assert "CG122" in unknown._repr_html_()


def test_unknown_names_raise_with_the_nearest(engine: Compat) -> None:
    with pytest.raises(UnknownIdentifier, match="Did you mean apache-2"):
        engine.answer(Case(("apache-2.1",), "copy", ("mit",)))
    with pytest.raises(UsageError):
        Case.from_dict({"upstream": ["mit"], "via": 3, "downstream": ["mit"]}, engine.library)


def test_an_alternative_of_a_conflict_is_possible(engine: Compat) -> None:
    for up, via in (("gpl-3.0", "finetune"), ("llama2", "finetune"), ("cc-by-nc-4.0", "modify")):
        answer = engine.answer(Case((up,), via, ("apache-2.0",)))
        assert answer.verdict == "conflict"
        assert answer.alternatives
        for alternative in answer.alternatives:
            assert engine.answer(Case((up,), via, (alternative,))).verdict in ("compatible", "conditional")


@pytest.mark.parametrize(
    ("reading", "expect"), [("open", "unknown"), ("strict", "conflict"), ("lenient", "compatible")]
)
def test_contested_law_is_read_as_the_user_chooses(engine: Compat, reading: str, expect: str) -> None:
    data = {
        "upstream": ["gpl-3.0"],
        "via": "train",
        "upstream_artifact": "source",
        "downstream": ["mit"],
        "reading": reading,
    }
    assert answer_record(engine, data)["verdict"] == expect


@pytest.mark.parametrize("reading", ["open", "strict", "lenient"])
def test_unread_terms_stay_unknown_under_every_reading(engine: Compat, reading: str) -> None:
    data = {"upstream": ["other"], "via": "finetune", "downstream": ["mit"], "reading": reading}
    assert answer_record(engine, data)["verdict"] == "unknown"


def test_a_lenient_reading_lists_the_duties_that_it_lets_go(engine: Compat) -> None:
    """Whether a model trained on a text is an adaptation of it is contested, and so are the duties of CC-BY-SA."""
    found = engine.answer(Case(("cc-by-sa-4.0",), "train", ("cc-by-sa-4.0",), reading="lenient"))
    assert found.verdict == "compatible"
    assert {o.clause.kind.form for o in found.passed_over} >= {"duty"}
    assert engine.answer(Case(("cc-by-sa-4.0",), "train", ("cc-by-sa-4.0",))).passed_over == ()
