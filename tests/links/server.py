"""A real web server on this machine, which remembers what it was asked."""

import http.server
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HOME = "127.0.0.1"


class Server(http.server.ThreadingHTTPServer):
    """Answers by path and remembers what it was asked."""

    daemon_threads = True

    def __init__(self, address: str = HOME) -> None:
        super().__init__((address, 0), Handler)
        self.asked: list[tuple[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.sent = 0
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that go away are what the tests are about."""

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Handler(http.server.BaseHTTPRequestHandler):
    """`/404` answers 404, `/to/301/ADDRESS` redirects, `/nohead` refuses HEAD, `/big` never stops sending."""

    server: Any

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.server.asked.append((self.command, self.path))
        self.server.headers.append({name.lower(): value for name, value in self.headers.items()})
        parts = self.path.split("/", 3)
        if parts[1] == "to":
            self.send_response(int(parts[2]))
            self.send_header("Location", unquote(parts[3]))
            self.end_headers()
        elif parts[1].isdecimal():
            self.send_response(int(parts[1]))
            self.end_headers()
        elif self.path.startswith(("/nohead", "/big")) and self.command == "HEAD":
            self.send_response(405)
            self.end_headers()
        else:
            self.send_response(200)
            self.end_headers()
            if self.path == "/big":
                self._flood()

    def _flood(self) -> None:
        try:
            while self.server.sent < 50_000_000:
                self.server.sent += self.wfile.write(b"x" * 65_536)
        except OSError:
            pass

    def log_message(self, *args: Any) -> None:
        pass


def make_certificate(folder: Path, name: str) -> Path:
    """Write a certificate for a name, with its key, that is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "certificate.pem"
    path.write_bytes(private + certificate.public_bytes(pem))
    return path
