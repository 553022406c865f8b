"""Ways by which an SMS leaves the house; what is never told on the way."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as house
from django.core import checks
from django_q.models import Schedule

from shops.apps import DAILY, schedule_tidying
from shops.sms import Sms, SmsError, can_send, filled, is_tried_out, send_sms

CODE = Sms("+919876543210", "424242 is your code", kind="code", code="424242")


@pytest.fixture
def gateway(settings):
    """An SMS gateway on this computer: what it was asked, and what it is to answer."""

    class Gateway(BaseHTTPRequestHandler):
        asked: list[dict] = []
        status, answer, headers_out = 200, b'{"return": true}', {}

        def do_POST(self):
            self.keep(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

        def do_GET(self):
            self.keep("")

        def keep(self, body):
            query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            heads = {name.lower(): value for name, value in self.headers.items()}
            told = {"method": self.command, "path": urlsplit(self.path).path, "query": query, "body": body, "headers": heads}
            type(self).asked.append(told)
            self.send_response(self.status)
            for name, value in self.headers_out.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(self.answer)

        def log_message(self, *args):
            """Not into the test's own lines."""

    Gateway.asked = []
    server = HTTPServer(("127.0.0.1", 0), Gateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SMS_BACKEND = "shops.sms.HttpSms"
    settings.SMS_HTTP_URL = f"http://127.0.0.1:{server.server_port}/send"
    settings.SMS_HTTP_KEY = "the-key"
    settings.SMS_TEMPLATES = {"code": "1107", "reminder": "1108"}
    yield Gateway
    server.shutdown()
    server.server_close()


# --- a gateway --------------------------------------------------------------------------------------------------
def test_sends_json_with_a_key_in_the_header(gateway, settings):
    settings.SMS_HTTP_HEADERS = {"authkey": "{key}"}
    settings.SMS_HTTP_JSON = {"template_id": "{template}", "short_url": 0, "recipients": [{"mobiles": "{digits}", "otp": "{code}"}]}
    send_sms(CODE)
    asked = gateway.asked[0]
    assert (asked["method"], asked["headers"]["authkey"], asked["headers"]["content-type"]) == ("POST", "the-key", "application/json")
    sent = {"template_id": "1107", "short_url": 0, "recipients": [{"mobiles": "919876543210", "otp": "424242"}]}
    assert json.loads(asked["body"]) == sent


def test_sends_a_form(gateway, settings):
    settings.SMS_HTTP_PARAMS = {"to": "{phone}", "msg": "{text}", "k": "{key}"}
    send_sms(Sms("+919876543210", "₹ 120 & more"))
    assert {name: values[0] for name, values in parse_qs(gateway.asked[0]["body"]).items()} == {
        "to": "+919876543210", "msg": "₹ 120 & more", "k": "the-key",
    }  # fmt: skip


def test_sends_by_get(gateway, settings):
    settings.SMS_HTTP_METHOD = "get"
    settings.SMS_HTTP_URL += "?route=otp"
    settings.SMS_HTTP_PARAMS = {"numbers": "{national}", "variables_values": "{code}"}
    send_sms(CODE)
    asked = gateway.asked[0]
    assert (asked["method"], asked["query"]) == ("GET", {"route": "otp", "numbers": "9876543210", "variables_values": "424242"})


def test_what_stands_in_a_message_is_not_filled_in_again():
    words = {"phone": "1", "digits": "2", "national": "3", "text": "{key} {code}", "code": "4", "template": "5", "key": "secret"}
    assert filled("{text} {unknown} {", words) == "{key} {code} {unknown} {"
    assert filled(["{code}", {"a": "{phone}"}, 7, None], words) == ["4", {"a": "1"}, 7, None]


@pytest.mark.parametrize(
    ("status", "answer", "words"),
    [(401, b"", "status 401"), (500, b"", "status 500"), (200, b'{"return": false}', "SMS_HTTP_EXPECT")],
)
def test_what_a_gateway_refuses_counts_as_not_sent(gateway, settings, status, answer, words):
    gateway.status, gateway.answer = status, answer
    settings.SMS_HTTP_EXPECT = '"return": true'
    with pytest.raises(SmsError, match=words):
        send_sms(CODE)


def test_the_answer_that_was_expected_counts_as_sent(gateway, settings):
    settings.SMS_HTTP_EXPECT = '"return": true'
    send_sms(CODE)


def test_a_gateway_that_sends_elsewhere_is_not_followed(gateway, settings):
    gateway.status, gateway.headers_out = 302, {"Location": settings.SMS_HTTP_URL.replace("/send", "/elsewhere")}
    settings.SMS_HTTP_HEADERS = {"authkey": "{key}"}
    with pytest.raises(SmsError, match="status 302"):
        send_sms(CODE)
    assert [asked["path"] for asked in gateway.asked] == ["/send"]


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/", "", "127.0.0.1/send"])
def test_only_web_addresses_are_asked(settings, url):
    settings.SMS_BACKEND, settings.SMS_HTTP_URL = "shops.sms.HttpSms", url
    with pytest.raises(SmsError, match="https"):
        send_sms(CODE)


def test_on_the_internet_only_https(gateway, settings):
    settings.LOCAL = False
    with pytest.raises(SmsError, match="https"):
        send_sms(CODE)
    assert gateway.asked == []


def test_an_error_tells_nothing_of_what_was_sent(gateway, settings):
    settings.SMS_HTTP_METHOD = "GET"
    settings.SMS_HTTP_URL = "http://127.0.0.1:1/{code}"
    settings.SMS_HTTP_PARAMS = {"c": "{code}", "k": "{key}"}
    with pytest.raises(SmsError) as refused:
        send_sms(CODE)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__
    assert "424242" not in str(refused.value)
    assert "the-key" not in str(refused.value)


# --- trying out -------------------------------------------------------------------------------------------------
def test_the_console_shows_it_on_this_computer(settings, capsys):
    settings.SMS_BACKEND = "shops.sms.ConsoleSms"
    assert is_tried_out()
    send_sms(CODE)
    assert capsys.readouterr().out == "SMS to +919876543210: 424242 is your code\n"


@pytest.mark.parametrize("way", ["ConsoleSms", "FileSms"])
def test_what_is_for_trying_out_tells_nothing_on_the_internet(settings, capsys, caplog, tmp_path, way):
    settings.SMS_BACKEND, settings.LOCAL, settings.SMS_FILE = f"shops.sms.{way}", False, str(tmp_path / "sms")
    assert not can_send()
    assert not is_tried_out()
    with pytest.raises(SmsError, match="not configured"):
        send_sms(CODE)
    assert "424242" not in "".join(capsys.readouterr()) + caplog.text
    assert "not configured" in caplog.text
    assert not (tmp_path / "sms").exists()


def test_a_file_takes_one_line_for_each_and_only_its_owner_reads_it(settings, tmp_path):
    settings.SMS_BACKEND, settings.SMS_FILE = "shops.sms.FileSms", str(tmp_path / "sms")
    send_sms(CODE)
    send_sms(Sms("+919876543211", "नमस्ते"))
    lines = [json.loads(line) for line in (tmp_path / "sms").read_text().splitlines()]
    assert lines[0] == {"phone": "+919876543210", "text": "424242 is your code", "kind": "code", "code": "424242"}
    assert lines[1]["text"] == "नमस्ते"
    assert (tmp_path / "sms").stat().st_mode & 0o777 == 0o600
    settings.SMS_FILE = ""
    with pytest.raises(SmsError, match="SMS_FILE"):
        send_sms(CODE)


# --- settings ---------------------------------------------------------------------------------------------------
def told(deploy=False) -> set[str]:
    return {message.id for message in checks.run_checks(tags=[checks.Tags.security], include_deployment_checks=deploy)}


def test_check_names_what_is_missing(settings):
    settings.SMS_BACKEND = "shops.sms.Pigeon"
    assert "shops.E001" in told()
    settings.SMS_BACKEND = "nowhere"
    assert "shops.E001" in told(deploy=True)
    settings.SMS_BACKEND, settings.SMS_HTTP_URL = "shops.sms.HttpSms", ""
    assert "shops.E002" in told()
    settings.SMS_HTTP_URL = "https://sms.example/"
    assert not {"shops.E001", "shops.E002"} & told()


def test_check_deploy_warns_where_no_sms_leaves_the_house(settings):
    settings.SMS_BACKEND, settings.LOCAL = "shops.sms.ConsoleSms", False
    assert "shops.W001" in told(deploy=True)
    settings.LOCAL = True
    assert "shops.W001" not in told(deploy=True)


def test_a_way_of_ones_own_is_taken(settings):
    settings.SMS_BACKEND, settings.LOCAL = "tests.shops.test_sms.OwnWay", False
    assert can_send()
    send_sms(CODE)
    assert OwnWay.sent == [CODE]


class OwnWay:
    sent: list[Sms] = []

    def send(self, sms):
        self.sent.append(sms)


def test_every_setting_is_named_in_the_example():
    example = (house.BASE_DIR / ".env.example").read_text()
    read = {name for name in dir(house) if name.startswith("SMS_") and name != "SMS_TEMPLATES"}
    missing = [name for name in sorted(read | {"SMS_TEMPLATE_CODE", "SMS_TEMPLATE_REMINDER"}) if name not in example]
    assert missing == []


# --- each morning -----------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_old_codes_and_counts_go_each_morning():
    Schedule.objects.filter(name=DAILY).delete()
    for _ in range(2):
        schedule_tidying(None, "default")
    planned = Schedule.objects.get(name=DAILY)
    assert (planned.func, planned.schedule_type) == ("shops.daily.tidy_up", Schedule.DAILY)
