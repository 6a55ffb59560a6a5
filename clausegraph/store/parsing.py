"""What a SPARQL query is and uses, as the parser that runs it sees it: nothing here reads SPARQL by itself.

Oxigraph shows no syntax tree. But where a word is a keyword, another word in its place is an error, and everywhere
else (in a name, a string, a comment, an IRI) it is not; and where a query has no `LIMIT`, it can be given one. So each
question becomes one that the parser answers with yes or no.
"""

import re
from enum import StrEnum
from typing import Any

import pyoxigraph as ox


class Form(StrEnum):
    """What a query answers with."""

    rows = "rows"
    boolean = "boolean"
    triples = "triples"


#: Farther than the parser looks ahead for a keyword.
_FAR = 40
_FORMS = {ox.QuerySolutions: Form.rows, ox.QueryBoolean: Form.boolean, ox.QueryTriples: Form.triples}


def form(query: str) -> Form:
    """Return what a query answers with; raises `SyntaxError` where it is none.

    >>> form("ASK { ?service <x:SERVICE> 'SELECT' } # CONSTRUCT")
    <Form.boolean: 'boolean'>
    """
    return _FORMS[type(parsed(query))]


def uses(query: str, keyword: str) -> bool:
    """Say whether a query that can be parsed uses a keyword, in any capitals.

    >>> uses("PREFIX x: <http://x/> SELECT * { SERVICEx:b { ?s ?p ?o } }", "service")
    True
    >>> uses("ASK { ?service <x:SERVICE> 'SERVICE' } # SERVICE", "service")
    False
    """
    if not re.search(keyword, query, re.IGNORECASE):
        return False
    other = keyword[:-1] + "q"
    while re.search(other, query, re.IGNORECASE):
        other += "q"
    ending = other[len(keyword) - 1 :]

    def replaced(found: re.Match[str]) -> str:
        return found[0][:-1] + (ending.upper() if found[0][-1].isupper() else ending)

    return not _is_query(re.sub(keyword, replaced, query, flags=re.IGNORECASE))


def names_dataset(query: str) -> bool:
    """Say whether a query that can be parsed names its graphs itself, by `FROM` or `FROM NAMED`.

    >>> names_dataset("SELECT ?from FROM<urn:g>{ ?from ?p ?o }")
    True
    >>> names_dataset("SELECT ?from { ?from ?p 'FROM <urn:g>' }")
    False
    """
    return uses(query, "from")


def limited(query: str, most: int) -> str | None:
    """Return a query with a limit on its rows, or `None` where it has one, or ends with `VALUES`.

    >>> limited("SELECT * { ?s ?p ?o } # all", 10), limited("SELECT * { ?s ?p ?o } LIMIT 20", 10)
    ('SELECT * { ?s ?p ?o } # all\\nLIMIT 10', None)
    """
    text = f"{query}\nLIMIT {most}"
    return text if _is_query(text) else None


def is_update(text: str) -> bool:
    """Say whether a text is an update, without running it: what is put behind it is an error, whose place tells.

    >>> is_update("PREFIX x: <x:> DELETE WHERE { ?s ?p 'SELECT' }"), is_update("SELECT * {}"), is_update("hello")
    (True, False, False)
    """
    try:
        ox.Store().update(f"{text}\n{' ' * _FAR}\x01")
    except SyntaxError as error:
        place = re.match(r"error at (\d+):(\d+)", str(error))
        reached = place is not None and int(place[1]) == text.count("\n") + 2 and int(place[2]) > _FAR
        return reached and not _is_query(text + "\nASK {}")  # a prologue alone is none
    raise AssertionError("a control character was taken for a part of an update")


def parsed(query: str) -> Any:
    """Return the answer of an empty store to a query; raises `SyntaxError` where it is none."""
    return ox.Store().query(query)


def _is_query(text: str) -> bool:
    try:
        parsed(text)
    except SyntaxError:
        return False
    return True
