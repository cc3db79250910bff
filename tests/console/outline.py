"""The outline of a page, as a screen reader follows it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise


class Page(HTMLParser):
    """The outline of a page."""

    VOID = frozenset({"meta", "input", "br", "hr", "link", "img"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: dict[str, str] = {}
        self.feed(text)
        assert self.open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.words[self.open[-1]] = self.words.get(self.open[-1], "") + data

    def tags(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.all if tag in names]


def check_outline(text: str) -> None:
    """WCAG 2.2: 1.3.1, 1.4.10, 2.4.1, 2.4.2, 2.4.6, 3.1.1, 4.1.2."""
    page = Page(text)
    assert page.tags("html")[0]["lang"] == "en"
    assert page.words["title"].strip()
    assert [len(page.tags(name)) for name in ("main", "header", "footer", "h1")] == [1, 1, 1, 1]
    levels = [int(tag[1]) for tag, _ in page.all if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    assert all(each.get("scope") in ("col", "row") for each in page.tags("th"))
    named = {each["for"] for each in page.tags("label")}
    fields = [each for each in page.tags("input", "select", "textarea") if each.get("type") != "hidden"]
    assert all(each.get("id") in named for each in fields)
    assert all(each.get("aria-label") for each in page.tags("nav") + [a for a in page.tags("div") if "tabindex" in a])
    ids = [attributes["id"] for _, attributes in page.all if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert page.tags("script", "img", "iframe", "link") == []
    assert "width=device-width" in str(page.tags("meta"))
    assert page.all[[tag for tag, _ in page.all].index("a")][1]["href"] == "#main", (
        "the first link leads to the content"
    )
