"""Which license a text is: the stock text in every dress, nobody else's words, and never a text that holds more."""

import json
import re
import textwrap
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausegraph.compile import text_digests
from clausegraph.ground.errors import UnreadableInput, UsageError
from clausegraph.ground.files import generated
from clausegraph.library import Library
from clausegraph.library.read import read_all
from clausegraph.texts import scancode
from clausegraph.texts.folding import digest, fold
from clausegraph.texts.notices import is_notice
from clausegraph.texts.passages import data_folder
from clausegraph.texts.recognition import identify, known_texts
from clausegraph.workspace.context import context
from tests.support.stock import dressed, text_of, texts

CONTEXT = context(lambda _: None)


def license_in(text: str) -> str | None:
    return known_texts().find(fold(text))


# ---- known texts ---------------------------------------------------------------


def test_every_license_text_at_hand_is_known_as_that_license() -> None:
    assert len(texts()) >= 150
    wrong = {key: license_in(body) for key, (id_, body) in texts().items() if license_in(body) != id_}
    assert wrong == {}


def test_a_title_and_a_notice_above_a_text_make_no_difference() -> None:
    wrong = {key: license_in(dressed(key)) for key, (id_, _) in texts().items() if license_in(dressed(key)) != id_}
    assert wrong == {}


@pytest.mark.parametrize(
    "title",
    [
        "",
        "MIT License",
        "# The MIT License (MIT)",
        "License\n=======\n\nMIT",
        "The MIT License\n\nLicense: MIT",
        "LICENSE",
    ],
)
def test_a_license_is_known_below_its_names(title: str) -> None:
    assert license_in(f"{title}\n\nCopyright (c) 2023 A. Person\n\n{text_of('mit')}") == "mit"


@pytest.mark.parametrize("title", ["GNU General Public License", "Modified MIT License", "Non-commercial license"])
def test_a_license_below_the_name_of_another_is_not_known(title: str) -> None:
    assert license_in(f"{title}\n\n{text_of('mit')}") is None


def test_the_apache_license_is_known_with_and_without_its_appendix() -> None:
    text = text_of("apache-2.0")
    terms, appendix = text.split("END OF TERMS AND CONDITIONS")
    filled = appendix.replace("[yyyy] [name of copyright owner]", "2023 Acme Inc.").replace("{yyyy}", "2023")
    for one in (text, terms, f"{terms}END OF TERMS AND CONDITIONS\n", f"{terms}END OF TERMS AND CONDITIONS{filled}"):
        assert license_in(one) == "apache-2.0"
    assert license_in(f"{text}\n\nYou may not use the Work to train a model.") is None
    assert license_in(text.replace("APPENDIX", "You pay.\n\n   APPENDIX")) is None


def test_the_gnu_licenses_are_known_without_the_part_on_how_to_apply_them() -> None:
    for key in ("gpl-2.0", "gpl-3.0", "agpl-3.0", "lgpl-2.1"):
        assert license_in(text_of(key).split("How to Apply These Terms")[0]) == texts()[key][0]


def test_bsd_with_two_and_with_three_clauses_are_told_apart() -> None:
    assert license_in(text_of("bsd-new")) == "bsd-3-clause"
    assert license_in(text_of("bsd-simplified")) == "bsd-2-clause"
    clause = (
        "Neither the name of the copyright holder nor the names of its contributors may be used to endorse products."
    )
    assert license_in(text_of("bsd-simplified").replace("THIS SOFTWARE", f"{clause}\n\nTHIS SOFTWARE", 1)) is None


