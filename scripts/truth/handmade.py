"""Models of packages without a registry, written down by hand, and inputs that no registry tells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Entry = tuple[str, str, list[Any]]

# pytorchcv's file → inputs, where a picture alone will not do.
PYTORCHCV: dict[str, list[Any]] = {
    "raft": [[1, 3, 128, 160], [1, 3, 128, 160]],
    "pfpcnet": [[2, 1, 320, 240]],
    "superpointnet": [[1, 1, 96, 128]],
}

SIDE = [[2, 3, 224, 224]]
SMALL = [[2, 3, 64, 64]]
VOLUME = [[1, 1, 64, 64, 64]]
GRAY = [[2, 1, 64, 64]]


def named(file: str, text: str, inputs: list[Any] = SIDE, arguments: str = "") -> Iterator[Entry]:
    """Factories of one file that take the same arguments."""
    for name in text.split():
        yield file, f"{name}({arguments})", inputs


def pretrainedmodels() -> Iterator[Entry]:
    folder = "pretrainedmodels/models"
    none, large = "pretrained=None", [[2, 3, 299, 299]]
    yield from named(f"{folder}/fbresnet.py", "fbresnet152", SIDE, none)
    yield from named(f"{folder}/fbresnet.py", "fbresnet18 fbresnet34 fbresnet50 fbresnet101")
    yield from named(f"{folder}/cafferesnet.py", "cafferesnet101", SIDE, none)
    yield from named(f"{folder}/bninception.py", "bninception", SIDE, none)
    yield from named(f"{folder}/resnext.py", "resnext101_32x4d resnext101_64x4d", SIDE, none)
    yield from named(f"{folder}/inceptionv4.py", "inceptionv4", large, none)
    yield from named(f"{folder}/inceptionresnetv2.py", "inceptionresnetv2", large, none)
    yield from named(f"{folder}/nasnet.py", "nasnetalarge", [[2, 3, 331, 331]], none)
    yield from named(f"{folder}/nasnet_mobile.py", "nasnetamobile", SIDE, none)
    yield from named(f"{folder}/pnasnet.py", "pnasnet5large", [[2, 3, 331, 331]], none)
    yield from named(f"{folder}/polynet.py", "polynet", [[2, 3, 331, 331]], none)
    yield from named(f"{folder}/xception.py", "xception", large, none)
    yield from named(f"{folder}/vggm.py", "vggm", [[2, 3, 221, 221]], none)
    yield from named(f"{folder}/dpn.py", "dpn68 dpn68b dpn92 dpn98 dpn131 dpn107", SIDE, none)
    yield from named(
        f"{folder}/senet.py",
        "senet154 se_resnet50 se_resnet101 se_resnet152 se_resnext50_32x4d se_resnext101_32x4d",
        SIDE,
        none,
    )
    yield from named(
        f"{folder}/torchvision_models.py",
        "alexnet densenet121 densenet169 densenet201 densenet161 resnet18 resnet34 resnet50 resnet101 resnet152 "
        "squeezenet1_0 squeezenet1_1 vgg11 vgg11_bn vgg13 vgg13_bn vgg16 vgg16_bn vgg19_bn vgg19",
        SIDE,
        none,
    )


def small() -> Iterator[Entry]:
    yield from named("resnest/torch/resnest.py", "resnest50 resnest101 resnest200 resnest269")
    yield from named(
        "resnest/torch/ablation.py",
        "resnest50_fast_1s1x64d resnest50_fast_2s1x64d resnest50_fast_4s1x64d resnest50_fast_1s2x40d "
        "resnest50_fast_2s2x40d resnest50_fast_4s2x40d resnest50_fast_1s4x24d",
    )
    for depth in (18, 101, 152):
        yield "resnet_pytorch/model.py", f'ResNet.from_name("resnet{depth}")', SIDE
    for size in range(9):
        side = (224, 240, 260, 300, 380, 456, 528, 600, 672)[size]
        yield "efficientnet_pytorch/model.py", f'EfficientNet.from_name("efficientnet-b{size}")', [[2, 3, side, side]]
    yield "efficientnet_pytorch/model.py", 'EfficientNet.from_name("efficientnet-b0", in_channels=1, num_classes=10)', [[2, 1, 224, 224]]
    face = "facenet_pytorch/models/inception_resnet_v1.py"
    yield face, "InceptionResnetV1()", [[2, 3, 160, 160]]
    yield face, "InceptionResnetV1(classify=True, num_classes=10)", [[2, 3, 160, 160]]
    faces = "facenet_pytorch/models/mtcnn.py"
    yield faces, "PNet(pretrained=False)", [[2, 3, 48, 64]]
    yield faces, "RNet(pretrained=False)", [[4, 3, 24, 24]]
    yield faces, "ONet(pretrained=False)", [[4, 3, 48, 48]]
    pixels = [[2, 3, 40, 48]]
    for scale in (2, 3, 4):
        yield from named("torchsr/models/carn.py", "carn carn_m", pixels, str(scale))
        yield from named("torchsr/models/edsr.py", "edsr_baseline edsr edsr_r16f64", pixels, str(scale))
    for scale in (2, 3, 4, 8):
        yield from named("torchsr/models/ninasr.py", "ninasr_b0 ninasr_b1 ninasr_b2", pixels, str(scale))
        yield from named("torchsr/models/rcan.py", "rcan rcan_g10r20f64", pixels, str(scale))
    yield from named("torchsr/models/rdn.py", "rdn_a rdn_b rdn", pixels, "2")
    yield from named("torchsr/models/vdsr.py", "vdsr_r20f64 vdsr", pixels, "2")
    yield from named("torchsr/models/direct.py", "nearest bilinear bicubic", pixels, "2")
    nets = "dynamic_network_architectures/architectures"
    yield from named(
        f"{nets}/resnet.py", "ResNet18 ResNet34 ResNet50 ResNet152 ResNet50bn ResNet152bn", SIDE, "n_classes=1000"
    )
    yield from named(
        f"{nets}/resnet.py",
        "ResNet18_CIFAR ResNet34_CIFAR ResNet50_CIFAR ResNet152_CIFAR ResNet50bn_CIFAR ResNet152bn_CIFAR",
        [[2, 3, 32, 32]],
        "n_classes=10",
    )
    yield f"{nets}/resnet.py", "ResNet18(n_classes=4, n_input_channels=1, input_dimension=3)", [[1, 1, 64, 64, 64]]
    yield f"{nets}/resnet.py", "ResNet50(n_classes=4, squeeze_excitation=True, stochastic_depth_p=0.1)", SIDE
    yield from named(f"{nets}/vgg.py", "VGG16 VGG19", SIDE, "n_classes=1000")
    yield from named(f"{nets}/vgg.py", "VGG16_cifar VGG19_cifar", [[2, 3, 32, 32]], "n_classes=10")
    depths = "(1, 3, 4, 6)"
    for dims, inputs in ((2, [[2, 1, 64, 96]]), (3, [[1, 1, 32, 64, 64]])):
        common = (
            f"input_channels=1, n_stages=4, features_per_stage=(32, 64, 128, 256), conv_op=nn.Conv{dims}d, "
            f"kernel_sizes=3, strides=(1, 2, 2, 2), num_classes=4, n_conv_per_stage_decoder=(2, 2, 2), conv_bias=True, "
            f"norm_op=nn.InstanceNorm{dims}d, norm_op_kwargs={{}}, nonlin=nn.LeakyReLU, nonlin_kwargs={{'inplace': True}}"
        )
        yield f"{nets}/unet.py", f"PlainConvUNet(n_conv_per_stage=(2, 2, 2, 2), {common})", inputs
        yield f"{nets}/unet.py", f"PlainConvUNet(n_conv_per_stage=2, deep_supervision=True, {common})", inputs
        yield f"{nets}/unet.py", f"ResidualEncoderUNet(n_blocks_per_stage={depths}, {common})", inputs
        yield f"{nets}/unet.py", f"ResidualUNet(n_blocks_per_stage={depths}, {common})", inputs


def geffnet() -> Iterator[Entry]:
    import geffnet

    for module in (geffnet.gen_efficientnet, geffnet.mobilenetv3):
        for name in module.__all__:
            if name[0].islower():
                sizes = module.model_cfgs if hasattr(module, "model_cfgs") else {}
                del sizes
                yield f"geffnet/{module.__name__.rpartition('.')[2]}.py", f"{name}()", SIDE


def timm3d() -> Iterator[Entry]:
    """Each file's first and every fourth after it, without those whose windows fit no volume that a test can afford."""
    import timm_3d

    seen: dict[str, int] = {}
    for name in timm_3d.list_models():
        factory = timm_3d.model_entrypoint(name)
        module = factory.__module__.removeprefix("timm_3d.models.")
        seen[module] = seen.get(module, 0) + 1
        if seen[module] % 4 == 1 and module != "maxxvit":
            yield f"timm_3d/models/{module}.py", f"{factory.__name__}()", [[1, 3, 64, 64, 64]]


