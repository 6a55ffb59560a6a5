"""What the examples that others published of their formats say is what is read of them.

`EXAMPLES` was decided from the files, and says of each group what is in it; docs/loading.md has the same as a table.
"""

from collections import Counter
from pathlib import Path

import pytest
from clausegraph.loaders.document import read_document
from clausegraph.loaders.records import Artifact, Rejected
from clausegraph.loaders.registry import document_loader

from clausegraph.library import Library
from clausegraph.workspace.context import context

CDX = ("json", "xml")
#: By file: kind, identifier (its end) and license of each artifact that has one or is a root, and its parents.
EXAMPLES: dict[str, tuple[tuple[str, str, str, tuple[str, ...]], ...]] = {
    **{
        f"cyclonedx/valid-license-{name}-{version}.{form}": (("application", end, license_, ()),)
        for name, versions, end, license_ in (
            ("id", ("1.5", "1.6", "1.7"), "tomcat-catalina", "apache-2.0"),
            ("name", ("1.5", "1.6", "1.7"), "tomcat-catalina", "apache-2.0"),
            ("expression", ("1.5", "1.6", "1.7"), "tomcat-catalina", "epl-2.0 OR other"),
            ("licensing", ("1.5", "1.6"), "cryptographic-provider", "other"),
            ("choice", ("1.7",), "tomcat-catalina", "apache-2.0 OR epl-2.0 OR other"),
            ("id-with-text", ("1.7",), "tomcat-catalina", "apache-2.0"),
            ("name-with-text", ("1.7",), "tomcat-catalina", "other"),
            ("name-with-licensing", ("1.7",), "cryptographic-provider", "other"),
            ("expression-with-text", ("1.7",), "my-application", "(epl-2.0 OR other) AND mit AND other"),
            ("expression-with-licensing", ("1.7",), "cryptographic-provider", "other"),
        )
        for version in versions
        for form in CDX
    },
    **{
        f"cyclonedx/valid-license-declared-concluded-mix-1.7.{form}": (
            ("application", "situation-A", "mit OR postgresql OR apache", ()),
            ("application", "situation-B", "mit OR gpl-3.0 OR gpl-2.0", ()),
            ("application", "situation-C", "gpl-3.0 OR gpl-2.0", ()),
            ("application", "situation-D", "gpl-3.0 OR gpl-2.0", ()),
            ("application", "situation-E", "mit OR postgresql OR apache", ()),
        )
        for form in CDX
    },
    **{
        f"cyclonedx/valid-evidence-{version}.{form}": (
            ("application", "findbugs-project@3.0.0", "lgpl-3.0", ()),
            *((("application", "example-project@1.0.0", "none", ()),) if version != "1.5" else ()),
        )
        for version in ("1.5", "1.6", "1.7")
        for form in CDX
    },
    **{
        f"cyclonedx/valid-component-data-{version}.{form}": (("dataset", "my-configs", "none", ()),)
        for version in ("1.6", "1.7")
        for form in CDX
    },
    **{
        f"cyclonedx/valid-machine-learning-{version}.{form}": (
            ("model", "CompVis/stable-diffusion", "none", ("Training%20Data",)),
            ("dataset", "Training%20Data", "none", ()),
        )
        for version in ("1.5", "1.6", "1.7")
        for form in CDX
    },
    **{
        f"cyclonedx/valid-machine-learning-considerations-env-{version}.{form}": (
            ("model", "meta-llama/Llama-2-7b", "none", ()),
        )
        for version in ("1.6", "1.7")
        for form in CDX
    },
    **{
        f"croissant/{name}__metadata.json": (("dataset", end, license_, parents),)
        for name, end, license_, *rest in (
            ("1.0__audio_test", "audio_test", "none"),
            ("1.0__bigcode-the-stack", "bigcode/the-stack", "other"),
            ("1.0__coco2014", "#COCO", "cc-by-4.0"),
            ("1.0__credit-g", "#credit-g", "other"),
            ("1.0__fashion-mnist", "fashion_mnist", "mit"),
            ("1.0__flores-200", "flores#FLORES-200", "cc-by-sa-4.0"),
            ("1.0__huggingface-anthropic-hh-rlhf", "hh-rlhf#Anthropic%2Fhh-rlhf", "mit"),
            ("1.0__huggingface-c4", "allenai/c4", "odc-by"),
            ("1.0__huggingface-lmms-eval-lite", "lmms-lab/LMMs-Eval-Lite", "none"),
            ("1.0__huggingface-mnist", "ylecun/mnist", "mit"),
            ("1.0__huggingface-pollen-robotics-apple-storage", "pollen-robotics/apple_storage", "apache-2.0"),
            ("1.0__huggingface-prism-alignment", "mnist", "mit"),
            ("1.0__huggingface-tgqa", "TG-LLM#TGQA", "mit"),
            ("1.0__huggingface-web-of-science", "web_of_science%20dataset", "mit"),
            ("1.0__json-join", "mlcommons.org#json-join", "cc-by-4.0"),
            ("1.0__pass-mini", "Mini-PASS", "none"),
            ("1.0__pass", "vgg/data/pass", "cc-by-4.0"),
            ("1.0__simple-parquet", "mlcommons.org#simple-parquet", "cc-by-4.0"),
            ("1.0__simple-split", "mlcommons.org#simple-split", "cc-by-4.0"),
            ("1.0__wiki-text", "#WikiText-103", "cc-by-sa-3.0"),
            ("1.0__world-happiness", "#World-Happiness-Report", "cc0-1.0"),
            ("1.1__commoncrawl-CC-MAIN-2025-43-draft", "#CC-MAIN-2025-43", "other"),
            ("1.1__huggingface-baratilab-flow3d", "baratilab/Flow3D-V0-Ti-6Al-4V_fast_test", "none"),
            ("1.1__huggingface-manud-dfl_video_classification", "ManuD/DFL_video_classification", "none"),
            ("1.1__huggingface-mnist-from-main-branch", "ylecun/mnist", "mit"),
            ("1.1__huggingface-qazisaad-news_recommendations_base", "qazisaad/news_recommendations_base", "none"),
            ("1.1__huggingface-recipe_RL_data_roberta-base", "AnonymousSub/recipe_RL_data_roberta-base", "other"),
            ("1.1__huggingface-standard-chess-game-mini", "Lichess/standard-chess-games", "cc0-1.0"),
            ("1.1__huggingface-wildchat", "allenai/WildChat-1M", "odc-by", "allenai/WildChat-1M-Full"),
            ("1.1__zenodo-head-mri", "16956#MRI%20head%20scan", "mit"),
        )
        for parents in (tuple(rest),)
    },
    "spdx/ai__example02__spdx3.0__sbom.spdx3.json": (
        (
            "model",
            "sentimentdemo#Sentiment%20Demo%3A%20A%20Simple%20AI%20Application%20and%20its%20AI%20BOM%20Example",
            "cc0-1.0",
            tuple(f"File{n}-" for n in (3, 8, 9, *range(10, 16))),
        ),
        ("dataset", "sentimentdemo/tree/main/data#Data%20after%20preprocessing", "cc0-1.0", ("File1-",)),
        ("model", "File10-", "none", tuple(f"File{n}-" for n in (15, 16, 17, 18))),
        ("dataset", "File17-", "none", ("File12-",)),
    ),
    "spdx/dataset__example01__spdx3.0__example01.spdx3.json": (
        (
            "dataset",
            "owid/co2-data#Our%20World%20in%20Data%20CO2%20and%20Greenhouse%20Gas%20Emissions%20dataset",
            "cc-by-4.0",
            ("File1-", "File2-"),
        ),
    ),
    **{
        f"mldcat-ap/{version}__example-dataset.ttl": (("dataset", "openml/dataset/31", "none", ()),)
        for version in ("3.0.0", "3.1.0")
    },
    **{
        f"mldcat-ap/{version}__example-machinelearningmodel-eosc.ttl": (
            ("model", "thermal-bridges-rooftops-detector", "other", ("zenodo.org/records/6517768",)),
        )
        for version in ("3.0.0", "3.1.0")
    },
    **{
        f"mldcat-ap/{name}.ttl": (
            ("model", "bigscience/bloomz-7b1", "bigscience-bloom-rail-1.0", ("bigscience/xP3", "bigscience/xP3all")),
        )
        for name in (
            "3.0.0__example-machinelearningmodel-hf-bloom",
            "3.0.0__example-machinelearningmodel-hf",
            "3.1.0__example-machinelearningmodel-hf-bloom",
        )
    },
}
#: Files that are refused, with the reason.
REFUSED = {
    **{
        f"cyclonedx/valid-metadata-license-{version}.{form}": "the BOM has no components"
        for version in ("1.5", "1.6", "1.7")
        for form in CDX
    },
    "croissant/1.0__huggingface-squad__metadata.json": "neither an IRI nor an identifier nor a name",
}


