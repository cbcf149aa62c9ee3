"""Formulas wider than the room they have, on paper and on a phone, in Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_cv.mathematics import page as pages
from sphinx_cv.mathematics.extent import ems
from sphinx_cv.mathematics.reading import read

SUM = " + ".join(f"x_{{{n}}}" for n in range(1, 41))
PAGE = rf"""# Formulas

$$ {SUM} $$ (wide)

$$ x $$ (narrow)

\begin{{align}}
a &= {SUM} \label{{long}} \\
c &= d \label{{short}}
\end{{align}}
"""
#: What Chromium measures, in ems.
MEASURED = [
    (
        r"\mathcal{N}(x \mid \mu, \sigma^2) = \frac{1}{\sqrt{2\pi\sigma^2}}"
        r" \exp\left(-\frac{(x-\mu)^2}{2\sigma^2}\right)",
        16.5,
    ),
    (r"Y = \beta_0 + \beta_1 X + \varepsilon, \qquad \varepsilon \sim \mathcal{N}(0,1)", 14.2),
    (r"\hat{\theta} = \operatorname*{arg\,max}_{\theta} \sum_{i=1}^n \log p(x_i; \theta)", 11.0),
    (r"(Lf)(x)=\lim_{t\to0}\frac{E[f(X_t)\mid X_0=x]-f(x)}{t}.", 16.6),
    (r"\arcsin x + \arccos x + \arctan x", 12.4),
]


@pytest.mark.parametrize(("tex", "measured"), MEASURED)
def test_the_estimate_is_near_what_a_browser_measures(tex, measured):
    assert ems(read(tex, display=True).tree) == pytest.approx(measured, rel=0.18)


def test_only_what_may_not_fit_is_marked(build):
    body = build({"index.md": PAGE}).body()
    assert body.count("cv-math-em-") == 2
    assert body.count('tabindex="0"') == 2


@pytest.fixture
def page(build, browser):
    built = build({"index.md": PAGE})
    opened = browser.new_page()
    opened.goto((built.out / "index.html").as_uri())
    opened.evaluate("document.fonts.ready")
    yield opened
    opened.close()


@pytest.mark.once
@pytest.mark.parametrize("width", [500, 720])
def test_on_paper_wide_displays_are_set_smaller_until_they_fit(page, width):
    page.emulate_media(media="print")
    page.set_viewport_size({"width": width, "height": 800})
    boxes = page.evaluate(
        """[...document.querySelectorAll(".cv-math-scroll")].map((box) => [
            box.scrollWidth - box.clientWidth,
            box.querySelector("semantics > *").getBoundingClientRect().width / box.clientWidth,
            parseFloat(getComputedStyle(box.querySelector("math")).fontSize),
        ])"""
    )
    (over, share, size), (_, _, full), (rows_over, _, _) = boxes
    assert over <= 0
    assert rows_over <= 0
    assert 0.75 < share <= 1
    assert size < full


@pytest.mark.once
def test_numbers_of_rows_stay_in_sight_on_a_phone(page):
    page.set_viewport_size({"width": 375, "height": 800})
    for scrolled in (0, 150):
        numbers = page.evaluate(
            """(left) => {
                const box = document.querySelectorAll(".cv-math-scroll")[2];
                box.scrollLeft = left;
                return [box.scrollLeft, box.getBoundingClientRect().right,
                    ...[...box.querySelectorAll(".eqno")].map(
                        (number) => number.getBoundingClientRect().right)];
            }""",
            scrolled,
        )
        moved, edge, *rights = numbers
        assert moved == scrolled
        assert rights == pytest.approx([edge, edge], abs=30)
        assert max(rights) <= edge


def test_the_style_sheet_has_every_class_that_a_page_may_give():
    static = Path(pages.__file__).parent / "static"
    style = (static / "mathematics.css").read_text(encoding="utf-8")
    for tens in range(0, 300, 3):
        for name in pages._width_class(float(tens)).split():
            assert f".{name} math " in style
