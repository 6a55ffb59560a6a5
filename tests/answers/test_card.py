"""A local card as a subject that can be judged."""

from pathlib import Path

from clausegraph.answers.card import card_subject
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions


def test_a_card_that_names_itself_as_its_base_says_nothing_and_is_told(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "models--acme--tuned"
    folder.mkdir()
    (folder / "README.md").write_text("---\nlicense: mit\nbase_model: acme/tuned@main\n---\n")
    subject = card_subject(library, folder, Assumptions(library))
    assert subject.node.edges == ()
    assert [(note.code, note.subject) for note in subject.notes if note.code == "CG112"] == [("CG112", "acme/tuned")]
    (folder / "README.md").write_text("---\nlicense: mit\nbase_model: acme/other\n---\n")
    subject = card_subject(library, folder, Assumptions(library))
    assert [edge.parent for edge in subject.node.edges] != []
    assert [note for note in subject.notes if note.code == "CG112"] == []
