"""Certificates read, and made for a farm that has none yet."""

import re
import warnings
from collections.abc import Collection
from datetime import datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import (
    CertificatePublicKeyTypes,
    PrivateKeyTypes,
    PublicKeyTypes,
)

from pipeline.errors import CheckFailed
from pipeline.observe.certificate import Certificate

LIFE = timedelta(days=365)
CLOCKS = timedelta(hours=1)  # that those of two machines may differ

_KEY = re.compile(rb"-----BEGIN ([A-Z ]*PRIVATE KEY)-----.*?-----END \1-----", re.DOTALL)
_ADVICE = "the PEM must hold the certificate, those that link it to a root, and its key"


def read_pem(pem: bytes, where: str, key_where: str = "") -> Certificate:
    """The certificate of a PEM that a balancer can use: the first one, to which the key fits.

    Raises CheckFailed, naming where certificate and key are from, and nothing of their content.
    """
    certificate, shown = _certificate(pem, where)
    key = _key(pem, key_where or where)
    if shown != _public(key.public_key()):
        raise CheckFailed(
            "the key does not fit the certificate",
            where=key_where or where,
            advice="the server's own certificate comes first, then those that link it to a root",
        )
    return _facts(certificate)


def read_der(der: bytes) -> Certificate:
    """The certificate that a server shows."""
    return _facts(x509.load_der_x509_certificate(der))


def self_signed(names: Collection[str], now: datetime) -> bytes:
    """A certificate for these names and addresses that nobody vouches for, then its key: a PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, next(iter(names))[:64])])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCKS)
        .not_valid_after(now + LIFE)
        .add_extension(x509.SubjectAlternativeName([*map(_name, names)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return made.public_bytes(serialization.Encoding.PEM) + secret


def _certificate(pem: bytes, where: str) -> tuple[x509.Certificate, bytes]:
    """The first certificate of a PEM, and its public key."""
    try:
        with warnings.catch_warnings():  # of what old authorities have written into theirs
            warnings.simplefilter("ignore")
            found = x509.load_pem_x509_certificates(pem)[0]
            return found, _public(found.public_key())
    except (ValueError, UnsupportedAlgorithm):
        raise CheckFailed(
            "holds no certificate that can be read", where=where, advice=_ADVICE
        ) from None


def _key(pem: bytes, where: str) -> PrivateKeyTypes:
    keys = list(_KEY.finditer(pem))
    if len(keys) != 1:  # a balancer would take the first, and nobody looks which that is
        what = "holds two private keys" if keys else "holds no private key"
        raise CheckFailed(what, where=where, advice=_ADVICE)
    try:
        return serialization.load_pem_private_key(keys[0][0], password=None)
    except TypeError:
        raise CheckFailed(
            "its private key has a password",
            where=where,
            advice="nobody can type it when the balancer starts: openssl pkey takes it off",
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise CheckFailed("its private key cannot be read", where=where, advice=_ADVICE) from None


def _public(key: PublicKeyTypes | CertificatePublicKeyTypes) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.DER, form)


def _facts(certificate: x509.Certificate) -> Certificate:
    return Certificate(
        names=_names(certificate),
        since=certificate.not_valid_before_utc,
        until=certificate.not_valid_after_utc,
    )


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    """The names that browsers look at."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, x509.ExtensionNotFound):
        return ()
    addresses = map(str, names.get_values_for_type(x509.IPAddress))
    return (*names.get_values_for_type(x509.DNSName), *addresses)


def _name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(text))
    except ValueError:
        return x509.DNSName(text)
