"""`python -m core channel …`: the keys of filing channels, by the system itself."""

from __future__ import annotations

from pathlib import Path

from core import clock, db
from core.access.actors import SYSTEM
from core.channels import keys
from core.commandline.options import Add, Options
from core.errors import CoreError
from core.text import Language, Text
from core.vocabulary.cases import CHANNEL_LABELS, PACKET_CHANNELS, Channel

ADDED = Text("已登记密钥 {name}（{channel}）。", "Added: {name} ({channel}).")
REVOKED = Text("已停用密钥 {name}。", "Revoked: {name}.")
REVOKED_AT = Text("停用于 {at}", "revoked {at}")
NO_KEYS = Text("尚未登记密钥。", "No key was added yet.")
_MAX_PEM = 16 * 1024


class KeyFileUnreadable(CoreError):
    text = Text("无法读取文件 {file}：{why}", "The file {file} cannot be read: {why}")


def show(_options: Options, language: Language) -> int:
    """List the keys, never what they are made of."""
    with db.reading() as session:
        rows = keys.listed(session)
    for row in rows:
        ended = (
            f"  [{REVOKED_AT(language, at=clock.written(row.revoked_at))}]"
            if row.revoked_at
            else ""
        )
        label = CHANNEL_LABELS[row.channel](language)
        print(f"{row.name:<20}  {label}  {clock.written(row.added_at)}{ended}")
    if not rows:
        print(NO_KEYS(language))
    return 0


def create(options: Options, language: Language) -> int:
    """Know a channel by its public key."""
    try:
        with options.file.open("rb") as file:
            pem = file.read(_MAX_PEM)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise KeyFileUnreadable(file=options.file, why=why) from error
    channel = Channel(options.channel)
    db.run(keys.add, SYSTEM, options.name, channel, pem, now=clock.now())
    print(ADDED(language, name=options.name, channel=CHANNEL_LABELS[channel]))
    return 0


def revoke(options: Options, language: Language) -> int:
    """Take nothing in any more that is signed with a key."""
    db.run(keys.revoke, SYSTEM, options.name, now=clock.now())
    print(REVOKED(language, name=options.name))
    return 0


def add_commands(add: Add, _language: Language) -> None:
    """Add `channel` and its verbs to the command line."""
    group = add("channel", show, "申报渠道的密钥", "keys of filing channels").add_subparsers(
        dest="verb", metavar="VERB", required=True
    )
    add("list", show, "列出密钥", "list the keys", group)
    zh, en = "登记渠道的公钥（PEM，Ed25519）", "add a channel's public key (PEM, Ed25519)"
    made = add("add", create, zh, en, group)
    made.add_argument("name", metavar="NAME")
    made.add_argument(
        "channel", choices=[item.value for item in PACKET_CHANNELS], metavar="CHANNEL"
    )
    made.add_argument("file", type=Path, metavar="FILE")
    made = add("revoke", revoke, "停用密钥", "revoke a key", group)
    made.add_argument("name", metavar="NAME")
