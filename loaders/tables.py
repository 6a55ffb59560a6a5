"""The Arrow schemas of the tables that keep the records of loaders."""

import pyarrow as pa

_ARTIFACTS = pa.schema(
    [
        ("kind", pa.string()),
        ("id", pa.string()),
        ("licenses", pa.list_(pa.string())),
        ("license_name", pa.string()),
        ("license_link", pa.string()),
        ("created_at", pa.string()),
        ("downloads", pa.int64()),
        ("access", pa.string()),
        ("place", pa.string()),
        ("resolved", pa.bool_()),
    ]
)
_REFERENCES = pa.schema(
    [
        ("child_kind", pa.string()),
        ("child", pa.string()),
        ("parent_kind", pa.string()),
        ("parent", pa.string()),
        ("relation", pa.string()),
        ("basis", pa.string()),
        ("place", pa.string()),
    ]
)
_STATEMENTS = pa.schema(
    [
        ("kind", pa.string()),
        ("id", pa.string()),
        ("place", pa.string()),
        ("value", pa.string()),
        ("name", pa.string()),
        ("more", pa.bool_()),
    ]
)
_RENAMES = pa.schema([("kind", pa.string()), ("id", pa.string()), ("now", pa.string()), ("reason", pa.string())])
#: The tables of a source by name.
SCHEMAS = {"artifacts": _ARTIFACTS, "references": _REFERENCES, "statements": _STATEMENTS, "renames": _RENAMES}
