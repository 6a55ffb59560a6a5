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
