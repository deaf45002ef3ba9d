from .registry import build
from .resnet import *
from .plain import *

try:
    import apex
except ImportError:
    apex = None
