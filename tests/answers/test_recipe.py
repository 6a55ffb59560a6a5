"""Recipes: what is planned is judged before it is made."""

import json
from pathlib import Path

import pytest

from tests.support.running import fails, ok

RECIPE = """
works:
  corpus:     {kind: dataset, license: cc-by-nc-sa-4.0}
  translator: {kind: model, license: gpl-3.0}
steps:
  - make: translated
    kind: dataset
    from: [{work: corpus, via: modify}, {work: translator, via: generate}]
  - make: final
    kind: model
    license: apache-2.0
    from: [{work: translated, via: train}, {work: meta-llama/Llama-2-7b-hf, via: finetune}]
publish: {work: final, policy: sell, form: weights}
assume: {region: DE}
"""


def recipe(tmp_path: Path, text: str = RECIPE) -> str:
    path = tmp_path / "recipe.yaml"
    path.write_text(text)
    return str(path)


def test_a_recipe_is_judged_before_it_is_made(tmp_path: Path, place: list[str]) -> None:
    found = json.loads(ok("check", recipe(tmp_path), *place, "--format", "json", code=1))
    assert found["verdict"] == "conflict"
    assert list(found["works"]) == ["corpus", "translator", "translated", "final"]
    final = found["works"]["final"]
    keys = {"kind", "declared", "verdict", "unknown_because", "encumbrances", "findings", "obligations", "alternatives"}
    assert keys == set(final)
    assert (final["verdict"], final["unknown_because"]) == ("conflict", [])
    assert {f["license"] for f in final["findings"]} >= {"llama2", "cc-by-nc-sa-4.0"}
    assert found["works"]["translated"]["declared"] is None
    assert "cc-by-nc-sa-4.0" in found["works"]["translated"]["alternatives"]
    assert "CONFLICT" in ok("check", recipe(tmp_path), *place, code=1)


@pytest.mark.parametrize(("license_id", "expect"), [("llama2", "conflict"), ("cc-by-nc-sa-4.0", "compatible")])
def test_a_step_under_a_license_of_a_fixed_licensor_binds_the_steps_after_it(
    tmp_path: Path, license_id: str, expect: str
) -> None:
    """A recipe does not say who follows it, and nobody who is not known is Meta."""
    text = f"""
works: {{data: {{kind: dataset, license: cc0-1.0}}}}
steps:
  - {{make: base, license: {license_id}, from: [{{work: data, via: train}}]}}
  - {{make: tuned, license: mit, from: [{{work: base, via: finetune}}]}}
publish: {{work: tuned, policy: share}}
"""
    code = 1 if expect == "conflict" else 0
    found = json.loads(ok("check", recipe(tmp_path, text), "-w", str(tmp_path / "no"), "--format", "json", code=code))
    assert found["works"]["tuned"]["verdict"] == expect


@pytest.mark.parametrize(
    ("policy", "expect"), [("internal", "compatible"), ("share", "conflict"), ("sell", "conflict")]
)
def test_what_is_kept_inside_is_not_distributed(tmp_path: Path, policy: str, expect: str) -> None:
    text = f"""
works: {{base: {{license: gpl-3.0}}}}
steps: [{{make: tuned, license: mit, from: [{{work: base, via: finetune}}]}}]
publish: {{work: tuned, policy: {policy}}}
"""
    code = 1 if expect == "conflict" else 0
    found = json.loads(ok("check", recipe(tmp_path, text), "-w", str(tmp_path / "no"), "--format", "json", code=code))
    assert found["verdict"] == expect


def test_a_service_is_published_over_the_network(tmp_path: Path) -> None:
    text = """
works: {base: {license: gpl-3.0}}
steps: [{make: tuned, license: proprietary, from: [{work: base, via: finetune}]}]
publish: {work: tuned, policy: share, form: service}
"""
    found = json.loads(ok("check", recipe(tmp_path, text), "-w", str(tmp_path / "no"), "--format", "json"))
    assert found["verdict"] == "compatible"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("works: [", "Fix the YAML"),
        ("colors: {}", "neither `works` nor `steps`"),
        ("works: {a: {license: mti}}", "Did you mean mit"),
        ("works: {a: {kind: song}}", "has the kind 'song'"),
        ("works: {a: {}}\nsteps: [{make: b, from: [{work: a, via: borrow}]}]", "Relations are adapter"),
        ("works: {a: {}}\nsteps: [{make: b, from: [{work: c, via: copy}]}]", "no work of the recipe"),
        ("works: {a: {}}\nsteps: [{make: a, from: []}]", "no name of its own"),
        ("works: {a: {}}\npublish: {work: b}", "names 'b'"),
        ("works: {a: {}}\npublish: {work: a, policy: give}", "the policy 'give'"),
    ],
)
def test_a_recipe_that_is_wrong_names_file_place_and_fix(
    tmp_path: Path, text: str, part: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, err = fails(capsys, monkeypatch, "check", recipe(tmp_path, text), "-w", str(tmp_path / "no"))
    assert code in (2, 3)
    assert part in err
    assert "recipe.yaml" in err
