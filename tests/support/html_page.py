"""A strict reader of the HTML that the grader writes."""

from __future__ import annotations

from html.parser import HTMLParser

_WITHOUT_END_TAG = {"meta", "img", "br", "hr", "link", "input"}
_NOT_READ = {"style", "title"}


class Page(HTMLParser):
    """A parsed page, or a part of one; every tag must be closed in order.

    Attributes:
        tags: Every start tag with its attributes, in order.
        text: What a person reads.

    Args:
        html: The page.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    @property
    def names(self) -> list[str]:
        """The names of all tags, in order."""
        return [tag for tag, _ in self.tags]

    @property
    def words(self) -> str:
        """The text with single blanks between its words."""
        return " ".join(self.text.split())

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every tag of that name."""
        return [attributes for name, attributes in self.tags if name == tag]

    def images(self) -> list[dict[str, str | None]]:
        """The attributes of every image."""
        return self.attributes("img")

    def pictures(self) -> list[dict[str, str | None]]:
        """The attributes of every picture that is drawn in the page itself."""
        return [svg for svg in self.attributes("svg") if svg.get("role") == "img"]

    def event_handlers(self) -> list[str]:
        """The attributes that would run a script."""
        return [name for _, attributes in self.tags for name in attributes if name[:2] == "on"]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember the tag."""
        self.tags.append((tag, dict(attrs)))
        if tag not in _WITHOUT_END_TAG:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Insist that the innermost open tag closes."""
        assert self._open.pop() == tag
        if tag in {"th", "td"}:
            self.text += " "

    def handle_data(self, data: str) -> None:
        """Collect what a person reads."""
        if not _NOT_READ & set(self._open):
            self.text += data
