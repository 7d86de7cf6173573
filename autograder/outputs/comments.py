"""Comments that people wrote in Markdown, as HTML that can do no harm."""

from __future__ import annotations

import html

import mistune

from autograder.results import clean

_MAX_COMMENT = 20_000
_PAGES = ("http://", "https://", "mailto:")
"""How a link begins that a reader may follow."""
_HEADING = 4
"""The level of a heading: below the page's, which has the name of the cell on level 3."""


def render_comment(markdown: str) -> str:
    """A comment in Markdown as HTML.

    Raw HTML is shown as text. Links lead to pages and mail addresses only; of a picture, its
    description stays.

    Args:
        markdown: What a person wrote.

    Returns:
        HTML of paragraphs, headings, lists, quotes, tables, code, emphasis and links.
    """
    return str(_markdown(clean(markdown, _MAX_COMMENT)))


class _Renderer(mistune.HTMLRenderer):
    """mistune's renderer, without what loads or hides anything."""

    def heading(self, text: str, level: int, **_attrs: object) -> str:  # noqa: ARG002 - one level
        """A heading of any level, on the one below the page's own."""
        return f"<h{_HEADING}>{text}</h{_HEADING}>\n"

    def link(self, text: str, url: str, title: str | None = None) -> str:  # noqa: ARG002
        """A link to a page; of any other, the text alone."""
        if not url.lower().startswith(_PAGES):
            return text
        return f'<a href="{html.escape(url)}" rel="noopener noreferrer">{text}</a>'

    def image(self, text: str, url: str, title: str | None = None) -> str:  # noqa: ARG002
        """The description of a picture: a report loads nothing."""
        return html.escape(text)

    def block_code(self, code: str, info: str | None = None) -> str:  # noqa: ARG002
        """A block of code, whatever its language."""
        return f"<pre><code>{html.escape(code)}</code></pre>\n"


_markdown = mistune.create_markdown(
    renderer=_Renderer(escape=True), hard_wrap=True, plugins=["strikethrough", "table"]
)
