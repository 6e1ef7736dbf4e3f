"""What can be read again of a home whose database is lost or damaged, and what the person is told of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from analyst.errors import AnalystError
from analyst.store import Store, StoredSource
from analyst.terms import Bilingual
from connectors.files import LoadReport, Source

NAMED = 5  # files named in a note; more are counted


@dataclass(frozen=True, slots=True)
class Again:
    """A file that can be read again."""

    source: Source
    former: Path
    """Where it lay when it was read before."""
    tables: tuple[str, ...] = ()
    """What it gave, less what the person took out; empty where that is not known."""


@dataclass(frozen=True, slots=True)
class Lost:
    """What a home held."""

    found: tuple[Again, ...]
    missing: tuple[Path, ...] = ()
    """Files that are gone, too."""


def lost_of(store: Store, originals: Path) -> Lost:
    """What the store says that the home held; where it says nothing, the files that were uploaded."""
    stored = store.sources()
    if not stored:
        kept = sorted(path for path in originals.glob("*") if path.is_file() and not path.name.startswith("."))
        return Lost(tuple(Again(Source(path), path) for path in kept))
    # A table belongs to the file that was read last of those that gave one of its name.
    owner = {name: source.path for source in sorted(stored, key=lambda source: source.added) for name in source.table_names}
    needed = [source for source in stored if not source.tables or source.path in owner.values()]
    places = {source.path: place_of(source.path, originals) for source in needed}
    found = tuple(again(source, place) for source in needed if (place := places[source.path]))
    return Lost(found, tuple(path for path, place in places.items() if not place))


def place_of(path: Path, originals: Path) -> Path | None:
    """Where a file lies now: where it lay, or among the uploaded ones of a home that was moved."""
    return next((place for place in (path, originals / path.name) if place.is_file()), None)


def again(source: StoredSource, place: Path) -> Again:
    """A file as it was read before."""
    return Again(Source(place, source.options), source.path, source.table_names)


def surplus(lost: Lost, report: LoadReport) -> tuple[str, ...]:
    """Tables read again that the person had taken out: beside all that their file is known to have kept."""
    extra: list[str] = []
    for file in lost.found:
        made = [table.name for table in report.tables if file.source.path in (table.path, *table.path.parents)]
        if file.tables and set(file.tables) <= set(made):
            extra += [name for name in made if name not in file.tables]
    return tuple(extra)


# ------------------------------------------------------------------------------------------------ what is told
def read_again(lost: Lost, report: LoadReport, kept: Path | None) -> AnalystError:
    """The tables are back, all of them or not; `kept` is the damaged file where it was not all read again."""
    failed = {path.name for path, _ in report.failed}
    files = listed(file.source.path.name for file in lost.found if file.source.path.name not in failed)
    gone = listed([*(path.name for path in lost.missing), *sorted(failed)])
    message = Bilingual(
        f"The file that holds your tables was lost or damaged. They were read again from the files they came from: {files.en}.",
        f"保存数据表的文件丢失或损坏，已从原始文件重新读取：{files.zh}。",
    )
    if not gone.en:
        return AnalystError(message, Bilingual("Nothing is missing; you can go on as before.", "没有缺失任何内容，可以继续使用。"))
    hint = Bilingual(
        f"These could not be read again: {gone.en}. Add them anew to have their tables back.",
        f"以下文件无法重新读取：{gone.zh}。请重新添加它们以恢复数据表。",
    )
    return AnalystError(message, joined(hint, kept_words(kept)))


def unreadable(lost: Lost, kept: Path | None) -> AnalystError:
    """Nothing could be read again."""
    files = listed([*(file.source.path.name for file in lost.found), *(path.name for path in lost.missing)])
    from_files = Bilingual(f": {files.en}", f"：{files.zh}") if files.en else Bilingual("", "")
    message = Bilingual(
        f"The file that holds your tables is lost or damaged, and the files they came from could not be read again{from_files.en}.",
        f"保存数据表的文件丢失或损坏，原始文件也无法重新读取{from_files.zh}。",
    )
    return AnalystError(message, joined(Bilingual("Add the files anew to go on.", "请重新添加文件后继续。"), kept_words(kept)))


def kept_words(kept: Path | None) -> Bilingual:
    """Where the damaged file is; empty where there is none."""
    return Bilingual(f"The damaged file is kept as {kept}.", f"损坏的文件保留为 {kept}。") if kept else Bilingual("", "")


def put_aside(path: Path, aside: Path) -> AnalystError:
    """The store was damaged."""
    return AnalystError(
        Bilingual(f"The file with your conversations and dashboards was damaged: {path}.", f"保存对话和仪表板的文件已损坏：{path}。"),
        Bilingual(
            f"It is kept as {aside.name}, and a new, empty one was begun. If you have a copy, stop the program and put it back.",
            f"它已保留为 {aside.name}，并新建了一个空文件。如有备份，请先停止程序，再恢复备份。",
        ),
    )


def temporary_home(folder: Path, error: Exception) -> AnalystError:
    """The home cannot be used; a temporary one stands in for it."""
    known = error if isinstance(error, AnalystError) else None
    why = known.message if known else Bilingual(f"{folder} cannot be used: {error}.", f"无法使用 {folder}：{error}。")
    check = Bilingual(
        "Check that it is a folder and that you may write to it, or set ANALYST_HOME to another one.",
        "请检查它是否为文件夹、是否有写入权限，或用 ANALYST_HOME 指定另一个文件夹。",
    )
    until = Bilingual(
        "Until then you can work with files that you add now, but nothing of it is kept when the program ends.",
        "在此之前，您可以添加文件并使用，但程序结束后不会保留任何内容。",
    )
    return AnalystError(why, joined(known.hint if known else check, until))


def joined(*sentences: Bilingual) -> Bilingual:
    """Sentences one after another."""
    return Bilingual(" ".join(filter(None, (one.en for one in sentences))), "".join(one.zh for one in sentences))


def listed(names: Iterable[str]) -> Bilingual:
    """Names in a row, the first few of many."""
    all_names = list(names)
    more = len(all_names) - NAMED
    en, zh = ", ".join(all_names[:NAMED]), "、".join(all_names[:NAMED])
    return Bilingual(f"{en} and {more} more", f"{zh}等 {len(all_names)} 个") if more > 0 else Bilingual(en, zh)
