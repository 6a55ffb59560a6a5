"""The types of JSON answers say what the published schemas say: keys, which of them are always there, and values."""

import json
from types import NoneType, UnionType
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

import pytest

from clausegraph.ground import choice_types, compose_types, record_types, verdict_types
from tests.support.paths import ROOT

SCHEMAS = ROOT / "clausegraph" / "schemas"
_NAMES = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}
#: What a schema, or a type, says, in a form in which both can be compared.
Shape = Any


def typed(name: str) -> type:
    """Return the type of the answer of a schema."""
    own = "".join(word.title() for word in name.split("-")) + "Answer"
    (found,) = {
        getattr(module, own)
        for module in (verdict_types, choice_types, compose_types, record_types)
        if hasattr(module, own)
    }
    return found  # type: ignore[no-any-return]  # a module's attributes have no type


def of_type(found: Any) -> Shape:
    """Return the shape of a type."""
    if is_typeddict(found):
        hints = get_type_hints(found, include_extras=True)
        optional = {key for key, hint in hints.items() if get_origin(hint) is NotRequired}
        inner = {key: get_args(hint)[0] if key in optional else hint for key, hint in hints.items()}
        return "object", {key: (key not in optional, of_type(hint)) for key, hint in inner.items()}
    origin, arguments = get_origin(found), get_args(found)
    if origin in (Union, UnionType):
        return _either(of_type(one) for one in arguments)
    if origin is Literal:
        return _either(("value", one) for one in arguments)
    if origin is list:
        return "list", of_type(arguments[0])
    if origin is dict:
        return "map", of_type(arguments[1])
    return "any" if found is Any else _NAMES[found]


def of_schema(found: dict[str, Any], root: dict[str, Any]) -> Shape:
    """Return the shape of a schema."""
    if "$ref" in found:
        return of_schema(root["$defs"][found["$ref"].rpartition("/")[2]], root)
    if "const" in found or "enum" in found:
        values = found.get("enum", [found.get("const")])
        return _either("null" if value is None else ("value", value) for value in values)
    if "anyOf" in found:
        return _either(of_schema(one, root) for one in found["anyOf"])
    if isinstance(found.get("type"), list):
        return _either(of_schema(found | {"type": one}, root) for one in found["type"])
    if "properties" in found and found.get("type") == "object":
        required = set(found.get("required", ()))
        return "object", {key: (key in required, of_schema(one, root)) for key, one in found["properties"].items()}
    if found.get("type") == "object":
        values = found.get("additionalProperties")
        return "map", of_schema(values, root) if isinstance(values, dict) else "any"
    if found.get("type") == "array":
        return "list", of_schema(found["items"], root) if "items" in found else "any"
    return found.get("type", "any")


def _either(shapes: Any) -> Shape:
    """Return the one shape, or all of them in an order of their own."""
    flat: list[Shape] = []
    for shape in shapes:
        flat += shape[1] if isinstance(shape, tuple) and shape[0] == "either" else [shape]
    return flat[0] if len(flat) == 1 else ("either", sorted(flat, key=repr))


@pytest.mark.parametrize("name", sorted(path.stem for path in SCHEMAS.glob("*.json")))
def test_the_type_of_an_answer_says_what_its_schema_says(name: str) -> None:
    schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    assert of_type(typed(name)) == of_schema(schema, schema)


def test_a_key_a_value_and_what_may_be_missing_are_told_apart() -> None:
    schema = {"type": "object", "required": ["a"], "properties": {"a": {"enum": ["x", None]}, "b": {"type": "integer"}}}
    shape = of_schema(schema, schema)
    for changed in (
        schema | {"required": ["a", "b"]},
        schema | {"properties": {"a": {"enum": ["x"]}, "b": {"type": "integer"}}},
        schema | {"properties": {"a": {"enum": ["x", None]}, "b": {"type": "number"}}},
        schema | {"properties": {"a": {"enum": ["x", None]}}},
    ):
        assert of_schema(changed, changed) != shape
