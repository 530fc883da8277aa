"""Lists in pages that take the same time however many rows there are."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from django.core.paginator import EmptyPage, Page, Paginator
from django.http import HttpRequest
from django.utils.functional import cached_property

from wpiforum.remembering import remembered

PAGE_SIZE = 50
# So many rows are counted; of a longer list it is only known that there are more.
MOST_COUNTED = 500
_FURTHEST = 1_000_000  # a larger number than databases skip rows by


class LongPage(Page):
    """A page with one row more than it shows, which tells whether another page follows."""

    def __init__(self, rows: list[Any], number: int, paginator: "LongPaginator") -> None:
        super().__init__(rows[: paginator.per_page], number, paginator)
        self._has_next = len(rows) > paginator.per_page

    def has_next(self) -> bool:
        return self._has_next


class LongPaginator(Paginator):
    """Counts no more than `MOST_COUNTED` rows; every page of a longer list (`is_longer`) can be opened all the same."""

    @cached_property
    def count(self) -> int:
        """How many rows there are, at most `MOST_COUNTED`."""
        return min(self._counted, MOST_COUNTED)

    @property
    def is_longer(self) -> bool:
        return self._counted > MOST_COUNTED

    @cached_property
    def _counted(self) -> int:
        rows: Any = self.object_list
        return rows.order_by().values("pk")[: MOST_COUNTED + 1].count()

    def validate_number(self, number: Any) -> int:
        """Return the number of a page that may exist; raise InvalidPage."""
        if self.is_longer and isinstance(number, int) and 1 <= number <= _FURTHEST:
            return number
        return super().validate_number(number)

    def page(self, number: Any) -> LongPage:
        """Return a page; raise InvalidPage where there is none."""
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        rows = self._rows(first, first + self.per_page + 1)
        if not rows and number > 1:
            raise EmptyPage(self.error_messages["no_results"])
        return LongPage(rows, number, self)

    def _rows(self, first: int, last: int) -> list[Any]:
        return list(self.object_list[first:last])


class WidePaginator(LongPaginator):
    """For rows with several tables beside them: a page is found by keys alone, and its rows alone are loaded whole."""

    def _rows(self, first: int, last: int) -> list[Any]:
        rows: Any = self.object_list
        return list(rows.filter(pk__in=rows.values("pk")[first:last]))


class Read:
    """Rows that are made as they are read: a slice makes them from the first to its last."""

    def __init__(self, make: Callable[[], Iterator[Any]]) -> None:
        self._make = make

    def __getitem__(self, wanted: slice) -> list[Any]:
        return list(islice(self._make(), wanted.start, wanted.stop))


class UncountedPaginator(LongPaginator):
    """For lists that are made as they are read: nothing is counted."""

    _counted = MOST_COUNTED + 1


class RememberedRowsMixin:
    """For a `ListView` in pages: remembers the rows of a page, which its address alone decides.

    The view gives them as `rows`, called only while they are not remembered: making the query alone would take longer
    than the rest of the page.
    """

    request: HttpRequest

    def rows(self) -> Any:
        """Return the query set of the whole list; raise BadInput or Http404 for an address that has none."""
        raise NotImplementedError

    def get_queryset(self) -> Any:
        return self.rows

    def prepare(self, rows: list[Any]) -> None:
        """Add to the rows what the page shows of them; later nobody may change them."""

    def paginate_queryset(self, queryset: Any, page_size: int) -> tuple[Any, ...]:
        def read() -> tuple[Any, ...]:
            base: Any = super(RememberedRowsMixin, self)
            found: tuple[Any, ...] = base.paginate_queryset(queryset(), page_size)
            self.prepare(found[2])
            return found

        return remembered(("rows", self.request.path, self.request.META.get("QUERY_STRING", "")), read)
