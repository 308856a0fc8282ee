"""What stands on each paper of a repair order, in one language; `ui.papers` draws it as a page or as a PDF."""

from aftersales.workshop.web.papers.making import MAKERS, PaperOffer, make_paper, offers_of, wish_of
from aftersales.workshop.web.papers.parts import title_of

__all__ = ["MAKERS", "PaperOffer", "make_paper", "offers_of", "title_of", "wish_of"]
