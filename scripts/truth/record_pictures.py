"""Writes small pictures in every form that the preview reads, and what Pillow and torchvision make of them."""

import base64
import hashlib
import json
import pathlib
import struct
import zlib

import numpy as np
import torch
from PIL import Image
from torchvision.transforms import InterpolationMode
from torchvision.transforms._presets import ImageClassification

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "test" / "data" / "run" / "pictures"


def pixels(height, width, channels, seed=0):
    """Smooth colours with some noise, so that jpeg's chroma upsampling matters."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    planes = [128 + 100 * np.sin(x / (5 + c) + c) * np.cos(y / (4 + 2 * c)) for c in range(channels)]
    noise = rng.integers(-20, 21, (height, width, channels))
    return np.clip(np.stack(planes, -1) + noise, 0, 255).astype(np.uint8)


def adam7(rgb):
    """An interlaced png, which Pillow reads but does not write."""
    height, width, _ = rgb.shape
    raw = b""
    for x0, y0, dx, dy in [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]:
        part = rgb[y0::dy, x0::dx]
        if part.size:
            raw += b"".join(b"\0" + row.tobytes() for row in part)
    return png(width, height, 8, 2, raw, interlace=1)


def sixteen(samples, color):
    height, width = samples.shape[:2]
    raw = b"".join(b"\0" + row.astype(">u2").tobytes() for row in samples)
    return png(width, height, 16, color, raw)


def packed_grey(values, depth):
    """Grey of fewer than 8 bits a sample."""
    height, width = values.shape
    rows = []
    for row in values:
        bits = "".join(format(v, f"0{depth}b") for v in row)
        bits += "0" * (-len(bits) % 8)
        rows.append(b"\0" + bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8)))
    return png(width, height, depth, 0, b"".join(rows))


def png(width, height, depth, color, raw, interlace=0):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlace)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    rgb = pixels(37, 53, 3)
    image = Image.fromarray(rgb)
    alpha = Image.fromarray(pixels(21, 17, 4, 1), "RGBA")
    grey = Image.fromarray(pixels(19, 23, 1, 2)[..., 0])
    image.save(FOLDER / "rgb.png")
    alpha.save(FOLDER / "rgba.png")
    grey.save(FOLDER / "grey.png")
    Image.merge("LA", [grey, grey.rotate(180)]).save(FOLDER / "grey-alpha.png")
    grey.point(lambda v: 255 * (v > 128)).convert("1").save(FOLDER / "bit.png")
    image.quantize(13).save(FOLDER / "palette.png")
    image.quantize(200).save(FOLDER / "palette-transparent.png", transparency=3)
    (FOLDER / "grey2.png").write_bytes(packed_grey(np.asarray(grey) >> 6, 2))
    (FOLDER / "grey4.png").write_bytes(packed_grey(np.asarray(grey) >> 4, 4))
    (FOLDER / "interlaced.png").write_bytes(adam7(rgb))
    wide = pixels(11, 13, 3, 3).astype(np.uint16) * 257 - 100
    (FOLDER / "rgb16.png").write_bytes(sixteen(wide, 2))
    (FOLDER / "grey16.png").write_bytes(sixteen(wide[..., 0] >> 7, 0))
    for name, options in {
        "444.jpg": {"subsampling": 0, "quality": 92},
        "422.jpg": {"subsampling": 1, "quality": 80},
        "420.jpg": {"subsampling": 2, "quality": 75},
        "progressive.jpg": {"subsampling": 2, "quality": 60, "progressive": True},
        "restarts.jpg": {"quality": 70, "restart_marker_blocks": 2},
    }.items():
        image.save(FOLDER / name, **options)
    grey.save(FOLDER / "grey.jpg", quality=85)
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save(FOLDER / "rotated.jpg", quality=85, exif=exif)
    image.convert("CMYK").save(FOLDER / "cmyk.jpg")
    records = {}
    for file in sorted(FOLDER.glob("*.png")) + sorted(FOLDER.glob("*.jpg")):
        opened = Image.open(file).convert("RGB")
        records[file.name] = {"size": list(opened.size), "sha256": digest(opened)}
    big = Image.open(FOLDER / "420.jpg").convert("RGB")
    resized = [
        {"size": list(size), "sha256": digest(big.resize(size, Image.Resampling.BILINEAR))}
        for size in [(20, 11), (53, 20), (100, 37), (120, 90), (17, 60), (1, 1), (52, 36)]
    ]
    transforms = []
    for resize, crop in [(16, 12), (40, 32), (24, 40)]:
        preset = ImageClassification(crop_size=crop, resize_size=resize, interpolation=InterpolationMode.BILINEAR)
        data = preset(big).numpy().astype("<f4").tobytes()
        transforms.append({"resize": resize, "crop": crop, "data": base64.b64encode(data).decode()})
    (FOLDER / "expected.json").write_text(
        json.dumps({"decoded": records, "resized": resized, "transformed": transforms}, indent=1) + "\n"
    )
    numpy_files()


def numpy_files():
    """Arrays in the forms that numpy writes."""
    folder = FOLDER.parent / "npy"
    folder.mkdir(exist_ok=True)
    values = np.array([[[-1.5, 0.25, 3], [1e-3, 65504, -0.0]]])
    for dtype in ("<f8", "<f4", "<f2", ">f4", "<i8", "<i4", "<i2", "|i1", "|u1", "|b1"):
        np.save(folder / f"{dtype[1:]}{'-big' if dtype[0] == '>' else ''}.npy", np.clip(values, -100, 100).astype(dtype))
    np.save(folder / "fortran.npy", np.asfortranarray(np.arange(24, dtype="<f4").reshape(2, 3, 4)))
    np.save(folder / "scalar.npy", np.float32(2.5))
    with open(folder / "version2.npy", "wb") as f:
        np.lib.format.write_array(f, np.arange(3, dtype="<f4"), version=(2, 0))
    np.save(folder / "object.npy", np.array([{}], dtype=object), allow_pickle=True)
    np.save(folder / "complex.npy", np.array([1j]))


def digest(image):
    return hashlib.sha256(image.tobytes()).hexdigest()


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
