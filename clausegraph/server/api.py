"""The JSON API: what the command line answers, over HTTP, in the same shapes.

Every error has one shape, `{"error": {"code", "message", "fix"}, "status"}`.
"""

import asyncio
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, FastAPI, Query, Request
from fastapi.responses import JSONResponse

from clausegraph.answers.compat import Case
from clausegraph.answers.license_record import license_dict, license_row
from clausegraph.answers.profile import load_profile
from clausegraph.answers.recipe import plan_recipe
from clausegraph.ground.errors import UsageError
from clausegraph.ground.version import __version__
from clausegraph.library.assumptions import Assumptions
from clausegraph.library.codes import codes, explain
from clausegraph.library.queries import bind, find, own_limit, queries
from clausegraph.server.refusal import Refused
from clausegraph.server.state import State, client
from clausegraph.store.adoption import adherence_dict, adherence_of, adherence_query, adoption_of, adoption_queries

_SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"
Text = Annotated[str, Query(min_length=1, max_length=500)]
Assume = Annotated[
    list[Annotated[str, Query(max_length=500)]],
    Query(default_factory=list, max_length=60, description="KEY=VALUE"),
]
Reading = Literal["open", "strict", "lenient"]
ERROR = {
    "type": "object",
    "required": ["error", "status"],
    "properties": {
        "status": {"type": "integer"},
        "error": {
            "type": "object",
            "required": ["code", "message", "fix"],
            "properties": {name: {"type": "string"} for name in ("code", "message", "fix")},
        },
    },
}
#: What can go wrong, by status.
FAILURES = {
    400: "A parameter or the body cannot be understood.",
    404: "There is no such thing; the message names the nearest ones.",
    408: "The request came too slowly.",
    413: "The request or the answer is too large.",
    422: "A parameter or the body is not of the type that is described here.",
    503: "Too many requests wait.",
    504: "The query was stopped at its time limit.",
}


def _responses() -> dict[int | str, dict[str, Any]]:
    schema = {"$ref": "#/components/schemas/Error"}
    return {
        status: {"description": text, "content": {"application/json": {"schema": schema}}}
        for status, text in FAILURES.items()
    }


def published(name: str) -> dict[str, Any]:
    """Return the OpenAPI response of an answer whose schema is published under this name."""
    return {"description": "The answer.", "content": {"application/json": {"schema": _ref(name)}}}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


@cache
def components() -> dict[str, Any]:
    """Return the published schemas as components: their definitions stand beside them under names of their own."""
    found: dict[str, Any] = {"Error": ERROR}
    for path in sorted(_SCHEMAS.glob("*.json")):
        text = path.read_text(encoding="utf-8").replace("#/$defs/", f"#/components/schemas/{path.stem}-")
        schema = json.loads(text)
        for inner, part in schema.pop("$defs", {}).items():
            found[f"{path.stem}-{inner}"] = part
        for key in ("$schema", "$id"):
            schema.pop(key, None)
        found[path.stem] = schema
    return found


def _answer(schema: Any) -> dict[str, Any]:
    return {"description": "The answer.", "content": {"application/json": {"schema": schema}}}


_ROWS = {"type": "array", "items": {"type": "object"}}
_OBJECT = {"type": "object"}
_LINEAGE = {"type": "object", "required": ["root", "nodes", "data_version"], "properties": {"nodes": _ROWS}}


def routes(state: State) -> APIRouter:
    """Return the routes of the API."""
    router = APIRouter(prefix="/api", responses=_responses())

    def add(path: str, method: str, schema: dict[str, Any], function: Callable[..., Any], name: str) -> None:
        router.add_api_route(
            path, function, methods=[method], name=name, operation_id=name, responses={200: schema}, tags=["answers"]
        )

    _verdicts(state, add)
    _cases(state, add)
    _library(state, add)
    _questions(state, add)
    _counts(state, add)
    return router


def _verdicts(state: State, add: Callable[..., None]) -> None:
    """Add what judges works: artifacts with their lineage, and recipes."""
    library, answer = state.library, JSONResponse
    policy = load_profile("default")

    def check(subject: Text, assume: Assume, reading: Reading = "open") -> JSONResponse:
        """Check one artifact of the workspace, by id, address or Hub URL."""
        assumptions, _ = Assumptions.of_pairs(library, assume, reading)
        with state.catalogue() as catalogue:
            found = catalogue.subject(subject, assumptions)
        return answer(policy.apply(found.check().to_dict()))  # others may use the tables meanwhile

    def check_works(recipe: Annotated[dict[str, Any], Body()]) -> JSONResponse:
        """Judge a recipe: works, steps and a publish policy."""
        sizes = [len(part) for key in ("works", "steps") if isinstance(part := recipe.get(key), (dict, list))]
        if sum(sizes) > state.limits.recipe:
            text = f"the recipe has more than {state.limits.recipe:,} works and steps"
            raise Refused(413, "recipe-too-large", text, "Send it in parts.")
        with state.catalogue() as catalogue:
            plan = plan_recipe(library, recipe, Assumptions(library), "the recipe", catalogue)
        found = plan.check().to_dict()
        return answer({**found, "works": {name: policy.apply(work) for name, work in found["works"].items()}})

    def lineage(address: str) -> JSONResponse:
        """Show an artifact and all its ancestors with their licenses."""
        with state.catalogue() as catalogue:
            return answer(catalogue.lineage(address))

    add("/check", "GET", published("check"), check, "check")
    add("/check", "POST", published("recipe"), check_works, "check_recipe")
    add("/lineage/{address:path}", "GET", _answer(_LINEAGE), lineage, "lineage")


