"""What the text of a card says: cards made by trainers state parents, other texts give hints that are no parents."""

from pathlib import Path

import pytest
from clausegraph.loaders.card import read_card
from clausegraph.loaders.prose import hints, stated
from clausegraph.loaders.records import Rejected

from clausegraph.workspace.context import context

MADE = "<!-- This model card has been generated automatically according to the information the Trainer had. -->\n"
TRL = "\nThis model has been trained using [TRL](https://github.com/huggingface/trl)."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "a fine-tuned version of [a/b](https://hf.co/a/b) on the imdb dataset.",
            [("a/b", "model"), ("imdb", "dataset")],
        ),
        ("a fine-tuned version of [./out](https://hf.co/./out) on an unknown dataset.", [("./out", "model")]),
        ("a fine-tuned version of [a/b](x) on the x, the y and the z datasets.", ["a/b", "x", "y", "z"]),
        ("trained from scratch on the imdb dataset.", [("imdb", "dataset")]),
        ("finetuned from **a/b** on the **c/d** dataset.", [("a/b", "model"), ("c/d", "dataset")]),
        ("a fine-tuned version of [a/b](x) on the [c/d](https://hf.co/datasets/c/d) dataset.", ["a/b", "c/d"]),
        ("a fine-tuned version of [a/b](x). It runs on the phone. A dataset follows.", [("a/b", "model")]),
        ("a model.", []),
    ],
)
def test_a_card_that_a_trainer_made_names_base_and_data(text: str, expected: list[tuple[str, str] | str]) -> None:
    for card in (MADE + text, text + TRL):
        found = [(r.parent, r.parent_kind) for r in stated(card)]
        assert found == [e if isinstance(e, tuple) else (e, "dataset" if e != "a/b" else "model") for e in expected]
        assert {(r.basis, r.place) for r in stated(card)} <= {("inferred", "card")}
    assert list(stated(text)) == [], "the same words of a person state nothing"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It was fine-tuned from meta-llama/Llama-2-7b-hf.", [(1, "model", "meta-llama/Llama-2-7b-hf")]),
        ("\n\nfine-tuned version of https://huggingface.co/a/b on x", [(3, "model", "a/b")]),
        ("generated with `Acme-2/gen`", [(1, "model", "Acme-2/gen")]),
        ("derived from https://huggingface.co/datasets/a/b", [(1, "dataset", "a/b")]),
        ("distilled from Acme/big and Acme/huge", [(1, "model", "Acme/big"), (1, "model", "Acme/huge")]),
        ("finetuned on the `Acme/c4` dataset", [(1, "dataset", "Acme/c4")]),
        *((text, []) for text in ("merged and/or split", "built from src/main.py", "compare Acme/big", "fine-tuned.")),
        ("It was fine-tuned with care.\nSee Acme/big.", []),
    ],
)
def test_words_of_people_hint_at_what_a_thing_was_made_from(text: str, expected: list[tuple[int, str, str]]) -> None:
    assert list(hints(text)) == expected


def test_a_hint_is_told_with_its_line_and_is_no_parent_and_what_the_card_names_is_no_hint(tmp_path: Path) -> None:
    told: list[Rejected] = []
    text = "# A model\nIt was fine-tuned from Acme/base.\n"
    (tmp_path / "README.md").write_text(f"---\nlicense: mit\n---\n{text}")
    artifact = read_card(tmp_path, context(told.append))
    assert artifact.references == ()
    assert [(one.line, one.text) for one in told] == [(5, "Acme/base")]
    told.clear()
    (tmp_path / "README.md").write_text(f"---\nlicense: mit\nbase_model: acme/base@main\n---\n{text}")
    read_card(tmp_path, context(told.append))
    assert told == []
