"""Zip and gz archives: their files, taken out one by one under bounds that no bomb passes."""

from __future__ import annotations

import gzip
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from connectors.errors import FileRejected
from connectors.files.rejection import damaged, without_table
from connectors.wording import Bilingual

MOST_FILES = 1_000
MOST_BYTES = 50_000_000_000
SUSPICIOUS_RATIO = 250
"""Tables pack to a tenth or a fiftieth; a file that grows more than this, beyond the bytes below, was made to fill a disk."""
UNSUSPICIOUS_BYTES = 200_000_000
CHUNK_BYTES = 1_048_576


def taken_out(path: Path, origin: Path, scratch: Path) -> Iterator[Path]:
    """Each table file of an archive, written to a folder of its own in `scratch`; the last one is deleted when the next is asked for.

    Raises FileRejected.
    """
    folder = scratch / "archive"
    try:
        yield from _from_zip(path, origin, folder) if zipfile.is_zipfile(path) else _from_gz(path, origin, folder)
    except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise damaged(origin.name, str(error)) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def check_unpacked(path: Path, origin: Path) -> None:
    """Unpack a workbook that is a zip, keeping nothing, so that no bomb reaches the reader. Raises FileRejected."""
    if not zipfile.is_zipfile(path):
        return
    allowed = _allowed(path.stat().st_size)
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MOST_FILES * 10 or sum(member.file_size for member in members) > allowed:
                raise _too_large(origin, allowed)
            for member in members:
                with archive.open(member) as packed:
                    while packed.read(CHUNK_BYTES):  # ends with an error where more comes out than the archive says
                        pass
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise damaged(origin.name, str(error)) from error


def _allowed(packed_bytes: int) -> int:
    return min(MOST_BYTES, max(UNSUSPICIOUS_BYTES, packed_bytes * SUSPICIOUS_RATIO))


def _too_large(origin: Path, allowed: int) -> FileRejected:
    return FileRejected(
        Bilingual(
            f"{origin.name} unpacks to more than {allowed // 1_000_000:,} MB, far more than tables do.",
            f"{origin.name} 解压后超过 {allowed // 1_000_000:,} MB，远超正常表格。",
        ),
        Bilingual("If you trust it, unpack it yourself and add the file.", "如果您信任该文件，请自行解压后添加。"),
    )


def _from_zip(path: Path, origin: Path, folder: Path) -> Iterator[Path]:
    with zipfile.ZipFile(path) as archive:
        members = [(member, name) for member in archive.infolist() if (name := _name(member)) and not member.is_dir()]
        if len(members) > MOST_FILES:
            raise FileRejected(
                Bilingual(
                    f"{origin.name} holds {len(members)} files; at most {MOST_FILES} are read.",
                    f"{origin.name} 含 {len(members)} 个文件，最多读取 {MOST_FILES} 个。",
                ),
                Bilingual("Add the files that matter on their own.", "请只添加需要的文件。"),
            )
        if not members:
            raise without_table(origin.name)
        for member, name in members:
            if member.flag_bits & 1:
                raise FileRejected(
                    Bilingual(f"{name} in {origin.name} is protected by a password.", f"{origin.name} 中的 {name} 设有密码。"),
                    Bilingual("Unpack it first, then add its files.", "请先解压，再添加其中的文件。"),
                )
            with archive.open(member) as packed:
                yield _written(packed, folder / name, member.compress_size, origin)


def _from_gz(path: Path, origin: Path, folder: Path) -> Iterator[Path]:
    stem = origin.name[: -len(".gz")] if origin.name.lower().endswith(".gz") else origin.name
    with gzip.open(path) as packed:
        yield _written(packed, folder / stem, path.stat().st_size, origin)


def _written(packed: IO[bytes] | gzip.GzipFile, target: Path, packed_bytes: int, origin: Path) -> Path:
    shutil.rmtree(target.parent, ignore_errors=True)
    target.parent.mkdir(parents=True)
    allowed = min(_allowed(packed_bytes), shutil.disk_usage(target.parent).free // 2)
    written = 0
    with target.open("wb") as out:
        while chunk := packed.read(CHUNK_BYTES):
            written += len(chunk)
            if written > allowed:
                raise _too_large(origin, allowed)
            out.write(chunk)
    return target


def _name(member: zipfile.ZipInfo) -> str:
    """The file's own name without folders, in the encoding it was packed with; empty for what systems add."""
    full = member.filename
    if not member.flag_bits & 0x800 and not full.isascii():
        full = _decoded(full.encode("cp437", "replace"))
    parts = PurePosixPath(full.replace("\\", "/")).parts
    if not parts or "__MACOSX" in parts or parts[-1].startswith((".", "~$")):
        return ""
    return parts[-1]


def _decoded(name: bytes) -> str:
    for encoding in ("utf-8", "gb18030", "cp932", "cp437"):
        try:
            return name.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name.decode("latin-1")