VIT = "image_size=128, patch_size=16, num_classes=10, dim=64, depth=2, heads=4, mlp_dim=128"
SERIES = "seq_len=128, patch_size=16, num_classes=10, dim=64, depth=2, heads=4, mlp_dim=128"
VIDEO = "image_size=64, image_patch_size=16, frames=8, frame_patch_size=2, num_classes=10, dim=64, heads=4, mlp_dim=128"
SPATIAL = "ndim=2, input_shape=(128, 128), patch_size=16, num_classes=10, dim=64, depth=2, heads=4, mlp_dim=128"


def vit_pytorch() -> Iterator[Entry]:
    picture, video = [[2, 3, 128, 128]], [[2, 3, 8, 64, 64]]
    plain = {
        "ViT": "vit parallel_vit vit_for_small_dataset vit_with_patch_dropout vit_with_patch_merger vit_5 "
        "vit_with_decorr vit_with_keel_post_ln",
        "SimpleViT": "simple_vit simple_flash_attn_vit attn_residual_with_dca_simple_vit "
        "simple_vit_orthog_residual_update simple_vit_with_patch_dropout simple_vit_with_qk_norm "
        "simple_vit_with_register_tokens simple_vit_with_relative_proj_pos_bias simple_vit_with_specialized_cls "
        "simple_vit_with_value_residual",
        "SimpleViTAttnResidual": "simple_vit_attn_residual",
        "SimpleViTWithSparseGating": "simple_vit_with_sparse_gating",
        "DeepViT": "deepvit",
        "JetViT": "jet_vit",
        "JumboViT": "jumbo_vit",
        "nViT": "normalized_vit",
        "RvT": "rvt",
        "SimpleUViT": "simple_uvit",
        "ViTDetPool": "vit_detpool",
    }
    for name, files in plain.items():
        for file in files.split():
            yield f"vit_pytorch/{file}.py", f"{name}({VIT})", picture
    more = {
        "vit": [f'ViT({VIT}, pool="mean", channels=1)'],
        "ats_vit": [f"ViT({VIT}, max_tokens_per_depth=(32, 16))"],
        "cait": [f"CaiT({VIT}, cls_depth=2)"],
        "cct": [
            "CCT(img_size=128, embedding_dim=96, n_conv_layers=2, kernel_size=7, stride=2, padding=3, pooling_kernel_size=3, "
            "pooling_stride=2, pooling_padding=1, num_layers=2, num_heads=4, mlp_ratio=3., num_classes=10)",
            "cct_7(img_size=128, n_conv_layers=1, kernel_size=7, stride=2, padding=3, pooling_kernel_size=3, "
            'pooling_stride=2, pooling_padding=1, num_classes=10, positional_embedding="learnable")',
        ],
        "cross_vit": ["CrossViT(image_size=128, num_classes=10, sm_dim=48, lg_dim=64, sm_patch_size=16, lg_patch_size=32)"],
        "crossformer": ["CrossFormer(num_classes=10, dim=(32, 64, 128, 256), depth=(2, 2, 2, 2), global_window_size=(8, 4, 2, 1), local_window_size=4)"],
        "cvt": ["CvT(num_classes=10)"],
        "levit": ["LeViT(image_size=128, num_classes=10, stages=3, dim=(64, 96, 128), depth=2, heads=(2, 3, 4), mlp_mult=2)"],
        "look_vit": ["LookViT(image_size=128, num_classes=10, dim=64, depth=2, heads=4, dim_head=16, patch_size=16, highres_patch_size=8, highres_mlp_factor=2)"],
        "looped_vit": ["LoopedViT(num_classes=10, dim=64, image_size=128, patch_size=16)"],
        "max_vit": ["MaxViT(num_classes=10, dim_conv_stem=32, dim=32, dim_head=16, depth=(1, 1, 2), window_size=4)"],
        "max_vit_with_registers": ["MaxViT(num_classes=10, dim_conv_stem=32, dim=32, dim_head=16, depth=(1, 1, 2), window_size=4)"],
        "mobile_vit": ["MobileViT(image_size=(128, 128), dims=[96, 120, 144], channels=[16, 32, 48, 48, 64, 64, 80, 80, 96, 96, 384], num_classes=10)"],
        "nest": ["NesT(image_size=128, patch_size=4, num_classes=10, dim=48, heads=3, num_hierarchies=3, block_repeats=(2, 2, 4))"],
        "pit": ["PiT(image_size=224, patch_size=14, num_classes=10, dim=64, depth=(2, 2, 2), heads=4, mlp_dim=128)"],
        "regionvit": ["RegionViT(num_classes=10)"],
        "scalable_vit": ["ScalableViT(num_classes=10, dim=32, heads=(2, 2, 4, 4), depth=(1, 1, 2, 1), ssa_dim_key=(20, 20, 20, 16), reduction_factor=(8, 4, 2, 1), window_size=(32, 16, None, None))"],
        "sep_vit": ["SepViT(num_classes=10, dim=32, dim_head=16, heads=(1, 2, 4, 8), depth=(1, 2, 2, 1), window_size=7)"],
        "simple_vit_with_fft": [f"SimpleViT({VIT}, freq_patch_size=8)"],
        "simple_vit_with_hyper_connections": [f"SimpleViT({VIT}, num_residual_streams=4)"],
        "t2t": ["T2TViT(dim=64, image_size=128, depth=2, heads=4, mlp_dim=128, num_classes=10, t2t_layers=((7, 4), (3, 2), (3, 2)))"],
        "twins_svt": ["TwinsSVT(num_classes=10)"],
        "vit_nd": [f"ViTND({SPATIAL})"],
        "vit_nd_pope": [f"ViTND({SPATIAL})"],
        "vit_nd_rotary": [f"ViTND({SPATIAL})"],
        "wwt": ["WWT(image_size=128, patch_size=16, num_classes=10, dim=64, depth=2, num_slots=4)"],
        "xcit": [f"XCiT({VIT}, cls_depth=2)"],
    }
    for file, expressions in more.items():
        for expression in expressions:
            inputs = [[2, 1, 128, 128]] if "channels=1" in expression else picture
            if file in ("crossformer", "regionvit", "sep_vit", "pit", "twins_svt"):
                inputs = [[2, 3, 256, 256]] if file == "crossformer" else SIDE
            yield f"vit_pytorch/{file}.py", expression, inputs
    for file in ("vit_1d", "simple_vit_1d"):
        yield f"vit_pytorch/{file}.py", f"{'ViT' if file == 'vit_1d' else 'SimpleViT'}({SERIES})", [[2, 3, 128]]
    for file, name in (("vit_3d", "ViT"), ("simple_vit_3d", "SimpleViT"), ("simple_flash_attn_vit_3d", "SimpleViT")):
        yield f"vit_pytorch/{file}.py", f"{name}({VIDEO}, depth=2)", video
    for file in ("vivit", "vivit_with_moss"):
        yield f"vit_pytorch/{file}.py", f"ViViT({VIDEO}, spatial_depth=2, temporal_depth=2)", video
    yield "vit_pytorch/cct_3d.py", (
        "CCT(img_size=64, num_frames=8, embedding_dim=96, n_conv_layers=2, frame_kernel_size=3, kernel_size=7, stride=2, "
        "padding=3, pooling_kernel_size=3, pooling_stride=2, pooling_padding=1, num_layers=2, num_heads=4, mlp_ratio=3., num_classes=10)"
    ), video


