"""The font of the PDF: found on the machine, read once, and cut down to the characters a document needs."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping
from copy import copy
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTFont, TTLibError
from fontTools.ttLib.tables._g_l_y_f import Glyph

SETTING = "RESPITE_PDF_FONT"
# Where systems put WenQuanYi Micro Hei, which has Chinese characters and digits both.
CANDIDATES = tuple(
    Path(folder) / "wqy-microhei.ttc"
    for folder in (
        "/usr/share/fonts/truetype/wqy",
        "/usr/share/fonts/wenquanyi/wqy-microhei",
        "/usr/share/fonts/wqy-microhei-fonts",
        "/usr/share/fonts/wqy-microhei",
        "/usr/local/share/fonts",
    )
)
# Stands for a character the font does not have, as printers do; the first that the font has.
_SUBSTITUTES = "〓□?"
# fontTools reads tables when they are first used, which two threads must not do at once.
_READING = threading.Lock()


def font_path() -> Path | None:
    """The font file: what RESPITE_PDF_FONT names, else where systems put it; None when there is none."""
    named = os.environ.get(SETTING)
    places = (Path(named),) if named else CANDIDATES
    return next((path for path in places if path.is_file()), None)


@lru_cache(maxsize=1)
def is_usable(path: Path) -> bool:
    """Whether the file is a font of TrueType outlines that can be read; reading it is done once."""
    try:
        with _READING:
            return "glyf" in _read(path) and bool(_cmap(path))
    except (OSError, TTLibError):
        return False


def cut_down(path: Path, characters: Iterable[str]) -> bytes:
    """A TrueType font with the glyphs of `characters` alone. The same characters give the same bytes."""
    with _READING:
        font = _read(path)
        cmap = _cmap(path)
        wanted = {ord(each): cmap[ord(each)] for each in sorted(set(characters)) if ord(each) in cmap}
        return _built(font, wanted)


def printable(path: Path, text: str) -> str:
    """The text with what the font cannot show replaced by a sign that says so."""
    with _READING:
        cmap = _cmap(path)
    instead = next(each for each in _SUBSTITUTES if ord(each) in cmap)
    return "".join(each if ord(each) in cmap else instead for each in text)


@lru_cache(maxsize=1)
def _read(path: Path) -> TTFont:
    return TTFont(path, fontNumber=0 if path.suffix.lower() == ".ttc" else -1, lazy=True)


@lru_cache(maxsize=1)
def _cmap(path: Path) -> Mapping[int, str]:
    cmap: Mapping[int, str] = _read(path).getBestCmap()
    return cmap


def _built(font: TTFont, wanted: Mapping[int, str]) -> bytes:
    glyphs = _glyphs(font, [".notdef", *dict.fromkeys(wanted.values())])
    builder = FontBuilder(font["head"].unitsPerEm, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap(dict(wanted))
    builder.setupGlyf(glyphs, calcGlyphBounds=False, validateGlyphFormat=False)
    builder.setupHorizontalMetrics({name: font["hmtx"][name] for name in glyphs})
    builder.setupNameTable({"familyName": font["name"].getBestFamilyName(), "styleName": "Regular"})
    builder.setupPost(keepGlyphNames=False)
    # Bounds and times are those of the whole font: nothing is worked out anew, nothing depends on today.
    for table in ("head", "hhea", "maxp", "OS/2"):
        builder.font[table] = copy(font[table])
    builder.font.recalcBBoxes = builder.font.recalcTimestamp = False
    output = BytesIO()
    builder.save(output)
    return output.getvalue()


def _glyphs(font: TTFont, names: list[str]) -> dict[str, Glyph]:
    """Copies of the named glyphs and of those they are composed of, without hints.

    Hints call functions of the whole font, which the cut one does not have.
    """
    table, found, waiting = font["glyf"], dict[str, Glyph](), names[::-1]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        glyph = found[name] = copy(table.glyphs[name])
        glyph.trim(remove_hinting=True)
        if glyph.isComposite():
            glyph.expand(table)
            waiting += [part.glyphName for part in glyph.components]
    return found
