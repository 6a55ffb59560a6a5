"""One repository of the live Hub, asked for within bounds: what a check needs of ancestors that nothing else holds.

Endpoint, token, offline mode and the folder of the cache are those of `huggingface_hub`. An answer is kept with its
day and used again until it is refreshed; a refusal is not kept. Whatever the endpoint does, a question costs a bounded
time and ends in an item or in a reason. After no network, no answer in time or a rate limit nothing more is asked.
"""

import json
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

from clausegraph.loaders.document import parse_json
from clausegraph.loaders.identifiers import is_repo_id
from clausegraph.loaders.records import DATASET, MODEL, SERVICE

#: Seconds until a connection stands, until one question is answered, and until all of a run are.
CONNECT, ANSWER, ALL = 1.8, 10.0, 40.0
#: Bytes of the longest answer, redirects that are followed, and questions of one run.
MAX_ANSWER, MAX_REDIRECTS, MAX_QUESTIONS = 8_000_000, 3, 200
_PATHS = {MODEL: "models", DATASET: "datasets", SERVICE: "spaces"}
#: What a status means, for people.
_STATUS = {
    401: "it shows no such repository without a token that may see it (401)",
    403: "it does not let this token see it (403)",
    404: "it has no such repository (404)",
    410: "the repository was removed (410)",
    429: "it asks to wait: too many requests (429)",
    451: "it withholds the repository for legal reasons (451)",
}
_WAIT = 429


@dataclass(frozen=True, slots=True)
class HubAnswer:
    """What the Hub said of a repository: the item as its API gives it, and the day; or the reason why there is none."""

    item: dict[str, Any] | None
    day: str = ""
    reason: str = ""


class _Refused(Exception):
    """There is no item; `over` says that nothing more is worth asking."""

    def __init__(self, reason: str, *, over: bool = False) -> None:
        super().__init__(reason)
        self.over = over


@dataclass(eq=False)
class HubQuestions:
    """Asks the Hub about repositories, one after the other.

    `say` gets one line with the host before the first question and one where the Hub cannot be reached. Where it is
    `offline`, only what was kept is used; where it is to `refresh`, what was kept is not.
    """

    say: Callable[[str], None]
    offline: bool = False
    refresh: bool = False
    down: str = ""
    #: Whether something was not asked, or not answered, that the network could have told.
    unasked: bool = False
    _told: bool = False
    _asked: int = 0
    _spent: float = 0.0
    _answers: dict[tuple[str, str, str], HubAnswer] = field(default_factory=dict)

    def ask(self, kind: str, id_: str, revision: str = "") -> HubAnswer:
        """Return what the Hub says of a repository, or the reason why it says nothing."""
        key = (kind, id_.casefold(), revision)
        if key not in self._answers:
            self._answers[key] = self._new(kind, id_, revision)
        return self._answers[key]

    def _new(self, kind: str, id_: str, revision: str) -> HubAnswer:
        if kind not in _PATHS or not is_repo_id(id_):
            return HubAnswer(None, reason="it is no repository of the Hub")
        kept = _kept(kind, id_, revision)
        if not self.refresh and (found := _read(kept)):
            return found
        if reason := self._closed():
            self.unasked = True
            return HubAnswer(None, reason=reason)
        self._tell()
        self._asked += 1
        start = time.monotonic()
        try:
            item, day = _answer_of(_url(kind, id_, revision), min(ANSWER, ALL - self._spent))
        except _Refused as refused:
            if refused.over:
                self.down, self.unasked = str(refused), True
                self.say(f"{host()}: {refused}; what it could tell stays unknown")
            return HubAnswer(None, reason=str(refused))
        finally:
            self._spent += time.monotonic() - start
        _write(kept, item, day)
        return HubAnswer(item, day)

    def _closed(self) -> str:
        """Return why nothing is asked; nothing where it is."""
        if self.offline or is_offline():
            return "the Hub was not asked: offline"
        if self._asked >= MAX_QUESTIONS or self._spent >= ALL:
            return "the Hub was not asked: this run has asked it enough"
        return self.down

    def _tell(self) -> None:
        if not self._told:
            self._told = True
            self.say(f"asking {host()} about ancestors that are not known here (--offline: do not)")


def _endpoint() -> str:
    from clausegraph.loaders.hub_live import endpoint

    return endpoint()


def host() -> str:
    """Return the host of the Hub, which `HF_ENDPOINT` may change."""
    return urlsplit(_endpoint()).netloc


def is_offline() -> bool:
    """Say whether `huggingface_hub` is offline, as `HF_HUB_OFFLINE` says."""
    from huggingface_hub import constants

    said = os.environ.get("HF_HUB_OFFLINE", os.environ.get("TRANSFORMERS_OFFLINE", ""))
    return constants.is_offline_mode() or said.strip().upper() in {"1", "ON", "YES", "TRUE"}


def _url(kind: str, id_: str, revision: str) -> str:
    at = f"/revision/{quote(revision, safe='')}" if revision else ""
    fields = ["cardData", "createdAt", "disabled", "gated", "private", "tags"]
    fields += ["baseModels"] if kind == MODEL else ["models", "datasets"] if kind == SERVICE else []
    query = urlencode([("expand", name) for name in sorted(fields)])
    return f"{_endpoint()}/api/{_PATHS[kind]}/{quote(id_)}{at}?{query}"


