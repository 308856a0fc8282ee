"""E-mail through a real server: what arrives, and what happens when the server is away, refuses, or wants to know who writes."""

from __future__ import annotations

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from aftersales.core import outbox
from aftersales.core.models import OutboxAttachment, OutboxMessage
from aftersales.core.outbox import messages
from tests.factories import mail

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 20, 2, 0, tzinfo=UTC)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def server(settings):
    """A mail server that is up, and to which our mails go."""
    post = mail.MailServer(mail.free_port())
    mail.use(settings, post.port)
    with post.running():
        yield post


def write(key="k1", to="a@example.cn", **more):
    outbox.add_email(key=key, to=[to], subject="维修日报 南京店", text="见附件", now=NOW, **more)


def test_a_letter_arrives_whole_with_its_html_and_its_file(server):
    content = bytes(range(256)) * 400
    write(html="<p>见<b>附件</b></p>", attached=[outbox.Attached("日报.xlsx", XLSX, content)])
    assert outbox.deliver_due(NOW) == 1
    (letter,) = server.letters
    assert (letter["Subject"], letter["To"], letter["From"]) == (
        "维修日报 南京店",
        "a@example.cn",
        "售后 <service@example.cn>",
    )
    assert letter["Message-ID"] == outbox.message_id("k1")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Date"]
    assert letter.get_body(("plain",)).get_content().strip() == "见附件"
    assert letter.get_body(("html",)).get_content().strip() == "<p>见<b>附件</b></p>"
    (file,) = letter.iter_attachments()
    assert (file.get_filename(), file.get_content_type(), file.get_content()) == ("日报.xlsx", XLSX, content)
    assert not OutboxAttachment.objects.exists()


def test_while_the_server_is_away_nothing_is_lost_and_no_attempt_is_used_up(settings):
    post = mail.MailServer(mail.free_port())
    mail.use(settings, post.port)
    for number in range(3):
        write(f"k{number}")
    at = NOW
    for _minute in range(24 * 60):  # a day on which the server refuses every connection
        outbox.deliver_due(at)
        at += timedelta(minutes=1)
    assert {row.attempts for row in OutboxMessage.objects.all()} == {0}
    assert all("refused" in row.last_error.lower() for row in OutboxMessage.objects.all())
    with post.running():
        outbox.deliver_due(at + messages.BLOCKED_PAUSE)
        outbox.deliver_due(at + messages.BLOCKED_PAUSE)
    assert [letter["Message-ID"] for letter in post.letters] == [outbox.message_id(f"k{n}") for n in range(3)]


def test_an_address_that_is_refused_for_good_is_parked_with_the_servers_words_and_the_others_go_out(server):
    server.refuses["gone@example.cn"] = "550 5.1.1 no such mailbox"
    write("k1", "gone@example.cn", attached=[outbox.Attached("a.txt", "text/plain", b"a")])
    write("k2", "here@example.cn")
    outbox.deliver_due(NOW)
    assert server.receivers == ["here@example.cn"]
    (parked,) = outbox.list_parked()
    assert (parked.key, parked.receivers, parked.attempts) == ("k1", "gone@example.cn", 1)
    assert parked.error == "Undeliverable: 550 5.1.1 no such mailbox"
    # Once the mailbox is there again, a person lets it be tried again.
    del server.refuses["gone@example.cn"]
    assert outbox.resume(parked.id, now=NOW)
    outbox.deliver_due(NOW)
    assert server.receivers == ["here@example.cn", "gone@example.cn"]
    assert [each.get_filename() for each in server.letters[-1].iter_attachments()] == ["a.txt"]


def test_an_address_that_is_refused_for_now_is_tried_again(server):
    server.refuses["full@example.cn"] = "452 4.2.2 mailbox full"
    write("k1", "full@example.cn")
    write("k2", "here@example.cn")
    outbox.deliver_due(NOW)
    assert server.receivers == ["here@example.cn"]
    server.refuses.clear()
    assert outbox.deliver_due(NOW + timedelta(seconds=29)) == 0
    assert outbox.deliver_due(NOW + timedelta(seconds=30)) == 1
    assert server.receivers == ["here@example.cn", "full@example.cn"]


def test_a_letter_that_the_server_finds_too_large_is_parked(server):
    server.refuses_data = "552 5.3.4 message too big"
    write()
    outbox.deliver_due(NOW)
    assert outbox.list_parked()[0].error == "Undeliverable: 552 5.3.4 message too big"


def test_a_server_that_is_closing_down_blocks_the_way_and_parks_nothing(server):
    server.refuses["a@example.cn"] = "421 4.3.2 closing"
    write()
    outbox.deliver_due(NOW)
    assert outbox.count_messages(NOW + messages.BLOCKED_PAUSE) == outbox.Health(1, 0, timedelta(0))


def test_a_wrong_password_blocks_the_way_until_it_is_put_right(settings):
    post = mail.MailServer(mail.free_port())
    mail.use(settings, post.port, login="service", password="wrong")
    write()
    with post.running(login="service", password="right"):
        outbox.deliver_due(NOW)
        assert "535" in OutboxMessage.objects.get().last_error
        settings.EMAIL_HOST_PASSWORD = "right"
        outbox.deliver_due(NOW + messages.BLOCKED_PAUSE)
    assert len(post.letters) == 1


def test_a_password_goes_over_an_encrypted_line(settings, tmp_path, monkeypatch):
    certificate = certificate_for_localhost(tmp_path)
    ours = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(
        "django.core.mail.backends.smtp.EmailBackend.ssl_context", property(lambda _self: ours), raising=False
    )
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(certificate)
    post = mail.MailServer(mail.free_port())
    mail.use(settings, post.port, login="service", password="right", tls=True)
    write()
    with post.running(login="service", password="right", context=theirs):
        outbox.deliver_due(NOW)
    assert post.entries == ["tls"], OutboxMessage.objects.get().last_error


def certificate_for_localhost(folder):
    """A certificate and its key in one file, for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "mail.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file
