"""A passkey in software: what a device would answer, for tests without a browser."""

from __future__ import annotations

import json
from hashlib import sha256
from secrets import token_bytes

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from shops.models import User

FLAGS = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


class Passkey:
    """One key pair for one site, kept on a "device" that is unlocked (`verified`) when it is used."""

    def __init__(self, user: User, *, host: str = "testserver", verified: bool = True) -> None:
        self.user, self.host = user, host
        self.flags = FLAGS if verified else AuthenticatorData.FLAG.UP
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = token_bytes(16)

    @property
    def _site(self) -> bytes:
        return sha256(self.host.encode()).digest()

    def _said(self, kind: str, challenge: bytes) -> CollectedClientData:
        return CollectedClientData.create(kind, challenge, f"https://{self.host}")

    def make(self, options: dict) -> dict:
        """The answer to `navigator.credentials.create`, as the page sends it."""
        public = ES256.from_cryptography_key(self.key.public_key())
        data = AuthenticatorData.create(
            self._site, self.flags | AuthenticatorData.FLAG.AT, 0, AttestedCredentialData.create(b"\0" * 16, self.id, public)
        )
        said = self._said("webauthn.create", websafe_decode(options["publicKey"]["challenge"]))
        response = {
            "clientDataJSON": websafe_encode(said),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        }
        return self._answer(response) | {"clientExtensionResults": {"credProps": {"rk": True}}}

    def use(self, options: dict) -> dict:
        """The answer to `navigator.credentials.get`."""
        said = self._said("webauthn.get", websafe_decode(options["publicKey"]["challenge"]))
        data = AuthenticatorData.create(self._site, self.flags, 0)
        signature = self.key.sign(data + said.hash, ec.ECDSA(SHA256()))
        handle = websafe_encode(user_pk_to_url_str(self.user).encode())
        response = {"clientDataJSON": websafe_encode(said), "authenticatorData": websafe_encode(data)}
        return self._answer(response | {"signature": websafe_encode(signature), "userHandle": handle})

    def _answer(self, response: dict) -> dict:
        own = websafe_encode(self.id)
        return {"id": own, "rawId": own, "type": "public-key", "response": response, "clientExtensionResults": {}}


def make_passkey(user: User, name: str = "Phone") -> Authenticator:
    """A passkey that the person has already."""
    credential = Passkey(user).make({"publicKey": {"challenge": websafe_encode(token_bytes(16))}})
    return Authenticator.objects.create(user=user, type="webauthn", data={"name": name, "credential": credential})


def options_on(page: str) -> dict:
    """What a page tells the browser to ask for."""
    start = page.index('id="passkey-options"')
    return json.loads(page[page.index(">", start) + 1 : page.index("</script>", start)])
