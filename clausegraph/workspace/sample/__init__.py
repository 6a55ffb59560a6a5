"""The embedded sample: well-known artifacts, written down as facts."""

from pathlib import Path


def sample_file() -> Path:
    """Return the list of facts of the embedded sample."""
    return Path(__file__).resolve().parent / "artifacts.jsonl"
