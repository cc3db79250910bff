"""Signed notes and checkpoints as others write and read them: the vectors of Go's sumdb/note and of C2SP."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.record.note import (
    MAX_SIGNATURES,
    BadNote,
    Checkpoint,
    Signer,
    Verifier,
    notes_in,
    open_note,
    signed_text,
    signers_of,
)

PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETERS = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
ENOCHS = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
NOTE = f"{TEXT}\n{PETERS}"
peter, enoch = Verifier.parse(PETER), Verifier.parse(ENOCH)


def test_the_note_of_the_reference_implementation_is_made_byte_for_byte() -> None:
    signer = Signer.parse(PETERS_SECRET)
    assert signer.sign(TEXT) == NOTE
    assert (str(signer.verifier), signer.secret_line()) == (PETER, PETERS_SECRET)
    assert PETERS_SECRET not in repr(signer)


def test_it_is_read_with_the_keys_that_are_known() -> None:
    both = NOTE + ENOCHS
    assert open_note(both, [peter]).signers == (peter,)
    assert open_note(both, [peter, enoch]).signers == (peter, enoch)
    assert open_note(f"{TEXT}\n{PETERS}{PETERS}{ENOCHS}", [peter]).signers == (peter,)
    assert signed_text(both) == TEXT
    assert [name for name, _ in signers_of(both)] == ["PeterNeumann", "EnochRoot"]


@pytest.mark.parametrize(
    "note",
    [
        TEXT,
        f"{TEXT}\n",
        NOTE[:-1],
        f"\x01{NOTE}",
        f"\udcff{NOTE}",
        NOTE.replace("PeterNeumann", "Bad Name"),
        f"{NOTE}Unexpected line.\n",
        f"{TEXT}\n{PETERS * (MAX_SIGNATURES + 1)}",
        f"{TEXT}\n{PETERS[:60]}ABCD{PETERS[60:]}",
        NOTE.replace("cryptography", "cryptographY"),
        f"{TEXT}\n{ENOCHS}",
        f"{'x' * 70_000}\n\n{PETERS}",
    ],
)
def test_anything_else_is_no_note_of_his(note: str) -> None:
    with pytest.raises(BadNote):
        open_note(note, [peter])


@pytest.mark.parametrize("line", [PETER, PETERS_SECRET])
def test_no_mangled_key_is_one(line: str) -> None:
    """As the reference tests do: every piece of it, and every letter another one."""
    parse = Signer.parse if line is PETERS_SECRET else Verifier.parse
    pieces = {line[start:end] for start in range(len(line)) for end in range(start, len(line) + 1)} - {line}
    changed = {f"{line[:n]}{chr(ord(line[n]) + 1)}{line[n + 1 :]}" for n in range(len(line))}
    for mangled in pieces | changed:
        with pytest.raises(BadNote):
            parse(mangled)
    for bad in (
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ):
        with pytest.raises(BadNote):
            Verifier.parse(bad)


def test_the_checkpoint_of_the_specification() -> None:
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    checkpoint = Checkpoint.parse(text)
    assert (checkpoint.origin, checkpoint.size, str(checkpoint)) == ("example.com/behind-the-sofa", 20852163, text)
    assert Checkpoint.parse(f"{text}an extension\n") == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "origin\n",
        "origin\n1\n",
        "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "origin\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "origin\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "origin\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n",
        "origin\n1\nAAAA\n",
        "origin\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
        "origin\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\nmore\n",
    ],
)
def test_anything_else_is_no_checkpoint(text: str) -> None:
    with pytest.raises(BadNote, match="no "):
        Checkpoint.parse(text)


@given(st.lists(st.tuples(st.integers(0, 10**12), st.binary(min_size=32, max_size=32)), max_size=5), st.booleans())
def test_checkpoints_of_one_file_are_told_apart(heads: list[tuple[int, bytes]], apart: bool) -> None:
    signer = Signer("guardrail/ab12cd34.0", bytes(32))
    notes = [signer.sign(str(Checkpoint("guardrail/ab12cd34.0", *head))) for head in heads]
    assert list(notes_in(("\n" if apart else "").join(notes))) == notes


def test_a_file_that_is_broken_off_says_so() -> None:
    with pytest.raises(BadNote, match="not complete"):
        list(notes_in(NOTE + "guardrail/x\n12\n"))


@pytest.mark.parametrize("text", ["no end", "a\rb\n", "tab\t\n", "\udc80\n"])
def test_what_others_could_not_read_is_not_signed(text: str) -> None:
    with pytest.raises(BadNote):
        Signer.parse(PETERS_SECRET).sign(text)
