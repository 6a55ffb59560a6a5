"""Where faults can be put: in Python by the operators of Cosmic Ray, in Turtle and SPARQL by our own few."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator


def _tests(*names: str) -> str:
    return " ".join(f"tests/{folder}/test_{name}.py" for folder, _, name in (one.partition("/") for one in names))


#: Modules by the tests that plausibly look at them.
PYTHON = {
    (
        *("reasoning/judge", "reasoning/judge_situation", "reasoning/outcomes", "reasoning/own", "reasoning/parts"),
        *("reasoning/features", "reasoning/refusals", "library/assumptions"),
    ): _tests("law/reach", "properties/edges", "reasoning/situations", "answers/compat", "law/verdicts", "law/reviews"),
    ("reasoning/closure", "reasoning/trace", "reasoning/burdens", "reasoning/situations", "workspace/lineage"): _tests(
        "properties/edges", "reasoning/situations", "loaders/load", "properties/differential", "law/reach"
    ),
    ("library/names",): _tests("library/names", "properties/edges", "answers/compat"),
    ("choosing/choose", "choosing/guide", "choosing/wishes"): _tests("properties/edges", "choosing/choosing"),
    ("loaders/card", "loaders/tags", "loaders/spdx", "loaders/cyclonedx", "loaders/document"): _tests(
        "loaders/load", "loaders/neighbours", "loaders/document", "properties/edges", "workspace/sources"
    ),
    ("store/parsing",): _tests("server/hostile_queries"),
}
#: Operators that make sense in typed code: those on `|` and `+` mostly hit types and texts.
OPERATORS = (
    *("AddNot", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd"),
    *("ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "ZeroIterationForLoop", "NumberReplacer"),
    *("ReplaceUnaryOperator_Delete_Not", "ReplaceComparisonOperator_Eq_NotEq", "ReplaceComparisonOperator_Lt_LtE"),
    *("ReplaceComparisonOperator_LtE_Lt", "ReplaceComparisonOperator_Gt_GtE", "ReplaceComparisonOperator_GtE_Gt"),
    *("ReplaceComparisonOperator_Is_IsNot", "ReplaceComparisonOperator_IsNot_Is"),
)
LAW = _tests(
    "law/facts", "law/sections", "law/reach", "law/reviews", "answers/compat", "texts/evidence", "store/queries"
)
#: Shapes, rules, checks and queries by the tests that look at them; the first folder that fits counts.
FILES = {
    "shapes/": _tests("validation/constraints", "validation/shapes", "properties/edges", "law/facts"),
    "queries/checks/": _tests("compile/checks"),
    "queries/rules/": _tests(
        "law/reach", "properties/lineages", "properties/differential", "law/facts", "store/oracles"
    ),
    "queries/": _tests("store/oracles", "store/queries"),
}


@dataclass(frozen=True)
class Fault:
    """One fault: in which group and file, what it is, how the text of the file becomes another, and who looks there.

    `builds` says that the generated files have to be built before anybody can see it.
    """

    group: str
    file: str
    what: str
    change: Callable[[str], str | None]
    tests: str
    builds: bool = False


def python_faults(root: Path) -> Iterator[Fault]:
    """Yield every fault in the Python of judging, reach, lineage, names, choosing, loaders and the guard."""
    for names, tests in PYTHON.items():
        for name in names:
            file = f"clausegraph/{name}.py"
            package, _, module = name.partition("/")
            own = f"tests/{package}/test_{module}.py"
            where = f"{own} {tests}" if (root / own).exists() else tests
            nodes = list(ast_nodes(get_ast((root / file).read_text(encoding="utf-8"))))
            for key in OPERATORS:
                operator = get_operator(f"core/{key}")()
                for place in range(sum(len(list(operator.mutation_positions(node))) for node in nodes)):
                    yield Fault("engine", file, f"{key} {place}", _mutation(key, place), where)


def _mutation(key: str, place: int) -> Callable[[str], str | None]:
    return lambda text: mutate_code(text, get_operator(f"core/{key}")(), place)


def _at(pattern: str, place: int, new: Callable[[re.Match[str]], str]) -> Callable[[str], str | None]:
    def change(text: str) -> str | None:
        found = list(re.finditer(pattern, text))
        if place >= len(found):
            return None
        match = found[place]
        return text[: match.start()] + new(match) + text[match.end() :]

    return change


def _each(
    group: str,
    path: Path,
    root: Path,
    what: str,
    pattern: str,
    new: Callable[[re.Match[str]], str],
    tests: str,
    builds: bool,
) -> Iterator[Fault]:
    count = len(re.findall(pattern, path.read_text(encoding="utf-8")))
    for place in range(count):
        file = path.relative_to(root).as_posix()
        yield Fault(group, file, f"{what} {place}", _at(pattern, place, new), tests, builds)


def _without(match: re.Match[str]) -> str:
    """Return a list of objects without its last one."""
    return match[1] + " , ".join(match[2].split(" , ")[:-1]) + match[3]


#: Faults in what is known of licenses: what, where, what stands there then.
IN_LAW: tuple[tuple[str, str, Callable[[re.Match[str]], str]], ...] = (
    ("a reach that is settled becomes contested", r"cg:reachesForm (?=form)", lambda m: "cg:mayReachForm "),
    ("a reach that is contested becomes settled", r"cg:mayReachForm (?=form)", lambda m: "cg:reachesForm "),
    ("a form is no longer reached", r"(cg:(?:mayR|r)eachesForm )((?:form:\w+ , )+form:\w+)( ;)", _without),
    ("a carrier is doubted", r"certainty:settled", lambda m: "certainty:contested"),
    ("a number has one zero less", r"(rightOperand \d+)0\b", lambda m: m[1]),
    ("a section is another", r'(cg:section "[^"]*?)(\w)"', lambda m: f'{m[1]}{"x" if m[2].isalpha() else 9}"'),
    ("a clause is left out", r"(cg:hasClause )(<[^;]+>)( [;.])", _without),
    ("a restriction is left out", r"(cg:imposes )([^;]+)( ;)", _without),
    ("a license that carries is left out", r"(cg:carrierLicense )((?:\S+ , )+\S+)( ;)", _without),
    ("a trigger is another", r"trigger:distribution(?= ;)", lambda m: "trigger:network"),
    ("a condition is dropped", r"\n    cg:unless [^;.]+(?= ;)", lambda m: ""),
)
IN_SPARQL: tuple[tuple[str, str, Callable[[re.Match[str]], str]], ...] = (
    ("what must not be there must", r"FILTER NOT EXISTS", lambda m: "FILTER EXISTS"),
    ("at least becomes more than", r">=", lambda m: ">"),
    ("equal becomes unequal", r"(?<=\?\w) = (?=\?|\d)", lambda m: " != "),
    ("a branch is gone", r"\} UNION \{[^{}]*\}", lambda m: "}"),
    ("a property is another", r"cg:binds\b", lambda m: "cg:mayBind"),
)
IN_SHAPES: tuple[tuple[str, str, Callable[[re.Match[str]], str]], ...] = (
    ("a severity is milder", r"sh:severity sh:(Violation|Warning)", lambda m: "sh:severity sh:Info"),
    ("a minimum is gone", r"\n    sh:minCount 1 ;", lambda m: ""),
    ("a maximum is gone", r"\n    sh:maxCount 1 ;", lambda m: ""),
    ("a pattern is gone", r"\n    sh:pattern [^\n]*;", lambda m: ""),
    ("a class is gone", r"\n    sh:class [^\n]*;", lambda m: ""),
    ("a datatype is gone", r"\n    sh:datatype [^\n]*;", lambda m: ""),
)


def law_faults(root: Path, licenses: set[str]) -> Iterator[Fault]:
    """Yield every fault in the files of some licenses."""
    for path in sorted((root / "ontology" / "licenses").glob("*.ttl")):
        if path.stem in licenses:
            for what, pattern, new in IN_LAW:
                yield from _each("law", path, root, what, pattern, new, LAW, builds=True)


def shape_faults(root: Path) -> Iterator[Fault]:
    """Yield every fault in shapes, in rules, in queries and in the checks of the ontology."""
    for folder, pattern_of, faults in (("shapes", "*.ttl", IN_SHAPES), ("queries", "*.rq", IN_SPARQL)):
        for path in sorted((root / folder).rglob(pattern_of)):
            name = path.relative_to(root).as_posix()
            tests = next(tests for start, tests in FILES.items() if name.startswith(start))
            for what, pattern, new in faults:
                builds = "rules/library" in name
                yield from _each("shapes and queries", path, root, what, pattern, new, tests, builds=builds)
