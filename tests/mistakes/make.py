"""Makes the inputs that cannot lie in a repository: binary, huge, or hostile to the tools that look at it."""

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

GOOD = {"id": "acme/good", "modelId": "acme/good", "tags": ["license:mit"]}
CARD = b"---\nlicense: mit\n---\n"


def long_key(folder: Path) -> None:
    (folder / "README.md").write_text(f"---\n{'k' * 10_000_000}: mit\n---\n")


def deep_yaml(folder: Path) -> None:
    (folder / "README.md").write_text("---\nlicense: " + "[" * 50_000 + "]" * 50_000 + "\n---\n")


def deep_json_line(folder: Path) -> None:
    deep = "[" * 100_000 + "]" * 100_000
    (folder / "models.jsonl").write_text(json.dumps(GOOD) + f'\n{{"id": "acme/deep", "tags": {deep}}}\n')


def long_line(folder: Path) -> None:
    with (folder / "models.jsonl").open("w") as out:
        out.write(json.dumps(GOOD) + '\n{"id": "acme/long", "x": "')
        for _ in range(80):
            out.write("x" * 1_000_000)
        out.write('"}\n')


def bad_utf8_card(folder: Path) -> None:
    (folder / "README.md").write_bytes(b"---\nlicense: mit\nname: caf\xe9\n---\n")


def bad_utf8_line(folder: Path) -> None:
    bad = b'{"id": "acme/b\xff", "modelId": "acme/b", "tags": []}\n'
    (folder / "models.jsonl").write_bytes(json.dumps(GOOD).encode() + b"\n" + bad)


def nul_card(folder: Path) -> None:
    (folder / "README.md").write_bytes(b"---\nlicense: mit\x00\n---\n")


def nul_line(folder: Path) -> None:
    (folder / "models.jsonl").write_bytes(json.dumps(GOOD).encode() + b'\n{"id": "acme/\x00"}\n')


def cut_gzip(folder: Path) -> None:
    body = "".join(json.dumps(GOOD | {"id": f"acme/m{n}-{n * 7919 % 104729}"}) + "\n" for n in range(5000))
    whole = gzip.compress(body.encode(), mtime=0)
    (folder / "models.jsonl.gz").write_bytes(whole[: len(whole) // 2])


def gzip_of_nothing(folder: Path) -> None:
    (folder / "models.jsonl.gz").write_bytes(b"\x1f\x8b\x08\x00")


def gzip_bomb(folder: Path) -> None:
    (folder / "bom.json.gz").write_bytes(gzip.compress(b'{"bomFormat": "' + b"x" * 300_000_000 + b'"}', 9, mtime=0))


def _tar(folder: Path, members: dict[str, bytes], links: dict[str, str] | None = None) -> None:
    with tarfile.open(folder / "cards.tar", "w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for name, target in (links or {}).items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, target
            archive.addfile(info)


def tar_traversal(folder: Path) -> None:
    _tar(folder, {"acme/good/README.md": CARD, "../../outside/README.md": CARD})


def tar_absolute(folder: Path) -> None:
    _tar(folder, {"acme/good/README.md": CARD, "/etc/README.md": CARD})


def tar_link(folder: Path) -> None:
    _tar(folder, {"acme/good/README.md": CARD}, {"acme/link/README.md": "/etc/passwd"})


def tar_cut(folder: Path) -> None:
    _tar(folder, {"acme/good/README.md": CARD, "acme/more/README.md": CARD + b"x" * 100_000})
    path = folder / "cards.tar"
    path.write_bytes(path.read_bytes()[:20_000])


def tar_without_cards(folder: Path) -> None:
    _tar(folder, {"notes.txt": b"hello"})


def _zip(folder: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(folder / "cards.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)


def zip_traversal(folder: Path) -> None:
    _zip(folder, {"acme/good/README.md": CARD, "../outside/README.md": CARD})


def zip_backslash(folder: Path) -> None:
    _zip(folder, {"acme/good/README.md": CARD, "..\\outside\\README.md": CARD})


def zip_bomb(folder: Path) -> None:
    _zip(folder, {"acme/bomb/README.md": CARD + b"0" * 200_000_000, "acme/good/README.md": CARD})


def zip_cut(folder: Path) -> None:
    _zip(folder, {"acme/good/README.md": CARD})
    path = folder / "cards.zip"
    path.write_bytes(path.read_bytes()[:60])


def link_out_of_folder(folder: Path) -> None:
    (folder / "outside.md").write_bytes(CARD)
    for name in ("good", "link"):
        (folder / "cards" / "acme" / name).mkdir(parents=True)
    (folder / "cards/acme/good/README.md").write_bytes(CARD)
    (folder / "cards/acme/link/README.md").symlink_to(folder / "outside.md")


def parquet_cut(folder: Path) -> None:
    (folder / "models.parquet").write_bytes(b"PAR1" + b"\x00" * 100)


def parquet_of_others(folder: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"name": ["x"], "price": [1]}), folder / "models.parquet")


def parquet_bad_row(folder: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = {"id": ["acme/good", "a b"], "tags": [["license:mit"], []], "cardData": ['{"license": "mit"}', "{}"]}
    pq.write_table(pa.table(rows), folder / "models.parquet")


def gguf_cut(folder: Path) -> None:
    (folder / "README.md").write_bytes(CARD)
    (folder / "model.gguf").write_bytes(b"GGUF" + b"\xff" * 40)


def empty_folder(folder: Path) -> None:
    (folder / "model").mkdir()


def noise(folder: Path) -> None:
    (folder / "models.jsonl").write_bytes(bytes(range(7)) + b"\n")


MAKERS: dict[str, Callable[[Path], None]] = {
    name: made for name, made in globals().items() if callable(made) and getattr(made, "__module__", "") == __name__
}
