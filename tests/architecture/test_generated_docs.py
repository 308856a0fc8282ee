from tools import generate_docs


def test_the_generated_docs_say_what_the_code_says():
    from django.utils import translation

    with translation.override("en"):
        assert generate_docs.stale() == [], "Run: make docs"
