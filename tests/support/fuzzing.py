"""Runs the fuzzer of one parser of `tests.support.fuzz`; only our own modules are watched, so that it starts fast."""

import sys

import atheris

if __name__ == "__main__":
    with atheris.instrument_imports(include=["clausegraph"]):
        from tests.support import fuzz
    wanted = fuzz.PARSERS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, lambda data: fuzz.refuses(wanted, data))
    atheris.Fuzz()
