"""What a record's page asks of a value."""

from django import template

register = template.Library()


@register.filter
def is_mapping(value: object) -> bool:
    """Tell whether `value` holds names and values."""
    return isinstance(value, dict)


@register.filter
def is_list(value: object) -> bool:
    """Tell whether `value` holds several of a kind."""
    return isinstance(value, (list, tuple))
