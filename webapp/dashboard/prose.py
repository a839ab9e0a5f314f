"""Markdown of the course as pages show it: stretches of HTML, and between them the programs that can be run."""

from collections.abc import Iterator, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from core.workloads.code.curriculum.parts import Lesson, Sample
from core.workloads.code.curriculum.samples import runs

_CLAIMS = ("input", "output", "refused")


def prose(text: str) -> Markup:
    """Render a text; HTML in it is shown as it is written."""
    markdown = _markdown()
    return _html(markdown, markdown.parse(text))


def stretches(lesson: Lesson) -> Iterator[Markup | Sample]:
    """Yield a lesson's text and its programs in their order; what a program is claimed to do goes with it."""
    markdown = _markdown()
    samples = iter(lesson.samples)
    kept: list[Token] = []
    for token in markdown.parse(lesson.text):
        if token.type == "fence" and token.info.strip() in _CLAIMS:
            continue
        if runs(token) is None:
            kept.append(token)
            continue
        yield _html(markdown, kept)
        yield next(samples)
        kept = []
    yield _html(markdown, kept)


def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.add_render_rule("fence", _fence)
    return markdown


def _fence(_renderer: Any, tokens: Sequence[Token], place: int, _options: Any, _environment: Any) -> str:
    return f'<pre tabindex="0"><code>{escape(tokens[place].content)}</code></pre>\n'


def _html(markdown: MarkdownIt, tokens: Sequence[Token]) -> Markup:
    return Markup(markdown.renderer.render(tokens, markdown.options, {}))  # noqa: S704 - it lets no HTML through
