"""Every common spelling of a license means that license or a family, and nothing is guessed."""

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clausegraph.ground.errors import UnknownIdentifier
from clausegraph.library import Library
from clausegraph.library.names import MAX_OPTIONS, normalize

LIBRARY = Library.load()
NAMES = LIBRARY.names

SPELLINGS = {
    "MIT License": "mit",
    "The MIT License (MIT)": "mit",
    "apache-2": "apache-2.0",
    "Apache 2.0": "apache-2.0",
    "Apache License, Version 2.0": "apache-2.0",
    "apache license 2.0": "apache-2.0",
    "apache_2.0": "apache-2.0",
    "license:apache-2.0": "apache-2.0",
    "GPLv3": "gpl-3.0",
    "GPL-3.0-only": "gpl-3.0",
    "gnu gpl v2": "gpl-2.0",
    "AGPLv3": "agpl-3.0",
    "cc-by-nc": "cc-by-nc",
    "CC BY-NC 4.0": "cc-by-nc-4.0",
    "CC-BY-SA-4.0": "cc-by-sa-4.0",
    "cc by 4.0": "cc-by-4.0",
    "CC0": "cc0-1.0",
    "Llama-3.1-Community": "llama3.1",
    "llama 3.1 community license": "llama3.1",
    "llama-2": "llama2",
    "Llama 2": "llama2",
    "llama3": "llama3",
    "tongyi-qianwen": "tongyi-qianwen-2023",
    "Gemma": "gemma",
    "BSD 3-Clause": "bsd-3-clause",
    "bsd-3": "bsd-3-clause",
    "openrail": "openrail",
    "cc": "cc",
    "gpl": "gpl",
    "other": "other",
}


@pytest.mark.parametrize(("spelling", "license_id"), SPELLINGS.items())
def test_a_common_spelling_means_one_license_or_a_family(spelling: str, license_id: str) -> None:
    assert LIBRARY.resolve(spelling) == license_id


def test_all_names_of_a_license_mean_it() -> None:
    seen: dict[str, str] = {}
    for id_, found in LIBRARY.licenses.items():
        for name in {id_, found.iri, found.spdx_id, found.hf_id, found.scancode_key, found.name, *found.aliases}:
            if name:
                assert LIBRARY.resolve(name) == id_, name
                assert seen.setdefault(normalize(name), id_) == id_, name


@pytest.mark.parametrize("spelling", ["mut", "apache-3.0", "llama-9", "my-own-license", "", "cc-by-5.0", "gpl-4.0"])
def test_what_is_not_known_is_not_guessed(spelling: str) -> None:
    with pytest.raises(UnknownIdentifier):
        LIBRARY.resolve(spelling)


def test_a_known_unknown_gives_its_reason() -> None:
    for name, reason in LIBRARY.known_unknowns.items():
        assert NAMES.find(name) is None
        with pytest.raises(UnknownIdentifier) as error:
            LIBRARY.resolve(name)
        assert reason in str(error.value)


def test_all_ids_of_the_hub_are_there(shared: Path) -> None:
    ids = [r["id"] for r in json.loads((shared / "licenses" / "hf_licenses.json").read_text())["licenses"]]
    assert len(ids) == 83
    for id_ in ids:
        assert NAMES.find(id_) is not None, id_


