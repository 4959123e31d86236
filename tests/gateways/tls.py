"""A certificate for 127.0.0.1 that nobody signed, made by the `openssl` command."""

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest


def a_certificate(folder: Path, *, address: str = "127.0.0.1") -> tuple[Path, ssl.SSLContext]:
    """The certificate's file, and the TLS of a server that shows it; skips where there is no `openssl`."""
    command = shutil.which("openssl")
    if command is None:
        pytest.skip("there is no openssl command to make a certificate with")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "36500"]
    made += ["-subj", "/CN=smsreminders tests", "-addext", f"subjectAltName=IP:{address}"]
    made += ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([command, *made], check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    return certificate, tls
