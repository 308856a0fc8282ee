"""What is said on every paper, whatever it is about."""

from aftersales.core.text import text as _

DEMONSTRATION = _("This is a demonstration; all data is invented.")
PAGES = _("Page {page} of {pages}", page="{page}", pages="{pages}")
