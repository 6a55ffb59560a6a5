"""`clausegraph serve`."""

from dataclasses import replace
from pathlib import Path

import typer

from clausegraph.cli.common import DataVersionOption, WorkspaceOption, library, progress, talk
from clausegraph.errors import UsageError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: clausegraph serve --open · serve --port 9000 --timeout 30")(serve)


def serve(
    host: str = typer.Option("127.0.0.1", "--host", metavar="ADDRESS", help="The address to listen on."),
    port: int = typer.Option(7878, "--port", min=0, max=65535, help="The port; 0 takes a free one."),
    timeout: float = typer.Option(10.0, "--timeout", min=0.1, metavar="SECONDS", help="What one query may take."),
    memory: int = typer.Option(1000, "--memory", min=50, metavar="MB", help="What one query may take."),
    result: int = typer.Option(64, "--result", min=1, metavar="MB", help="How large one answer may be."),
    browser: bool = typer.Option(False, "--open", help="Open the explorer in a browser."),
    folder: Path | None = WorkspaceOption,
    data_version: str | None = DataVersionOption,
) -> None:
    """Answer with web pages, SPARQL, JSON and linked data from the workspace over HTTP, read-only."""
    try:
        from clausegraph.server.limits import Limits
        from clausegraph.server.running import serve as run
        from clausegraph.server.state import open_state
    except ImportError as error:
        raise UsageError(
            "serve needs FastAPI, uvicorn and Jinja2. Install them: pip install 'clausegraph[server]'"
        ) from error
    limits = replace(
        Limits(), seconds=timeout, contended=min(timeout, 3.0), memory=memory * 1_000_000, result=result * 1_000_000
    )
    with progress("graph"):
        state = open_state(folder, library(data_version), limits)

    def ready(address: str) -> None:
        talk(f"listening on {address} · SPARQL at {address}sparql · Ctrl-C stops")
        if browser:
            import webbrowser

            webbrowser.open(address)

    run(state, host, port, ready)
