#!/usr/bin/env python3
"""Verifies an exported audit log as docs/security/audit-log.md describes it, with nothing of Fleet's.

    python3 verify_log.py LOG [KEYS.json] [SIZE:ROOT ...]

Needs Python 3.9 and, for the signatures, the package `cryptography`.
"""
import base64
import hashlib
import json
import re
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

HEADER_FIELDS = ["actor", "at", "kind", "org", "payloadHash", "prev", "seq", "stream", "v"]
HEX = re.compile("[0-9a-f]{64}")


class Bad(Exception):
    pass


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


class Tree:
    """The right edge of an RFC 6962 tree: roots of perfect subtrees, the largest first."""

    def __init__(self):
        self.size, self.peaks = 0, []

    def add(self, data):
        node, size = sha(b"\0", data), self.size
        while size % 2:
            node, size = sha(b"\1", self.peaks.pop(), node), size // 2
        self.peaks.append(node)
        self.size += 1

    def root(self):
        if not self.peaks:
            return sha(b"")
        node = self.peaks[-1]
        for left in reversed(self.peaks[:-1]):
            node = sha(b"\1", left, node)
        return node


def parse_key(line):
    name, digest, typed = line.split("+", 2)
    raw = base64.b64decode(typed, validate=True)
    if len(raw) != 33 or raw[0] != 1 or sha(name.encode(), b"\n\1", raw[1:])[:4].hex() != digest:
        raise Bad(f"{line} is no key")
    return (name, bytes.fromhex(digest)), Ed25519PublicKey.from_public_bytes(raw[1:])


def check_note(note, org, tree, keys):
    text, signatures = note.split("\n\n", 1)
    text += "\n"
    origin, size, root = text.split("\n")[:3]
    if origin != f"fleet-audit/{org}":
        raise Bad("is of another log")
    signed = False
    for line in signatures.splitlines():
        dash, name, blob = line.split(" ")
        raw = base64.b64decode(blob, validate=True)
        key = keys.get((name, raw[:4]))
        if dash == "\u2014" and key:
            key.verify(raw[4:], text.encode())
            signed = True
    if not signed:
        raise Bad("is signed by no key that is trusted")
    if int(size) != tree.size or base64.b64decode(root) != tree.root():
        raise Bad(f"is of {size} leaves with another root than the {tree.size} events before it")


def canonical(header):
    """Headers hold strings, an object of strings and small integers: there the form is json.dumps with sorted keys."""
    return json.dumps(header, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def check_event(line, org, last):
    header_bytes, payload = line["header"].encode(), line["payload"].encode()
    seq, prev = last
    if line["seq"] != seq + 1:
        raise Bad(f"event {seq + 1} is missing or repeated")
    if sha(header_bytes).hex() != line["hash"]:
        raise Bad("its header was changed")
    header = json.loads(line["header"])
    if sorted(header) != HEADER_FIELDS or canonical(header) != header_bytes or header["v"] != 1:
        raise Bad("its header is not canonical")
    for field in ("stream", "seq", "kind", "at"):
        if header[field] != line[field]:
            raise Bad(f"its {field} is not the header's")
    if header["org"] != org:
        raise Bad("is of another org")
    if header["prev"] != prev:
        raise Bad("does not follow the event before it")
    if sha(bytes.fromhex(line["salt"]), payload).hex() != header["payloadHash"]:
        raise Bad("its payload was changed")


def verify(lines, trusted, kept):
    org, keys, tree, last, listed, signed, ended = None, trusted, Tree(), {}, set(), 0, False
    for number, text in enumerate(lines, 1):
        line = json.loads(text)
        kind = line["type"]
        place = f"line {number}"
        try:
            if ended or (org is None) != (kind == "log"):
                raise Bad("stands where it cannot")
            if kind == "log":
                org = line["org"]
                keys = trusted or dict(parse_key(key) for key in line["keys"])
            elif kind == "event":
                place = f"stream {line['stream']}, event {line['seq']}"
                check_event(line, org, last.get(line["stream"], (0, "0" * 64)))
                if line["leaf"] != tree.size:
                    raise Bad(f"is not leaf {tree.size}")
                tree.add(bytes.fromhex(line["hash"]))
                last[line["stream"]] = (line["seq"], line["hash"])
                if kept.get(tree.size, tree.root().hex()) != tree.root().hex():
                    raise Bad("a head that was kept of this size has another root")
            elif kind == "head":
                place = f"the head after leaf {tree.size - 1}"
                check_note(line["note"], org, tree, keys)
                signed = tree.size
            elif kind == "stream":
                place = f"stream {line['stream']}"
                listed.add(line["stream"])
                if last.get(line["stream"], (0, "0" * 64)) != (line["seq"], line["hash"]):
                    raise Bad(f"does not end with event {line['seq']}")
            else:
                ended = True
                if line["events"] != tree.size:
                    raise Bad(f"there were {line['events']} events, and {tree.size} are here")
        except InvalidSignature:
            raise Bad(f"{place}: its signature is forged") from None
        except (Bad, KeyError, ValueError) as error:
            raise Bad(f"{place}: {error}") from None
    if not ended:
        raise Bad("the file ends before the log does")
    if signed != tree.size or set(last) != listed:
        raise Bad("not all of it is signed and listed")
    if any(size > tree.size for size in kept):
        raise Bad("a head was kept of more events than these: the log was set back")
    return f"sound: {tree.size} events, {len(last)} streams, root {tree.root().hex()}"


def main():
    log, *rest = sys.argv[1:]
    trusted, kept = {}, {}
    for given in rest:
        size, _, root = given.partition(":")
        if size.isdigit() and HEX.fullmatch(root):
            kept[int(size)] = root
        else:
            with open(given, encoding="utf-8") as file:
                trusted.update(parse_key(key["verifierKey"]) for key in json.load(file)["keys"])
    try:
        with open(log, encoding="utf-8", newline="\n") as file:
            print(verify(file, trusted, kept))
    except Bad as error:
        sys.exit(f"NOT SOUND: {error}")


main()
