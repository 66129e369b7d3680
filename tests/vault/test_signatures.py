"""Ed25519 against the vectors of RFC 8032, section 7.1."""

import pytest

from station_app.vault import Secret, Signer, is_signed_by

VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
]


@pytest.mark.parametrize(("seed", "public", "message", "signature"), VECTORS)
def test_rfc_8032_vectors(seed: str, public: str, message: str, signature: str) -> None:
    signer = Signer(Secret(bytes.fromhex(seed)))
    assert signer.public_key.hex() == public
    assert signer.sign(bytes.fromhex(message)).hex() == signature
    assert is_signed_by(signer.public_key, bytes.fromhex(message), bytes.fromhex(signature))


def test_a_signer_does_not_show_its_seed() -> None:
    seed = bytes.fromhex(VECTORS[0][0])
    signer = Signer(Secret(seed))
    assert seed.hex() not in repr(signer)
    assert signer.public_key.hex() in repr(signer)


def test_what_is_not_a_signature() -> None:
    signer, other = Signer(Secret(b"a" * 32)), Signer(Secret(b"b" * 32))
    signature = signer.sign(b"text")
    assert not is_signed_by(signer.public_key, b"texts", signature)
    assert not is_signed_by(other.public_key, b"text", signature)
    assert not is_signed_by(signer.public_key, b"text", signature[:-1])
    assert not is_signed_by(signer.public_key[:-1], b"text", signature)
    assert not is_signed_by(b"", b"text", b"")
    assert not is_signed_by(signer.public_key, signature[-1:] + b"text", signature[:-1])
    assert not is_signed_by(signer.public_key, b"ext", signature + b"t")
    assert not is_signed_by(bytes(32), b"text", bytes(64))
