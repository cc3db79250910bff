"""What a policy file brings along: files of recognizers beside it, which become part of its values, and code it names.

After this the values of a policy are whole: a change of such a file is a change of the policy, and nobody reads it
again. Does not know what a recognizer is; `rails.catalog` says which setting may hold one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any, Final

from guardrail.policy.settings import did_you_mean, rail_settings, setting_problems
from guardrail.policy.source import Complaint, Key, Refused, Source, is_there, led_to, read_source
from guardrail.rails import catalog
from guardrail.rails.phi import MODULES_VARIABLE

_PASSED_OVER: Final = frozenset({"supported_languages", "global_regex_flags"})  # Presidio's, for a whole file
_ENDS: Final = (".yaml", ".yml")


def attach(source: Source) -> tuple[Mapping[str, Any], list[Source], list[Complaint]]:
    """The values with files read in, those files, and what is wrong with them. Entries that are wrong are left out."""
    values, work = source.values, _Attaching(source)
    rails = list(values["rails"]) if isinstance(values.get("rails"), list) else []
    for index, name, settings in rail_settings(values):
        setting = catalog.RAILS[name].plugins if name in catalog.RAILS else None
        if setting and isinstance(settings.get(setting), list):
            key: Key = ("rails", index, "settings", setting)
            listed = enumerate(settings[setting])
            entries = [each for at, entry in listed for each in work.entry(name, entry, (*key, at))]
            settings = {**settings, setting: entries}
        settings = {**settings, **work.paths(name, settings, index)}
        rails[index] = {**rails[index], "settings": settings}
    return ({**values, "rails": rails} if work.changed else values), work.sources, work.complaints


class _Attaching:
    def __init__(self, source: Source) -> None:
        self._source = source
        self.changed = False
        self.sources: list[Source] = []
        self.complaints: list[Complaint] = []

    def entry(self, rail: str, entry: object, key: Key) -> Iterator[object]:
        """What an entry stands for: itself, or the entries of the file that it names."""
        file, code = _named(entry, "file", _ENDS), _class(entry)
        if code is not None and code.partition(":")[0] not in _modules():
            self._refuse(key, f"the administrator has not listed this module in {MODULES_VARIABLE}")
        elif file is not None:
            self.changed = True
            yield from self._in_file(rail, file, key)
        else:
            yield entry

    def paths(self, rail: str, settings: Mapping[str, Any], index: int) -> dict[str, str]:
        """The settings that name a file, seen from everywhere. A file that is not there is complained about."""
        row = catalog.RAILS.get(rail)
        named = {
            name: settings[name] for name in sorted(row.files if row else ()) if isinstance(settings.get(name), str)
        }
        found = {name: self._source.path.parent / value for name, value in named.items()}
        for name, path in found.items():
            if not is_there(path) or not os.access(path, os.R_OK):
                self._refuse(("rails", index, "settings", name), "no such file, or it can't be read")
        self.changed = self.changed or bool(found)
        return {name: str(path) for name, path in found.items()}

    def _in_file(self, rail: str, name: str, key: Key) -> Iterator[object]:
        folder = self._source.path.parent
        try:
            if not led_to(folder / name).is_relative_to(led_to(folder)):
                self._refuse(key, "is not in the folder of this policy, or below it")
                return
            file = read_source(folder / name)
        except Refused as error:
            if is_there(folder / name):
                self.complaints += error.complaints
            else:
                self._refuse(key, "no such file beside this one")
            return
        self.sources.append(file)
        setting, right = str(key[3]), len(self.complaints)
        self.complaints += [*file.complaints, *(file.complain(*each) for each in _problems(rail, setting, file.values))]
        if len(self.complaints) == right:
            yield from file.values[setting]

    def _refuse(self, key: Key, what: str) -> None:
        self.changed = True
        self.complaints.append(self._source.complain(key, what))


def _problems(rail: str, setting: str, values: Mapping[str, Any]) -> Iterator[tuple[Key, str]]:
    for name in values:
        if name != setting and name not in _PASSED_OVER:
            yield (name,), f"unknown key{did_you_mean(name, [setting, *_PASSED_OVER])}"
    if not values.get(setting):
        yield (), f"has no `{setting}`"
        return
    yield from setting_problems(rail, {setting: values[setting]})
    entries = values[setting] if isinstance(values[setting], list) else ()
    for at, entry in enumerate(entries):
        if _named(entry, "file", _ENDS) is not None:
            yield (setting, at), "a file can't name another file"
        elif (code := _class(entry)) is not None and code.partition(":")[0] not in _modules():
            yield (setting, at), f"the administrator has not listed this module in {MODULES_VARIABLE}"


def _named(entry: object, key: str, ends: tuple[str, ...]) -> str | None:
    name = entry.get(key) if isinstance(entry, Mapping) else entry
    return name if isinstance(name, str) and name.endswith(ends) else None


def _class(entry: object) -> str | None:
    path = entry.get("python") if isinstance(entry, Mapping) else entry
    return path if isinstance(path, str) and ":" in path and not path.endswith(_ENDS) else None


def _modules() -> frozenset[str]:
    """The modules whose classes a policy may name. The environment is the administrator's, the policy is not."""
    names = os.environ.get(MODULES_VARIABLE, "").split(",")
    return frozenset(name.strip() for name in names if name.strip())