def _cards(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if "license_name" in line:
                record = json.loads(line)
                card = record.get("cardData") or record.get("card") or {}
                card = json.loads(card) if isinstance(card, str) and card.startswith("{") else card
                if isinstance(card, dict):
                    yield card


def test_the_frequent_license_names_beside_other_are_known(shared: Path) -> None:
    files = [p for p in (shared / "hub").rglob("*.jsonl.gz") if "2024-07_names" in p.name or "2026" in p.name]
    assert len(files) >= 2
    for path in files:
        names: Counter[str] = Counter()
        for card in _cards(path):
            if card.get("license") == "other" and isinstance(card.get("license_name"), str):
                names[card["license_name"]] += 1
        frequent = [name for name, count in names.items() if count > 5]
        lost = [n for n in frequent if NAMES.expression(n) is None and NAMES.unknown_reason(n) is None]
        assert lost == [], path.name


@pytest.mark.parametrize(
    ("address", "license_id"),
    [
        ("https://creativecommons.org/licenses/by-sa/4.0/", "cc-by-sa-4.0"),
        ("http://creativecommons.org/licenses/by-nc/3.0/legalcode", "cc-by-nc-3.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "cc0-1.0"),
        ("https://spdx.org/licenses/Apache-2.0.html", "apache-2.0"),
        ("https://www.apache.org/licenses/LICENSE-2.0", "apache-2.0"),
        ("https://opensource.org/licenses/MIT", "mit"),
        ("https://choosealicense.com/licenses/bsd-3-clause/", "bsd-3-clause"),
        ("https://www.gnu.org/licenses/gpl-3.0.en.html", "gpl-3.0"),
        ("https://example.org/licenses/mit", None),
        ("https://creativecommons.org/licenses/by-xx/4.0/", None),
    ],
)
def test_the_address_of_a_registry_means_the_license_there(address: str, license_id: str | None) -> None:
    assert Library.load().names.find(address) == license_id


def test_a_choice_of_as_many_ways_as_the_limit_is_read_and_one_more_is_not(library: Library) -> None:
    ids = [found.id for found in library.licenses.values() if found.is_text]
    choices = [f"({one} OR {other})" for one, other in zip(ids[:18:2], ids[1:18:2], strict=True)]
    read = library.names.expression(" AND ".join(choices[:8]))
    assert read is not None
    assert len(read.options) == MAX_OPTIONS == 2**8
    assert library.names.expression(" AND ".join(choices)) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("mit AND gpl-3.0", "gpl-3.0 AND mit"),
        ("mit OR gpl-3.0", "gpl-3.0 OR mit"),
        ("(mit AND gpl-3.0) OR llama2", "(gpl-3.0 AND mit) OR llama2"),
    ],
)
def test_parentheses_stand_where_a_choice_needs_them_and_nowhere_else(text: str, shown: str, library: Library) -> None:
    assert str(library.names.expression(text)) == shown


#: Where a text stands on the page of those who publish it, and the license that it is.
ADDRESSES = {
    "https://ai.google.dev/gemma/terms": "gemma",
    "https://ai.meta.com/llama/license/": "llama2",
    "https://llama.meta.com/llama3/license/": "llama3",
    "https://www.llama.com/llama3_1/license/": "llama3.1",
    "https://github.com/meta-llama/llama-models/blob/main/models/llama3_2/LICENSE": "llama3.2",
    "https://www.llama.com/llama4/license": "llama4",
    "https://mistral.ai/licenses/MNPL-0.1.md": "mistral-mnpl-0.1",
    "https://mistral.ai/licences/MRL-0.1.md": "mistral-mrl-0.1",
    "https://github.com/QwenLM/Qwen/blob/main/Tongyi%20Qianwen%20LICENSE%20AGREEMENT": "tongyi-qianwen-2023",
    "https://github.com/deepseek-ai/DeepSeek-V3/blob/main/LICENSE-MODEL": "deepseek",
    "https://stability.ai/community-license-agreement": "stability-ai-community-2024",
    "https://huggingface.co/spaces/CompVis/stable-diffusion-license": "creativeml-openrail-m",
    "https://huggingface.co/spaces/bigscience/license": "bigscience-bloom-rail-1.0",
    "https://huggingface.co/spaces/bigcode/bigcode-model-license-agreement": "bigcode-openrail-m",
    "https://bigscience.huggingface.co/blog/bigscience-openrail-m": "bigscience-openrail-m",
    "https://freedevproject.org/faipl-1.0-sd/": "fair-ai-public-1.0-sd",
    "https://creativecommons.org/licenses/by-nc-sa/3.0/deed.en_US": "cc-by-nc-sa-3.0",
    "https://creativecommons.org/licenses/by/4.0/legalcode.de": "cc-by-4.0",
    "https://www.gnu.org/licenses/old-licenses/gpl-2.0.html": "gpl-2.0",
    "https://www.gnu.org/licenses/gpl-3.0-standalone.html": "gpl-3.0",
    "https://www.gnu.org/licenses/agpl-3.0.de.html": "agpl-3.0",
    "https://spdx.org/licenses/GPL-3.0-or-later.html": "gpl-3.0",
    "https://www.mozilla.org/en-US/MPL/2.0/": "mpl-2.0",
    "https://www.mozilla.org/MPL/1.1/index.txt": "mpl-1.1",
    "https://www.eclipse.org/legal/epl-2.0/": "epl-2.0",
    "https://www.eclipse.org/legal/epl-v10.html": "epl-1.0",
    "https://cdla.dev/permissive-2-0/": "cdla-permissive-2.0",
    "https://cdla.io/sharing-1-0/": "cdla-sharing-1.0",
    "https://cdla.dev/open-use-of-data-agreement-v1-0/": "o-uda-1.0",
    "https://cdla.dev/computational-use-of-data-agreement-v1-0/": "c-uda",
    "https://opendatacommons.org/licenses/odbl/1-0/": "odbl",
    "https://opendatacommons.org/licenses/by/1-0/": "odc-by",
    "https://opendatacommons.org/licenses/pddl/": "pddl",
    "https://cecill.info/licences/Licence_CeCILL_V2.1-en.html": "cecill-2.1",
    "https://cecill.info/licences/Licence_CeCILL-C_V1-fr.txt": "cecill-c",
    "https://polyformproject.org/licenses/noncommercial/1.0.0/": "polyform-noncommercial-1.0.0",
    "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/": "ogl-uk-3.0",
    "https://www.govdata.de/dl-de/by-2-0": "dl-de-by-2.0",
    "https://unlicense.org/": "unlicense",
    "https://www.elastic.co/licensing/elastic-license": "elastic-2.0",
    "http://license.coscl.org.cn/MulanPSL2": "mulanpsl-2.0",
}


