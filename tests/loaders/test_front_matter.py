"""YAML from outside, and front matter as the Hub reads it."""

import pytest
from clausegraph.loaders.front_matter import front_matter, load_yaml, second_front_matter


@pytest.mark.parametrize(
    "value",
    ["!!bool abc", "!!timestamp abc", "!!int abc", "!!float abc", "1" * 5000, "!!python/tuple [1]"],
)
def test_a_value_that_the_library_cannot_take_is_an_error_with_its_line(value: str) -> None:
    with pytest.raises(ValueError, match="line 2"):
        load_yaml(f"a: 1\nb: {value}")
    with pytest.raises(ValueError, match="line 3"):
        front_matter(f"---\na: 1\nb: {value}\n---\n")


def test_a_value_that_it_can_take_is_none() -> None:
    assert load_yaml("b: !!int 3") == {"b": 3}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\nlicense: mit\n---\n---\nlicense: gpl-3.0\n---\n", ({"license": "gpl-3.0"}, 5)),
        ("---\nlicense: mit\n---\n\n---\nBase_Model: a/b\ntitle: x\n---\n", ({"base_model": "a/b"}, 6)),
        ("---\nlicense: mit\n---\n\n---\ntitle: x\n---\n", ({}, 6)),
        *(
            (f"---\nlicense: mit\n---\n{rest}", ({}, 0))
            for rest in ("", "---\nlicense: gpl-3.0\n", "x\n---\na: 1\n---\n")
        ),
        ("---\nlicense: mit\n---\n---\n# Title\n\nlicense: see: below\n---\n", ({}, 0)),
        ("# Title", ({}, 0)),
    ],
)
def test_a_second_front_matter_right_behind_the_first_is_seen(text: str, expected: tuple[dict[str, str], int]) -> None:
    assert second_front_matter(text) == expected
