"""Writes the text of the PDF on standard input to standard output; run as a process of its own by `text_forms`."""

import io
import sys

#: The most pages, the most memory in bytes, the most time of the processor in seconds, and the longest text.
MAX_PAGES, MAX_MEMORY, MAX_SECONDS, MAX_CHARACTERS = 100, 1_000_000_000, 20, 1_000_000


def main() -> None:
    """Read the PDF within the limits; a text that is longer than the longest is no license, and is an error."""
    _limit()
    from pdfminer.high_level import extract_text

    text = extract_text(io.BytesIO(sys.stdin.buffer.read()), maxpages=MAX_PAGES)
    if len(text) > MAX_CHARACTERS:
        sys.exit(1)
    sys.stdout.buffer.write(text.encode("utf-8", errors="replace"))


def _limit() -> None:
    try:
        import resource
    except ImportError:  # only POSIX has it; the time that the parent gives holds everywhere
        return
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))


if __name__ == "__main__":
    main()
