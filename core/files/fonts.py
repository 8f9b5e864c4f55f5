"""The Chinese fonts of the product, from a package: no machine needs fonts of its own.

Both are OpenType files of one weight under the SIL Open Font License.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pylopdf_fonts_zh_cn

SANS: Final[Path] = pylopdf_fonts_zh_cn.sans_path()
"""Noto Sans SC (黑体): seals, headings, tables."""
SERIF: Final[Path] = pylopdf_fonts_zh_cn.serif_path()
"""Noto Serif SC (宋体): running text."""