def records_of(path: Path) -> tuple[list[Artifact], list[str]]:
    rejected: list[Rejected] = []
    document = read_document(path)
    loader = document_loader(document)
    assert loader is not None, path.name
    try:
        found = list(loader.read(document, context(rejected.append)))
    except ValueError as error:
        return [], [str(error)]
    return [one for one in found if isinstance(one, Artifact)], [one.reason for one in rejected]


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_published_example_has_the_kind_license_and_lineage_that_it_states(
    name: str, library: Library, shared: Path
) -> None:
    found, reasons = records_of(shared / "spec-examples" / name)
    assert reasons == []
    for kind, end, license_, parents in EXAMPLES[name]:
        fits = [a for a in found if a.kind == kind and (end in a.id if end.endswith("-") else _ends(a.id, end))]
        assert len(fits) == 1, (end, [a.id for a in found])
        assert library.names.declared(list(fits[0].licenses)).ids == library.names.declared([license_]).ids or (
            license_ == "none" and not fits[0].licenses
        )
        stated = {r.parent for r in fits[0].references}
        assert len(stated) == len(parents)
        assert all(any(p in one for one in stated) for p in parents)


def _ends(id_: str, end: str) -> bool:
    return id_.split("?")[0].endswith(end) or id_.endswith(end) or end + "@" in id_


