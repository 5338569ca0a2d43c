"""`Registry`: things that users choose by name, and that their own files can add to."""

import difflib
from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

Entry = TypeVar("Entry")


class UnknownNameError(ValueError):
    """No entry has the name; the message lists those that there are."""


class Registry(Mapping[str, Entry], Generic[Entry]):
    """A mapping from names to entries of one kind, in the order in which they were added.

    Attributes:
      kind: what an entry is, as messages call it: "metric", "loss", ...
    """

    def __init__(self, kind: str):
        """Takes what one entry is called."""
        self.kind = kind
        self._entries: dict[str, Entry] = {}

    def register(self, name: str, entry: Entry | None = None):
        """Adds an entry; without one, returns a decorator that adds what it decorates.

        Raises:
          ValueError: another entry has the name.
        """
        if entry is None:

            def decorate(decorated: Entry) -> Entry:
                self.register(name, decorated)
                return decorated

            return decorate
        if self._entries.get(name, entry) is not entry:
            raise ValueError(f"There already is a {self.kind} {name!r}; choose another name.")
        self._entries[name] = entry
        return entry

    def unregister(self, name: str) -> None:
        """Takes an entry away again, if it is there; for tests."""
        self._entries.pop(name, None)

    def __getitem__(self, name: str) -> Entry:
        """Returns an entry; UnknownNameError, which is a ValueError, if there is none."""
        try:
            return self._entries[name]
        except KeyError:
            raise UnknownNameError(self.describe_unknown(name)) from None

    def describe_unknown(self, name: str) -> str:
        """Says that there is no such entry, what there is, and what may have been meant."""
        near = difflib.get_close_matches(str(name), self._entries, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        known = ", ".join(self._entries) or "none"
        return f"There is no {self.kind} {name!r}; there is: {known}.{hint}"

    def get(self, name: str, default=None):
        """Returns an entry, or `default` if there is none."""
        return self._entries.get(name, default)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
