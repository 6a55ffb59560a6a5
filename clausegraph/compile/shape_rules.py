"""Builds `all-shapes.ttl`: every artifact and data shape, with the rules as SHACL-AF triple rules.

With it, `pyshacl -a -it rules -s all-shapes.ttl theirs.ttl library.nt` does for a small graph what the
engine does for a whole Hub. The rules of judging are made from the CONSTRUCT queries in `queries/rules/artifact/`,
those that move encumbrances along a relation from the table of relations.
"""

from pathlib import Path

from clausegraph.compile.rule_paths import read_rule
from clausegraph.ground import namespaces as ns
from clausegraph.ground.files import folder, turtle_files
from clausegraph.library.model import ArtifactKind, ClauseKind, Relation

HEADER = "# GENERATED from shapes/ and ontology/ by `make library`. Do not edit.\n"
_PREFIXES = {
    "cg": ns.CG,
    "cg-sh": ns.SHAPES,
    "kind": ns.KIND,
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": ns.SKOS,
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def _cg(iri: str) -> str:
    return "cg:" + ns.local(iri)


def _rule(name: str, order: int, predicate: str, expression: str, condition: str = "") -> str:
    extra = f" ; sh:condition {condition}" if condition else ""
    return (
        f"cg-sh:{name} a sh:TripleRule ; sh:order {order} ; sh:subject sh:this ; "
        f"sh:predicate cg:{predicate}{extra} ;\n    sh:object {expression} .\n"
    )


def _path(*steps: str) -> str:
    return f"[ sh:path ( {' '.join(steps)} ) ]"


def _both(first: str, second: str) -> str:
    return f"[ sh:intersection ( {first} {second} ) ]"


def _reach_rules(relations: list[Relation], service_moves: str, replacing: list[str]) -> list[str]:
    """Return the rules that move encumbrances along relations, for services once more.

    All of them hang on one shape, since rules are repeated per shape until nothing is new. What goes
    on from a parent are its encumbrances, without what its declared license replaces; within a party, all of them.
    """
    text, names, targets = [], [], []
    for relation in relations:
        via, within, moves = _cg(relation.property), _cg(relation.within), _cg(relation.moves)
        targets += [via, within]
        for part, last, condition in (("", (), "cg-sh:IsNoService"), ("-served", (service_moves,), "cg-sh:IsService")):
            for word, first in (
                ("start", (via, "cg:declaredLicense", "cg:offersAs")),
                ("move", (via, "cg:passesOn")),
                ("own", (within, "cg:passesWithin")),
            ):
                name = f"Rule-{relation.name}-{word}{part}"
                names.append(f"cg-sh:{name}")
                text.append(_rule(name, 1, "encumbrance", _path(*first, moves, *last), condition))
    ways = "( ( cg:keeps [ sh:inversePath cg:ofLicense ] ) [ sh:inversePath cg:heldFrom ] )"
    of_kept = _path("cg:declaredLicense", f"[ sh:alternativePath {ways} ]")
    kept = _both(of_kept, "[ sh:path cg:encumbrance ]")
    passing = [f"cg-sh:Rule-passes{word}" for word in ("", "-kept", "-within")]
    text += [
        "cg-sh:DeclaresReplacing a sh:NodeShape ; sh:not cg-sh:DeclaresOther .\n",
        "cg-sh:DeclaresOther a sh:NodeShape ; sh:property cg-sh:DeclaresOther-license .\n",
        "cg-sh:DeclaresOther-license a sh:PropertyShape ; sh:path cg:declaredLicense ; sh:not cg-sh:IsReplacing .\n",
        f"cg-sh:IsReplacing a sh:NodeShape ; sh:in ( {' '.join(f'<{iri}>' for iri in replacing)} ) .\n",
        _rule("Rule-passes-within", 2, "passesWithin", "[ sh:path cg:encumbrance ]"),
        _rule("Rule-passes", 2, "passesOn", "[ sh:path cg:encumbrance ]", "cg-sh:DeclaresOther"),
        _rule("Rule-passes-kept", 2, "passesOn", kept, "cg-sh:DeclaresReplacing"),
        f"cg-sh:Reaching a sh:NodeShape ; sh:order 1 ; sh:targetSubjectsOf {' , '.join(targets)} ;\n"
        f"    sh:rule {' , '.join([*names, *passing])} .\n",
    ]
    return text


def _silence_rules(relations: list[Relation]) -> list[str]:
    """Return the rules that say what is not said, as `00-undeclared.rq` does, before all others.

    A work that is described, if only by what it reuses, and declares no license declares none; one that is only
    named was not loaded. A declared
    value that is no license of the library determines none.
    """
    ways = [_cg(p) for relation in relations for p in (relation.property, relation.within)]
    silent = "cg-sh:IsSilent"
    rules = (
        ("none", f"cg-sh:IsDescribed , {silent}", "<{}none>"),
        ("missing", f"cg-sh:IsOnlyNamed , {silent}", "<{}ancestor-not-loaded>"),
        ("strange", "cg-sh:DeclaresStrange", "<{}other>"),
    )
    return [
        f"{silent} a sh:NodeShape ; sh:property [ sh:path cg:declaredLicense ; sh:maxCount 0 ] .\n",
        "cg-sh:IsDescribed a sh:NodeShape ; sh:or ( [ sh:property [ sh:path rdf:type ; sh:minCount 1 ] ]\n"
        f"    [ sh:property [ sh:path [ sh:alternativePath ( {' '.join(ways)} ) ] ; sh:minCount 1 ] ] ) .\n",
        "cg-sh:IsOnlyNamed a sh:NodeShape ; sh:not cg-sh:IsDescribed .\n",
        "cg-sh:DeclaresStrange a sh:NodeShape ; sh:not cg-sh:DeclaresKnown ;\n"
        "    sh:property [ sh:path cg:declaredLicense ; sh:minCount 1 ] .\n",
        "cg-sh:DeclaresKnown a sh:NodeShape ; sh:property [ sh:path cg:declaredLicense ;\n"
        "    sh:or ( [ sh:class cg:License ] [ sh:class cg:OwnTerms ] [ sh:class cg:UnspecifiedLicense ] ) ] .\n",
        *(
            _rule(f"Rule-silence-{name}", 0, "declaredLicense", value.format(ns.LICENSE), condition)
            for name, condition, value in rules
        ),
        f"cg-sh:Silence a sh:NodeShape ; sh:order 0 ; sh:targetSubjectsOf {' , '.join(ways)} ;\n"
        f"    sh:targetObjectsOf {' , '.join(ways)} ;\n"
        f"    sh:rule {' , '.join(f'cg-sh:Rule-silence-{name}' for name, *_ in rules)} .\n",
    ]


def _licensor_rules(relations: list[Relation]) -> list[str]:
    """Return the rules for licenses that bind within a party, as `01-start-own.rq` starts them.

    A path cannot say that an account is none of a licensor's, so that there is one rule for accounts that are nobody's,
    and one for those of another licensor.
    """
    offered = _path("cg:declaredLicense", "cg:offersAs")
    fixed = _path("cg:declaredLicense", "cg:fixedLicensor", "[ sh:inversePath cg:fixedLicensor ]", "cg:offersAs")
    account = "cg:publishedBy [ sh:inversePath cg:actsAs ]"
    foreign = _path(account, "cg:isNoLicensorOf", "cg:offersAs")
    withins = " , ".join(_cg(relation.within) for relation in relations)
    return [
        f"cg-sh:IsNoLicensor a sh:NodeShape ; sh:property [ sh:path ( {account} ) ; sh:maxCount 0 ] .\n",
        _rule("Rule-licensor-unknown", 0, "passesWithin", _both(offered, fixed), "cg-sh:IsNoLicensor"),
        _rule("Rule-licensor-other", 0, "passesWithin", _both(offered, foreign)),
        f"cg-sh:Licensing a sh:NodeShape ; sh:order 0 ; sh:targetObjectsOf {withins} ;\n"
        "    sh:rule cg-sh:Rule-licensor-unknown , cg-sh:Rule-licensor-other .\n",
    ]


def _fit_guards(relations: list[Relation], kinds: list[ArtifactKind]) -> list[str]:
    """Return the shapes that warn of a relation which does not fit its upstream work.

    A path cannot leave out such works, so that the rules judge along what is stated; this says that nobody can.
    """
    text = []
    for relation in relations:
        wrong = [f"[ sh:class cg:{kind.cls} ]" for kind in kinds if not relation.fits(kind)]
        for via in (_cg(relation.property), _cg(relation.within)) if wrong else ():
            name = f"cg-sh:Guard-fit-{via.removeprefix('cg:')}"
            text.append(
                f"{name} a sh:NodeShape ; sh:targetSubjectsOf {via} ; sh:property {name}-upstream ;\n"
                f'    skos:definition "What stands upstream by {via} is of a kind that can."@en .\n'
                f"{name}-upstream a sh:PropertyShape ; sh:path {via} ; sh:not [ sh:or ( {' '.join(wrong)} ) ] ;\n"
                f'    sh:severity sh:Warning ; sh:name "relation does not fit the ancestor"@en ;\n'
                f'    sh:message "The work upstream is of a kind that cannot stand there by {via}, so nobody knows how '
                f'it was used. Use the property of the relation that fits."@en .\n'
            )
    return text


def _judging_rules(kinds: list[ClauseKind]) -> list[str]:
    """Return the rules that say what a work is bound by, breaches, may breach, would breach and owes.

    They are those of `queries/rules/artifact/`, branch by branch.
    """
    text, names, needed = [], [], set()
    for path in sorted((folder("queries") / "rules" / "artifact").glob("[12]*.rq")):
        predicate, branches = read_rule(path)
        for number, branch in enumerate(branches, 1):
            names.append(f"cg-sh:Rule-{predicate}-{number}")
            conditions = [f"cg-sh:Has-{need.removeprefix('cg:')}" for need in branch.needs]
            needed |= set(branch.needs)
            text.append(_rule(f"Rule-{predicate}-{number}", 2, predicate, branch.expression, " , ".join(conditions)))
    text += [
        f"cg-sh:Has-{need.removeprefix('cg:')} a sh:NodeShape ; sh:property [ sh:path {need} ; sh:minCount 1 ] .\n"
        for need in sorted(needed)
    ]
    for kind in kinds:
        for general, special in (
            ("breaches", kind.breaches),
            ("mayBreach", kind.may_breach),
            ("wouldBreach", kind.would_breach),
        ):
            if special:
                names.append(f"cg-sh:Rule-{ns.local(special)}")
                chosen = _path(f"cg:{general}", _cg(kind.mark or ""))
                text.append(_rule(f"Rule-{ns.local(special)}", 3, ns.local(special), chosen))
    text.append(
        "cg-sh:Judging a sh:NodeShape ; sh:order 2 ; sh:targetSubjectsOf cg:encumbrance , cg:declaredLicense ;\n"
        f"    sh:rule {' , '.join(names)} .\n"
    )
    return text


def shapes_text(
    relations: list[Relation], kinds: list[ClauseKind], artifacts: list[ArtifactKind], replacing: list[str]
) -> str:
    """Return the text of `all-shapes.ttl`.

    `artifacts` are the kinds of artifact; `replacing` are the IRIs of licenses that can lawfully replace another one.
    """
    service = next(_cg(r.moves) for r in relations if r.name == "serve")
    prefixes = "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in _PREFIXES.items())
    rules = [
        "cg-sh:IsService a sh:NodeShape ; sh:class cg:Service .\n",
        "cg-sh:IsNoService a sh:NodeShape ; sh:not cg-sh:IsService .\n",
        *_fit_guards(relations, artifacts),
        *_silence_rules(relations),
        *_licensor_rules(relations),
        *_reach_rules(relations, service, replacing),
        *_judging_rules(kinds),
    ]
    files = [path for part in ("artifact", "data", "plain") for path in turtle_files("shapes", part)]
    bodies = [_body(path) for path in files]
    return HEADER + prefixes + "\n" + "\n".join(bodies) + "\n# ---- rules " + "-" * 60 + "\n\n" + "\n".join(rules)


def _body(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("@prefix")).strip() + "\n"
