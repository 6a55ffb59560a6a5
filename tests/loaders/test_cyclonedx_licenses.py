"""The license fields of CycloneDX 1.5 to 1.7: each form, in JSON and in XML, and where it goes."""

import base64
import json
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest
from clausegraph.loaders import cyclonedx
from clausegraph.loaders.records import Artifact, Identified

from clausegraph.library import Library
from tests.loaders.test_neighbours import document, read

BY_NC = "https://creativecommons.org/licenses/by-nc/4.0/"


def in_json(licenses: list[Any], evidence: list[Any]) -> Artifact:
    component = {"type": "machine-learning-model", "bom-ref": "chat", "name": "chat", "licenses": licenses}
    if evidence:
        component["evidence"] = {"licenses": evidence}
    bom = {"bomFormat": "CycloneDX", "specVersion": "1.7", "serialNumber": "urn:uuid:1", "components": [component]}
    (found,) = read(cyclonedx, document(bom))
    assert isinstance(found, Artifact)
    return found


def _xml(choice: dict[str, Any]) -> str:
    """Return an entry of `licenses` as the XML schema has it."""

    def text(holder: dict[str, Any]) -> str:
        if "text" not in holder:
            return ""
        encoding = f" encoding={quoteattr(holder['text']['encoding'])}" if "encoding" in holder["text"] else ""
        return f"<text{encoding}>{escape(holder['text']['content'])}</text>"

    def plain(holder: dict[str, Any], *keys: str) -> str:
        return "".join(f"<{key}>{escape(holder[key])}</{key}>" for key in keys if key in holder)

    holder = choice.get("license", choice)
    said = f" acknowledgement={quoteattr(holder['acknowledgement'])}" if "acknowledgement" in holder else ""
    if "license" in choice:
        ids = holder.get("licensing", {}).get("altIds", [])
        more = f"<licensing><altIds>{''.join(f'<altId>{i}</altId>' for i in ids)}</altIds></licensing>" if ids else ""
        return f"<license{said}>{plain(holder, 'id', 'name')}{text(holder)}{plain(holder, 'url')}{more}</license>"
    if "expressionDetails" in choice:
        parts = "".join(
            f"<details license-identifier='{one['licenseIdentifier']}'>{text(one)}{plain(one, 'url')}</details>"
            for one in choice["expressionDetails"]
        )
        return f"<expression-detailed{said} expression={quoteattr(choice['expression'])}>{parts}</expression-detailed>"
    return f"<expression{said}>{escape(choice['expression'])}</expression>"


def in_xml(licenses: list[Any], evidence: list[Any]) -> Artifact:
    inner = "".join(map(_xml, licenses))
    seen = f"<evidence><licenses>{''.join(map(_xml, evidence))}</licenses></evidence>" if evidence else ""
    bom = (
        '<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.7" serialNumber="urn:uuid:1"><components>'
        f'<component type="machine-learning-model" bom-ref="chat"><name>chat</name><licenses>{inner}</licenses>{seen}'
        "</component></components></bom>"
    )
    (found,) = read(cyclonedx, document(bom, "bom.xml"))
    assert isinstance(found, Artifact)
    return found


