"""The live Hub, through `huggingface_hub`: pages by cursor, rate limits obeyed, resumable at the page where it stood.

| source | reads |
|---|---|
| `hub:models?author=A&license=L&search=S&filter=F` | the models of a query; also `hub:datasets`, `hub:spaces` |
| `hub:all` | all models, datasets and Spaces |
| `hub:owner/name` | one model; also `hub:datasets/owner/name`, `hub:spaces/owner/name` |
| `hub:tree/owner/name` | a model with all its ancestors and descendants |

Pages are kept as they came in a folder until all are there. A log says which requests were answered, so
that a load which is killed goes on with the next. The token is that of `huggingface_hub`.
"""

import gzip
import json
import logging
import os
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from clausegraph.loaders.document import Context, read_each
from clausegraph.loaders.hub_record import read_item
from clausegraph.loaders.identifiers import is_repo_id, split_reference
from clausegraph.loaders.records import DATASET, MODEL, SERVICE, Record, Rename
from clausegraph.loaders.tags import from_card, from_resolved

from clausegraph.ground.errors import NetworkError, UsageError

#: Exactly the fields that a record needs.
_EXPAND = {
    MODEL: ("baseModels", "cardData", "createdAt", "disabled", "downloads", "gated", "private", "tags"),
    DATASET: ("cardData", "createdAt", "disabled", "downloads", "gated", "private", "tags"),
    SERVICE: ("cardData", "createdAt", "datasets", "disabled", "models", "private", "sdk", "tags"),
}
_PATHS = {MODEL: "models", DATASET: "datasets", SERVICE: "spaces"}
_KINDS = {path: kind for kind, path in _PATHS.items()}
_QUERY = {"author", "license", "search", "filter", "limit", "sort", "direction", "gated"}
_PAGE = 1000
_LOG, _TRIES = "log.jsonl", 3


@dataclass(frozen=True)
class Request:
    """One request: its URL below the endpoint, the kind of its items, and what follows from them.

    `walk` is `up` to the parents of each item, `down` to the children, `both`, or empty; `left` is how many
    items a query may still give.
    """

    url: str
    kind: str
    walk: str = ""
    left: int | None = None


@dataclass
class _Progress:
    """What is done and what is to do, as the log says it."""

    queue: deque[Request] = field(default_factory=deque)
    asked: set[str] = field(default_factory=set)
    page: int = 0
    items: int = 0
    date: str | None = None

    def add(self, requests: list[Request]) -> list[Request]:
        """Queue the requests that were not asked yet and return them."""
        new = []
        for request in requests:
            if request.url not in self.asked:
                self.asked.add(request.url)
                self.queue.append(request)
                new.append(request)
        return new


def endpoint() -> str:
    """Return the address of the Hub, which `HF_ENDPOINT` may change."""
    from huggingface_hub import constants

    return str(os.environ.get("HF_ENDPOINT") or constants.ENDPOINT).rstrip("/")


def requests_of(location: str) -> list[Request]:
    """Return the first requests for a source; raises `UsageError` with the forms that there are."""
    text = location.removeprefix("hub:").strip("/")
    if text == "all":
        return [_listing(kind, {}) for kind in _PATHS]
    path, _, query = text.partition("?")
    if path in _KINDS:
        values = dict(parse_qsl(query))
        unknown = set(values) - _QUERY
        if unknown:
            raise UsageError(
                f"{location}: {', '.join(sorted(unknown))} is no part of a query. Use {', '.join(sorted(_QUERY))}."
            )
        limit = values.pop("limit", None)
        if limit is not None and not limit.isdigit():
            raise UsageError(f"{location}: `limit` is a number of items, not {limit!r}.")
        if license_ := values.pop("license", None):
            values["filter"] = ",".join(x for x in (values.get("filter"), f"license:{license_}") if x)
        return [_listing(_KINDS[path], values, left=int(limit) if limit else None)]
    walk = "both" if path.startswith("tree/") else ""
    kind, id_ = split_reference(path.removeprefix("tree/"))
    if not is_repo_id(id_) or kind not in (None, *_PATHS) or (walk and kind not in (None, MODEL)):
        raise UsageError(
            f"{location}: write hub:models?author=NAME, hub:datasets, hub:spaces, hub:all, hub:owner/name, "
            "or hub:tree/owner/name for a model with its ancestors and descendants."
        )
    return [_one(kind or MODEL, id_, walk)]


