"""Fixtures: the library, the embedded sample as an audited workspace, and the real Hub where it is at hand."""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import constants

from clausegraph.library import Library
from clausegraph.store import library_store
from clausegraph.validation.audit import audit
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load
from clausegraph.workspace.sample import sample_file
from tests.support import asked
from tests.support.paths import ROOT

assert not constants.HF_HUB_OFFLINE, "the Hub that tests play on this machine is asked by the client library"
#: No test asks the live Hub by itself, and no process that one starts does.
os.environ["HF_HUB_OFFLINE"] = "1"

SHARED = Path(os.environ.get("CLAUSEGRAPH_SHARED", ROOT.parent / "shared" / "data"))


def pytest_collection_finish() -> None:
    """Leave what was imported and collected out of every later garbage collection: it lives as long as the run."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Build the store of the library once for all processes of a run; each store of a workspace begins with it."""
    place = tmp_path_factory.getbasetemp()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(
            library_store.VARIABLE, str((place.parent if "PYTEST_XDIST_WORKER" in os.environ else place) / "cache")
        )
        yield


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.load()


@pytest.fixture(scope="session")
def sample(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = Workspace(tmp_path_factory.mktemp("sample") / "ws")
    load(workspace, str(sample_file()))
    audit(workspace, library)
    return workspace


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The works in which every shipped query has rows; a test that changes a workspace makes its own."""
    return asked.workspace(tmp_path_factory.mktemp("asked") / "ws")


@pytest.fixture
def place(sample: Workspace) -> list[str]:
    return ["--workspace", str(sample.folder)]


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip(f"needs the real data in {SHARED}, which a clone does not have")
    return SHARED


@pytest.fixture(scope="session")
def java() -> str:
    found = shutil.which("java")
    if found is None:
        pytest.skip("needs a Java runtime, for HermiT and Spark")
    return found
