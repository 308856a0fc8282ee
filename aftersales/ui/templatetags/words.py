"""`translate` as Django has it, but a sentence written in a template is looked up once in each language."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import Node, Parser, Token
from django.templatetags.i18n import TranslateNode, do_translate
from django.utils.translation import get_language

register = template.Library()


class Sentence(Node):
    """A sentence that stands in the template, in the reader's language."""

    def __init__(self, translated: TranslateNode) -> None:
        self.translated = translated
        self.said: dict[str | None, str] = {}

    def render(self, context: Any) -> str:
        """The sentence."""
        language = get_language()
        if language not in self.said:
            self.said[language] = self.translated.render(context)
        return self.said[language]


@register.tag("translate")
def translate(parser: Parser, token: Token) -> Node:
    """Django's tag; remembers what it said unless it says something else each time or hands it on under a name."""
    node = do_translate(parser, token)
    expression = node.filter_expression
    is_fixed = isinstance(expression.var.literal, str) and not expression.filters
    return Sentence(node) if is_fixed and not (node.asvar or node.noop or node.message_context) else node
