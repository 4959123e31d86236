"""Where a gateway is and how it is reached: base_url, proxy, CA bundle. What can't be used is a ConfigError."""

import os
import re
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from requests.utils import get_environ_proxies, select_proxy

from smsreminders.errors import ConfigError

_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.(?!-)[a-z0-9_-]{1,63})*\.?|\[[0-9a-f:.]+\]")


def read_base_url(base_url: str) -> SplitResult:
    """The address of a gateway: scheme, host and port only, https, or http to this machine itself.

    The error doesn't show it: credentials may stand in it.
    """
    text = base_url.lower().removesuffix("/")
    try:
        parts = urlsplit(text)
        netloc = _bracketed(parts.hostname or "") + ("" if parts.port is None else f":{parts.port}")
    except ValueError:
        parts, netloc = urlsplit(""), ""
    if parts.scheme not in {"http", "https"} or not is_host(parts.hostname) or text != f"{parts.scheme}://{netloc}":
        raise ConfigError('gateway.base_url: write scheme, host and port only, like "https://host:port"')
    if parts.scheme == "http" and not is_this_machine(parts.hostname or ""):
        raise ConfigError("gateway.base_url: plain http is for this machine itself only: write https://")
    return parts


def is_host(name: str | None) -> bool:
    """Whether a text has the form of a host's name or address, so that it may be shown."""
    return name is not None and _HOST.fullmatch(_bracketed(name)) is not None


def proxies_for(address: SplitResult) -> dict[str, str]:
    """The environment's proxy for this address, by scheme; plain http goes to this machine itself, so through none."""
    url = address.geturl()
    proxy = select_proxy(url, get_environ_proxies(url)) if address.scheme == "https" else None
    if not proxy:
        return {}
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    if parts.scheme not in {"http", "https"} or not is_host(parts.hostname):
        raise ConfigError("the environment's proxy (HTTPS_PROXY, ALL_PROXY) must be one for HTTP: http://host:port")
    return {"https": parts.geturl()}


def ca_bundle() -> str | bool:
    """The file or folder of the certificates to trust: the environment's, else those that requests brings (True)."""
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        if path := os.environ.get(variable):
            if not Path(path).exists():
                raise ConfigError(f"the environment's {variable} names {path}, which is not there")
            return path
    return True


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def is_this_machine(host: str) -> bool:
    """Whether a host is loopback."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