def test_a_rule_of_scancode_that_adds_a_passage_is_no_text_of_the_license() -> None:
    """ScanCode calls it the Microsoft Public License, though it has a duty to indemnify that the license has not."""
    rule = text_digests.split((data_folder() or Path()) / "rules" / "ms-pl_3.RULE")[1]
    assert "indemnify" in rule
    assert license_in(rule) is None
    own = fold(text_of("mit"))
    assert text_digests.is_variant(own.replace("the software is provided", "the widget software is provided"), own)
    assert not text_digests.is_variant(own.replace("is hereby granted", "is not hereby granted"), own)
    assert not text_digests.is_variant(own[: len(own) // 2], own)


def test_a_digest_that_two_licenses_claim_is_left_out() -> None:
    data = json.loads(generated("texts.json").read_text())
    digests = [one for found in data["texts"].values() for one in found]
    assert len(digests) == len(set(digests)) >= 1000
    assert data["note"].startswith("GENERATED")
    assert set(data["texts"]) <= set(Library.load().licenses)


def test_known_texts_are_read_in_an_instant() -> None:
    took = []
    for _ in range(5):
        known_texts.cache_clear()
        start = time.perf_counter()
        known_texts()
        took.append(time.perf_counter() - start)
    assert min(took) < 0.01


def test_a_damaged_file_of_known_texts_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clausegraph.texts.recognition.generated", lambda name: tmp_path / name)
    for text in (None, "{", '{"texts": 1}'):
        known_texts.cache_clear()
        if text is not None:
            (tmp_path / "texts.json").write_text(text)
        with pytest.raises(UnreadableInput, match="make library"):
            known_texts()
    monkeypatch.undo()
    known_texts.cache_clear()


def test_without_scancode_the_file_of_known_texts_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clausegraph.compile.text_digests.data_folder", lambda: None)
    assert text_digests.texts_text(read_all()) == generated("texts.json").read_text()


# ---- texts that ScanCode does not have -------------------------------------------


def by_hand() -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads((generated("").parent / text_digests.BY_HAND).read_text())["texts"]
    return rows


def test_the_file_made_by_hand_holds_digests_and_no_text() -> None:
    assert len(by_hand()) >= 40
    for row in by_hand():
        assert set(row) - {"from"} == {"license", "origin", "sha256"}
        assert len(row["sha256"]) == 64
        assert all(len(value) < 200 for value in row.values())
        assert row["license"] in Library.load().licenses


def test_the_digests_made_by_hand_are_those_of_the_texts(shared: Path) -> None:
    folder = shared / "license-texts"
    indexes = [
        json.loads(line) for path in sorted(folder.glob("index-*.jsonl")) for line in path.open(encoding="utf-8")
    ]
    files = {row["origin"]: folder / row["file"] for row in indexes if row["file"].endswith(".txt")}
    for row in by_hand():
        text = files[row["origin"]].read_text(encoding="utf-8-sig")
        assert digest(fold(text[text.index(row.get("from", "")) :])) == row["sha256"], row["origin"]
        assert license_in(text[text.index(row.get("from", "")) :]) == row["license"]


def test_a_line_for_a_license_that_the_library_does_not_have_is_refused(tmp_path: Path) -> None:
    (tmp_path / "k.json").write_text(json.dumps({"texts": [{"license": "acme", "origin": "acme.org", "sha256": "0"}]}))
    maker = text_digests.Maker(Library.load().licenses, tmp_path)
    with pytest.raises(UsageError, match=r"k\.json: acme\.org .*'acme'.* leave the line out"):
        maker.read_by_hand(tmp_path / "k.json")


# ---- what is folded away, and what never is ----------------------------------------

STOCK = ("mit", "apache-2.0", "bsd-new", "isc", "gpl-3.0", "cc-by-4.0", "openmdw-1.0", "bigscience-open-rail-m")
SENTENCES = st.tuples(
    st.sampled_from(["The model", "You", "Users in Europe", "Companies with a revenue of 1 million dollars", "Nobody"]),
    st.sampled_from(
        ["may not sell", "must pay for", "may use", "is", "shall credit", "has made", "asks you to respect"]
    ),
    st.sampled_from(["it", "the outputs", "research", "another network before July", "here", "all copyright holders"]),
).map(" ".join)
CONDITIONS = st.sampled_from(
    [
        "You may not sell the Software.",
        "For research purposes only.",
        "NON-COMMERCIAL USE ONLY",
        "Not for use in weapons.",
        "Companies with more than 100 employees pay a fee.",
        "Die Nutzung zu kommerziellen Zwecken ist untersagt.",
        "禁止用于商业用途。",
        "Запрещено коммерческое использование.",
        "(c) You must ask first.",
        "Copyright (c) 2023 Acme. Ask before you use it.",
    ]
)


@settings(max_examples=300, deadline=None)
@given(key=st.sampled_from(STOCK), sentence=SENTENCES | CONDITIONS, place=st.floats(0, 1), data=st.data())
def test_a_sentence_added_anywhere_makes_it_another_text(
    key: str, sentence: str, place: float, data: st.DataObject
) -> None:
    text = dressed(key)
    spaces = [at for at, c in enumerate(text) if c.isspace()] + [0, len(text)]
    at = sorted(spaces)[int(place * (len(spaces) - 1))]
    around = data.draw(st.sampled_from([" ", "\n", "\n\n", "\n\n# ", "\n * "]))
    assert license_in(f"{text[:at]}{around}{sentence}{around}{text[at:]}") is None


@settings(max_examples=200, deadline=None)
@given(key=st.sampled_from(STOCK), sentence=SENTENCES | CONDITIONS, before=st.booleans())
def test_a_sentence_added_to_a_copyright_notice_makes_it_another_text(key: str, sentence: str, before: bool) -> None:
    notice = "Copyright (c) 2023 A. Person"
    changed = f"{sentence} {notice}" if before else f"{notice} {sentence}"
    for one in (changed, changed.replace("Person ", "Person. "), changed.replace("Person ", "Person, ")):
        assert license_in(dressed(key, one)) is None


HOLDERS = st.sampled_from(
    [
        "Copyright (c) <year> <copyright holders>",
        "Copyright [yyyy] [name of copyright owner]",
        "Copyright 2018- The Hugging Face team. All rights reserved.",
        "Copyright (c) Meta Platforms, Inc. and affiliates.",
        "Copyright © 2022 - 2024 Acme GmbH & Co. KG",
        "Copyright (c) 2023, 01.AI",
        "Copyright (c) 2017 to present Acme Services Inc. and individual contributors.",
        "Copyright (c) 1998-2023 The Regents of the\nUniversity of California.\nAll rights reserved.",
        "(c) 2020 J. Random Hacker <jrh@example.org> (https://example.org)",
        "Copyright (c) 2020 A. Person\nCopyright (c) 2021-2023 The widget authors (see AUTHORS)",
        "Copyright (c) 2023 karpathy",
    ]
)


@settings(max_examples=200, deadline=None)
@given(
    key=st.sampled_from(STOCK),
    holder=HOLDERS,
    width=st.integers(60, 300),
    leader=st.sampled_from(["", "    ", "# ", "// ", " * ", "> ", ";; "]),
    loud=st.sampled_from([str, str.upper, str.lower]),
    data=st.data(),
)
def test_case_width_holder_and_leader_make_no_difference(
    key: str, holder: str, width: int, leader: str, loud: type[str], data: st.DataObject
) -> None:
    # a notice in capitals is one of few words, and one that is filled into a paragraph is none
    paragraphs = [p for p in re.split(r"\n\s*\n", text_of(key)) if p.strip()]
    filled = [p if "copyright" in p.lower() else textwrap.fill(p, width, break_long_words=False) for p in paragraphs]
    filled = [p if "copyright (c)" in p.lower() else loud(p) for p in filled]
    lines = "\n\n".join([holder, *filled]).split("\n")
    newline = data.draw(st.sampled_from(["\n", "\r\n"]))
    changed = newline.join(leader + line for line in lines)
    quoted = changed.replace('"', data.draw(st.sampled_from(['"', "“", "''"]))).replace("http:", "https:")
    assert license_in(quoted) == texts()[key][0]


@pytest.mark.parametrize(
    "line",
    [
        "Copyright (c) 2023 Acme. For research only.",
        "Copyright (c) 2023 Acme, not for commercial use",
        "Copyright (c) 2023 Acme - Students Only",
        "COPYRIGHT 2023 ACME. ASK BEFORE DOWNLOADING.",
        "Copyright 2023 Acme For Academic Evaluation",
        "Copyright (c) 2023 禁止商业使用",
        "Copyright 2023 1000 users",
        "Copyright (c) 2021 see the license",
        "ACME CONFIDENTIAL. All rights reserved.",
        "All rights reserved by Acme. Pay first.",
        "copyright holder.",
        "COPYRIGHT HOLDERS",
        "(c) Assignment",
    ],
)
def test_a_line_that_says_more_is_no_notice(line: str) -> None:
    assert not is_notice([line])


# ---- with ScanCode -----------------------------------------------------------------


def test_scancode_finds_every_text_as_itself_and_nothing_more(library: Library) -> None:
    wrong = {}
    for key, (id_, body) in texts().items():
        found = scancode.identify(body, library)
        if (found.license, found.more) != (id_, False):
            wrong[key] = found
    assert wrong == {}


@pytest.mark.parametrize(
    "change",
    [
        lambda t: f"{t}\n\nThe Software may not be used by companies with more than 100 employees without a fee.",
        lambda t: f"{t}\n\nNo commercial use.",
        lambda t: f"{t}\n\n本软件不得用于商业用途。",
        lambda t: f"For students only.\n\n{t}",
        lambda t: t.replace("free of charge", "free of charge for non-commercial purposes only"),
        lambda t: t.replace("without restriction", "without restriction for research"),
        lambda t: t.replace("is hereby granted", "is not hereby granted"),
        lambda t: t.replace(", and/or sell", ""),
    ],
)
def test_a_changed_mit_license_holds_more(change: object, library: Library) -> None:
    assert callable(change)
    text = change(dressed("mit"))
    assert text != dressed("mit")
    assert license_in(text) is None
    found = identify(text)
    assert (found.license, found.more) == ("mit", True)


def test_a_license_with_the_commons_clause_holds_more() -> None:
    text = f"“Commons Clause” License Condition v1.0\n\n{text_of('commons-clause')}\n\n{text_of('apache-2.0')}"
    found = identify(text)
    assert (found.license, found.more) == ("apache-2.0", True)
    assert found.rest == ("LicenseRef-scancode-commons-clause",)


def test_the_case_of_a_license_file_with_added_terms(shared: Path) -> None:
    case = shared.parent / "cases" / "05-license-file-with-added-terms" / "LICENSE"
    if not case.exists():
        pytest.skip("needs the shared cases")
    found = identify(case.read_text())
    assert (found.license, found.more) == ("apache-2.0", True)


@pytest.mark.parametrize(
    "text",
    [
        "A widget in Python\n\nThis project is licensed under the MIT license:\n\n{mit}",
        "{mit}\n\nHave fun!",
        "Copyright (c) 2016 jannis gebauer and otehrs\n\n{mit}",
    ],
)
def test_a_lead_in_a_greeting_and_an_odd_notice_are_nothing_more(text: str) -> None:
    found = identify(text.replace("{mit}", text_of("mit")))
    assert (found.license, found.more) == ("mit", False)


def test_two_licenses_in_one_file_are_both_said() -> None:
    assert identify(f"{text_of('mit')}\n\n{text_of('apache-2.0')}").license == "mit AND apache-2.0"


def test_a_text_that_only_mentions_a_license_is_not_that_license() -> None:
    terms = "The weights are for research. You must not sell them, host them, or train another model on their outputs. "
    found = identify(f"{terms * 3}\n\nOur code is licensed under the Apache License 2.0.")
    assert found.license is None


def test_the_same_letters_name_another_license_at_scancode(library: Library) -> None:
    """`bsl-1.0` is the Boost license at SPDX and the Business Source License at ScanCode."""
    assert library.license("bsl-1.0").scancode_key == "boost-1.0"
    assert identify(text_of("boost-1.0")).license == "bsl-1.0"
    assert library.names.find(str(identify(text_of("bsl-1.0")).license)) is None


def test_a_license_that_the_library_does_not_know_is_called_by_its_name(library: Library) -> None:
    found = identify(text_of("artistic-1.0"))
    assert (found.license, found.more) == ("Artistic-1.0", False)
    assert library.names.expression("Artistic-1.0") is None
