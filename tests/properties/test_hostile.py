"""No parser raises what it does not document, whatever it is fed."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.loaders.test_mistakes import MISTAKES
from tests.support import fuzz, kill
from tests.support.paths import ROOT

#: Words that bring a made-up text near to what a parser expects.
WORDS = (
    *(
        "---\n",
        "license: ",
        "mit",
        "base_model: ",
        "a/b",
        "- ",
        "[",
        "]",
        "{",
        "}",
        ": ",
        "\n",
        "  ",
        "\t",
        "*a",
        "&a ",
    ),
    *("!!python/object:os.system ", "\x00", "é", "’", "'", '"', "@context", "@graph", "type", "ai_AIPackage", "spdxId"),
    *("Relationship", "from", "to", "works:\n", "steps:\n", "make", "via", "train", "bomFormat", "CycloneDX"),
    *(
        "specVersion",
        "1.6",
        "components",
        "tags",
        "id",
        "null",
        "true",
        "1e999",
        "-1",
        "..",
        "/",
        "urn:x:y",
        "https://[",
    ),
    *(
        "pkg:huggingface/a/b",
        "%00",
        "AND",
        " OR ",
        "(",
        ")",
        "-or-later",
        "+",
        "access,dependencies,license,name,type\n",
    ),
)
NEAR = st.lists(st.sampled_from(WORDS) | st.text(max_size=8), max_size=30).map(lambda parts: "".join(parts).encode())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10) | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=5), inner),
    max_leaves=20,
)
SPDX_CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"


def _wrapped(value: object, parser: str) -> bytes:
    """Put a made-up value where the parser looks for its parts."""
    keys = {
        "spdx": {"@context": SPDX_CONTEXT, "@graph": value},
        "cyclonedx": {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": value, "metadata": value},
        "jsonld": {"@context": {"@vocab": "https://schema.org/"}, "@type": "Dataset", "license": value},
        "answer": [{"id": "a/b", "tags": value, "cardData": value, "baseModels": value}],
    }
    return json.dumps(keys.get(parser, value)).encode()


@pytest.mark.parametrize("parser", fuzz.PARSERS)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(near=NEAR, value=JSON, noise=st.binary(max_size=60))
@example(near=b"---\n- x\n---\n", value=[], noise=b"GGUF" + b"\xff" * 40)
def test_a_parser_reads_or_refuses(parser: str, near: bytes, value: object, noise: bytes) -> None:
    for data in (near, _wrapped(value, parser), noise):
        fuzz.refuses(fuzz.PARSERS[parser], data)


@pytest.mark.parametrize("parser", fuzz.PARSERS)
def test_a_fuzzer_that_follows_coverage_finds_nothing_either(parser: str, tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="needs atheris, which is made for Linux")
    for number, path in enumerate(sorted(MISTAKES.glob("*/*.*"))):
        if path.name != "case.json" and path.stat().st_size < 4000:
            shutil.copy(path, tmp_path / f"{number:03}")
    # a shell between, since Linux counts the memory of the process that starts another as the peak of the other's
    fuzzer = [
        sys.executable,
        "-m",
        "tests.support.fuzzing",
        parser,
        "-runs=3000",
        "-seed=7",
        "-max_len=600",
        str(tmp_path),
    ]
    done = subprocess.run(
        ["sh", "-c", '"$@"; exit $?', "sh", *fuzzer],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Done 3" in done.stderr


def test_a_load_that_is_killed_at_any_time_resumes_to_the_same_graph() -> None:
    """`python -m tests.support.kill 500` tries as often as one likes."""
    assert kill.tries(7, seed=1, size=5_000) >= 3
