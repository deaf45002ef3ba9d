_models = {}


def register(fn):
    _models[fn.__name__] = fn
    return fn


def build(name, **kwargs):
    if name not in _models:
        raise RuntimeError(f"Unknown model {name}")
    return _models[name](**kwargs)
