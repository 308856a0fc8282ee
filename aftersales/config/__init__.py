"""The roof: settings, URLs, the whole menu and who may what, each on one page. Composes the rooms; decides nothing itself."""
