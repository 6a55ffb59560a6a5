"""What code loads, read as syntax: names that stand there, and names that are computed."""

import pytest
from clausegraph.loaders.code import loadings, spdx_header


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AutoModel.from_pretrained('a/b')", [("model", "a/b")]),
        ("AutoModel.from_pretrained(pretrained_model_name_or_path='a/b')", [("model", "a/b")]),
        ("NAME = 'a/b'\nAutoModel.from_pretrained(NAME)", [("model", "a/b")]),
        ("NAME = 'a/b'\nNAME = 'c/d'\nAutoModel.from_pretrained(NAME)", [("model", None)]),
        ("NAME = 'a/b'\ndef f(NAME):\n  AutoModel.from_pretrained(NAME)", [("model", None)]),
        ("AutoModel.from_pretrained(f'a/{x}')", [("model", None)]),
        ("NAME = 'a/b'\nfrom x import NAME\nAutoModel.from_pretrained(NAME)", [("model", None)]),
        ("NAME = 'a/b'\nimport x as NAME\nAutoModel.from_pretrained(NAME)", [("model", None)]),
        ("NAME = 'a/b'\nfrom x import *\nAutoModel.from_pretrained(NAME)", [("model", None)]),
        ("NAME = 'a/b'\nglobals()['NAME'] = 'c/d'\nAutoModel.from_pretrained(NAME)", [("model", None)]),
        ("from datasets import load_dataset as ld\nld('a/b')", [("dataset", "a/b")]),
        ("from x import y as ld\nld('a/b')", []),
        ("load_dataset('a/b')", [("dataset", "a/b")]),
        ("datasets.load_dataset(path='a/b', name='x')", [("dataset", "a/b")]),
        ("pipeline('text-generation', 'a/b')", [("model", "a/b")]),
        ("pipeline('text-generation', model='a/b')", [("model", "a/b")]),
        ("pipeline('text-generation')", []),
        ("hf_hub_download('a/b', 'x.bin')", [("model", "a/b")]),
        ("hf_hub_download(repo_id='a/b', repo_type='dataset')", [("dataset", "a/b")]),
        ("snapshot_download('a/b', repo_type='space')", [("service", "a/b")]),
        ("InferenceClient('a/b')", [("model", "a/b")]),
        ("InferenceClient()", []),
        ("'''AutoModel.from_pretrained('a/b')'''", []),
        ("# load_dataset('a/b')", []),
        ("print('a/b')", []),
    ],
)
def test_a_call_names_what_it_loads_and_other_text_names_nothing(
    text: str, expected: list[tuple[str, str | None]]
) -> None:
    assert [(one.kind, one.name) for one in loadings(text)] == expected


def test_a_loading_has_its_line() -> None:
    assert [one.line for one in loadings("\n\nload_dataset('a/b')")] == [3]


def test_what_is_no_python_names_the_line() -> None:
    with pytest.raises(ValueError, match="line 2"):
        list(loadings("x = 1\ny = ("))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# SPDX-License-Identifier: AGPL-3.0-only\nx = 1", "AGPL-3.0-only"),
        ("#!/usr/bin/python\n# SPDX-License-Identifier: MIT OR Apache-2.0\n", "MIT OR Apache-2.0"),
        ("/* SPDX-License-Identifier: MIT */", "MIT"),
        ("text = 'an SPDX-License-Identifier: MIT header'", None),
        ("x = 1", None),
    ],
)
def test_the_header_of_a_source_file_names_its_license(text: str, expected: str | None) -> None:
    assert spdx_header(text) == expected
