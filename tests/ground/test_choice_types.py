"""A finding against a license holds what findings hold; the types are held in `test_verdict_types.py`."""

from clausegraph.ground.choice_types import ChooseAgainst, ChooseDuty
from clausegraph.ground.verdict_types import ClauseDuty, ClauseFinding


def test_what_stands_against_a_license_is_a_finding_without_its_remedy_and_with_its_origins() -> None:
    assert set(ChooseAgainst.__annotations__) == set(ClauseFinding.__annotations__) - {"remedy"} | {"origins"}
    assert set(ChooseDuty.__annotations__) == set(ClauseDuty.__annotations__) | {"origin"}
