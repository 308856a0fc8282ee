"""Each house rule is fed what it must catch, and what it must leave alone."""

import pytest

from tools import house_rules

COMPONENTS = {
    "ui/templates/cotton/badge.html": '<c-vars tone="neutral" :is_big="False" /><span class="{{ tone }}">{{ slot }}</span>',
    "ui/templates/cotton/form.html": '<c-vars action="" /><form method="post">{% csrf_token %}{% once %}</form>',
}
PAGE = "desk/templates/desk/home.html"

BAD = {
    "writes-in-services": [
        ("desk/web/views.py", "row.save()"),
        (
            "desk/web/views.py",
            "Order.objects.filter(pk=1).update(state='x')  # house: only the read is excused\nrow.delete()",
        ),
        ("desk/queries.py", "Order.objects.create(number=1)"),
        ("desk/handlers.py", "Order.objects.bulk_create(rows)"),
        ("desk/rules/order.py", "thing.get_or_create(number=1)"),
        ("desk/models.py", "self.save(update_fields=['state'])"),
    ],
    "reads-in-queries": [
        ("desk/web/views.py", "Order.objects.all()"),
        ("desk/management/commands/tidy.py", "Order.objects.count()"),
        ("desk/handlers.py", "Order._default_manager.first()"),
    ],
    "migrations-alone": [
        ("desk/migrations/0002_fill.py", "from aftersales.core.search import index"),
        ("desk/migrations/0002_fill.py", "import aftersales.desk.models"),
    ],
    "no-trusted-markup": [
        ("desk/web/views.py", "mark_safe(name)"),
        ("ui/templatetags/ui.py", "safestring.SafeString(name)"),
        (PAGE, "{{ name|safe }}"),
        (PAGE, "{{ names | safeseq }}"),
        (PAGE, "{% autoescape off %}{{ name }}{% endautoescape %}"),
    ],
    "no-query-from-request": [
        ("desk/queries.py", "rows.filter(**request.GET.dict())"),
        ("desk/queries.py", "rows.exclude(**dict(self.request.POST))"),
        ("desk/queries.py", "rows.order_by(request.GET['sort'])"),
    ],
    "no-inline": [
        (PAGE, '<p style="color: red">x</p>'),
        (PAGE, '<p{% if a > b %} class="x"{% endif %} style="color: red">x</p>'),
        (PAGE, '<c-badge style="x">x</c-badge>'),
        (PAGE, '<button onclick="go()">x</button>'),
        (PAGE, '<body onload="go()">'),
        (PAGE, '<div hx-on:click="go()">x</div>'),
        (PAGE, "<script>go()</script>"),
        (PAGE, "<style>p { color: red }</style>"),
        (PAGE, '<a href="javascript:go()">x</a>'),
    ],
    "safe-forms": [
        (PAGE, '<form method="post"><button>x</button></form>'),
        (PAGE, '<form method="post">{% csrf_token %}<button>x</button></form>'),
        (PAGE, "<form method='POST'>{% once %}</form>"),
        (PAGE, '<form hx-post="/x/">{% csrf_token %}</form>'),
    ],
    "known-components": [
        (PAGE, '<c-badge tome="info">x</c-badge>'),
        (PAGE, "<c-bagde>x</c-bagde>"),
        (PAGE, '<c-badge :tome="tone" />'),
        (PAGE, '<c-badge {% if a > b %} tome="info" {% endif %}>x</c-badge>'),
        (PAGE, '<c-badge tone="a"b">x</c-badge>'),
        (PAGE, '<c-badge {% if a %}tone="info"{% endif %}>x</c-badge>'),
    ],
    "no-machine-names": [
        ("desk/queries.py", "# see /home/kim/notes"),
        ("desk/queries.py", "index = 'https://index.example/simple'"),
        ("desk/queries.py", "index = 'https://mirrors.example.cn/pypi'"),
        (PAGE, "registry=https://packages.example/"),
    ],
}

GOOD = [
    ("desk/services/order.py", "order.save(); Order.objects.create(number=1); rows.update(state='x')"),
    ("desk/web/views.py", "digest.update(data); known.update({'a': 1}); image.save(path); store.delete(name)"),
    ("desk/web/forms.py", "super().save()"),
    ("desk/queries.py", "Order.objects.filter(**actor.scope_filter('station__code'))"),
    ("desk/queries.py", "rows.filter(number=request.GET.get('number'))"),
    ("desk/web/views.py", "queries.list_orders(order_by=listing.order_by(request.GET))"),
    ("desk/web/views.py", "session.save()  # house: the session is no model of ours"),
    ("core/journal.py", "JournalEntry.objects.create(act=act)"),
    ("desk/migrations/0001_initial.py", "from django.db import migrations"),
    (PAGE, '<form method="get"><input name="q"></form><form><input name="q"></form>'),
    (PAGE, '<form method="post" action="{% url \'x\' %}">{% csrf_token %} {% once %}</form>'),
    (
        PAGE,
        '<c-form action="/x/"><c-badge tone="info" is-big hx-get="/x/" data-x="1" aria-label="x" id="i">x</c-badge></c-form>',
    ),
    (PAGE, '<c-badge :tone="tone" {% if a > b %} hx-get="/x/" {% endif %}>x</c-badge>'),
    (PAGE, '<c-badge tone="{% if a > b %}info{% else %}danger{% endif %}">x</c-badge>'),
    (PAGE, '<script src="/x.js"></script><script type="application/json" id="x">{}</script>'),
    (PAGE, '{# <p style="x"> #}{% comment %}<script>x</script>{% endcomment %}'),
    (PAGE, "<p>on = once, style = calm</p>"),
]


@pytest.fixture
def broken(tmp_path):
    """The rules broken by a house with this one file in it, as (rule, line)."""

    def look(path, content):
        for name, component in {**COMPONENTS, path: content}.items():
            file = tmp_path / "aftersales" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(component, encoding="utf-8")
        files = sorted(file for file in tmp_path.rglob("*") if file.is_file())
        return [(found.rule, found.line) for found in house_rules.findings(tmp_path, files)]

    return look


@pytest.mark.parametrize(
    ("rule", "path", "content"), [(rule, *bad) for rule, samples in BAD.items() for bad in samples]
)
def test_it_catches(broken, rule, path, content):
    assert rule in {name for name, _line in broken(path, content)}


@pytest.mark.parametrize(("path", "content"), GOOD)
def test_it_leaves_alone(broken, path, content):
    assert broken(path, content) == []


def test_it_names_the_line(broken):
    content = "{# one\ntwo #}\n{% blocktranslate %}\nthree\n{% endblocktranslate %}\n<p style='x'>\n"
    assert broken(PAGE, content) == [("no-inline", 6)]


def test_every_rule_has_a_bad_sample():
    assert {*house_rules.PYTHON_RULES} < {*BAD}
