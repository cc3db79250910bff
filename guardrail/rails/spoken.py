"""Which of the texts that are written by language a reader gets. Never another language without somebody's word.

A policy that was checked has every text in every language that it offers, and in its default language: that one is for
readers whose language is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

FALLBACK = "en"
"""Where nobody told a default: a text in the wrong language is better than no text."""


def has(table: Mapping[str, str], language: str) -> bool:
    """True if there is a text in this language (`pt-BR`: else in `pt`)."""
    return any(table.get(name) for name in _names(language))


def missing(tables: Mapping[str, Mapping[str, str]], language: str) -> tuple[str, ...]:
    """The names of the tables that have no text in this language."""
    return tuple(name for name, table in tables.items() if not has(table, language))


def pick(table: Mapping[str, str], language: str, default: str) -> str:
    """The name of the language of `table` for a reader of `language`. `table` has one text at least."""
    names = (*_names(language), *_names(default), FALLBACK, *table)
    return next(name for name in names if table.get(name))


def chosen(table: Mapping[str, str], language: str, default: str = FALLBACK) -> str:
    """The text of `table` for a reader of `language`. `table` has one text at least."""
    return table[pick(table, language, default)]


def complete(table: Mapping[str, str], languages: Iterable[str]) -> None:
    """Raises ValueError, naming the languages, if one of them has no text."""
    missing_ones = [language for language in languages if not table.get(language, "").strip()]
    if missing_ones:
        raise ValueError(f"no text for {', '.join(missing_ones)}")


def on_top(own: Mapping[str, str], shipped: Mapping[str, str]) -> dict[str, str]:
    """One's own texts take the place of the shipped ones, language by language."""
    return {**shipped, **own}


def _names(language: str) -> Iterable[str]:
    return dict.fromkeys((language, language.partition("-")[0]))
