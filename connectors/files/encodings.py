"""In which encoding a text file is written: marks and strict decoding first, then which candidate gives characters people use."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from charset_normalizer import from_bytes

from connectors.errors import FileRejected
from connectors.wording import Bilingual

SAMPLE_BYTES = 262_144
CHUNK_BYTES = 4_194_304
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
CANDIDATES = ("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949", "cp1252", "latin-1")
# The characters that open any frequency table of written Chinese, simplified and traditional, and words of table headers.
COMMON = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面"
    "起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体"
    "政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女"
    "变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王"
    "象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运"
    "這個們來為國說時會對過發後裡種經麼學現當沒動還進樣開從實軍無與長機業將兩間由問應戰頭體見產門員東聲處義幾條氣題別變總電數報結給關點書則聽卻界達強難權"
    "號價錢額數銷售區域名稱日期產品類別客戶訂單數量單價總計姓名地址電話城市省份备注編號编号价格金额销量销售区域名称类别客户订单单价合计姓名地址电话省份季度"
    "日本東京大阪店舗商品名売上金額担当者年月"
)


CONTROLS = re.compile("[\x80-\x9f]")
MEANT = {code: character for code in range(0x80, 0xA0) if (character := bytes([code]).decode("cp1252", "ignore"))}
"""Characters that no text has, and what they are in the encoding of Windows: somebody took its bytes for Latin-1 on the way."""


def as_meant(text: str) -> str:
    """The text with the control characters that stand for quotes and dashes of Windows turned into these."""
    return text if text.isascii() or not CONTROLS.search(text) else text.translate(MEANT)


def detect(path: Path) -> str:
    """The Python name of the encoding of the file; raises FileRejected if it is no text."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(SAMPLE_BYTES)
        pieces = [head]
        for share in (0.35, 0.7, 1.0):
            if size > SAMPLE_BYTES * 4:
                file.seek(min(int(size * share), size - SAMPLE_BYTES // 4))
                pieces.append(_from_line_start(file.read(SAMPLE_BYTES // 4)))
    return detect_bytes(head, pieces, path.name)


def detect_bytes(head: bytes, pieces: list[bytes], name: str) -> str:
    """The encoding of samples of a file, of which `head` is its start."""
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return encoding
    if wide := _wide_without_mark(head):
        return wide
    if head.count(0) > len(head) // 1000 or _looks_binary(head):
        raise FileRejected(
            Bilingual(f"{name} is not a text file.", f"{name} 不是文本文件。"),
            Bilingual(
                "Open it in the program that made it and save it as CSV or Excel, then add that file.",
                "请用生成它的软件打开，另存为 CSV 或 Excel 后再添加。",
            ),
        )
    if all(decodes(piece, "utf-8") for piece in pieces) or is_nearly_utf8(b"\n".join(pieces)):
        return "utf-8"
    scored = [(pleasantness(b"\n".join(pieces), encoding), encoding) for encoding in CANDIDATES]
    best, encoding = max(scored, key=lambda pair: pair[0])
    return encoding if best > 0.4 else _second_opinion(pieces) or encoding


def decodes(piece: bytes, encoding: str) -> bool:
    """Whether the bytes decode without an error, a character cut off at the end apart."""
    try:
        codecs.getincrementaldecoder(encoding)("strict").decode(piece)
    except UnicodeDecodeError:
        return False
    return True


def is_nearly_utf8(sample: bytes) -> bool:
    """Whether broken characters are so few that the others cannot be UTF-8 by chance."""
    broken = sample.decode("utf-8", "replace").count("\ufffd")
    whole = sum(character > "\x7f" for character in sample.decode("utf-8", "ignore"))
    return broken * 20 <= whole


def pleasantness(sample: bytes, encoding: str) -> float:
    """How much the non-ASCII characters look like what people write: about 1 for right, 0 for chance, -9 if it does not decode."""
    try:
        text = codecs.getincrementaldecoder(encoding)("strict").decode(sample)
    except UnicodeDecodeError:
        return -9.0
    weights = [_weight(character, text[at - 1 : at + 2] if at else text[:2]) for at, character in enumerate(text) if character > "\x7f"]
    return sum(weights) / len(weights) if weights else 0.0


def as_utf8(path: Path, encoding: str, target: Path) -> Iterator[float]:
    """Write the file to `target` as UTF-8, a chunk at a time; yields the share done. Raises UnicodeDecodeError."""
    size = max(path.stat().st_size, 1)
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    with path.open("rb") as file, target.open("wb") as out:
        while chunk := file.read(CHUNK_BYTES):
            out.write(decoder.decode(chunk).encode())
            yield file.tell() / size
        out.write(decoder.decode(b"", final=True).encode())


def _weight(character: str, around: str) -> float:
    code = ord(character)
    if character in COMMON:
        return 1.6
    if 0x4E00 <= code <= 0x9FFF:
        everyday = _in_block(character, "gb2312", 0xB0, 0xD7) or _in_block(character, "big5", 0xA4, 0xC6)
        return 0.7 if everyday else -0.4
    if 0xAC00 <= code <= 0xD7A3:
        return 1.2 if _in_block(character, "euc_kr", 0xB0, 0xC8) else -0.4
    if 0x3040 <= code <= 0x30FF:
        return 1.2
    if 0x3000 <= code <= 0x3020 or 0xFF01 <= code <= 0xFF5E:
        return 0.8
    if code < 0x180 and character.isalpha():
        beside = sum(other.isascii() and other.isalpha() for other in around)
        return 1.3 if beside and (character.islower() or not any(other.islower() for other in around[:1])) else -0.6
    if character in "€£¥°§©®–—‘’“”…•²³½¼«»·™":
        return 0.8
    return -1.0


def _in_block(character: str, encoding: str, first: int, last: int) -> bool:
    """Whether it stands in a national standard's block, such as level 1 of GB 2312 or Big5: the characters of everyday use."""
    try:
        return first <= character.encode(encoding)[0] <= last
    except UnicodeEncodeError:
        return False


def _wide_without_mark(head: bytes) -> str | None:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if even + odd < max(2, len(head) // 50) or min(even, odd) > max(even, odd) // 10:
        return None
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    if not decodes(head, encoding):
        return None
    text = head.decode(encoding, "ignore")
    return encoding if any(mark in text for mark in ",;\t|\n") else None


def _looks_binary(head: bytes) -> bool:
    known = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1", b"\x7fELF", b"SQLite format 3")
    strange = sum(head.count(code) for code in (*range(1, 9), *range(14, 27), *range(28, 32)))
    return head.startswith(known) or strange > len(head) // 50


def _second_opinion(pieces: list[bytes]) -> str | None:
    """What charset_normalizer says, if decoding and encoding again gives the same bytes."""
    sample = b"\n".join(pieces)
    found = from_bytes(sample).best()
    if found is None:
        return None
    try:
        return found.encoding if sample.decode(found.encoding).encode(found.encoding) == sample else None
    except UnicodeError:
        return None


def _from_line_start(piece: bytes) -> bytes:
    """The piece from its first whole line on, so that no character is cut."""
    return piece[piece.find(b"\n") + 1 :]
