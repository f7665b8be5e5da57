#!/usr/bin/env python3
"""Verifies an exported audit log, or an excerpt of one, as docs/security/audit-log.md describes it, with nothing of Fleet's.

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
        self.join(sha(b"\0", data), 1)

    def join(self, node, width):
        """A perfect subtree of that many leaves; the size is a multiple of it."""
        size = self.size // width
        while size % 2:
            node, size = sha(b"\1", self.peaks.pop(), node), size // 2
        self.peaks.append(node)
        self.size += width

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


def signed_text(note, keys):
    text, signatures = note.split("\n\n", 1)
    text += "\n"
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
    return text


def check_note(note, org, tree, keys):
    origin, size, root = signed_text(note, keys).split("\n")[:3]
    if origin != f"fleet-audit/{org}":
        raise Bad("is of another log")
    if int(size) != tree.size or base64.b64decode(root) != tree.root():
        raise Bad(f"is of {size} leaves with another root than the {tree.size} events before it")


def canonical(header):
    """Headers hold strings, an object of strings and small integers: there the form is json.dumps with sorted keys."""
    return json.dumps(header, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def omit(tree, line):
    start, end, nodes = line["from"], line["to"], list(line["nodes"])
    if start != tree.size or end <= start:
        raise Bad(f"leaves from {start} to {end} do not follow {tree.size}")
    while tree.size < end:
        width = 1
        while tree.size % (width * 2) == 0 and tree.size + width * 2 <= end:
            width *= 2
        if not nodes:
            raise Bad("hashes of what is left out are missing")
        tree.join(bytes.fromhex(nodes.pop(0)), width)
    if nodes:
        raise Bad("there are more hashes than leaves that are left out")


def check_tombstone(line, org, header, keys):
    origin, said = signed_text(line["tombstone"], keys).split("\n")[:2]
    stone = json.loads(said)
    here = [f"fleet-erasure/{org}", line["stream"], line["seq"], line["hash"], header["payloadHash"]]
    if [origin, stone["stream"], stone["seq"], stone["eventHash"], stone["payloadHash"]] != here:
        raise Bad("its tombstone is of another event")


def check_event(line, org, last, whole, keys):
    header_bytes = line["header"].encode()
    seq, prev = last
    if line["seq"] != seq + 1 if whole else line["seq"] <= seq:
        raise Bad(f"event {seq + 1} is missing or repeated")
    follows = line["seq"] == seq + 1
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
    if follows and header["prev"] != prev:
        raise Bad("does not follow the event before it")
    if line["type"] == "erased":
        check_tombstone(line, org, header, keys)
    elif sha(bytes.fromhex(line["salt"]), line["payload"].encode()).hex() != header["payloadHash"]:
        raise Bad("its payload was changed, or erased without a tombstone")


def verify(lines, trusted, kept):
    org, keys, tree, last, listed, signed, ended = None, trusted, Tree(), {}, set(), 0, False
    whole, count, erased = True, 0, 0
    for number, text in enumerate(lines, 1):
        line = json.loads(text)
        kind = line["type"]
        place = f"line {number}"
        try:
            if ended or (org is None) != (kind in ("log", "excerpt")):
                raise Bad("stands where it cannot")
            if kind in ("omitted", "subject") if whole else kind == "stream":
                raise Bad("is of another kind of file")
            if kind in ("log", "excerpt"):
                org, whole = line["org"], kind == "log"
                keys = trusted or dict(parse_key(key) for key in line["keys"])
            elif kind in ("event", "erased"):
                place = f"stream {line['stream']}, event {line['seq']}"
                check_event(line, org, last.get(line["stream"], (0, "0" * 64)), whole, keys)
                count, erased = count + 1, erased + (kind == "erased")
                if line["leaf"] != tree.size:
                    raise Bad(f"is not leaf {tree.size}")
                tree.add(bytes.fromhex(line["hash"]))
                last[line["stream"]] = (line["seq"], line["hash"])
                if kept.get(tree.size, tree.root().hex()) != tree.root().hex():
                    raise Bad("a head that was kept of this size has another root")
            elif kind == "omitted":
                omit(tree, line)
            elif kind == "subject":
                pass  # for readers; it is proved by nothing
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
    if signed != tree.size or whole and set(last) != listed:
        raise Bad("not all of it is signed and listed")
    if any(size > tree.size for size in kept):
        raise Bad("a head was kept of more events than these: the log was set back")
    if not whole and set(kept) - {tree.size}:
        raise Bad("only a whole log can be held to a head of another size")
    if not whole and kept.get(tree.size, tree.root().hex()) != tree.root().hex():
        raise Bad("a head that was kept of this size has another root")
    left = "" if whole else f" of {tree.size}, an excerpt"
    left += f" ({erased} erased)" if erased else ""
    return f"sound: {count} events{left}, {len(last)} streams, root {tree.root().hex()}"


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
