"""Every write: making exports, and carrying imports from the upload to the records."""

from aftersales.exchange.services.exports import Wanted, clear_exports, make_export, make_file, stop_export

__all__ = ["Wanted", "clear_exports", "make_export", "make_file", "stop_export"]
