"""Draws the two pictures that the preview offers, media/pictures: our own, from shapes alone."""

import math
import pathlib

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "media" / "pictures"
WIDTH, HEIGHT, SCALE = 320, 256, 4
W, H = WIDTH * SCALE, HEIGHT * SCALE


def ground(top, bottom, seed):
    """A vertical gradient with a fine grain."""
    y = np.linspace(0, 1, H)[:, None, None]
    base = np.array(top) * (1 - y) + np.array(bottom) * y + np.zeros((H, W, 3))
    grain = np.random.default_rng(seed).normal(0, 5, (H // 4, W // 4, 1)).repeat(4, 0).repeat(4, 1)
    return Image.fromarray(np.clip(base + grain, 0, 255).astype(np.uint8))


def disc(draw, x, y, radius, **options):
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), **options)


def shadowed(image, x, y, radius, shift):
    shadow = Image.new("L", image.size, 0)
    disc(ImageDraw.Draw(shadow), x + shift, y + shift, radius, fill=150)
    image.paste((20, 20, 25), mask=shadow.filter(ImageFilter.GaussianBlur(shift)))


def clock():
    image = ground((196, 178, 150), (150, 128, 100), 1)
    x, y, radius = W // 2, H // 2, 440
    shadowed(image, x, y, radius, 30)
    draw = ImageDraw.Draw(image)
    disc(draw, x, y, radius, fill=(45, 42, 48))
    disc(draw, x, y, radius - 42, fill=(248, 246, 238))
    for minute in range(60):
        angle = math.radians(minute * 6)
        inner = radius - (120 if minute % 5 == 0 else 80)
        ends = [(x + r * math.sin(angle), y - r * math.cos(angle)) for r in (inner, radius - 56)]
        draw.line(ends, fill=(30, 30, 34), width=18 if minute % 5 == 0 else 6)
    for degrees, length, width, color in [(305, 210, 30, (25, 25, 30)), (54, 320, 20, (25, 25, 30)), (200, 330, 8, (190, 40, 35))]:
        angle = math.radians(degrees)
        tip = (x + length * math.sin(angle), y - length * math.cos(angle))
        tail = (x - 60 * math.sin(angle), y + 60 * math.cos(angle))
        draw.line([tail, tip], fill=color, width=width)
    disc(draw, x, y, 26, fill=(25, 25, 30))
    return image


def petal(size, turn, shade):
    layer = Image.new("RGBA", (W, H), (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    x, y = W // 2, H // 2
    draw.ellipse((x - size // 6, y - size, x + size // 6, y - 60), fill=(shade, shade, shade - 6, 255))
    draw.line((x, y - size + 60, x, y - 130), fill=(shade - 28, shade - 28, shade - 38, 255), width=6)
    return layer.rotate(turn, center=(x, y), resample=Image.Resampling.BICUBIC)


def daisy():
    image = ground((66, 112, 52), (34, 70, 30), 2)
    draw = ImageDraw.Draw(image)
    rng = np.random.default_rng(3)
    for _ in range(160):
        x, y, length, lean = rng.integers(0, W), rng.integers(0, H), rng.integers(120, 360), rng.integers(-80, 80)
        green = int(rng.integers(70, 150))
        draw.line([(x, y), (x + lean, y - length)], fill=(green // 2, green, green // 3), width=10)
    image = image.filter(ImageFilter.GaussianBlur(9))
    draw = ImageDraw.Draw(image)
    draw.line([(W // 2, H // 2), (W // 2 - 60, H)], fill=(72, 128, 50), width=34)
    for i in range(21):
        layer = petal(430, i * 360 / 21 + 8, 214 if i % 2 else 232)
        image.paste(layer, mask=layer)
    for i in range(17):
        layer = petal(380, i * 360 / 17, 250)
        image.paste(layer, mask=layer)
    draw = ImageDraw.Draw(image)
    disc(draw, W // 2, H // 2, 150, fill=(214, 152, 22))
    for k in range(900):
        r, angle = 146 * math.sqrt(k / 900), k * 2.39996
        shade = int(rng.integers(-22, 24))
        disc(draw, W // 2 + r * math.cos(angle), H // 2 + r * math.sin(angle), 6, fill=(238 + min(shade, 10), 186 + shade, 44))
    return image


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, picture in {"clock": clock(), "daisy": daisy()}.items():
        small = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        small.save(FOLDER / f"{name}.jpg", quality=88, optimize=True)


if __name__ == "__main__":
    main()
