"""CycloneDX in XML: the same as the JSON says, and nothing hostile."""

from pathlib import Path
from typing import Any

import pytest
from clausegraph.loaders import cyclonedx

from clausegraph.ground.errors import UnreadableInput
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load
from tests.loaders.test_neighbours import by_id, document, lineage_of, read

BOM = """<?xml version="1.0"?>
<!-- a comment -->
<bom xmlns="http://cyclonedx.org/schema/bom/1.6" serialNumber="urn:uuid:1" version="1">
  <metadata><component type="application" bom-ref="app"><name>app</name></component></metadata>
  <components>
    <component type="machine-learning-model" bom-ref="chat">
      <group>acme</group><name>chat</name><version>1</version>
      <licenses><expression>MIT</expression></licenses>
      <purl>pkg:huggingface/acme/chat@1</purl>
      <externalReferences><reference type="vcs"><url>https://github.com/acme/chat</url></reference></externalReferences>
      <components><component type="file" bom-ref="weights"><name>weights.bin</name></component></components>
      <pedigree><ancestors>
        <component type="machine-learning-model"><group>acme</group><name>base</name></component>
      </ancestors></pedigree>
      <modelCard><modelParameters><datasets>
        <dataset><type>dataset</type><name>own</name><contents><url>https://example.org/own</url></contents></dataset>
        <dataset ref="talk"/>
        <ref>words</ref>
      </datasets></modelParameters></modelCard>
    </component>
    <component type="data" bom-ref="talk"><name>talk</name></component>
    <component type="data" bom-ref="words"><name>words</name></component>
  </components>
  <services><service bom-ref="api"><name>api</name></service></services>
  <dependencies>
    <dependency ref="app"><dependency ref="chat"/><dependency ref="api"/></dependency>
  </dependencies>
</bom>"""


def test_components_lineage_and_licenses_are_read_from_xml() -> None:
    found = by_id(read(cyclonedx, document(BOM, "bom.xml")))
    assert lineage_of(found["acme/chat"]) == {
        ("source", "urn:uuid:1#weights", "include", "declared"),
        ("model", "acme/base", "finetune", "inferred"),
        ("dataset", "urn:uuid:1#own", "train", "declared"),
        ("dataset", "urn:uuid:1#talk", "train", "declared"),
        ("dataset", "urn:uuid:1#words", "train", "declared"),
    }
    assert found["acme/chat"].licenses == ("MIT",)
    assert {r.parent for r in found["urn:uuid:1#app"].references} == {"acme/chat", "urn:uuid:1#api"}


def test_a_bom_in_xml_is_recognised_by_its_namespace(tmp_path: Path) -> None:
    (tmp_path / "bom.xml").write_text(BOM)
    assert load(Workspace(tmp_path / "ws"), str(tmp_path / "bom.xml")).source.artifacts == 8
    (tmp_path / "pom.xml").write_text("<project/>")
    with pytest.raises(UnreadableInput, match="no form that a loader knows"):
        load(Workspace(tmp_path / "ws"), str(tmp_path / "pom.xml"))


HEAD = '<bom xmlns="http://cyclonedx.org/schema/bom/1.6">'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (f'<!DOCTYPE bom [<!ENTITY a "b">]>{HEAD}<components/></bom>'.encode(), "declares a document type"),
        (f'<!DOCTYPE bom [<!ENTITY a "b">]>{HEAD}<components/></bom>'.encode("utf-16"), "declares a document type"),
        (f"{HEAD}<components>".encode(), "line 1, column"),
        ((HEAD + "<a>" * 1000).encode(), "nested more than"),
        (b'<bom xmlns="http://cyclonedx.org/schema/bom/1.3"><components/></bom>', "CycloneDX 1.3 is not read"),
        (f"{HEAD}<components/></bom>".encode(), "no components"),
    ],
)
def test_hostile_and_broken_xml_is_refused_with_its_reason(data: bytes, reason: str, tmp_path: Path) -> None:
    (tmp_path / "bom.xml").write_bytes(data)
    with pytest.raises(UnreadableInput, match=reason):
        load(Workspace(tmp_path / "ws"), str(tmp_path / "bom.xml"))


def test_other_xml_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    folder: Any = tmp_path / "in"
    folder.mkdir()
    (folder / "pom.xml").write_text("<project/>")
    (folder / "bom.xml").write_text(BOM)
    done = load(Workspace(tmp_path / "ws"), str(folder))
    assert (done.source.artifacts, done.source.rejected) == (8, 0)
