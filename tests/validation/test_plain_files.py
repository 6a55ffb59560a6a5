"""Files of others: what is read, what counts as judged, and when a report passes."""

from pathlib import Path

import pytest

from clausegraph.ground.errors import UnreadableInput
from clausegraph.validation import plain_files
from clausegraph.validation.plain_files import Report, _judged, _strange, read_graph
from clausegraph.validation.shacl import Result

CG = "https://w3id.org/clausegraph/ns#"
PREFIX = f"@prefix cg: <{CG}> . @prefix : <https://example.org/> .\n"


def result(severity: str) -> Result:
    return Result("urn:work", "CG204", "urn:path", "urn:clause", severity)


@pytest.mark.parametrize(
    ("severities", "judged", "strange", "conforms", "passes"),
    [
        ([], 1, (), True, True),
        ([], 0, (), False, False),
        ([], 1, ("urn:odd",), False, False),
        (["Info"], 1, (), False, True),
        (["Info"], 0, (), False, False),
        (["Info", "Warning"], 1, (), False, False),
        (["Violation"], 1, (), False, False),
    ],
)
def test_a_report_passes_with_open_conditions_only_and_conforms_with_nothing_found_in_what_was_judged(
    severities: list[str], judged: int, strange: tuple[str, ...], conforms: bool, passes: bool
) -> None:
    report = Report("f.ttl", [result(s) for s in severities], "", judged, strange)
    assert (report.conforms, report.passes) == (conforms, passes)
    assert report.to_dict()["conforms"] is conforms
    assert len(report.to_dict()["results"]) == len(severities)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.jsonld", "{}", "of this kind"),
        ("a", "", "of this kind"),
        ("a.ttl", "<urn:a> <urn:b", "no readable RDF"),
        ("a.nt", "<urn:a> a <urn:b> .", "no readable RDF"),
        ("a.ttl", None, "no such file"),
    ],
)
def test_a_file_of_another_kind_or_that_is_damaged_or_missing_is_named(
    name: str, text: str | None, reason: str, tmp_path: Path
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(UnreadableInput, match=reason) as caught:
        read_graph(tmp_path / name)
    assert name in str(caught.value)


def test_a_file_of_exactly_the_largest_size_is_read_and_one_byte_more_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "A.TTL"
    path.write_text("<urn:a> <urn:b> <urn:c> .")
    monkeypatch.setattr(plain_files, "MAX", path.stat().st_size)
    assert len(read_graph(path)) == 1
    monkeypatch.setattr(plain_files, "MAX", path.stat().st_size - 1)
    with pytest.raises(UnreadableInput, match="larger"):
        read_graph(path)


def test_a_work_is_judged_once_where_its_license_or_an_origin_is_said_and_its_name_alone_says_nothing(
    tmp_path: Path,
) -> None:
    path = tmp_path / "it.ttl"
    for text, works in (
        ("", 0),
        (":a a cg:Model ; cg:name 'x' .", 0),
        (":a cg:declaredLicense :l .", 1),
        (":a cg:declaredLicense :l , :k ; cg:finetunes :b .", 1),
        (":a cg:derivesFrom :b . :c cg:finetunesOwn :b .", 2),
    ):
        path.write_text(PREFIX + text)
        assert _judged(read_graph(path)) == works


def test_a_misspelled_term_of_ours_is_strange_and_a_term_of_others_is_not(tmp_path: Path) -> None:
    path = tmp_path / "it.ttl"
    path.write_text(
        PREFIX + ":a a cg:Model , cg:Modell , :Modell ; cg:finetunes :b ; cg:finetuned :b ; :finetuned :b ."
    )
    assert _strange(read_graph(path)) == (CG + "Modell", CG + "finetuned")
    path.write_text(PREFIX + ":a :b cg:Modell .")
    assert _strange(read_graph(path)) == (), "what is only spoken of is no use of a term"