@pytest.mark.parametrize("name", REFUSED)
def test_a_published_example_that_says_nothing_of_an_artifact_is_refused(name: str, shared: Path) -> None:
    found, reasons = records_of(shared / "spec-examples" / name)
    assert found == []
    assert REFUSED[name] in reasons[0]


@pytest.mark.parametrize("name", ["3.0.0", "3.1.0"])
def test_the_published_example_of_apertus_has_its_thirteen_sources(name: str, library: Library, shared: Path) -> None:
    path = shared / "spec-examples" / "mldcat-ap" / f"{name}__example-machinelearningmodel-hf-apertus.ttl"
    model = next(a for a in records_of(path)[0] if a.kind == "model")
    assert (model.id, str(library.names.declared(list(model.licenses)))) == ("swiss-ai/Apertus-70B-2509", "apache-2.0")
    assert Counter((r.parent_kind, r.relation) for r in model.references) == {("dataset", "train"): 13}


@pytest.mark.parametrize(
    ("name", "model", "license_", "data"),
    [
        ("FLUX.1-dev", "black-forest-labs/FLUX.1-dev", "flux-1-dev-non-commercial-license", 0),
        ("Llama-3.2-1B-Instruct", "meta-llama/Llama-3.2-1B-Instruct", "llama3.2", 20),
        ("Qwen2.5-7B-Instruct", "Qwen/Qwen2.5-7B-Instruct", "apache-2.0", 42),
    ],
)
def test_a_published_bill_of_materials_of_a_model_is_read(
    name: str, model: str, license_: str, data: int, library: Library, shared: Path
) -> None:
    found, reasons = records_of(shared / "spec-examples" / "aibom" / f"examples__{name}.json")
    assert reasons == []
    (main,) = [a for a in found if a.id == model]
    assert main.kind == "model"
    assert library.names.declared(list(main.licenses)) == library.names.declared([license_])
    assert sum(r.parent_kind == "dataset" for r in main.references) == data


def test_every_published_example_is_in_a_table_here(shared: Path) -> None:
    root = shared / "spec-examples"
    files = {p.relative_to(root).as_posix() for p in root.rglob("*") if p.suffix in (".json", ".xml", ".ttl")}
    apart = {f for f in files if "apertus" in f or f.startswith("aibom/")}
    assert files - apart == EXAMPLES.keys() | REFUSED.keys()
