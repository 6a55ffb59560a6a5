"""Each answer has one type, and stands in one of the four modules; what it says is held in `test_verdict_types.py`."""

from clausegraph.ground import choice_types, compose_types, record_types, verdict_types
from tests.support.paths import ROOT


def test_every_schema_has_one_type_and_every_answer_a_schema() -> None:
    names = [
        name
        for module in (verdict_types, choice_types, compose_types, record_types)
        for name in vars(module)
        if name.endswith("Answer")
    ]
    schemas = {path.stem for path in (ROOT / "clausegraph" / "schemas").glob("*.json")}
    assert sorted(names) == sorted("".join(word.title() for word in name.split("-")) + "Answer" for name in schemas)
