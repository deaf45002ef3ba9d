"""Every model that is compared: `test/data/truth/packages/<set>.json`, from the packages' own registries.

A list names, for each file of a package, the expressions that build its models (evaluated in that file's namespace) and
the input each is called on. `python catalogue.py [SET…]` makes the lists anew; the recorder and the conformance run read
them.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.metadata
import inspect
import io
import json
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import fast  # noqa: E402
import handmade  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "test/data/truth/packages"

Entry = tuple[str, str, list[Any]]
"""File, expression, inputs."""

# timm's files with residual convolutional networks.
RESIDUAL = set(
    "resnet resnetv2 resnest res2net senet sknet regnet densenet dla dpn vovnet hrnet byobnet byoanet cspnet cspnext "
    "nfnet efficientnet mobilenetv3 mobilenetv5 hardcorenas ghostnet rexnet repghost repvit selecsls tresnet "
    "inception_resnet_v2 xception_aligned xception convnext rdnet hgnet lcnetv2 starnet fasternet inception_next edgenext".split()
)
# What takes no picture.
NO_PICTURE = {
    "quartznet": "takes audio", "jasper": "takes audio", "jasperdr": "takes audio", "voca": "takes audio",
    "nvpattexp": "takes audio", "visemenet": "takes audio",
}


def torchvision_models(dense: bool) -> Iterator[Entry]:
    import torchvision

    for name in torchvision.models.list_models():
        builder = torchvision.models.get_model_builder(name)
        module = builder.__module__.removeprefix("torchvision.models.")
        if ("." in module) != dense:
            continue
        weights = [key for key in inspect.signature(builder).parameters if key == "weights_backbone"]
        arguments = [f"{key}=None" for key in weights]
        kind = module.partition(".")[0]
        size = 299 if "inception" in module else 224
        inputs: list[Any] = [[2, 3, size, size]]
        if module in ("googlenet", "inception", "quantization.googlenet", "quantization.inception"):
            arguments.append("init_weights=False")
        elif kind == "segmentation":
            inputs = [[2, 3, 128, 160]]
        elif kind == "detection":
            inputs = [{"seq": [[3, 96, 128], [3, 112, 80]]}]
            if not module.startswith("detection.ssd"):
                arguments += ["min_size=160", "max_size=256"]
        elif kind == "video":
            frames, side = {"video.s3d": (14, 224), "video.mvit": (16, 224)}.get(module, (16, 112))
            inputs = [[2, 3, frames, side, side]]
        elif kind == "optical_flow":
            inputs = [[1, 3, 128, 160], [1, 3, 128, 160]]
        yield "torchvision/models/" + module.replace(".", "/") + ".py", f"{builder.__name__}({', '.join(arguments)})", inputs


def timm_models(residual: bool) -> Iterator[Entry]:
    import timm
    from timm.models import get_pretrained_cfg_value, is_model_pretrained  # noqa: F401

    for name in timm.list_models():
        factory = timm.model_entrypoint(name)
        module = factory.__module__.removeprefix("timm.models.")
        if (module in RESIDUAL) != residual:
            continue
        size = get_pretrained_cfg_value(name, "input_size") or (3, 224, 224)
        yield f"timm/models/{module}.py", f"{factory.__name__}()", [[2, *size]]


def pytorchcv_models() -> Iterator[Entry]:
    from pytorchcv.model_provider import _models

    for name, factory in _models.items():
        module = factory.__module__.removeprefix("pytorchcv.models.")
        if module in NO_PICTURE:
            continue
        try:
            with fast.unfilled():
                model = factory()
        except Exception as error:  # noqa: BLE001 what does not build is left out, and said
            say(f"left out: {module}.{name}: {type(error).__name__}: {str(error)[:100]}")
            continue
        height, width = getattr(model, "in_size", None) or (224, 224)
        channels = getattr(model, "in_channels", 3)
        inputs = [[2, channels, height, width]]
        yield f"pytorchcv/models/{module}.py", f"{factory.__name__}()", handmade.PYTORCHCV.get(module, inputs)


def smp_models() -> Iterator[Entry]:
    import segmentation_models_pytorch as smp

    folder = "segmentation_models_pytorch"
    sides = {"Unet": "unet", "UnetPlusPlus": "unetplusplus", "MAnet": "manet", "Linknet": "linknet", "FPN": "fpn",
             "PSPNet": "pspnet", "PAN": "pan", "DeepLabV3": "deeplabv3", "DeepLabV3Plus": "deeplabv3",
             "Segformer": "segformer", "UPerNet": "upernet", "DPT": "dpt"}
    for encoder in smp.encoders.get_encoder_names():
        yield f"{folder}/decoders/unet/model.py", f'Unet("{encoder}", encoder_weights=None)', [[2, 3, 256, 256]]
    for name, decoder in sides.items():
        if name in ("Unet", "DPT"):
            continue
        for encoder in ("resnet18", "resnet50", "se_resnext50_32x4d", "efficientnet-b0", "mobilenet_v2", "tu-resnest14d"):
            yield f"{folder}/decoders/{decoder}/model.py", f'{name}("{encoder}", encoder_weights=None)', [[2, 3, 256, 256]]
    for encoder in ("tu-vit_base_patch16_224.augreg_in21k", "tu-vit_tiny_patch16_224"):
        yield f"{folder}/decoders/dpt/model.py", f'DPT("{encoder}", encoder_weights=None)', [[2, 3, 224, 224]]
    yield f"{folder}/decoders/unet/model.py", 'Unet("resnet34", encoder_weights=None, classes=4, aux_params={"classes": 5, "dropout": 0.2})', [[2, 3, 256, 256]]
    yield f"{folder}/decoders/unet/model.py", 'Unet("resnet34", encoder_weights=None, decoder_attention_type="scse", in_channels=1)', [[2, 1, 256, 256]]
    yield f"{folder}/decoders/unet/model.py", 'Unet("resnet34", encoder_weights=None, encoder_depth=3, decoder_channels=(128, 64, 32))', [[2, 3, 256, 256]]
    yield f"{folder}/decoders/unet/model.py", 'Unet("tu-resnet34", encoder_weights=None)', [[2, 3, 256, 256]]
    yield f"{folder}/decoders/unet/model.py", 'Unet("tu-convnext_tiny", encoder_weights=None)', [[2, 3, 256, 256]]


SETS: dict[str, Any] = {
    "torchvision": lambda: torchvision_models(False),
    "torchvision-dense": lambda: torchvision_models(True),
    "timm-residual": lambda: timm_models(True),
    "pytorchcv": pytorchcv_models,
    "smp": smp_models,
    **handmade.SETS,
    "timm": lambda: timm_models(False),
}


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def collect(name: str) -> dict[str, Any]:
    """The list of one set."""
    files: dict[str, dict[str, list[str]]] = {}
    for file, expression, inputs in SETS[name]():
        files.setdefault(file, {}).setdefault(json.dumps(inputs), []).append(expression)
    versions = {}
    for package in sorted({file.partition("/")[0] for file in files}):
        versions[package] = importlib.metadata.version(package).partition("+")[0]
    return {
        "versions": versions,
        "files": [
            {"file": file, "input": json.loads(inputs), "models": models}
            for file, groups in files.items()
            for inputs, models in groups.items()
        ],
    }


def main() -> int:
    warnings.simplefilter("ignore")
    for name in sys.argv[1:] or SETS:
        with contextlib.redirect_stdout(io.StringIO()):
            found = collect(name)
        files = found.pop("files")
        models = sum(len(group["models"]) for group in files)
        lines = ",\n  ".join(json.dumps(group) for group in files)
        head = json.dumps(found)[:-1]
        OUT.mkdir(parents=True, exist_ok=True)
        (OUT / f"{name}.json").write_text(f'{head}, "files": [\n  {lines}\n]}}\n')
        say(f"{name}: {models} models")
    return 0


if __name__ == "__main__":
    sys.exit(main())