def _cases(state: State, add: Callable[..., None]) -> None:
    """Add what judges pairs of licenses."""
    library, answer = state.library, JSONResponse
    policy = load_profile("default")

    def compat(
        upstream: Annotated[list[str], Query(min_length=1, max_length=50)],
        via: Text,
        downstream: Annotated[list[str], Query(min_length=1, max_length=50)],
        assume: Assume,
        artifact: Text = "model",
        upstream_artifact: Annotated[str | None, Query(max_length=500)] = None,
        reading: Reading = "open",
    ) -> JSONResponse:
        """Say whether works under the upstream licenses may be reused by a relation under the downstream ones."""
        given = dict(Assumptions.of_pairs(library, assume)[0].given)
        kinds = (artifact, upstream_artifact)
        case = Case(tuple(upstream), via, tuple(downstream), *kinds, given, reading=reading)
        return answer(policy.apply(state.compat.answer(case).to_dict()))

    def compat_case(case: Annotated[dict[str, Any], Body()]) -> JSONResponse:
        """Answer one case as a line of `clausegraph compat --batch` has it."""
        return answer(policy.apply(state.compat.answer(Case.from_dict(case, library)).to_dict()))

    add("/compat", "GET", published("compat"), compat, "compat")
    add("/compat", "POST", published("compat"), compat_case, "compat_case")


def _library(state: State, add: Callable[..., None]) -> None:
    """Add what is known without any artifact: licenses, finding codes, and what answers here."""
    library, answer = state.library, JSONResponse

    def health() -> JSONResponse:
        """Say which software, legal content and snapshot answer."""
        return answer(
            {
                "version": __version__,
                "data_version": library.data_version,
                "snapshot": state.workspace.opened,
                "triples": sum(state.graphs.values()),
            }
        )

    def licenses() -> JSONResponse:
        """List the licenses of the library."""
        return answer([license_row(found) for found in library.licenses.values()])

    def license_(spelling: str) -> JSONResponse:
        """Show a license in any spelling: clauses, sections, families and facts."""
        return answer(license_dict(library, library.license(spelling)))

    def finding(code: str) -> JSONResponse:
        """Explain a finding code."""
        found = explain(code)
        return answer({name: getattr(found, name) for name in ("code", "name", "message", "definition", "severity")})

    def findings() -> JSONResponse:
        """List the finding codes."""
        return answer([{"code": c.code, "name": c.name, "severity": c.severity} for c in codes().values()])

    add("/health", "GET", _answer(_OBJECT), health, "health")
    add("/license", "GET", _answer(_ROWS), licenses, "licenses")
    add("/license/{spelling:path}", "GET", published("license"), license_, "license")
    add("/finding", "GET", _answer(_ROWS), findings, "findings")
    add("/finding/{code}", "GET", _answer(_OBJECT), finding, "finding")


def _questions(state: State, add: Callable[..., None]) -> None:
    """Add the shipped queries."""
    library, answer = state.library, JSONResponse

    def questions() -> JSONResponse:
        """List the shipped queries with their parameters and columns."""
        return answer([query.to_dict() for query in queries().values()])

    async def question(request: Request, name: str) -> JSONResponse:
        """Ask a shipped query; its parameters are given by their names, and `limit` takes the place of its own."""
        query = find(name)
        given = {key: text for key, text in request.query_params.items() if key != "limit"}
        limit = request.query_params.get("limit")
        if limit is not None and not (limit.isascii() and limit.isdigit() and len(limit) < 10):
            raise UsageError(f"limit takes a whole number, not {limit[:50]!r}")
        text = bind(query, given, library, int(limit) if limit is not None else None)
        (columns, rows), _ = await state.ask(text, client(request))
        return answer({"columns": columns, "rows": rows, "limit": int(limit) if limit else own_limit(query)})

    add("/query", "GET", _answer(_ROWS), questions, "queries")
    add("/query/{name}", "GET", _answer(_OBJECT), question, "query")


def _counts(state: State, add: Callable[..., None]) -> None:
    """Add adoption and adherence."""
    library, answer = state.library, JSONResponse

    async def adopted(
        request: Request,
        kind: Annotated[str | None, Query(max_length=100)] = None,
        before: Annotated[str | None, Query(max_length=100)] = None,
        by: Literal["license", "family", "month", "kind"] = "license",
    ) -> JSONResponse:
        """Count the licenses that works declare, of all works and of those with a license."""
        plain = library.artifact_kind(kind).name if kind is not None else None
        texts = adoption_queries(plain, before, by, library)
        found = await asyncio.gather(*(state.ask(text, client(request)) for text in texts.values()))
        answers = {name: rows for name, (rows, _) in zip(texts, found, strict=True)}
        return answer(adoption_of(library, answers).to_dict())

    async def adhered(
        request: Request,
        license_: Annotated[str | None, Query(alias="license", max_length=500)] = None,
        kind: Annotated[str | None, Query(max_length=100)] = None,
        by: Literal["license", "relation", "month"] = "license",
    ) -> JSONResponse:
        """Count what became of terms that must be passed on."""
        plain = library.artifact_kind(kind).name if kind is not None else None
        rows, _ = await state.ask(adherence_query(license_, plain, by, library), client(request))
        return answer(adherence_dict(library, by, adherence_of(library, by, rows)))

    add("/adoption", "GET", published("adoption"), adopted, "adoption")
    add("/adherence", "GET", published("adherence"), adhered, "adherence")


def describe(app: FastAPI) -> None:
    """Let the OpenAPI document of an application hold the published schemas."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        found = plain()
        found.setdefault("components", {}).setdefault("schemas", {}).update(components())
        return found

    app.openapi = openapi  # type: ignore[method-assign]  # how FastAPI says to extend it
