"""The licenses of a CycloneDX component: declared, concluded, and in evidence; ids, names, expressions, URLs, texts."""

import base64
import binascii
from typing import Any

from clausegraph.loaders.document import Context, mapping, mappings
from clausegraph.loaders.tags import strings
from clausegraph.loaders.terms import Stated, Terms, read_terms


def terms_of(component: dict[str, Any], context: Context) -> Terms:
    """Return the terms of a component; raises `ValueError` where a license is no object."""
    declared: list[Stated] = []
    concluded: list[Stated] = []
    for choice in _choices(component.get("licenses")):
        license_, stated = _stated(choice)
        (concluded if license_.get("acknowledgement") == "concluded" else declared).append(stated)
    observed = [_stated(choice)[1] for choice in _choices(mapping(component.get("evidence")).get("licenses"))]
    return read_terms(context, declared, concluded, observed)


def _choices(value: Any) -> list[dict[str, Any]]:
    """Return the entries of `licenses`; raises `ValueError` for one that is no object, so that none is passed over."""
    if value is None:
        return []
    found = mappings(value)
    if not isinstance(value, list) or len(found) != len(value):
        raise ValueError("`licenses` is a list of objects with `license` or `expression`")
    return found


def _stated(choice: dict[str, Any]) -> tuple[dict[str, Any], Stated]:
    inner = choice.get("license")
    license_ = inner if isinstance(inner, dict) else choice
    value = license_.get("expression") or license_.get("id") or license_.get("name") or inner
    if not isinstance(value, str):
        raise ValueError("a license has neither `id` nor `name` nor `expression`")
    names = license_.get("name") if license_.get("id") else None
    also = (license_.get("url"), names, *strings(mapping(license_.get("licensing")).get("altIds") or []))
    parts = tuple(_part(one) for one in mappings(license_.get("expressionDetails")))
    return license_, Stated(value, tuple(one for one in also if isinstance(one, str)), _text(license_), parts)


def _part(detail: dict[str, Any]) -> tuple[str, Stated]:
    url = detail.get("url")
    return str(detail.get("licenseIdentifier")), Stated(also=(url,) if isinstance(url, str) else (), text=_text(detail))


def _text(holder: dict[str, Any]) -> str | None:
    """Return the text of a license, which may be in Base64; what cannot be decoded is kept as it stands."""
    attachment = mapping(holder.get("text"))
    content = attachment.get("content")
    if isinstance(content, str) and attachment.get("encoding") == "base64":
        try:
            return base64.b64decode(content, validate=False).decode("utf-8", errors="replace")
        except binascii.Error:
            return content
    return content if isinstance(content, str) else None
