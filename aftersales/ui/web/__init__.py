"""The gallery: every component in every tone, and sample pages made of them."""