@pytest.mark.parametrize(("address", "license_id"), ADDRESSES.items())
def test_an_address_where_a_text_stands_means_that_license_however_it_is_spelled(address: str, license_id: str) -> None:
    bare = address.removeprefix("https://").removeprefix("http://").removeprefix("www.").removesuffix("/")
    for spelled in (address, f"http://{bare}", f"https://www.{bare}/", f"https://{bare}?x=1", f"https://{bare}#top"):
        assert str(NAMES.expression(spelled)) == license_id, spelled


@pytest.mark.parametrize(
    "address",
    [
        "https://creativecommons.org/licenses/by-nc-sa/3.0/us/",
        "https://www.llama.com/llama9/license/",
        "https://ai.google.dev/gemma/prohibited_use_policy",
        "https://unlicense.org.example.com/",
        "https://example.com/unlicense.org",
        "https://www.gnu.org/licenses/gpl-faq.html",
    ],
)
def test_a_port_a_policy_a_page_about_a_license_or_another_host_is_no_license(address: str) -> None:
    assert NAMES.expression(address) is None


@pytest.mark.parametrize(
    "spelling",
    [
        "gpl-2.0-or-later",
        "GPL-2.0+",
        "gpl-2.0 or later",
        "GPLv2 or later version",
        "license:gpl-2.0-or-later",
        "'GPL-2.0+'",
    ],
)
def test_or_later_is_the_license_and_its_later_versions_in_every_spelling(spelling: str) -> None:
    assert NAMES.or_later(spelling) == ("gpl-2.0", "gpl-3.0")
    assert str(NAMES.expression(spelling)) == "gpl-2.0 OR gpl-3.0"


@pytest.mark.parametrize(
    "spelling", ["gpl-2.0", "gpl-2.0-only", "+", "-or-later", "no-such-license+", "x" * 2000 + "+"]
)
def test_what_is_no_or_later_form_of_a_known_license_is_none(spelling: str) -> None:
    assert NAMES.or_later(spelling) == ()


def test_a_repository_given_as_a_license_is_told_and_nothing_is_suggested() -> None:
    error = NAMES.unknown("meta-llama/Llama-2-7b-hf")
    assert error.nearest == []
    assert "`clausegraph check meta-llama/Llama-2-7b-hf`" in str(error)
    assert "`clausegraph check" not in str(NAMES.unknown("mti"))


@pytest.mark.parametrize(
    ("spelling", "told"),
    [
        ("https://huggingface.co/Qwen/Qwen2-72B/blob/main/LICENSE", "`clausegraph check Qwen/Qwen2-72B`"),
        ("GPL-2.0 WITH Classpath-exception-2.0", "the text of this exception is not known"),
        ("MIT AND Apache-2.0", "an expression of several licenses: apache-2.0, mit"),
    ],
)
def test_what_is_no_name_of_one_license_is_told_as_what_it_is(spelling: str, told: str) -> None:
    error = NAMES.unknown(spelling)
    assert error.nearest == []
    assert told in str(error)


def test_two_licenses_with_a_slash_between_them_are_no_repository() -> None:
    assert "repository" not in str(NAMES.unknown("MIT/Apache-2.0"))


def test_the_business_source_license_is_not_taken_for_boost() -> None:
    assert [NAMES.unknown(one).nearest for one in ("bsl-1.1", "BUSL-1.1")] == [[], []]


def test_the_table_of_forms_in_the_docs_says_what_is_read() -> None:
    text = (Path(__file__).parents[2] / "docs" / "loading.md").read_text()
    table = text.split("## Names and addresses of licenses")[1].split("## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line.startswith("|")
    ]
    assert len(rows) == 11
    for _, example, read in rows[2:]:
        found = NAMES.expression(example.strip("`"))
        assert read.startswith("not known") if found is None else read == f"`{found}`", example