def _expand(kind: str, walk: str) -> list[tuple[str, str]]:
    more = ("childrenModelCount",) if walk in ("both", "down") else ()
    return [("expand", name) for name in sorted((*_EXPAND[kind], *more))]


def _listing(kind: str, values: dict[str, str], walk: str = "", left: int | None = None) -> Request:
    size = min(_PAGE, left) if left else _PAGE
    pairs = [*sorted(values.items()), ("limit", str(size)), *_expand(kind, walk)]
    return Request(f"/api/{_PATHS[kind]}?{urlencode(pairs)}", kind, walk, left)


def _one(kind: str, id_: str, walk: str) -> Request:
    return Request(f"/api/{_PATHS[kind]}/{quote(id_)}?{urlencode(_expand(kind, walk))}", kind, walk)


# ---- fetching ----------------------------------------------------------------


def fetch(location: str, folder: Path, progress: Callable[[str], None]) -> str:
    """Fetch all pages of a source into a folder, going on where an earlier try stood; return the date of the answers.

    Raises `NetworkError` where the Hub does not answer; what was fetched is kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    done = _replay(location, folder)
    with (folder / _LOG).open("a", encoding="utf-8") as log:
        while done.queue:
            request = done.queue[0]
            answer, url, following, date = _ask(request)
            lines, more = _read_answer(request, answer, url)
            if request.left is not None:
                lines = lines[: request.left]
                left = request.left - len(lines)
                following = following if left > 0 else None
            else:
                left = None
            with gzip.open(_page(folder, done.page), "wt", encoding="utf-8", compresslevel=1) as out:
                out.writelines(json.dumps(line) + "\n" for line in lines)
            if following:
                more = [Request(following, request.kind, request.walk, left), *more]
            done.queue.popleft()
            new = done.add(more)
            done.page += 1
            done.items += len(lines)
            done.date = done.date or date
            log.write(json.dumps({"date": date, "items": len(lines), "add": [asdict(r) for r in new]}) + "\n")
            log.flush()
            progress(f"{done.items:,} records, {done.page:,} pages, {len(done.queue):,} requests to go")
    return done.date or ""


def _page(folder: Path, number: int) -> Path:
    return folder / f"{number:07}.jsonl.gz"


def _replay(location: str, folder: Path) -> _Progress:
    """Return where an earlier try stood; a last line that was cut off counts as not written."""
    done = _Progress()
    done.add(requests_of(location))
    path = folder / _LOG
    kept = 0
    if path.exists():
        raw = path.read_bytes()
        for line in raw.splitlines(keepends=True):
            if not line.endswith(b"\n"):
                break
            entry = json.loads(line)
            done.queue.popleft()
            done.add([Request(**r) for r in entry["add"]])
            done.page += 1
            done.items += entry["items"]
            done.date = done.date or entry["date"]
            kept += len(line)
        if kept < len(raw):
            with path.open("r+b") as handle:
                handle.truncate(kept)
    return done


def _ask(request: Request) -> tuple[Any, str, str | None, str | None]:
    """Return the answer to a request, its final URL, the next page, and the date; raises `NetworkError`.

    A repository that cannot be seen gives the reason instead of an answer.
    """
    from huggingface_hub.errors import DisabledRepoError, GatedRepoError, HfHubHTTPError, RepositoryNotFoundError
    from huggingface_hub.utils._headers import build_hf_headers
    from huggingface_hub.utils._http import hf_raise_for_status, http_backoff

    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)  # it tells of every retry with the whole address
    url = endpoint() + request.url
    place = url.partition("?")[0]
    error: Exception | None = None
    for _ in range(_TRIES):
        try:
            response = http_backoff("GET", url, headers=build_hf_headers(library_name="clausegraph"), timeout=60)
            hf_raise_for_status(response)
            answer = response.json()
        except GatedRepoError:
            return "gated: its terms must be accepted first", url, None, None
        except DisabledRepoError:
            return "disabled by the Hub", url, None, None
        except RepositoryNotFoundError as missing:
            seen = missing.response.status_code == 404
            return ("deleted" if seen else "deleted, or private to others"), url, None, None
        except HfHubHTTPError as refused:
            raise NetworkError(
                f"{place}: {_reason(refused)}. Run the same command again to go on from there."
            ) from refused
        except ValueError as broken:  # the answer was cut off
            error = broken
            continue
        except Exception as broken:
            if type(broken).__module__.startswith(("httpx", "huggingface_hub")) or isinstance(broken, OSError):
                raise NetworkError(
                    f"{place}: the Hub does not answer ({broken}). Check the network, and run the same command again "
                    "to go on from there."
                ) from broken
            raise
        following = response.links.get("next", {}).get("url")
        date = response.headers.get("date")
        day = parsedate_to_datetime(date).date().isoformat() if date else None
        return answer, str(response.url), _below(following), day
    raise NetworkError(f"{place}: the answer is no JSON ({error}). Run the same command again to go on from there.")


def _reason(error: Any) -> str:
    return " ".join(str(error.server_message or error).split())[:300]


def _below(url: str | None) -> str | None:
    """Return a URL below the endpoint; a link to another host is not followed."""
    if not url:
        return None
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def _read_answer(request: Request, answer: Any, url: str) -> tuple[list[dict[str, Any]], list[Request]]:
    """Return the lines to keep of an answer, and the requests that follow from it."""
    if isinstance(answer, str):
        return [{"missing": request.url, "reason": answer}], []
    listed = isinstance(answer, list)
    items = [i for i in (answer if listed else [answer]) if isinstance(i, dict)]
    lines = [{"kind": request.kind, "item": item} for item in items]
    if not listed and items:
        asked = urlsplit(request.url).path.split("/", 3)[3]
        now = str(items[0].get("id"))
        if now.casefold() != asked.casefold() or now != asked:
            lines.append({"rename": [request.kind, asked, now]})
    more: list[Request] = []
    for item in items if request.walk else []:
        more += _walk(item, request)
    return lines, more


def _walk(item: dict[str, Any], request: Request) -> list[Request]:
    """Return the requests for the parents and children of a model."""
    more: list[Request] = []
    id_ = str(item.get("id"))
    if request.walk in ("up", "both"):
        card = item.get("cardData")
        stated = from_card(MODEL, card) if isinstance(card, dict) else ()
        resolved = from_resolved(item.get("baseModels")) or [r for r in stated if r.parent_kind == MODEL]
        more += [_one(MODEL, r.parent, "up") for r in resolved if is_repo_id(r.parent)]
    if request.walk in ("down", "both"):
        counts = item.get("childrenModelCount")
        if not isinstance(counts, dict) or any(counts.values()):
            more.append(_listing(MODEL, {"filter": f"base_model:{id_}"}, "down"))
    return more


# ---- reading -----------------------------------------------------------------


def read(folder: Path, context: Context) -> Iterator[Record]:
    """Yield the records of all pages that were fetched."""
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as handle:
            lines = ((number, json.loads(line)) for number, line in enumerate(handle, 1))
            yield from read_each(path.name, lines, _record, context)


def _record(line: dict[str, Any]) -> list[Record]:
    if "missing" in line:
        raise ValueError(f"{line['missing'].partition('?')[0]}: the repository is {line['reason']}")
    if "rename" in line:
        kind, before, now = line["rename"]
        return [Rename(kind, before, now, "the Hub answered with another id")]
    return read_item(line["item"], line["kind"])
