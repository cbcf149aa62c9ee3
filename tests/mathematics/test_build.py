"""Whole builds, from dicts; no warning is tolerated but where one is asked for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sphinx.errors import ConfigError

ALIGN = r"""
\begin{align}
a &= b \label{eq:a} \\
c &= d \notag \\
e &= f \tag{$*$} \label{eq:star} \\
g &= h
\end{align}
"""


def numbers(html: str) -> list[str]:
    found = re.findall(r'<span class="eqno"[^>]*>(.*?)(?:<a |</span>)', html)
    return [re.sub("<[^>]*>", "", number) for number in found]


def test_formulas_wherever_text_can_stand(build):
    built = build(
        {
            "index.md": (
                "# Title $t^2$\n\n- item $i$\n\n| a | b |\n|---|---|\n| $c$ | d |\n\n"
                "```{figure} x.png\nCaption $f$\n```\n\nA [link $l$](https://example.org).\n\n"
                "> quote $q$\n\nNote.[^1]\n\n[^1]: Foot $n$.\n\n"
                "```{math}\nz\n```\n"
            ),
            "x.png": "",
        }
    )
    html = built.page()
    for letter in "ticflqnz":
        assert f"<mi>{letter}</mi>" in html
    assert "<script" not in built.body()
    assert "mathjax" not in html.lower().replace("mathjax_ignore", "").replace("tex2jax", "")
    assert " style=" not in built.body()


def test_a_title_is_read_once_in_the_head(build):
    html = build({"index.md": "# On $x^2$\n"}).page()
    title = re.search("<title>(.*?)</title>", html, re.DOTALL)
    assert title is not None
    assert "x^2" not in title[1]
    assert "x2" in title[1]


def test_numbers_count_through_a_page_as_latex_does(build):
    built = build(
        {
            "index.md": (
                f"# T\n\n$$ x $$ (first)\n{ALIGN}\n```{{math}}\n:label: last\ny\n```\n\n"
                "$$ none $$\n\nSee {eq}`first`, {eq}`eq:a`, {eq}`eq:star`, {eq}`last`.\n"
            )
        }
    )
    body = built.body()
    assert numbers(body) == ["(1)", "(2)", "(∗)", "(3)", "(4)"]
    labels = built.app.env.domains.math_domain.equations
    assert set(labels) == {"first", "eq:a", "eq:star", "last"}
    shown = re.findall(r'href="#(equation-[a-z-]+)"[^>]*><span[^>]*>(\([^<]*\))', body) or (
        re.findall(r'class="reference internal" href="#(equation-[^"]+)">(\([^<]*\))', body)
    )
    assert shown == [
        ("equation-first", "(1)"),
        ("equation-eq-a", "(2)"),
        ("equation-eq-star", "(*)"),
        ("equation-last", "(4)"),
    ]
    for anchor, _ in shown:
        assert body.count(f'id="{anchor}"') == 1


def test_every_number_has_its_permalink(build):
    body = build({"index.md": f"# T\n{ALIGN}"}).body()
    links = re.findall(r'class="headerlink" href="#([^"]+)" title="Link to this equation"', body)
    assert len(links) == 3
    assert all(f'id="{link}"' in body for link in links)


def test_references_work_across_pages(build):
    built = build(
        {
            "index.md": "# T\n\nSee {eq}`eq:a`.\n\n```{toctree}\nother\n```\n",
            "other.md": f"# O\n\n$$ x $$ (o)\n{ALIGN}",
        }
    )
    assert 'href="other.html#equation-eq-a">(2)' in built.body()


def test_numbers_by_section(build):
    built = build(
        {
            "index.md": "# T\n\n```{toctree}\n:numbered:\none\n```\n",
            "one.md": (
                f"# O\n\n$$ x $$ (o)\n{ALIGN}\n$$ y $$ (p)\n\n"
                "{eq}`eq:a` {eq}`eq:star` {eq}`p`"
            ),
        },
        numfig=True,
        math_numfig=True,
    )
    body = built.body("one")
    assert numbers(body) == ["(1.1)", "(1.2)", "(∗)", "(1.3)", "(1.4)"]
    assert re.findall(r'href="#equation-[^"]+">(\([^<]*\))', body) == ["(1.2)", "(*)", "(1.4)"]


def test_subequations(build):
    source = (
        "```{math}\n:no-wrap:\n\n\\begin{subequations}\\label{s}\\begin{align}"
        "a\\label{sa}\\\\b\\end{align}\\end{subequations}\n```\n\n{eq}`s` {eq}`sa`\n"
    )
    body = build({"index.md": f"# T\n\n{source}"}).body()
    assert numbers(body) == ["(1a)", "(1b)"]
    assert re.findall(r'href="#(equation-[^"]+)">(\([^<]*\))', body) == [
        ("equation-s", "(1)"),
        ("equation-sa", "(1a)"),
    ]


def test_a_label_given_twice_is_told(build):
    built = build(
        {"index.md": "# T\n\n$$ x $$ (a)\n\n\\begin{gather}y\\label{a}\\end{gather}\n"}, warn=True
    )
    assert len(built.warnings) == 1
    assert "duplicate label of equation a" in built.warnings[0]


def test_macros_from_the_configuration(build):
    body = build({"index.md": r"# T" "\n\n" r"$\RR$ $\norm{x}$"}, cv_math_macros={
        "RR": r"\mathbb{R}", "norm": [r"\lVert #1 \rVert", 1],
    }).body()  # fmt: skip
    assert "ℝ" in body
    assert "‖" in body


def test_a_bad_macro_stops_the_build_with_its_name(build):
    with pytest.raises(ConfigError, match=r"cv_math_macros: RR: 3 is not a macro"):
        build({"index.md": "# T"}, cv_math_macros={"RR": 3})


def test_a_bad_formula_is_a_located_warning_and_shown_as_written(build):
    built = build(
        {"index.md": "# T\n\nText\nand $a + \\foo{<}$.\n\n$$\nx\n\\begin{foo}\n$$ (l)\n"}, warn=True
    )
    inline, block = built.warnings
    assert re.search(
        r"index\.md:4: WARNING: bad formula at column 10: unknown command \"\\foo\""
        r": a \+ \\foo\{<\} \[cv\.math\]$",
        inline,
    )
    assert "index.md:8: WARNING: bad formula at column 1" in block
    body = built.body()
    assert '<code class="cv-math-bad notranslate">a + \\foo{&lt;}</code>' in body
    assert '<pre class="cv-math-bad notranslate" id="equation-l">x\n\\begin{foo}' in body


def test_a_mistake_is_told_once_however_many_builders_look(build):
    files = {"index.md": "# T\n\n$\\foo$\n"}
    assert len(build(files, warn=True).warnings) == 1
    assert build({}, builder="dirhtml").warnings == []


def test_a_warning_can_be_silenced(build):
    build({"index.md": "# T\n\n$\\foo$\n\n$$\nx\n"}, suppress_warnings=["cv.math"])


def test_restructuredtext_too(build):
    body = build(
        {
            "index.rst": "T\n=\n\n:math:`x^2` and :eq:`e`.\n\n.. math:: a &= b \\\\ c &= d\n"
            "   :label: e\n\n.. math::\n\n   p\n\n   q\n"
        },
    ).body()
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in body
    assert numbers(body) == ["(1)"]
    assert body.count("<mtr>") == 4


def test_the_font_is_preloaded_only_where_there_is_mathematics(build):
    built = build(
        {"index.md": "# T\n\n```{toctree}\nsub/m\n```\n", "sub/m.md": "# M\n\n$\\sqrt{x}$\n"}
    )
    assert 'rel="preload"' not in built.page()
    assert 'href="../_static/mathematics.woff2" as="font"' in built.page("sub/m")
    static = built.out / "_static"
    assert (static / "mathematics.woff2").stat().st_size < 60 * 1024
    assert (static / "mathematics-font-licence.txt").is_file()
    assert "mathematics.css" in built.page("sub/m")


def test_a_site_without_mathematics_has_no_font(build):
    built = build({"index.md": "# T\n"})
    assert not (built.out / "_static" / "mathematics.woff2").exists()


def test_the_font_follows_a_changed_page(build):
    from fontTools.ttLib import TTFont

    build({"index.md": "# T\n\n$x$\n"})
    built = build({"index.md": "# T\n\n$x \\lesssim y$\n"})
    cut = TTFont(built.out / "_static" / "mathematics.woff2")
    assert ord("≲") in cut.getBestCmap()


def test_nothing_is_written_when_nothing_changed(build):
    files = {"index.md": f"# T\n{ALIGN}\n$x$\n"}
    first = build(files)
    font = first.out / "_static" / "mathematics.woff2"
    page = first.out / "index.html"
    before = (font.stat().st_mtime_ns, page.stat().st_mtime_ns)
    second = build({})
    assert (font.stat().st_mtime_ns, page.stat().st_mtime_ns) == before
    assert second.app.env.domains.math_domain.equations["eq:a"][1] == "1"


def pages(count: int) -> dict[str, str]:
    listed = "\n".join(f"p{i}" for i in range(count))
    made = {
        f"p{i}.md": f"# P{i}\n\n$x_{i}$ {{eq}}`l{(i + 1) % count}`\n\n$$ y $$ (l{i})\n"
        + ALIGN.replace("eq:", f"e{i}:")
        for i in range(count)
    }
    return {"index.md": f"# T\n\n```{{toctree}}\n{listed}\n```\n", **made}


def test_parallel_and_serial_builds_are_the_same_to_the_byte(build):
    def outputs(built) -> dict[str, bytes]:
        return {
            path.relative_to(built.out).as_posix(): path.read_bytes()
            for path in sorted(Path(built.out).rglob("*"))
            if path.suffix in {".html", ".woff2"}
        }

    files = pages(12)
    serial = outputs(build(files, source="one"))
    parallel = outputs(build(files, source="two", parallel=2))
    assert serial.keys() == parallel.keys()
    assert [name for name in serial if serial[name] != parallel[name]] == []


def test_equations_of_a_page_go_when_it_changes(build):
    build({"index.md": f"# T\n{ALIGN}"})
    built = build({"index.md": "# T\n\n$$ x $$ (new)\n"})
    assert set(built.app.env.domains.math_domain.equations) == {"new"}


@pytest.mark.parametrize("builder", ["text", "latex", "man", "singlehtml", "dummy"])
def test_other_builders_take_the_pages_as_they_are(build, builder):
    build(pages(2), builder=builder)


def test_a_search_finds_words_of_formulas_and_no_commands(build):
    built = build({"index.md": "# T\n\n$\\frac{a}{b}$, $\\operatorname{softmax}(x)$\n"})
    index = (built.out / "searchindex.js").read_text(encoding="utf-8")
    assert '"softmax"' in index
    assert '"frac"' not in index
