"""A program that speaks the REST API: signed in once, JSON in and out."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client

from shops.models import Shop, User
from tests import factories

ROOT = "/api/v1"


class Api:
    """Calls as `user` of `shop` (None: nobody). Paths without the prefix; `key` sends an Idempotency-Key."""

    def __init__(self, shop: Shop | None = None, user: User | None = None, *, token: str = "", password: str = factories.PASSWORD) -> None:
        self.client = Client()
        self.token = token
        if user is not None and shop is not None:
            answer = self.post("/auth/login", {"shop_id": shop.pk, "phone": user.short_phone, "password": password})
            assert answer.status_code == 200, answer.content
            self.token = answer.json()["access_token"]

    def call(self, method: str, path: str, body: Any = None, *, key: object = None, **headers: str) -> HttpResponse:
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if key is not None:
            sent["Idempotency-Key"] = str(uuid4() if key is True else key)
        data = {} if body is None else {"data": json.dumps(body, default=str), "content_type": "application/json"}
        return self.client.generic(method, ROOT + path, headers=sent | headers, **data)

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, *, key: object = None, **headers: str) -> HttpResponse:
        return self.call("POST", path, body if body is not None else {}, key=key, **headers)

    def put(self, path: str, body: Any = None, *, key: object = None, **headers: str) -> HttpResponse:
        return self.call("PUT", path, body if body is not None else {}, key=key, **headers)

    def delete(self, path: str, **headers: str) -> HttpResponse:
        return self.call("DELETE", path, **headers)
