"""The look: components, tokens, behaviours, charts and print, with a gallery of all of them.

Promises: calm pages that work without JavaScript, on a phone and a desk, in light and dark, under a strict CSP.
Owns: no table. Does not: know a domain word, decide anything, or load a font from the network.
"""
