"""`clausegraph serve`."""

from dataclasses import replace
from pathlib import Path

import typer

from clausegraph.cli.common import DataVersionOption, WorkspaceOption, echo_err, library
from clausegraph.ground.errors import UsageError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: clausegraph serve --open · serve --port 9000 --timeout 30")(serve)


def serve(
    host: str = typer.Option("127.0.0.1", "--host", metavar="ADDRESS", help="The address to listen on."),
    port: int = typer.Option(7878, "--port", min=0, max=65535, help="The port; 0 takes a free one."),
    timeout: float = typer.Option(10.0, "--timeout", min=0.1, metavar="SECONDS", help="What one query may take."),
    memory: int = typer.Option(1000, "--memory", min=50, metavar="MB", help="What one query may take."),
    result: int = typer.Option(64, "--result", min=1, metavar="MB", help="How large one answer may be."),
    public_url: str | None = typer.Option(
        None, "--public-url", metavar="URL", help="The address under which others reach the server, for its answers."
    ),
    behind: list[str] = typer.Option(
        [],
        "--behind",
        metavar="ADDRESS",
        help="A proxy trusted to name the client (Forwarded, X-Forwarded-For).",
    ),
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
    state = open_state(folder, library(data_version), limits, public_url, behind)

    def bound(address: str) -> None:
        echo_err(f"preparing the graph; {address} shows how far it is")
        if browser:
            import webbrowser

            webbrowser.open(address)

    def ready(address: str) -> None:
        echo_err(f"listening on {address} · SPARQL at {address}sparql · Ctrl-C stops")

    run(state, host, port, bound, ready)
