"""`clausegraph compat`."""

import json
import sys
from pathlib import Path
from typing import TextIO

import typer

from clausegraph.answers.compat import Case, Compat, answer_record
from clausegraph.answers.profile import FailOn, Profile, load_profile
from clausegraph.cli.common import (
    AssumeOption,
    DataVersionOption,
    FailOnOption,
    Format,
    FormatOption,
    LicenseFileOption,
    ProfileOption,
    Reading,
    ReadingOption,
    leave,
    library,
    no_format,
    print_json,
    print_lines,
    read_assumptions,
    run_of,
    show,
)
from clausegraph.ground.errors import UnreadableInput, UsageError
from clausegraph.render import human

FORMATS = (Format.human, Format.json, Format.jsonl)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: clausegraph compat llama2 --via finetune --to apache-2.0")(compat)


def compat(
    upstream: list[str] | None = typer.Argument(
        None, metavar="UP...", help="Licenses of what is reused, in any spelling."
    ),
    via: str | None = typer.Option(None, "--via", help="Reuse relation, for instance finetune."),
    to: list[str] | None = typer.Option(None, "--to", help="Declared license, any, or proprietary. Repeatable."),
    artifact: str = typer.Option("model", "--artifact", help="Kind of the result."),
    upstream_artifact: str | None = typer.Option(None, "--upstream-artifact", help="Kind of what is reused."),
    batch: str | None = typer.Option(
        None, "--batch", metavar="FILE", help="Cases, one JSON object per line; - for stdin."
    ),
    files: list[Path] | None = LicenseFileOption,
    data_version: str | None = DataVersionOption,
    output: Format = FormatOption,
    assume: list[str] | None = AssumeOption,
    reading: Reading = ReadingOption,
    profile: str = ProfileOption,
    fail_on: FailOn | None = FailOnOption,
) -> None:
    """Two or more licenses and a reuse relation, no artifact needed.

    Exits with 1 where the verdict is unknown or a conflict, unless --fail-on or the profile say otherwise; a batch that
    was answered exits with 0, since each of its lines has a verdict of its own.
    """
    if output not in FORMATS:
        no_format(output, FORMATS)
    lib = library(data_version, files)
    engine = Compat(lib)
    policy = load_profile(profile)
    if batch is not None:
        _batch(engine, batch, policy)
        return
    if not upstream or not via or not to:
        raise UsageError("compat needs UP, --via and --to, as in `clausegraph compat gpl-3.0 --via finetune --to mit`.")
    values = dict(read_assumptions(lib, assume).given)
    kinds = (artifact, upstream_artifact)
    case = Case(tuple(upstream), via, tuple(to), *kinds, values, reading=reading.value)
    result = engine.answer(case)
    answer = policy.apply(result.to_dict())
    if output is Format.human:
        show(human.compat_view(result, human.license_names(lib.licenses)))
    elif output is Format.json:
        print_json(answer)
    else:
        print_lines([answer])
    severities = (found["severity"] for found in answer["findings"])
    leave(run_of("the case", result.verdict, severities, fail_on or policy.fail_on))


def _batch(engine: Compat, name: str, policy: Profile) -> None:
    """Answer every line of a file in order; a line that cannot be read is answered `unknown` with its error."""
    if name == "-":
        _answer_lines(engine, sys.stdin, "standard input", policy)
        return
    try:
        with Path(name).open(encoding="utf-8") as handle:
            _answer_lines(engine, handle, name, policy)
    except (OSError, UnicodeError) as error:
        raise UnreadableInput(f"{name}: {error}. Name a file with one JSON object per line.") from error


def _answer_lines(engine: Compat, handle: TextIO, name: str, policy: Profile) -> None:
    read = wrong = 0
    for number, line in enumerate(handle, 1):
        if not line.strip():
            continue
        try:
            answer = answer_record(engine, json.loads(line))
        except (ValueError, RecursionError) as error:
            wrong += 1
            answer = answer_record(engine, None) | {"error": f"{name}, line {number}: no JSON ({error})"}
        read += 1
        print_lines([policy.apply(answer)])
    if read and read == wrong:
        raise UnreadableInput(f"{name}: no line could be read. A case is one JSON object per line.")
