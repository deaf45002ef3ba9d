"""Writes small pictures in every form that the preview reads, and what Pillow and torchvision make of them."""

import base64
import hashlib
import json
import pathlib
import struct
import zlib

import numpy as np
import torch
from PIL import Image, ImageCms
from torchvision import transforms
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


def passes(rgb, color, depth, rows):
    """An Adam7 png of any kind: `rows` packs one row of one pass."""
    height, width = rgb.shape[:2]
    raw = b""
    for x0, y0, dx, dy in [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]:
        part = rgb[y0::dy, x0::dx]
        if part.size:
            raw += b"".join(b"\0" + rows(row) for row in part)
    return png(width, height, depth, color, raw, interlace=1)


def bits(row, depth):
    text = "".join(format(v, f"0{depth}b") for v in row)
    text += "0" * (-len(text) % 8)
    return bytes(int(text[i : i + 8], 2) for i in range(0, len(text), 8))


def with_marker(jpeg, marker, payload):
    """The jpeg with one more application segment at its start."""
    return jpeg[:2] + struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload + jpeg[2:]


def write_pngs(rgb, grey):
    image = Image.fromarray(rgb)
    rgba = pixels(21, 17, 4, 1)
    image.save(FOLDER / "rgb.png")
    Image.fromarray(rgba, "RGBA").save(FOLDER / "rgba.png")
    grey.save(FOLDER / "grey.png")
    Image.merge("LA", [grey, grey.rotate(180)]).save(FOLDER / "grey-alpha.png")
    grey.point(lambda v: 255 * (v > 128)).convert("1").save(FOLDER / "bit.png")
    image.quantize(13).save(FOLDER / "palette.png")
    image.quantize(4).save(FOLDER / "palette4.png")
    image.quantize(2).save(FOLDER / "palette2.png")
    image.quantize(200).save(FOLDER / "palette-transparent.png", transparency=3)
    image.quantize(16).save(FOLDER / "palette-alphas.png", transparency=bytes(range(0, 256, 16)))
    image.save(FOLDER / "rgb-transparent.png", transparency=tuple(int(v) for v in rgb[3, 4]))
    grey.save(FOLDER / "grey-transparent.png", transparency=128)
    image.save(FOLDER / "profile.png", icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes())
    Image.fromarray(pixels(1, 1, 3, 5)).save(FOLDER / "one.png")
    Image.fromarray(pixels(1, 40, 3, 6)).save(FOLDER / "row.png")
    Image.fromarray(pixels(40, 1, 3, 7)).save(FOLDER / "column.png")
    (FOLDER / "grey2.png").write_bytes(packed_grey(np.asarray(grey) >> 6, 2))
    (FOLDER / "grey4.png").write_bytes(packed_grey(np.asarray(grey) >> 4, 4))
    (FOLDER / "interlaced.png").write_bytes(adam7(rgb))
    (FOLDER / "interlaced-rgba.png").write_bytes(passes(rgba, 6, 8, lambda row: row.tobytes()))
    (FOLDER / "interlaced-grey.png").write_bytes(passes(np.asarray(grey), 0, 8, lambda row: row.tobytes()))
    (FOLDER / "interlaced-grey4.png").write_bytes(passes(np.asarray(grey) >> 4, 0, 4, lambda row: bits(row, 4)))
    (FOLDER / "interlaced-bit.png").write_bytes(passes(np.asarray(grey) >> 7, 0, 1, lambda row: bits(row, 1)))
    wide = pixels(11, 13, 4, 3).astype(np.uint16) * 257 - 100
    (FOLDER / "rgb16.png").write_bytes(sixteen(wide[..., :3], 2))
    (FOLDER / "rgba16.png").write_bytes(sixteen(wide, 6))
    (FOLDER / "grey16.png").write_bytes(sixteen(wide[..., 0] >> 7, 0))
    (FOLDER / "grey16-full.png").write_bytes(sixteen(wide[..., 1], 0))
    (FOLDER / "grey-alpha16.png").write_bytes(sixteen(wide[..., :2], 4))
    (FOLDER / "interlaced16.png").write_bytes(passes(wide[..., :3], 2, 16, lambda row: row.astype(">u2").tobytes()))


