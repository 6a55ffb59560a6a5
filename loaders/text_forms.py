"""Bytes of a document as text: plain text in whatever letters it was saved, HTML, and PDF.

What is no text, is too large or cannot be read gives `None`: there is a document, and nobody knows what it says.
"""

import codecs
import re
import subprocess
import sys
from functools import lru_cache
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path

#: The largest text and the largest PDF that are read, in bytes.
MAX_TEXT, MAX_PDF = 1_000_000, 4_000_000
#: How long a PDF may take, in seconds.
_SECONDS = 30
#: What no text holds: control characters, spaces and escapes of terminals apart.
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x7f]")
#: Tags that may stand open at the end of a page; the parser looks from each to the end.
_OPEN = 200
_HTML_NAME = re.compile(r"\.x?html?$", re.IGNORECASE)
_HTML = re.compile(
    r"\s*+(?:<\?xml[^>]*+>\s*+)?+(?:(?><!--.*?-->)\s*+)*+<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
#: Elements of HTML that are no part of what is read, and those within a line.
_UNREAD = frozenset(["script", "style", "title", "template"])
_INLINE = re.compile(r"a|abbr|b|bd[io]|cite|code|em|font|i|kbd|mark|q|s|small|span|strong|su[bp]|tt|u|var")


def most_of(name: str) -> int:
    """Return how many bytes of a document of a name are read."""
    return MAX_PDF if name.casefold().endswith(".pdf") else MAX_TEXT


def text_of(data: bytes, name: str = "") -> str | None:
    """Return a document as text: what a PDF or HTML shows, else UTF-8 or UTF-16 as a mark says, UTF-8, or Latin-1."""
    if data.startswith(b"%PDF"):
        return text_of_pdf(data) if len(data) <= MAX_PDF else None
    if len(data) > MAX_TEXT:
        return None
    text = _decoded(data)
    if text is not None and (_HTML_NAME.search(name) or _HTML.match(text)):
        return text_of_html(text)
    return text


def _decoded(data: bytes) -> str | None:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    if _CONTROLS.search(data):
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def text_of_html(text: str) -> str | None:
    """Return what an HTML page says, a paragraph for each block; what it hides by its style counts too.

    `None` stands for what cannot be parsed, or not in time: many tags that nothing closes.

    >>> text_of_html("<html><title>x</title><p>No <b>sale</b>.<br>None&nbsp;at all.")
    'No sale.\\nNone at all.'
    """
    page = _Page()
    if text[text.rfind(">") + 1 :].count("<") > _OPEN:
        return None
    try:
        page.feed(text)
        page.close()
    except (AssertionError, ValueError):  # what Python's parser says of what is no HTML
        return None
    lines = [line.strip() for line in "".join(page.said).replace("\xa0", " ").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Page(HTMLParser):
    """Collects the texts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._unread: list[str] = []
        self._as_written = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._as_written += tag == "pre"
        if tag in _UNREAD:
            self._unread.append(tag)
        elif not _INLINE.fullmatch(tag):
            self.said.append("\n" if tag == "br" else "\n\n")

    def handle_endtag(self, tag: str) -> None:
        self._as_written -= tag == "pre" and self._as_written > 0
        if self._unread and self._unread[-1] == tag:
            self._unread.pop()
        elif not _INLINE.fullmatch(tag):
            self.said.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.said.append(data if self._as_written else re.sub(r"\s+", " ", data))


@lru_cache(maxsize=64)
def text_of_pdf(data: bytes) -> str | None:
    """Return the text of a PDF; `None` where it holds none, is damaged, or pdfminer.six is not installed.

    It is read in a process of its own, whose memory and time have limits: a small PDF may unpack to any size.
    """
    if find_spec("pdfminer") is None:
        return None
    reader = Path(__file__).with_name("pdf_reader.py")
    try:
        # -P keeps modules beside the reader from standing for those of the library
        done = subprocess.run([sys.executable, "-P", str(reader)], input=data, capture_output=True, timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        return None
    text = done.stdout.decode("utf-8", errors="replace") if done.returncode == 0 else ""
    return text if text.strip() else None