def monai() -> Iterator[Entry]:
    folder = "monai/networks/nets"
    stages = "channels=(16, 32, 64, 128), strides=(2, 2, 2)"
    for dims, inputs in ((2, GRAY), (3, VOLUME)):
        plain = f"spatial_dims={dims}, in_channels=1, out_channels=3"
        yield from named(f"{folder}/densenet.py", "DenseNet121 DenseNet169 DenseNet201 DenseNet264", inputs, plain)
        yield from named(
            f"{folder}/senet.py",
            "SENet154 SEResNet50 SEResNet101 SEResNet152 SEResNeXt50 SEResNext101",
            inputs,
            f"spatial_dims={dims}, in_channels=1, num_classes=3",
        )
        yield from named(
            f"{folder}/resnet.py",
            "resnet10 resnet18 resnet34 resnet50 resnet101 resnet152 resnet200",
            inputs,
            f"spatial_dims={dims}, n_input_channels=1, num_classes=3",
        )
        yield f"{folder}/resnet.py", f"resnet18(spatial_dims={dims}, n_input_channels=1, num_classes=3, shortcut_type='A')", inputs
        yield f"{folder}/resnet.py", f"resnet50(spatial_dims={dims}, n_input_channels=1, feed_forward=False, bias_downsample=False)", inputs
        yield f"{folder}/resnet.py", f'ResNetFeatures("resnet34", pretrained=False, spatial_dims={dims}, in_channels=1)', inputs
        yield f"{folder}/efficientnet.py", f'EfficientNetBN("efficientnet-b0", pretrained=False, {plain.replace("out_channels", "num_classes")})', inputs
        yield f"{folder}/efficientnet.py", f'EfficientNetBN("efficientnet-b3", pretrained=False, {plain.replace("out_channels", "num_classes")})', inputs
        yield f"{folder}/unet.py", f"UNet({plain}, {stages})", inputs
        yield f"{folder}/unet.py", f"UNet({plain}, {stages}, num_res_units=2)", inputs
        yield f"{folder}/attentionunet.py", f"AttentionUnet({plain}, {stages})", inputs
        yield f"{folder}/basic_unet.py", f"BasicUNet({plain})", inputs
        yield f"{folder}/basic_unetplusplus.py", f"BasicUNetPlusPlus({plain})", inputs
        yield f"{folder}/autoencoder.py", f"AutoEncoder({plain}, channels=(16, 32, 64), strides=(2, 2, 2))", inputs
        yield f"{folder}/autoencoder.py", f"AutoEncoder({plain}, channels=(16, 32, 64), strides=(2, 2, 2), num_res_units=2)", inputs
        yield f"{folder}/segresnet.py", f"SegResNet({plain}, init_filters=16)", inputs
        yield f"{folder}/segresnet.py", f"SegResNet({plain}, blocks_down=(1, 2, 2, 4), dropout_prob=0.2)", inputs
        yield f"{folder}/segresnet_ds.py", f"SegResNetDS({plain}, init_filters=16, dsdepth=2)", inputs
        sizes = ", ".join(["64"] * dims)
        yield f"{folder}/segresnet.py", f"SegResNetVAE(({sizes}), {plain})", inputs
        dyn = "kernel_size=(3, 3, 3, 3), strides=(1, 2, 2, 2), upsample_kernel_size=(2, 2, 2)"
        yield f"{folder}/dynunet.py", f"DynUNet({plain}, {dyn})", inputs
        yield f"{folder}/dynunet.py", f"DynUNet({plain}, {dyn}, res_block=True, deep_supervision=True, deep_supr_num=2)", inputs
        yield f"{folder}/vnet.py", f"VNet({plain})", inputs
        yield f"{folder}/highresnet.py", f"HighResNet({plain})", inputs
        yield f"{folder}/mednext.py", f"MedNeXt({plain}, init_filters=16)", inputs
        yield f"{folder}/ahnet.py", f"AHNet(layers=(3, 4, 6, 3), {plain})", [[1, 1, *([128] * dims)]]
        yield f"{folder}/swin_unetr.py", f"SwinUNETR({plain}, feature_size=24)", inputs
        yield f"{folder}/unetr.py", f"UNETR(1, 3, ({sizes}), feature_size=16, hidden_size=96, mlp_dim=128, num_heads=4, spatial_dims={dims})", inputs
        vit = f"in_channels=1, img_size=({sizes}), patch_size=16, hidden_size=96, mlp_dim=128, num_layers=2, num_heads=4, spatial_dims={dims}"
        yield f"{folder}/vit.py", f"ViT({vit}, classification=True)", inputs
        yield f"{folder}/vitautoenc.py", f"ViTAutoEnc({vit})", inputs
        yield f"{folder}/vqvae.py", f"VQVAE({plain}, num_embeddings=16, embedding_dim=8)", inputs
        yield f"{folder}/autoencoderkl.py", (
            f"AutoencoderKL({plain}, channels=(32, 32, 64), latent_channels=8, num_res_blocks=1, norm_num_groups=16, "
            "attention_levels=(False, False, True))"
        ), inputs
        yield f"{folder}/diffusion_model_unet.py", (
            f"DiffusionModelUNet({plain}, channels=(32, 64, 64), attention_levels=(False, False, True), num_res_blocks=1, "
            "num_head_channels=32, norm_num_groups=16)"
        ), [inputs[0], {"shape": [inputs[0][0]], "dtype": "int64"}]
        yield f"{folder}/patchgan_discriminator.py", f"PatchDiscriminator(spatial_dims={dims}, channels=16, in_channels=1)", inputs
        yield f"{folder}/flexible_unet.py", f'FlexibleUNet(1, 3, "efficientnet-b0", spatial_dims={dims})', inputs
        yield f"{folder}/flexible_unet.py", f'FlexibleUNet(1, 3, "resnet34", spatial_dims={dims})', inputs
        yield f"{folder}/regunet.py", f"RegUNet(spatial_dims={dims}, in_channels=1, num_channel_initial=16, depth=3)", inputs
        yield f"{folder}/regunet.py", f"LocalNet(spatial_dims={dims}, in_channels=1, num_channel_initial=16, extract_levels=(0, 1, 2))", inputs
        shape = ", ".join(["1"] + ["64"] * dims)
        yield f"{folder}/classifier.py", f"Classifier(({shape}), 3, (8, 16, 32), (2, 2, 2))", inputs
        yield f"{folder}/classifier.py", f"Discriminator(({shape}), (8, 16, 32), (2, 2, 2))", inputs
        yield f"{folder}/regressor.py", f"Regressor(({shape}), 4, (8, 16, 32), (2, 2, 2))", inputs
        yield f"{folder}/varautoencoder.py", f"VarAutoEncoder({dims}, ({shape}), 1, 16, (8, 16, 32), (2, 2, 2))", inputs
    yield f"{folder}/hovernet.py", 'HoVerNet(mode="fast", in_channels=3, out_classes=5)', [[1, 3, 256, 256]]
    yield f"{folder}/hovernet.py", 'HoVerNet(mode="original", in_channels=3, out_classes=5)', [[1, 3, 270, 270]]
    yield f"{folder}/daf3d.py", "DAF3D(in_channels=1, out_channels=2)", [[1, 1, 64, 64, 64]]
    yield f"{folder}/quicknat.py", "Quicknat(num_classes=5, num_channels=1)", [[1, 1, 64, 64]]
    yield f"{folder}/generator.py", "Generator((16,), (32, 4, 4), (32, 16, 1), (2, 2, 1))", [[2, 16]]
    yield f"{folder}/torchvision_fc.py", 'TorchVisionFCModel("resnet18", num_classes=5, pretrained=False)', SIDE
    yield f"{folder}/milmodel.py", 'MILModel(num_classes=5, pretrained=False, mil_mode="att")', [[1, 4, 3, 64, 64]]
    yield f"{folder}/fullyconnectednet.py", "FullyConnectedNet(16, 4, [32, 32], dropout=0.2)", [[8, 16]]


# Set → package of its list, and its models.
SETS = {
    "pretrainedmodels": pretrainedmodels,
    "geffnet": geffnet,
    "small": small,
    "monai": monai,
    "vit-pytorch": vit_pytorch,
    "timm-3d": timm3d,
}
