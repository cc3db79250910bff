"""Nobody can work out a small count from what is published, not by any difference either (WHO-26).

The laws are proved by worlds: other counts that add up, that give the same report, and in which the small count is
another one. The product shows one for most small counts; it is checked here by arithmetic alone. Where it shows none
(in a table of which nothing is told), one is searched for, by a search that shares no code with it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail.report.attack import Key
from guardrail.report.cells import SMALL, WIDE, Book, Published, Rest, Shown

NODES: Mapping[str, str | None] = {"all": None, "a": "all", "b": "a", "c": "all", "d": "b"}
"""What is counted, and inside what. `a` and `c` have nothing in common."""
FAR = 5_000
"""More than any count here."""
Sums = Sequence[tuple[Key, tuple[Key, ...]]]


@dataclass(frozen=True)
class Counted:
    """A whole report: the same exchanges, divided in one or two ways."""

    sums: Sums
    values: Mapping[Key, int]
    book: Book


def own_parts(draw: st.DrawFn, scale: int) -> dict[str, int]:
    size = st.one_of(st.just(0), st.integers(1, 12), st.integers(0, scale))
    return {name: draw(size) for name in ("d", "b", "a", "c", "rest")}


def nested(own: Mapping[str, int]) -> dict[str, int]:
    b = own["b"] + own["d"]
    a = own["a"] + b
    return {"all": a + own["c"] + own["rest"], "a": a, "b": b, "c": own["c"], "d": own["d"]}


def split(draw: st.DrawFn, total: int, count: int) -> list[int]:
    cuts = sorted(draw(st.lists(st.integers(0, total), min_size=count - 1, max_size=count - 1)))
    return [high - low for low, high in zip([0, *cuts], [*cuts, total], strict=True)]


@st.composite
def reports(draw: st.DrawFn) -> Counted:
    scale = draw(st.sampled_from([15, 60, 400]))
    rows = [own_parts(draw, scale) for _ in range(draw(st.integers(2, 5)))]
    areas = {"first": [nested(row) for row in rows]}
    if draw(st.booleans()):
        again = {name: split(draw, sum(row[name] for row in rows), 3) for name in rows[0]}
        areas["second"] = [nested({name: values[number] for name, values in again.items()}) for number in range(3)]
    return counted(areas)


def counted(areas: Mapping[str, Sequence[Mapping[str, int]]]) -> Counted:
    """Puts counts into a book, and keeps an account of its own of how they hang together."""
    values: dict[Key, int] = {}
    for name in NODES:
        values[name,] = sum(row[name] for row in next(iter(areas.values())))
        for area, rows in areas.items():
            values.update({(name, area, number): row[name] for number, row in enumerate(rows)})
    book = Book()
    for key, value in values.items():
        book.count(key, value)
    sums: list[tuple[Key, tuple[Key, ...]]] = []
    tables: list[tuple[str, list[tuple[Hashable, ...]]]] = [("totals", [()])]
    tables += [(area, [(area, number) for number in range(len(rows))]) for area, rows in areas.items()]
    for area, places in tables:
        for name, inside in NODES.items():
            of: dict[Key, Key] = {(name, *place): (inside, *place) for place in places} if inside else {}
            book.table((name, area), area, [(name, *place) for place in places], of)
            for row, whole in of.items():
                values[Rest(whole, row)] = values[whole] - values[row]
                sums.append((whole, (row, Rest(whole, row))))
            if area != "totals":
                sums.append(((name,), tuple((name, *place) for place in places)))
                book.adds_up(*sums[-1])
        for place in places:
            all_, a, c, neither = (("all", *place), ("a", *place), ("c", *place), ("neither", *place))
            values[neither] = values[all_] - values[a] - values[c]
            book.count(neither, values[neither], beside=c)
            sums.append((all_, (a, c, neither)))
            book.adds_up(*sums[-1])
    return Counted(sums, values, book)


def told_in(report: Counted, published: Published) -> dict[Key, tuple[int, int]]:
    """What the signs say to who reads them."""
    found: dict[Key, tuple[int, int]] = {}
    for key, value in rows_of(report):
        match published[key].shown:
            case Shown.EXACT:
                found[key] = (value, value)
            case Shown.FEW:
                found[key] = (1, SMALL - 1)
            case Shown.ALL_BUT_FEW:
                rest = next(each for each in report.values if isinstance(each, Rest) and each.part == key)
                found[rest] = (1, SMALL - 1)
    return found


def rows_of(report: Counted) -> Iterator[tuple[Key, int]]:
    for key, value in report.values.items():
        if isinstance(key, tuple) and key[0] in NODES:
            yield key, value


def fits(report: Counted, told: Mapping[Key, tuple[int, int]], world: Mapping[Key, int]) -> bool:
    """True if these counts add up, and would have been told in the same way."""
    adds_up = all(world[whole] == sum(world[part] for part in parts) for whole, parts in report.sums)
    same = all(low <= world[key] <= high for key, (low, high) in told.items())
    return adds_up and same and min(world.values()) >= 0


def searched(sums: Sums, ranges: dict[Key, tuple[int, int]]) -> bool:
    """True if there is a world within these ranges."""
    narrow = narrowed(sums, ranges)
    if narrow is None:
        return False
    open_ = [key for key, (low, high) in narrow.items() if low < high]
    if not open_:
        return True
    key = min(open_, key=lambda each: (narrow[each][1] - narrow[each][0], repr(each)))
    low, high = narrow[key]
    few = range(low, high + 1) if high - low < 40 else ()
    return any(
        searched(sums, {**narrow, key: (value, value)}) for value in dict.fromkeys(((low + high) // 2, low, high, *few))
    )


def narrowed(sums: Sums, ranges: Mapping[Key, tuple[int, int]]) -> dict[Key, tuple[int, int]] | None:
    now, changed = dict(ranges), True
    while changed:
        changed = False
        for whole, parts in sums:
            low, high = sum(now[part][0] for part in parts), sum(now[part][1] for part in parts)
            limits = [(whole, low, high)]
            limits += [
                (part, now[whole][0] - (high - now[part][1]), now[whole][1] - (low - now[part][0])) for part in parts
            ]
            for key, at_least, at_most in limits:
                new = max(now[key][0], at_least), min(now[key][1], at_most)
                if new[0] > new[1]:
                    return None
                if new != now[key]:
                    now[key], changed = new, True
    return now


@given(reports())
@settings(max_examples=60, deadline=None)
def test_the_same_report_fits_worlds_in_which_a_small_count_is_another_one(report: Counted) -> None:
    """For every count from 1 to 10, shown or only to be had by subtraction."""
    told = told_in(report, report.book.close())
    assert fits(report, told, report.values)
    for key, value in report.values.items():
        if not 0 < value < SMALL:
            continue
        world = report.book.world(key)
        if world is not None:
            assert fits(report, told, {**report.values, **world})
            assert world[key] != value
        else:
            free = {each: told.get(each, (0, FAR)) for each in report.values}
            others = [other for other in (value - 1, value + 1, value + 2, value + WIDE) if other >= 0]
            assert any(searched(report.sums, {**free, key: (other, other)}) for other in others), key


@given(reports())
@settings(max_examples=60, deadline=None)
def test_no_small_count_is_told_and_what_is_told_is_true(report: Counted) -> None:
    published = report.book.close()
    for key, value in rows_of(report):
        told = published[key]
        assert told.value in (None, value)
        assert told.value is None or not 0 < told.value < SMALL
        assert told.low <= value <= told.high
        assert (told.shown is Shown.EXACT) == (told.value is not None)


def group_of(book: Book, counts: Sequence[int], total: int | None = None) -> list[Key]:
    rows: list[Key] = [("row", number) for number in range(len(counts))]
    book.count("total", sum(counts) if total is None else total)
    for row, value in zip(rows, counts, strict=True):
        book.count(row, value)
    book.table("total", "totals", ["total"])
    book.table("rows", "rows", rows)
    book.adds_up("total", rows)
    return rows


def shown(counts: Sequence[int]) -> list[str]:
    """How a table with a total is published."""
    book = Book()
    rows = group_of(book, counts)
    published = book.close()
    return [str(published[row].value or published[row].shown.value) for row in rows]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([500, 300, 200], ["500", "300", "200"]),
        ([500, 300, 0], ["500", "300", "exact"]),
        ([500, 300, 4], ["500", "withheld", "1-10"]),  # else 804 - 500 - 300
        ([500, 25, 4], ["500", "withheld", "1-10"]),  # the smallest that can hide it
        ([500, 12, 4], ["withheld", "12", "1-10"]),  # 16 in two rows of which one is 11 or more would be too near
        ([5, 6, 300], ["1-10", "1-10", "300"]),  # eleven in two rows: each of them may be any of ten
        ([1, 1], ["1-10", "1-10"]),  # their total is not told
        ([4, 0, 0], ["1-10", "exact", "exact"]),
    ],
)
def test_a_row_beside_a_small_one_hides_it(counts: list[int], expected: list[str]) -> None:
    """The total less what is told never leaves a small count alone."""
    assert shown(counts) == expected


def test_eleven_rows_of_one_are_not_told_though_their_sum_is() -> None:
    """Eleven in eleven rows that are not empty would be one in each."""
    assert shown([1] * 11) == ["withheld"] * 11


def test_what_is_left_of_a_whole_is_small_too() -> None:
    """97 of 100 tells that three were otherwise."""
    book = Book()
    book.count("all", 100)
    book.count("most", 97)
    book.table("all", "totals", ["all"])
    book.table("most", "totals", ["most"], {"most": "all"})
    published = book.close()

    assert published["all"].value == 100
    assert (published["most"].shown, published["most"].low, published["most"].high) == (Shown.ALL_BUT_FEW, 90, 99)


def test_a_division_in_time_does_not_tell_what_one_by_group_withholds() -> None:
    """Both have the same total: what one hides, the other may not give back."""
    book = Book()
    groups = group_of(book, [300, 4, 200])
    weeks: list[Key] = [("week", 1), ("week", 2)]
    book.count(weeks[0], 501)
    book.count(weeks[1], 3)
    book.table("weeks", "weeks", weeks)
    book.adds_up("total", weeks)
    published = book.close()

    assert published["total"].value == 504
    assert [published[key].shown for key in weeks] == [Shown.WITHHELD, Shown.FEW]
    assert [published[key].shown for key in groups].count(Shown.EXACT) == 1


def test_counts_that_contradict_each_other_are_refused() -> None:
    book = Book()
    book.count("all", 10)
    with pytest.raises(ValueError, match="two of one name"):
        book.count("all", 11)
    with pytest.raises(ValueError, match="no count"):
        book.count("some", -1)
    book.count("some", 12)
    with pytest.raises(ValueError, match="no count"):
        book.within("all", "some")
    with pytest.raises(ValueError, match="not the whole"):
        book.adds_up("all", ["some"])
    with pytest.raises(ValueError, match="before its whole"):
        book.table("some", "x", ["some"], {"some": "all"})
    book.table("all", "totals", ["all"])
    with pytest.raises(ValueError, match="in two tables"):
        book.table("again", "totals", ["all"])
