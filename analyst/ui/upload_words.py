"""The words of the server's own answers: of the doors, of the route that takes files, and of the box that sends them."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.wording import Bilingual

STEP = 1024


@dataclass(frozen=True, slots=True)
class Blank:
    """Words with places to be filled, the same in both languages."""

    words: Bilingual

    def filled(self, **values: str) -> Bilingual:
        """The words with the values in their places."""
        return Bilingual(self.words.en.format(**values), self.words.zh.format(**values))


NAME_NOT_ALLOWED = Blank(
    Bilingual(
        "The page was asked for as “{host}”, a name that is not allowed here. Open it at the address the program printed. If the page is "
        "yours and is to be reached under that name, set ANALYST_HOSTS={host} and start it again.",
        "请求使用的名称“{host}”未被允许。请用程序启动时显示的地址打开页面。如果这是您自己的服务，"
        "并希望通过该名称访问，请设置 ANALYST_HOSTS={host} 后重新启动。",
    )
)
FOREIGN_PAGE_ASKS = Blank(Bilingual("Another web page asked for this, not this one.", "这个请求来自另一个网页，而不是本页面。"))
FOREIGN_HOST = Blank(Bilingual("The file was sent to “{host}”, which is not this machine.", "文件被发送到“{host}”，它不是本机。"))
FOREIGN_PAGE = Bilingual("The file was sent by another web page, not by this one.", "文件是由另一个网页发送的，而不是本页面。")
OPEN_HERE = Bilingual(
    "Open the page at the address the program printed, and send the file from there.",
    "请用程序启动时显示的地址打开页面，再从那里发送文件。",
)
NO_TOKEN = Bilingual("This page may no longer send files.", "本页面已无权发送文件。")
RELOAD = Bilingual("Reload the page, then send the file again.", "请刷新页面，然后重新发送文件。")
TOO_LARGE = Blank(Bilingual("{name} is larger than {limit}, the most that can be uploaded.", "{name} 超过了上传上限 {limit}。"))
TOO_LARGE_HINT = Bilingual(
    "Add it by its path instead, which has no limit, or raise ANALYST_UPLOAD_LIMIT_GB and start again.",
    "请改为按路径添加该文件（没有大小限制），或调大 ANALYST_UPLOAD_LIMIT_GB 后重新启动。",
)
DISK_FULL = Bilingual("The disk has no room for this file.", "磁盘空间不足，无法保存该文件。")
DISK_FAILED = Blank(Bilingual("The file could not be written: {error}.", "无法写入文件：{error}。"))
MAKE_ROOM = Bilingual(
    "Make room on the disk that ANALYST_HOME is on and check that you may write to it, then send the file again.",
    "请在 ANALYST_HOME 所在的磁盘上腾出空间，并确认有写入权限，然后重新发送文件。",
)
BROKE_OFF = Blank(Bilingual("{name} broke off on its way.", "{name} 在传输途中中断了。"))
SEND_AGAIN = Bilingual("Nothing of it was kept. Send it again.", "没有保留任何内容，请重新发送。")
FILE_NAMELESS = Bilingual("The file has no name that could be kept.", "文件没有可用的名称。")

BOX = {
    "invite": Bilingual("Drop large files here", "把大文件拖到这里"),
    "choose": Bilingual("Choose files", "选择文件"),
    "limit": Bilingual("Up to {limit} each; they go straight to disk", "每个文件最大 {limit}，直接写入磁盘"),
    "sending": Bilingual("{name}: {sent} of {total}", "{name}：已传 {sent}，共 {total}"),
    "left": Bilingual("about {time} left", "剩余约 {time}"),
    "waiting": Bilingual("{count} more waiting", "还有 {count} 个文件在等待"),
    "seconds": Bilingual("{count} s", "{count} 秒"),
    "minutes": Bilingual("{count} min", "{count} 分钟"),
    "cancel": Bilingual("Cancel", "取消"),
    "cancelled": Bilingual("{name} was stopped; nothing of it was kept.", "{name} 已停止传输，没有保留任何内容。"),
    "arrived": Bilingual("{name} has arrived.", "{name} 已上传完成。"),
    "folder": Bilingual("{name} is a folder or cannot be read. Choose files.", "{name} 是文件夹或无法读取，请选择文件。"),
    "too_large": TOO_LARGE.words,
    "too_large_hint": TOO_LARGE_HINT,
    "lost": Bilingual(
        "{name} could not be sent: the program did not answer. Check that it is still running, then send the file again.",
        "{name} 发送失败：程序没有响应。请检查程序是否仍在运行，然后重新发送。",
    ),
}
"""By the names under which upload_box.js asks for them."""


def size_words(size: int) -> str:
    """Bytes as people say them, such as 5 GB or 1.5 MB."""
    amount, unit = float(size), "B"
    for larger in ("KB", "MB", "GB", "TB"):
        if amount < STEP:
            break
        amount, unit = amount / STEP, larger
    return f"{amount:.1f}".removesuffix(".0") + f" {unit}"