#: Entries of `licenses`, and the license in our names.
FORMS: dict[str, tuple[list[Any], list[str]]] = {
    "id": ([{"license": {"id": "Apache-2.0"}}], ["apache-2.0"]),
    "name": ([{"license": {"name": "Apache License 2.0"}}], ["apache-2.0"]),
    "expression": ([{"expression": "MIT OR CC-BY-NC-4.0"}], ["mit OR cc-by-nc-4.0"]),
    "name and url": ([{"license": {"name": "See link", "url": BY_NC}}], ["cc-by-nc-4.0"]),
    "a known name and a url": ([{"license": {"name": "MIT", "url": BY_NC}}], ["mit"]),
    "text": ([{"license": {"name": "Ours", "text": {"content": "the text of BY-NC"}}}], ["cc-by-nc-4.0"]),
    "alternative ids": ([{"license": {"name": "Ours", "licensing": {"altIds": ["x", "MIT"]}}}], ["mit"]),
    "several": ([{"license": {"id": "MIT"}}, {"license": {"id": "Apache-2.0"}}], ["mit", "apache-2.0"]),
    "a mix of forms": (
        [{"license": {"id": "Apache-2.0"}}, {"expression": "MIT OR CC-BY-4.0"}, {"license": {"name": "Ours"}}],
        ["apache-2.0", "mit OR cc-by-4.0", "other"],
    ),
    "details by url": (
        [
            {
                "expression": "LicenseRef-x AND MIT",
                "expressionDetails": [{"licenseIdentifier": "LicenseRef-x", "url": BY_NC}],
            }
        ],
        ["cc-by-nc-4.0 AND mit"],
    ),
    "details by text": (
        [
            {
                "expression": "LicenseRef-x",
                "expressionDetails": [{"licenseIdentifier": "LicenseRef-x", "text": {"content": "the text of BY-NC"}}],
            }
        ],
        ["cc-by-nc-4.0"],
    ),
    "concluded alone": ([{"license": {"id": "MIT", "acknowledgement": "concluded"}}], ["mit"]),
    "declared and concluded": (
        [{"expression": "MIT", "acknowledgement": "declared"}, {"expression": "X11", "acknowledgement": "concluded"}],
        ["mit"],
    ),
    "nothing asserted": ([{"expression": "NOASSERTION"}], []),
}


@pytest.fixture(autouse=True)
def texts(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {"the text of BY-NC": Identified("cc-by-nc-4.0", sure=100.0)}
    monkeypatch.setattr("clausegraph.workspace.context.identify", lambda text: found.get(text.strip(), Identified()))


@pytest.mark.parametrize("read_form", [in_json, in_xml])
@pytest.mark.parametrize("form", FORMS)
def test_each_form_of_a_license_is_read(form: str, read_form: Any, library: Library) -> None:
    licenses, expected = FORMS[form]
    found = list(read_form(licenses, []).licenses)
    assert library.names.declared(found) == library.names.declared(expected), found


@pytest.mark.parametrize("form", FORMS)
def test_json_and_xml_say_the_same(form: str) -> None:
    licenses, _ = FORMS[form]
    evidence = [{"license": {"id": "GPL-3.0-only"}}]
    assert in_json(licenses, evidence) == in_xml(licenses, evidence)


def test_what_was_seen_stands_beside_what_is_declared_and_counts_where_nothing_is() -> None:
    seen = [{"license": {"id": "GPL-3.0-only"}}]
    both = in_json([{"license": {"id": "MIT"}}], seen)
    assert both.licenses == ("MIT",)
    assert ("catalogue", "GPL-3.0-only", "observed") in {(s.place, s.value, s.name) for s in both.statements}
    assert in_json([], seen).licenses == ("GPL-3.0-only",)


def test_a_url_that_says_another_license_than_the_name_is_kept() -> None:
    found = in_json([{"license": {"name": "MIT", "url": BY_NC}}], [])
    assert BY_NC in {s.value for s in found.statements}


def test_a_text_in_base64_is_decoded() -> None:
    packed = {"content": base64.b64encode(b"the text of BY-NC").decode(), "encoding": "base64"}
    assert in_json([{"license": {"name": "Ours", "text": packed}}], []).licenses == ("cc-by-nc-4.0",)
    assert in_xml([{"license": {"name": "Ours", "text": packed}}], []).licenses == ("cc-by-nc-4.0",)


@pytest.mark.parametrize("licenses", ["MIT", ["MIT"], [{}], [{"license": {}}], {"license": {"id": "MIT"}}])
def test_licenses_of_no_form_are_put_aside_with_their_reason(licenses: Any) -> None:
    from clausegraph.workspace.load import context

    component = {"type": "library", "name": "x", "licenses": licenses}
    bom = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [component]}
    rejected: list[Any] = []
    assert list(cyclonedx.read(document(bom), context(rejected.append))) == []
    assert "license" in rejected[0].reason
    assert json.loads(rejected[0].text)["name"] == "x"
