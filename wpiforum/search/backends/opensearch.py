"""A cluster of OpenSearch, for sites that outgrow one database: it looks words up; the database still holds entries.

Off by default. It needs `pip install opensearch-py` and SEARCH_BACKEND=opensearch, OPENSEARCH_URL=https://…; then
`rebuild_search` makes the index. Tested with a stand-in for the client, not with a cluster. Entries reach the cluster
when the transaction commits; what a failure in between loses, `rebuild_search` brings back. While the cluster does not
answer, the database does, whose index is kept all the time.
"""

import logging
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction

from wpiforum.search.backends import database
from wpiforum.search.backends.base import Backend, Part, Word

logger = logging.getLogger(__name__)

_FIELDS = {Part.HEAD: "head", Part.ALL: "all"}
_BATCH = 500
_MAPPING = {
    # The words come ready made: the cluster splits them at spaces and nothing else.
    "mappings": {
        "_source": {"enabled": False},
        "properties": {name: {"type": "text", "analyzer": "whitespace"} for name in ("head", "all", "marks")},
    }
}


class OpenSearchBackend(Backend):
    """`client` is an `opensearchpy.OpenSearch`, `failure` what it raises."""

    def __init__(self, client: Any, failure: type[Exception], index: str = "wpiforum") -> None:
        self.client = client
        self.failure = failure
        self.index = index

    @classmethod
    def from_settings(cls) -> "OpenSearchBackend":
        from opensearchpy import OpenSearch, OpenSearchException  # an optional extra of this backend alone

        return cls(OpenSearch(hosts=[settings.OPENSEARCH_URL], timeout=5), OpenSearchException)

    def install(self) -> None:
        if not self.client.indices.exists(index=self.index):
            self.client.indices.create(index=self.index, body=_MAPPING)

    def clear(self) -> None:
        transaction.on_commit(self._begin_anew)

    def _begin_anew(self) -> None:
        if self.client.indices.exists(index=self.index):
            self.client.indices.delete(index=self.index)
        self.install()

    def finish(self) -> None:
        transaction.on_commit(lambda: self.client.indices.refresh(index=self.index))

    def add(self, entries: Iterable) -> None:
        lines: list[dict[str, Any]] = []
        for entry in entries:
            head = f"{entry.title_tokens} {entry.name_tokens}"
            lines += [
                {"index": {"_index": self.index, "_id": str(entry.pk)}},
                {"head": head, "all": f"{head} {entry.body_tokens}", "marks": entry.marks},
            ]
        self._send(lines, 2)

    def remove(self, keys: Sequence[int]) -> None:
        self._send([{"delete": {"_index": self.index, "_id": str(key)}} for key in keys], 1)

    def _send(self, lines: list[dict[str, Any]], size: int) -> None:
        """Send once the rows are committed, so that nobody finds what was rolled back."""
        step = _BATCH * size

        def send() -> None:
            for start in range(0, len(lines), step):
                if self.client.bulk(body=lines[start : start + step], refresh=True).get("errors"):
                    logger.error("The cluster did not take every entry of the search: run rebuild_search.")

        if lines:
            transaction.on_commit(send, robust=True)  # what is published stays so, whatever the cluster says

    def candidates(self, words: Sequence[Word], part: Part, marks: Sequence[Sequence[str]], limit: int) -> list[int]:
        field = _FIELDS[part]
        must = [_any([{"match_phrase": {field: " ".join(phrase)}} for phrase in word]) for word in words]
        must += [_any([{"match_phrase": {"marks": mark}} for mark in group]) for group in marks]
        body = {"query": {"bool": {"filter": must}}, "size": limit, "_source": False}
        try:
            found = self.client.search(index=self.index, body=body)
        except self.failure:
            logger.exception("The cluster of the search does not answer; the database does.")
            return database().candidates(words, part, marks, limit)
        return [int(hit["_id"]) for hit in found["hits"]["hits"]]


def _any(queries: list[dict[str, Any]]) -> dict[str, Any]:
    return {"bool": {"should": queries, "minimum_should_match": 1}}