# ---- one question ------------------------------------------------------------


def _answer_of(url: str, seconds: float) -> tuple[dict[str, Any], str]:
    """Return the item at an address and its day; raises `_Refused` after `seconds` at the latest.

    It runs beside, since nothing else bounds the look-up of a name.
    """
    from huggingface_hub.utils._headers import build_hf_headers
    from huggingface_hub.utils._http import get_session

    session = get_session()
    headers = build_hf_headers(library_name="clausegraph") | {"Accept-Encoding": "identity"}
    done, connected = threading.Event(), threading.Event()
    found: list[Any] = []

    def run() -> None:
        try:
            found.append(_fetch(session, headers, url, connected, time.monotonic() + seconds))
        except BaseException as error:  # whatever it is, the question ends with it
            found.append(error)
        finally:
            done.set()
            connected.set()

    threading.Thread(target=run, daemon=True).start()
    if not connected.wait(min(CONNECT, seconds)):
        raise _Refused(f"no network, or no answer within {CONNECT:g} seconds", over=True)
    if not done.wait(seconds):
        raise _Refused(f"it did not answer within {seconds:.0f} seconds", over=True)
    if isinstance(found[0], _Refused):
        raise found[0]
    if isinstance(found[0], BaseException):
        raise _refusal(found[0]) from found[0]
    item, day = found[0]
    return item, day


def _refusal(error: BaseException) -> _Refused:
    """Return what an error of the client means."""
    name = type(error).__name__
    if "Timeout" in name:
        return _Refused("it did not answer in time", over=True)
    if name in ("ConnectError", "ProxyError") or isinstance(error, OSError):
        return _Refused("no network", over=True)
    return _Refused(f"its answer cannot be read ({name})")


def _fetch(
    session: Any, headers: dict[str, str], url: str, connected: threading.Event, deadline: float
) -> tuple[dict[str, Any], str]:
    def trace(name: str, _: Any) -> None:
        if name.endswith(".complete"):
            connected.set()

    home = urlsplit(url)
    for _ in range(MAX_REDIRECTS + 1):
        with session.stream(
            "GET",
            url,
            headers=headers,
            timeout=max(0.1, deadline - time.monotonic()),
            follow_redirects=False,
            extensions={"trace": trace},
        ) as response:
            if response.is_redirect:
                url = urljoin(url, response.headers.get("location", ""))
                if urlsplit(url)[:2] != home[:2]:
                    raise _Refused("it sends elsewhere, which is not followed")
                continue
            if response.status_code != 200:
                status = response.status_code
                raise _Refused(_STATUS.get(status, f"it answers with status {status}"), over=status == _WAIT)
            return _item(_body(response, deadline)), _day(response.headers.get("date"))
    raise _Refused(f"it redirects more than {MAX_REDIRECTS} times")


def _body(response: Any, deadline: float) -> bytes:
    """Return the body of a response; raises `_Refused` where it is too long or takes too long."""
    parts, size = [], 0
    for part in response.iter_bytes():
        size += len(part)
        if size > MAX_ANSWER:
            raise _Refused(f"its answer has more than {MAX_ANSWER:,} bytes")
        if time.monotonic() > deadline:
            raise _Refused("it did not answer in time", over=True)
        parts.append(part)
    return b"".join(parts)


def _item(body: bytes) -> dict[str, Any]:
    try:
        item = parse_json(body)
    except (ValueError, RecursionError):
        item = None
    if not isinstance(item, dict) or not isinstance(item.get("id"), str):
        raise _Refused("its answer is no item of the Hub's API")
    return item


def _day(date: str | None) -> str:
    from email.utils import parsedate_to_datetime

    with suppress(ValueError, TypeError):
        return parsedate_to_datetime(date or "").date().isoformat()
    return datetime.now(UTC).date().isoformat()


# ---- what was answered before ------------------------------------------------


def _kept(kind: str, id_: str, revision: str) -> Path:
    """Return the file in which an answer is kept: among the assets of `huggingface_hub`, by endpoint."""
    from huggingface_hub import constants

    root = Path(os.environ.get("HF_ASSETS_CACHE") or constants.HF_ASSETS_CACHE)
    name = "--".join((kind, *id_.casefold().split("/"), *([quote(revision, safe="")] if revision else [])))
    return root / "clausegraph" / "hub" / quote(host(), safe="") / f"{name}.json"


def _read(path: Path) -> HubAnswer | None:
    """Return an answer that was kept; what is damaged counts as not kept."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        data = parse_json(path.read_bytes())
        datetime.fromisoformat(data["day"])
        return HubAnswer(dict(data["item"]), str(data["day"]))
    return None


def _write(path: Path, item: dict[str, Any], day: str) -> None:
    """Keep an answer; where the folder cannot be written, it is asked again next time."""
    import tempfile

    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=".part", delete=False, encoding="utf-8") as out:
            json.dump({"day": day, "item": item}, out)
        Path(out.name).replace(path)