def write_jpegs(rgb, grey):
    image = Image.fromarray(rgb)
    for name, options in {
        "444.jpg": {"subsampling": 0, "quality": 92},
        "422.jpg": {"subsampling": 1, "quality": 80},
        "420.jpg": {"subsampling": 2, "quality": 75},
        "100.jpg": {"subsampling": 0, "quality": 100},
        "poor.jpg": {"subsampling": 2, "quality": 5},
        "optimized.jpg": {"subsampling": 2, "quality": 90, "optimize": True},
        "progressive.jpg": {"subsampling": 2, "quality": 60, "progressive": True},
        "progressive-444.jpg": {"subsampling": 0, "quality": 85, "progressive": True},
        "progressive-422.jpg": {"subsampling": 1, "quality": 85, "progressive": True},
        "restarts.jpg": {"quality": 70, "restart_marker_blocks": 2},
        "stored-rgb.jpg": {"quality": 90, "keep_rgb": True},
    }.items():
        image.save(FOLDER / name, **options)
    for height, width in [(1, 1), (8, 8), (16, 17), (33, 16), (9, 40)]:
        Image.fromarray(pixels(height, width, 3, height)).save(FOLDER / f"{width}x{height}.jpg", quality=80)
    grey.save(FOLDER / "grey.jpg", quality=85)
    grey.save(FOLDER / "grey-progressive.jpg", quality=85, progressive=True)
    for orientation, name in {2: "mirrored", 3: "upside-down", 6: "rotated", 8: "rotated-left"}.items():
        exif = Image.Exif()
        exif[0x0112] = orientation
        image.save(FOLDER / f"{name}.jpg", quality=85, exif=exif)
    plain = (FOLDER / "420.jpg").read_bytes()
    (FOLDER / "comment.jpg").write_bytes(with_marker(plain, 0xFE, b"a comment \xff\xc0 with a marker inside"))
    (FOLDER / "trailing.jpg").write_bytes(plain + b"what a camera put behind the end")
    image.convert("CMYK").save(FOLDER / "cmyk.jpg")


# A picture as four kinds of network take it: the name, torchvision's transform, and what the preview calls its parts.
BILINEAR, BICUBIC = InterpolationMode.BILINEAR, InterpolationMode.BICUBIC
IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
CIFAR = ((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616))
VARIANTS = [
    {"channels": 3, "resize": 37, "interpolation": "bilinear", "crop": [32, 32], "mean": IMAGENET[0], "std": IMAGENET[1]},
    {"channels": 3, "resize": 40, "interpolation": "bicubic", "crop": [36, 28], "mean": CIFAR[0], "std": CIFAR[1]},
    {"channels": 1, "resize": 14, "interpolation": "bilinear", "crop": [14, 14], "mean": [0.1307], "std": [0.3081]},
    {"channels": 3, "resize": 9, "interpolation": "bicubic", "crop": [11, 8], "mean": [0.5] * 3, "std": [0.25] * 3},
    {"channels": 3, "resize": None, "interpolation": "bilinear", "crop": [24, 25], "mean": [0.0] * 3, "std": [1.0] * 3},
]


def transform(variant):
    mode = BICUBIC if variant["interpolation"] == "bicubic" else BILINEAR
    return transforms.Compose(
        ([transforms.Grayscale()] if variant["channels"] == 1 else [])
        + ([] if variant["resize"] is None else [transforms.Resize(variant["resize"], interpolation=mode)])
        + [transforms.CenterCrop(variant["crop"]), transforms.ToTensor(), transforms.Normalize(variant["mean"], variant["std"])]
    )


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    rgb = pixels(37, 53, 3)
    grey = Image.fromarray(pixels(19, 23, 1, 2)[..., 0])
    write_pngs(rgb, grey)
    write_jpegs(rgb, grey)
    records = {}
    for file in sorted(FOLDER.glob("*.png")) + sorted(FOLDER.glob("*.jpg")):
        opened = Image.open(file).convert("RGB")
        made = [hashlib.sha256(transform(v)(opened).numpy().astype("<f4").tobytes()).hexdigest() for v in VARIANTS]
        records[file.name] = {"size": list(opened.size), "sha256": digest(opened), "transformed": made}
    big = Image.open(FOLDER / "420.jpg").convert("RGB")
    resized = [
        {"size": list(size), "interpolation": name, "sha256": digest(big.resize(size, mode))}
        for name, mode in [("bilinear", Image.Resampling.BILINEAR), ("bicubic", Image.Resampling.BICUBIC)]
        for size in [(20, 11), (53, 20), (100, 37), (120, 90), (17, 60), (1, 1), (52, 36)]
    ]
    presets = []
    for resize, crop in [(16, 12), (40, 32), (24, 40)]:
        preset = ImageClassification(crop_size=crop, resize_size=resize, interpolation=BILINEAR)
        presets.append({"resize": resize, "crop": crop, "data": base64.b64encode(preset(big).numpy().astype("<f4").tobytes()).decode()})
    (FOLDER / "expected.json").write_text(
        json.dumps({"variants": VARIANTS, "decoded": records, "resized": resized, "presets": presets}, indent=1) + "\n"
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
