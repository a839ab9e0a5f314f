"""Ciphertexts open with their key in their place only; master keys are read strictly."""

import base64

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from core.crypto import (
    REMEMBERED_S,
    CiphertextRefused,
    Keyring,
    MasterKey,
    MasterKeysInvalid,
    decrypt,
    derive,
    derived_master_key,
    encrypt,
    read_master_keys,
)

KEY, OTHER = bytes(range(32)), bytes(32)


@given(st.binary(max_size=2000), st.binary(max_size=100))
def test_what_was_encrypted_opens_in_its_place(value: bytes, place: bytes) -> None:
    assert decrypt(KEY, encrypt(KEY, value, place), place) == value


def test_it_is_aes_256_gcm_as_anybody_computes_it() -> None:
    sealed = encrypt(KEY, b"secret", b"place")
    assert AESGCM(KEY).decrypt(sealed[:12], sealed[12:], b"place") == b"secret"
    assert len(sealed) == 12 + len(b"secret") + 16


@pytest.mark.parametrize("bit", range(0, 8 * (12 + 6 + 16), 7))
def test_every_changed_bit_is_noticed(bit: int) -> None:
    sealed = bytearray(encrypt(KEY, b"secret", b"place"))
    sealed[bit // 8] ^= 1 << (bit % 8)
    with pytest.raises(CiphertextRefused):
        decrypt(KEY, bytes(sealed), b"place")


@pytest.mark.parametrize(("key", "place"), [(OTHER, b"place"), (KEY, b"elsewhere")])
def test_another_key_or_place_opens_nothing(key: bytes, place: bytes) -> None:
    with pytest.raises(CiphertextRefused):
        decrypt(key, encrypt(KEY, b"secret", b"place"), place)


def test_what_is_too_short_is_refused() -> None:
    with pytest.raises(CiphertextRefused):
        decrypt(KEY, b"short", b"place")


def test_no_nonce_comes_twice() -> None:
    assert len({encrypt(KEY, b"", b"")[:12] for _ in range(1000)}) == 1000


def test_keys_are_derived_as_hkdf_has_it() -> None:
    peer = HKDF(hashes.SHA256(), 32, salt=b"penstock", info=b"a purpose").derive(b"secret")
    assert derive(b"secret", "a purpose") == peer


def test_master_keys_are_read_in_their_order() -> None:
    text = f"new:{base64.b64encode(KEY).decode()}, old:{base64.b64encode(OTHER).decode()}"
    assert read_master_keys(text) == (MasterKey("new", KEY), MasterKey("old", OTHER))
    assert read_master_keys("") == ()
    assert "range" not in repr(read_master_keys(text))
    assert repr(KEY) not in repr(read_master_keys(text))


@pytest.mark.parametrize("text", ["a", "a:!", ":AAAA", "a:AAAA", f"a:{base64.b64encode(bytes(31)).decode()}"])
def test_master_keys_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(MasterKeysInvalid):
        read_master_keys(text)


def test_a_data_key_wrapped_with_an_older_master_key_still_opens() -> None:
    old, new = MasterKey("old", OTHER), MasterKey("new", KEY)
    wrapped = Keyring([old]).wrap(b"data key", b"place")
    assert Keyring([new, old]).unwrap("old", wrapped, b"place") == b"data key"
    with pytest.raises(CiphertextRefused, match="old"):
        Keyring([new]).unwrap("old", wrapped, b"place")


def test_secret_keys_give_master_keys_of_their_own() -> None:
    one, another = derived_master_key("a" * 32), derived_master_key("b" * 32)
    assert one.name != another.name
    assert one.key != another.key
    assert derived_master_key("a" * 32) == one


def test_data_keys_are_remembered_for_a_moment_only() -> None:
    now = [0.0]
    keyring = Keyring([MasterKey("a", KEY)], clock=lambda: now[0])
    keyring.remember("x", 1)
    now[0] = REMEMBERED_S - 0.1
    assert keyring.recall("x") == 1
    now[0] = REMEMBERED_S
    assert keyring.recall("x") is None
