"""Pictures on papers: the QR code, what was drawn or signed on a screen, the house's logo. All become SVG of our own making."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from io import BytesIO

import segno
from PIL import Image

from aftersales.ui.papers.blocks import Picture

Stroke = Sequence[tuple[float, float]]
LOGO_MM = (42.0, 16.0)
"""How wide and high a logo is at most."""
FIELD, EDGE, SIGNATURE_SHAPE = 400.0, 8.0, 2.6
"""A signature is drawn on a field of this width, with an edge, and never higher than it is wide by this ratio."""
PEN = 'fill="none" stroke="#000" stroke-linecap="round" stroke-linejoin="round"'


def qr_picture(link: str, label: str, *, width_mm: float) -> Picture:
    """The QR code that opens `link`."""
    buffer = BytesIO()
    segno.make(link, error="m", micro=False).save(buffer, kind="svg", border=0, dark="#000", xmldecl=False, svgns=True)
    return Picture(buffer.getvalue().decode(), label, width_mm)


def strokes_picture(
    strokes: Iterable[Stroke], label: str, *, width: float, height: float, width_mm: float, pen: float = 2.0
) -> Picture:
    """What a finger or a pen drew on a field of `width` × `height`; points outside of it are drawn at its edge."""
    lines = "".join(_line(stroke, width, height, pen) for stroke in strokes if stroke)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}">'
        f'<g {PEN} stroke-width="{pen:g}">{lines}</g></svg>'
    )
    return Picture(svg, label, width_mm)


def signature_picture(strokes: Iterable[Stroke], label: str, *, width_mm: float = 42) -> Picture | None:
    """A signature as large as its place, whatever the field it was drawn on; None when nothing was drawn."""
    drawn = [stroke for stroke in strokes if stroke]
    if not drawn:
        return None
    across = [float(x) for stroke in drawn for x, _y in stroke]
    down = [float(y) for stroke in drawn for _x, y in stroke]
    span = max(max(across) - min(across), (max(down) - min(down)) * SIGNATURE_SHAPE) or 1.0
    scale, width = (FIELD - 2 * EDGE) / span, FIELD
    moved = [
        [(EDGE + (x - min(across)) * scale, EDGE + (y - min(down)) * scale) for x, y in stroke] for stroke in drawn
    ]
    height = max(EDGE * 4, 2 * EDGE + (max(down) - min(down)) * scale)
    return strokes_picture(moved, label, width=width, height=height, width_mm=width_mm, pen=4)


def _line(stroke: Stroke, width: float, height: float, pen: float) -> str:
    points = [(min(max(float(x), 0), width), min(max(float(y), 0), height)) for x, y in stroke]
    if len(points) == 1:
        return f'<circle cx="{points[0][0]:.1f}" cy="{points[0][1]:.1f}" r="{pen / 2:g}" fill="#000" stroke="none"/>'
    return f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>'


def wrapped_jpeg(jpeg: bytes, label: str, *, most_mm: tuple[float, float]) -> Picture:
    """A photo that `core.files` wrote, as a picture that is at most `most_mm` wide and high."""
    width, height = Image.open(BytesIO(jpeg), formats=("JPEG",)).size
    most_width, most_height = most_mm
    body = base64.b64encode(jpeg).decode()
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/jpeg;base64,{body}"/></svg>'
    )
    return Picture(svg, label, min(most_width, most_height * width / height))
