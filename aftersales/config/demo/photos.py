"""Photos for the orders, drawn when they are needed: a simple sketch of the unit on a workbench, with the damage marked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from PIL import Image, ImageDraw

from aftersales.config.demo.dice import dice

WIDTH, HEIGHT = 800, 600
BENCHES = ("#c9c4bb", "#b8c0c4", "#d6d0c2", "#aeb4ac")
BODIES = ("#2f3a45", "#5b6770", "#8a3b32", "#2c5d7c", "#7a7f52", "#d9dde0", "#445c4a")
Draw = ImageDraw.ImageDraw


def draw_photos(seed: str, trade: str, category: str, count: int) -> list[UploadedFile[bytes]]:
    """So many photos of one unit, as a browser would send them."""
    return [_photo(dice(seed, "photo", place), trade, category, place) for place in range(count)]


def draw_logo() -> UploadedFile[bytes]:
    """The mark of the invented house: a river between two banks, large, as a browser would send it."""
    image = Image.new("RGBA", (1200, 400), (255, 255, 255, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((20, 20, 380, 380), radius=72, fill="#0f6466")
    draw.arc((90, 90, 310, 310), 200, 340, fill="white", width=34)
    draw.arc((90, 150, 310, 370), 200, 340, fill="#e9b44c", width=34)
    for place, width in enumerate((720, 560)):
        draw.rounded_rectangle((450, 110 + place * 110, 450 + width, 174 + place * 110), radius=32, fill="#0f6466")
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return SimpleUploadedFile("logo.png", buffer.getvalue(), content_type="image/png")


def _photo(random: Random, trade: str, category: str, place: int) -> UploadedFile[bytes]:
    bench = random.choice(BENCHES)
    image = Image.new("RGB", (WIDTH, HEIGHT), bench)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 430, WIDTH, HEIGHT), fill=_darker(bench, 0.86))
    sketch = SKETCHES.get(category) or SKETCHES[trade]
    sketch(draw, random.choice(BODIES))
    _damage(draw, random)
    image = image.rotate(random.uniform(-3, 3), resample=Image.Resampling.BILINEAR, fillcolor=bench)
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=82)
    return SimpleUploadedFile(f"IMG_{place + 1:04d}.jpg", buffer.getvalue(), content_type="image/jpeg")


def _telephone(draw: Draw, body: str) -> None:
    draw.rounded_rectangle((300, 70, 500, 510), radius=28, fill=body)
    draw.rounded_rectangle((312, 92, 488, 488), radius=14, fill="#10161c")
    draw.ellipse((392, 76, 408, 88), fill="#05080a")
    draw.line((330, 120, 420, 300), fill="#26323c", width=14)


def _screen(draw: Draw, body: str) -> None:
    draw.rectangle((130, 110, 670, 420), fill=body)
    draw.rectangle((144, 124, 656, 406), fill="#0d1318")
    draw.rectangle((380, 420, 420, 470), fill=body)
    draw.rectangle((300, 468, 500, 484), fill=body)


def _appliance(draw: Draw, body: str) -> None:
    draw.rounded_rectangle((250, 150, 550, 480), radius=40, fill=body)
    draw.rounded_rectangle((290, 200, 510, 300), radius=14, fill="#e7eaec")
    draw.ellipse((360, 350, 440, 430), fill="#1c2329", outline="#e7eaec", width=6)


def _car(draw: Draw, body: str) -> None:
    draw.polygon(
        [(120, 400), (150, 300), (270, 285), (340, 200), (540, 200), (620, 290), (690, 310), (700, 400)], fill=body
    )
    draw.polygon([(290, 285), (350, 215), (430, 215), (430, 285)], fill="#c8d6de")
    draw.polygon([(445, 285), (445, 215), (530, 215), (590, 285)], fill="#c8d6de")
    for x in (240, 580):
        draw.ellipse((x - 58, 345, x + 58, 461), fill="#14181b")
        draw.ellipse((x - 28, 375, x + 28, 431), fill="#9aa3a8")


def _tractor(draw: Draw, body: str) -> None:
    draw.rectangle((330, 270, 620, 380), fill=body)
    draw.polygon([(210, 380), (220, 150), (370, 150), (380, 380)], outline=body, fill="#c8d6de", width=16)
    draw.rectangle((540, 190, 556, 275), fill="#23282c")
    draw.ellipse((150, 290, 350, 490), fill="#14181b")
    draw.ellipse((205, 345, 295, 435), fill="#d8a928")
    draw.ellipse((540, 370, 660, 490), fill="#14181b")
    draw.ellipse((575, 405, 625, 455), fill="#d8a928")


def _vase(draw: Draw, body: str) -> None:
    draw.polygon(
        [(360, 100), (440, 100), (425, 170), (520, 280), (470, 480), (330, 480), (280, 280), (375, 170)], fill="#eef1f2"
    )
    draw.arc((300, 220, 500, 340), 0, 360, fill=body, width=8)
    draw.arc((320, 330, 480, 430), 0, 360, fill="#2c5d9c", width=6)
    draw.line((330, 480, 470, 480), fill=body, width=10)


SKETCHES: Mapping[str, Callable[[Draw, str], None]] = {
    "electronics": _appliance,
    "automotive": _car,
    "agri": _tractor,
    "gift": _vase,
    "phone": _telephone,
    "tablet": _telephone,
    "screen": _screen,
    "laptop": _screen,
}


def _damage(draw: Draw, random: Random) -> None:
    """Some cracks from one point, ringed with a marker."""
    x, y = random.randint(330, 470), random.randint(230, 400)
    for _each in range(random.randint(4, 8)):
        end = (x + random.randint(-70, 70), y + random.randint(-70, 70))
        draw.line((x, y, *end), fill="#f4f6f7", width=random.choice([1, 2, 3]))
    draw.ellipse((x - 84, y - 84, x + 84, y + 84), outline="#d63939", width=7)


def _darker(colour: str, by: float) -> tuple[int, int, int]:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return int(red * by), int(green * by), int(blue * by)
