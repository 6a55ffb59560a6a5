"""An answer of the guide names what a composed license is made of; the types are held in `test_verdict_types.py`."""

from clausegraph.ground.compose_types import ComposeAnswer, ComposeChoice, GuideAnswer, GuideOption


def test_the_guide_ends_in_what_composing_takes() -> None:
    assert {"options", "licenses", "wishes"} <= set(GuideAnswer.__annotations__) & set(GuideOption.__annotations__)
    assert "options" in ComposeChoice.__annotations__
    assert set(GuideAnswer.__annotations__) & set(ComposeAnswer.__annotations__) >= {"code", "nearest", "permalink"}
