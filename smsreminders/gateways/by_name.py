"""All gateways, found by the names of their files."""

from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules

from smsreminders import gateways
from smsreminders.errors import ConfigError, did_you_mean
from smsreminders.gateways.base import Gateway, Options
from smsreminders.gateways.features import Features, own_keys

_SHARED = {"accounts", "base", "features", "http"}


def names() -> list[str]:
    """The names of all gateways: those of the files here without what they share.

    The second file of a gateway, and this one, have an underscore in their names: `cm_transactions` is no gateway.
    """
    modules = {module.name for module in iter_modules(gateways.__path__) if "_" not in module.name}
    return sorted(modules - _SHARED)


def features_of(name: str) -> Features:
    """What the gateway of this name can do. Raises ConfigError, with the nearest name, where there is none."""
    if name not in names():
        raise ConfigError(f'gateway.name = "{name}": no such gateway; {did_you_mean(name, names())}')
    features: Features = import_module(f"{gateways.__name__}.{name}").FEATURES
    return features


def open_gateway(name: str, options: Options) -> Gateway:
    """Open the gateway of this name, with its own keys checked. Raises ConfigError that names the key."""
    complete = own_keys(name, features_of(name), options.own, options.secret)
    gateway: Gateway = import_module(f"{gateways.__name__}.{name}").open_gateway(replace(options, own=complete))
    return gateway
