"""The process that reads a PDF: what it writes, and that it ends at its limits."""

import subprocess
import sys
import zlib
from pathlib import Path

from clausegraph.loaders import pdf_reader

from tests.support.pdf import pdf


def run(data: bytes) -> subprocess.CompletedProcess[bytes]:
    reader = str(Path(pdf_reader.__file__))
    return subprocess.run([sys.executable, "-P", reader], input=data, capture_output=True, timeout=120)


def test_it_writes_the_text_of_a_pdf() -> None:
    done = run(pdf("You may not sell it.\nAsk first."))
    assert done.returncode == 0
    assert done.stdout.decode().split() == ["You", "may", "not", "sell", "it.", "Ask", "first."]


def test_what_is_no_pdf_is_an_error() -> None:
    assert run(b"%PDF-1.7 ...").returncode != 0 or not run(b"%PDF-1.7 ...").stdout.strip()


def test_a_text_longer_than_any_license_is_an_error() -> None:
    assert run(pdf("\n".join(["word " * 200] * 1_100))).returncode != 0


def test_a_stream_that_unpacks_to_more_than_the_memory_is_an_error() -> None:
    packed = zlib.compress(b"\0" * (pdf_reader.MAX_MEMORY + 1), 9)
    stream = b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)
    plain = pdf("x")
    at, end = plain.index(b"4 0 obj") + 7, plain.index(b" endobj\n5 0 obj")
    done = run(plain[:at] + stream + plain[end:])
    assert done.returncode != 0 or not done.stdout.strip()
