"""What the endpoint refuses before it runs: federation, updates, and queries that are too long or too deep.

A query is cut into tokens as the SPARQL 1.1 grammar has them, so that a word counts only where it is a keyword, and
never inside an IRI, a string, a comment, a variable or a prefixed name. https://www.w3.org/TR/sparql11-query/#grammar
"""

import re
from collections.abc import Iterator
from itertools import chain

from clausegraph.server.limits import Limits

_TOKEN = re.compile(
    r"""
    (?P<skip> \s+ | \#[^\n\r]* )
  | (?P<string> \"{3}(?:(?:\"|\"\")?(?:[^\"\\]|\\.))*\"{3} | '{3}(?:(?:'|'')?(?:[^'\\]|\\.))*'{3}
      | \"(?:[^\"\\\n\r]|\\.)*\" | '(?:[^'\\\n\r]|\\.)*' )
  | (?P<iri> <[^<>\"{}|^`\\\x00-\x20]*> )
  | (?P<variable> [?$][\w·-]+ )
  | (?P<blank> _:[\w·.-]+ )
  | (?P<words> [\w·][\w·.-]*+ (?P<colon>:)? )
  | (?P<prefixed> : )
  | (?P<tag> @[A-Za-z0-9-]+ )
  | (?P<open> [{(\[] )
  | (?P<close> [})\]] )
  | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)
_LOCAL = re.compile(r"(?:[\w·:.-]|%[0-9A-Fa-f]{2}|\\.)*+")
#: Operations of SPARQL 1.1 Update, which begin a request or follow a `;`.
UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"})
FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_ESCAPE = re.compile(r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}")


class Refused(Exception):
    """A request that is not answered: an HTTP status, a code, what is wrong, and what to do."""

    def __init__(self, status: int, code: str, message: str, fix: str = "", after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.fix = fix
        self.after = after


def form(query: str, limits: Limits) -> str:
    """Return the form of a query (`SELECT`, `ASK`, `CONSTRUCT` or `DESCRIBE`); raises `Refused`.

    >>> form("PREFIX x: <http://x/SERVICE> ASK { ?service x:service 'SERVICE' } # SERVICE", Limits())
    'ASK'
    """
    if len(query.encode()) > limits.query:
        raise Refused(413, "query-too-long", f"the query has more than {limits.query:,} bytes", "Ask in parts.")
    if "\x00" in query:
        raise Refused(400, "malformed-query", "the query contains a NUL character", "Take it out.")
    found = None
    decoded = _ESCAPE.sub(lambda escape: _character(escape[0]), query)
    # as it is written, which is how Oxigraph reads it, and as the specification says that escapes are read (19.2)
    for word in chain(_keywords(query, limits.nesting), _keywords(decoded, limits.nesting)):
        if word == "SERVICE":
            raise Refused(403, "service-refused", "SERVICE is refused: this endpoint asks no other", "Leave it out.")
        if found is None and word in UPDATES:
            raise Refused(403, "update-refused", "updates are refused: this endpoint is read-only", "Use a query.")
        if found is None and word in FORMS:
            found = word
    if found is None:
        raise Refused(
            400, "malformed-query", "this is no SPARQL query", "Begin with SELECT, ASK, CONSTRUCT or DESCRIBE."
        )
    return found


def _keywords(text: str, deepest: int) -> Iterator[str]:
    """Yield the words of a query that stand for themselves, in capitals; raises `Refused` where it is too deep."""
    place, depth = 0, 0
    while found := _TOKEN.match(text, place):
        place = found.end()
        sort = found.lastgroup
        if sort == "open":
            depth += 1
            if depth > deepest:
                raise Refused(400, "query-too-deep", f"the query is nested more than {deepest} deep", "Flatten it.")
        elif sort == "close":
            depth -= 1
        elif found["colon"] or sort == "prefixed":
            local = _LOCAL.match(text, place)
            place = local.end() if local else place
        elif sort == "words":
            yield from (word.upper() for word in re.split(r"[.·-]", found["words"]))


def _character(escape: str) -> str:
    number = int(escape[2:], 16)
    return chr(number) if number <= 0x10FFFF else "?"
