"""No value comes back where a browser could send it away: links that stand apart, hosts, schemes (TOK-02, TOK-03)."""

from __future__ import annotations

import pytest

from guardrail.engine.vault import Vault
from guardrail.rails.base import About, Window


def restored(text: str, start: int = 0) -> int:
    vault = Vault()
    vault.mint("SSN", "219-09-9999")
    vault.mint("NAME", "Maria Lopez")
    return len(list(vault.restorer().inspect(Window(text, start), About())))


@pytest.mark.parametrize(
    "text",
    [
        "![x][r]\n\n[r]: http&#58;&#47;&#47;evil.com&#47;[SSN_1]",
        r"[r]: http:\/\/evil\.com\/[SSN_1]",
        "[r]: http&colon;//evil&period;com/[SSN_1]",
        "[r]: \\/\\/evil\\.com/[SSN_1]\n\n![x][r]",
        "[r]: //1.2.3.4/[SSN_1]",
        "[r]: https:/1.2.3.4/[SSN_1]",
        "[r]: <&#104;ttp&#58;//1.2.3.4/[NAME_1]>",
        "[r]:\n   //1.2.3.4/[SSN_1]",
        "> [r]:\n> //1.2.3.4/[SSN_1]",
        "[SSN_1].evil.example.com",
        "1.2.3.4/[NAME_1]",
        "localhost:80/[NAME_1]",
        "e.xn--p1ai/[NAME_1]",
        "пример.рф/[NAME_1]",
        "xmpp:[NAME_1]",
        r"\url{[NAME_1]}",
    ],
)
def test_nothing_is_restored_into_an_address(text: str) -> None:
    assert restored(text) == 0


def test_a_link_that_may_have_begun_before_the_window_gets_nothing() -> None:
    assert restored("    //1.2.3.4/[SSN_1]", start=400) == 0


@pytest.mark.parametrize(
    "text",
    [
        "[Patient]: [NAME_1] came",
        "[note]: Dr. [NAME_1] said",
        "Seen. [NAME_1].Then",
        "3.5 mg for [NAME_1]",
        "MRN:[SSN_1]",
        "(see [1]: [NAME_1])",
    ],
)
def test_what_only_looks_like_one_is_restored(text: str) -> None:
    assert restored(text) == 1
