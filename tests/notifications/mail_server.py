"""A real mail server in the test's process. It keeps what it takes, and can refuse, hang, and drop the line."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

PAPERS = Path(__file__).with_name("mail.example.pem")  # certificate and key of a made-up server, until 2126
USER, PASSWORD = "balie", "open sesame"


@dataclass(frozen=True)
class Taken:
    """One mail as it came: the envelope, every byte, whether the line was encrypted."""

    sender: str
    recipients: list[str]
    content: bytes
    encrypted: bool

    @property
    def message(self) -> EmailMessage:
        parsed = message_from_bytes(self.content, policy=POLICY)
        assert isinstance(parsed, EmailMessage)
        return parsed


@dataclass
class MailServer:
    """What came in, and what to answer: by default everything is taken."""

    port: int = 0
    scheme: str = "smtp"
    taken: list[Taken] = field(default_factory=list)
    to_sender: str = ""
    to_recipient: dict[str, str] = field(default_factory=dict)
    to_data: list[str] = field(default_factory=list)  # answers to the next mails
    hang_after_data: bool = False
    drop_in_data: int = 0  # so many times the line breaks when the server has said that it listens to the mail
    drop_after_data: int = 0  # so many times the line breaks after a mail was taken, before the answer
    logins: list[tuple[str, str]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def ids(self) -> list[str]:
        return [str(one.message["Message-ID"]) for one in self.taken]

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        envelope.mail_from = address
        return self.to_sender or "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if answer := self.to_recipient.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.to_data:
            return self.to_data.pop(0)
        content = envelope.original_content or b""
        mail = Taken(str(envelope.mail_from), list(envelope.rcpt_tos), content, session.ssl is not None)
        self.taken.append(mail)
        if self.hang_after_data:
            while not self.released.is_set():
                await asyncio.sleep(0.02)
        if self.drop_after_data:
            self.drop_after_data -= 1
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 OK"

    def login(self, server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
        given = data.login.decode(), data.password.decode()
        self.logins.append(given)
        return AuthResult(success=given == (USER, PASSWORD), handled=False)


class Line(SMTP):
    """One client's line, which may break while a mail is said on it."""

    async def smtp_DATA(self, arg: str) -> None:
        if self.event_handler.drop_in_data:
            self.event_handler.drop_in_data -= 1
            await self.push("354 Go on")
            assert isinstance(self.transport, asyncio.Transport)
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


def papers() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PAPERS)
    return context


@contextmanager
def mail_server(*, starttls: bool = False, smtps: bool = False, auth: bool = False) -> Iterator[MailServer]:
    """A server on a free port of this machine. auth: whom it does not know may not send."""
    made = MailServer(scheme="smtps" if smtps else "smtp")
    loop = asyncio.new_event_loop()

    def line() -> SMTP:
        return Line(
            made,
            hostname="mail.example",
            tls_context=papers() if starttls else None,
            authenticator=made.login,
            auth_required=auth,
            auth_require_tls=starttls or auth,
            enable_SMTPUTF8=False,
            loop=loop,
        )

    listening = loop.run_until_complete(loop.create_server(line, "127.0.0.1", 0, ssl=papers() if smtps else None))
    made.port = listening.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.released.set()
        asyncio.run_coroutine_threadsafe(end(listening), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def end(listening: asyncio.Server) -> None:
    """Closes the server and every line that is still open."""
    listening.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
