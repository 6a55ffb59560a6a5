"""Documents as text: HTML as it is shown, PDF where it can be read, and nothing where nobody can."""

import re
import subprocess

import pytest
from clausegraph.loaders import text_forms
from clausegraph.loaders.text_forms import MAX_PDF, MAX_TEXT, most_of, text_of, text_of_html, text_of_pdf

from clausegraph.texts.recognition import identify
from tests.support.pdf import pdf
from tests.support.stock import dressed

BANNED = "The Software may not be sold."


def page(text: str, more: str = "") -> str:
    shown = "".join(f"<p>{block.replace('<', '&lt;')}</p>" for block in re.split(r"\n\s*\n", text))
    head = "<title>A license</title><style>p {color: red}</style><script>let x = '<p>sell</p>'</script>"
    return f"<!DOCTYPE html>\n<html><head>{head}</head><body>{shown}{more}</body></html>"


def test_a_page_says_what_it_shows_and_not_how() -> None:
    assert text_of_html(page("No sale.\n\nA &amp; B")) == "No sale.\n\nA & B"
    assert text_of_html("<p>one <b>bold</b>ly<br>two<ul><li>three") == "one boldly\ntwo\n\nthree"
    assert text_of_html("<pre>1\n2</pre><p>3\n4") == "1\n2\n\n3 4"


@pytest.mark.parametrize("name", ["LICENSE.html", "LICENSE.HTM", "LICENSE"])
@pytest.mark.parametrize("key", ["mit", "apache-2.0"])
def test_a_license_as_a_page_is_that_license_and_one_with_more_is_not(key: str, name: str) -> None:
    text = text_of(page(dressed(key)).encode(), name)
    assert text is not None
    assert (identify(text).license, identify(text).more) == (key, False)
    for more in (f"<p>{BANNED}</p>", f'<p style="display:none">{BANNED}</p>', f"<footer>{BANNED}</footer>"):
        text = text_of(page(dressed(key), more).encode(), name)
        assert text is not None
        found = identify(text)
        assert found.more or found.license != key


def test_a_text_that_only_speaks_of_html_is_no_page() -> None:
    assert text_of(b"The <html> element may not be used.", "LICENSE") == "The <html> element may not be used."


def test_a_license_as_a_pdf_is_that_license_and_one_with_more_is_not() -> None:
    for text, more in ((dressed("mit"), False), (f"{dressed('mit')}\n\n{BANNED}", True)):
        read = text_of(pdf(text), "LICENSE.pdf")
        assert read is not None
        found = identify(read)
        assert (found.license, found.more) == ("mit", more)


@pytest.mark.parametrize("data", [b"%PDF-1.7 ...", b"%PDF", pdf(""), pdf("x" * 50)[:200]])
def test_a_pdf_that_is_damaged_or_shows_no_text_says_nothing(data: bytes) -> None:
    assert text_of(data, "LICENSE.pdf") is None


def test_a_pdf_that_takes_too_long_or_without_its_reader_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("reader", 0)

    data = pdf(dressed("mit"))
    assert text_of_pdf(data) is not None
    text_of_pdf.cache_clear()
    with monkeypatch.context() as patched:
        patched.setattr(subprocess, "run", late)
        assert text_of_pdf(data) is None
    text_of_pdf.cache_clear()
    with monkeypatch.context() as patched:
        patched.setattr(text_forms, "find_spec", lambda _: None)
        assert text_of_pdf(data) is None
    text_of_pdf.cache_clear()
    assert text_of_pdf(data) is not None


def test_what_is_too_large_is_not_read_and_a_pdf_may_be_larger() -> None:
    assert text_of(b"x" * MAX_TEXT) is not None
    assert text_of(b"x" * (MAX_TEXT + 1)) is None
    assert text_of(b"%PDF" + b"x" * MAX_PDF) is None
    assert (most_of("LICENSE.PDF"), most_of("LICENSE")) == (MAX_PDF, MAX_TEXT)
