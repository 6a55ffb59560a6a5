"""Releases: under which license the weights of a model stood on a day, as its publisher said."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from clausegraph.ground.namespaces import local
from clausegraph.library import Library, from_reader
from clausegraph.library.assumptions import plain_name
from clausegraph.library.model import Period
from clausegraph.library.pack import pack, unpack
from clausegraph.library.read import read_all
from clausegraph.library.releases import release_of


@pytest.fixture(scope="module")
def read() -> Library:
    """The library as the ontology says it, not as it was last packed."""
    return from_reader(read_all())


def weights(read: Library, model: str, day: str) -> str | None:
    """Return the name of the license of a model's weights on a day."""
    release = release_of(read, model)
    assert release is not None, model
    id_ = release.weights_on(day)
    return read.licenses[id_].name if id_ else None


YI = "Yi Series Models"
APACHE = "Apache License 2.0"


@pytest.mark.parametrize(
    ("model", "day", "begins"),
    [
        # Yi-34B stood under the license of the series, and under Apache-2.0 from 30 May 2024 on.
        ("01-ai/Yi-34B", "2024-01-01", YI),
        ("01-ai/Yi-34B", "2024-05-29", YI),
        ("01-ai/Yi-34B", "2024-05-30", APACHE),
        ("01-ai/Yi-6B-200K", "2024-06-01", APACHE),
        ("01-ai/Yi-VL-34B", "2024-01-23", YI),
        ("internlm/internlm2-chat-7b", "2024-07-11", "InternLM weights terms"),
        ("internlm/internlm2_5-7b-chat-1m", "2025-01-14", "InternLM weights terms"),
        ("internlm/internlm2_5-7b-chat-1m", "2025-01-15", APACHE),
        ("internlm/internlm-xcomposer2-vl-7b", "2025-02-01", "InternLM weights terms"),
        ("vivo-ai/BlueLM-7B-Chat-32K-AWQ", "2024-12-24", "vivo BlueLM"),
        ("vivo-ai/BlueLM-7B-Chat-32K-AWQ", "2024-12-25", "OpenAtom Model License"),
        ("openbmb/MiniCPM-2B-sft-bf16", "2024-07-11", "MiniCPM Model Community License"),
        ("openbmb/MiniCPM-2B-sft-bf16", "2025-06-06", APACHE),
        ("openbmb/MiniCPM-V-2_6", "2025-06-06", "MiniCPM Model Community License"),
        ("openbmb/MiniCPM-V-2_6", "2025-09-15", APACHE),
        # CogVideoX-2B was given up to Apache-2.0 when CogVideoX-5B came.
        ("THUDM/CogVideoX-2b", "2024-08-06", "The CogVideoX License"),
        ("THUDM/CogVideoX-2b", "2024-08-27", APACHE),
        ("zai-org/CogVideoX-5b-I2V", "2026-01-01", "The CogVideoX License"),
        ("facebook/opt-125m", "2022-05-11", "OPT-175B License Agreement"),
        ("facebook/opt-66b", "2026-01-01", "OPT-175B License Agreement"),
        ("facebook/opt-iml-max-30b", "2024-07-11", "OPT-175B License Agreement"),
        ("THUDM/chatglm2-6b-32k-int4", "2024-07-11", "The ChatGLM2-6B License"),
        ("THUDM/glm-4-9b-chat-1m", "2024-07-11", "The GLM-4 License"),
        ("THUDM/glm-130b", "2023-01-01", "The GLM-130B License"),
        ("baichuan-inc/Baichuan2-7B-Chat-4bits", "2024-07-11", "Community License for Baichuan 2"),
        ("BAAI/AquilaChat2-34B-16K", "2024-07-11", "BAAI Aquila Model License"),
        ("Kwai-Kolors/Kolors-diffusers", "2024-07-11", "Kolors Model License"),
        ("Qwen/Qwen-72B-Chat-Int4", "2024-07-11", "Tongyi Qianwen License Agreement"),
        ("Qwen/Qwen-1_8B-Chat", "2024-07-11", "Tongyi Qianwen Research License Agreement"),
        ("Qwen/Qwen1.5-110B-Chat", "2024-07-11", "Tongyi Qianwen License Agreement"),
        ("Qwen/Qwen1.5-1.8B-Chat", "2024-07-11", "Tongyi Qianwen Research License Agreement"),
        # The base model is for research, and its chat model is not; the longer beginning counts.
        ("Qwen/Qwen1.5-32B", "2024-07-11", "Tongyi Qianwen Research License Agreement"),
        ("Qwen/Qwen1.5-32B-Chat-AWQ", "2024-07-11", "Tongyi Qianwen License Agreement"),
        ("Qwen/CodeQwen1.5-7B-AWQ", "2024-07-11", "Tongyi Qianwen Research License Agreement"),
        ("Qwen/CodeQwen1.5-7B-Chat-AWQ", "2024-07-11", "Tongyi Qianwen License Agreement"),
        ("Qwen/Qwen2-72B-Instruct-GGUF", "2024-07-11", "Tongyi Qianwen License Agreement"),
        # Who changes the weights of LLaMA keeps the license of LLaMA on them.
        ("IDEA-CCNL/Ziya-LLaMA-13B-v1.1", "2024-07-11", "LLaMA License Agreement (2023)"),
        ("BelleGroup/BELLE-LLaMA-EXT-13B", "2024-07-11", "LLaMA License Agreement (2023)"),
    ],
)
def test_the_weights_stood_under_a_license_on_a_day(read: Library, model: str, day: str, begins: str) -> None:
    found = weights(read, model, day)
    assert found is not None
    assert found.startswith(begins)


@pytest.mark.parametrize(
    ("model", "day"),
    [
        ("THUDM/chatglm2-6b", "2023-07-01"),  # another text, for research only
        ("openbmb/MiniCPM-2B-dpo-bf16", "2024-03-01"),  # a General Model License, which is not in the library
        ("openbmb/MiniCPM-V", "2024-03-01"),
    ],
)
def test_an_earlier_text_that_is_not_in_the_library_leaves_the_terms_undetermined(
    read: Library, model: str, day: str
) -> None:
    assert weights(read, model, day) == "other license, named on the card or not"


def test_a_release_says_nothing_of_a_day_before_its_first_period(read: Library) -> None:
    """The day before the first license of the series of Yi."""
    assert weights(read, "01-ai/Yi-6B", "2023-10-31") is None


@pytest.mark.parametrize(
    "model",
    [
        "01-ai/Yi-1.5-6B",  # Apache-2.0 from the start
        "01-ai/Yi-1.5-34B-Chat",
        "01-ai/Yi-Coder-9B-Chat",
        "Qwen/Qwen2-7B-Instruct",
        "Qwen/Qwen2.5-72B-Instruct",
        "Qwen/Qwen-VL-Chat",
        "BAAI/Aquila2-70B-Expr",
        "BAAI/AquilaDense-7B",
        "THUDM/chatglm-6b",
        "THUDM/chatglm3-6b",
        "zai-org/GLM-4-9B-0414",
        "baichuan-inc/Baichuan-7B",
        "baichuan-inc/Baichuan-13B-Chat",
        "internlm/internlm3-8b-instruct",
        "internlm/internlm2-math-7b",
        "openbmb/MiniCPM4-8B",
        "openbmb/MiniCPM-S-1B-sft",
        "IDEA-CCNL/Ziya2-13B-Chat",
        "IDEA-CCNL/Ziya-Coding-34B-v1.0",
        "BelleGroup/BELLE-7B-2M",
        "BELLE-2/BELLE-Llama2-13B-chat-0.4M",
        "facebook/galactica-6.7b",
        "facebook/opticalflow",
    ],
)
def test_a_model_of_another_release_is_no_part_of_one(read: Library, model: str) -> None:
    assert release_of(read, model) is None


def test_a_name_stands_in_one_release_only(read: Library) -> None:
    names = [plain_name(name) for release in read.releases for name in release.names]
    assert len(names) == len(set(names))


def test_periods_follow_each_other_without_gap_and_end_open(read: Library) -> None:
    for release in read.releases:
        assert release.weights, release.label
        for period in release.weights:
            assert (period.valid_from or "0001-01-01") < (period.valid_until or "9999-12-31")
            for day in filter(None, (period.valid_from, period.valid_until)):
                assert date.fromisoformat(day).isoformat() == day
        for former, later in pairwise(release.weights):
            assert former.valid_until == later.valid_from
            assert former.license != later.license
        assert release.weights[-1].valid_until is None


def test_a_release_names_licenses_that_the_library_knows_and_accounts_of_its_publisher(read: Library) -> None:
    for release in read.releases:
        assert release.license_ids <= set(read.licenses), release.label
        assert release.accounts, release.label
        assert all(name and "/" not in name for name in (*release.names, *release.accounts))


def test_the_former_account_of_a_publisher_counts_too(read: Library) -> None:
    chatglm2 = next(r for r in read.releases if local(r.iri) == "chatglm2")
    assert set(chatglm2.accounts) == {"THUDM", "zai-org"}


def test_only_where_one_agreement_covers_both_have_weights_and_code_one_license(read: Library) -> None:
    same = {r.label for r in read.releases if r.license_ids == {r.code}}
    assert same == {"Qwen1.5", "Qwen1.5 for research", "Qwen2 72B"}


def test_the_first_day_belongs_to_a_period_and_the_day_of_its_end_does_not() -> None:
    period = Period("mit", "2024-01-01", "2024-02-01")
    assert [period.covers(d) for d in ("2023-12-31", "2024-01-01", "2024-01-31", "2024-02-01")] == [
        False,
        True,
        True,
        False,
    ]
    assert Period("mit", None, None).covers("1999-01-01")


def test_periods_survive_packing(read: Library, tmp_path: Path) -> None:
    target = tmp_path / "library.json"
    target.write_text(pack(read), encoding="utf-8")
    assert unpack(target).releases == read.releases
