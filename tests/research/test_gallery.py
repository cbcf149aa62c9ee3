"""Pages as cards."""

import pypdf
import pytest

INDEX = """\
# Home

:::{cv:gallery}
research/disc
research/ball
:::

```{toctree}
research/disc
research/ball
papers
```
"""
DISC = '---\nmyst:\n  html_meta:\n    description: "All of discs."\n---\n\n# Disc $x^2$\n'
BALL = "---\ndescription: All of balls.\n---\n\n# Ball\n"


@pytest.fixture
def cards(writeup, parts):
    """A project with a gallery of two pages."""

    def make(index: str = INDEX, **changed):
        files = {
            "index.md": index,
            "research/ball.md": BALL,
            **{f"research/figures/{page}-thumbnail.svg": parts.svg(f"{page}-thumbnail", head="")
               for page in ("disc", "ball")},
            **changed,
        }  # fmt: skip
        return writeup(DISC, files)

    return make


def test_each_card_is_one_link(cards) -> None:
    built = cards().build()
    assert not built.warnings
    found = built.soup().select("ul.cv-gallery > li")
    assert [len(card.select("a")) for card in found] == [1, 1]
    links = [card.a for card in found]
    assert [link["href"] for link in links] == ["research/disc.html", "research/ball.html"]
    assert [link.select_one(".cv-gallery-text").text for link in links] == [
        "All of discs.", "All of balls."]  # fmt: skip
    assert links[0].select_one(".cv-gallery-title math")
    for link in links:
        assert link.svg["aria-hidden"] == "true"
        assert not link.svg.find(["title", "desc"])
        assert not link.find("img")


def test_as_a_plain_list_in_the_pdf(cards) -> None:
    front = INDEX.split("```")[0].replace("research/", "/research/")
    index = "# Home\n\n```{toctree}\nfront\nresearch/disc\nresearch/ball\npapers\n```\n"
    built = cards(index, **{"front.md": front}).build("typst")
    assert not built.warnings
    reader = pypdf.PdfReader(built.app.outdir / "portfolio.pdf")
    words = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert ": All of discs. • Ball: All of balls." in words
    links = [each for page in reader.pages for each in page.get("/Annots", ())]
    assert len(links) >= 2


def test_an_unknown_page_is_located(cards) -> None:
    built = cards(INDEX.replace("research/ball\n:::", "\nresearch/bal\n:::")).build()
    message = "there is no page 'research/bal' to show; did you mean 'research/ball'?"
    assert built.warnings == [f"index.md:6: WARNING: {message} [cv.gallery]"]


def test_a_page_named_twice_is_located(cards) -> None:
    built = cards(INDEX.replace("research/ball\n:::", "research/disc\n:::")).build()
    message = "'research/disc' is named twice; keep one"
    assert built.warnings == [f"index.md:5: WARNING: {message} [cv.gallery]"]


def test_a_missing_picture_is_located(cards) -> None:
    built = cards()
    built.write({"research/figures/ball-thumbnail.svg": None}).build()
    message = "the picture 'figures/ball-thumbnail.svg' of the page 'research/ball' cannot be used"
    assert len(built.warnings) == 1
    assert built.warnings[0].startswith(f"index.md:5: WARNING: {message}: there is no such file")
    assert len(built.soup().select("ul.cv-gallery > li")) == 2


def test_it_follows_the_pages(cards) -> None:
    built = cards().build()
    built.write({"research/ball.md": BALL.replace("of balls", "of spheres")}).build()
    assert "All of spheres." in built.text(select="ul.cv-gallery")
    built.write({"research/ball.md": BALL.replace("# Ball", "# Sphere")}).build()
    assert "Sphere" in built.text(select="ul.cv-gallery")


def test_it_follows_the_pictures(cards, parts) -> None:
    built = cards().build()
    changed = parts.svg("ball-thumbnail", head="", inner='<g id="ball-thumbnail-new"/>')
    built.write({"research/figures/ball-thumbnail.svg": changed}).build()
    assert built.soup().find(id="ball-thumbnail-new")


def test_a_page_that_goes_is_told(cards) -> None:
    built = cards().build()
    index = INDEX.replace("research/ball\npapers", "papers")
    built.write({"index.md": index}).build()
    assert built.warnings  # the page is in no table of contents now
    built.write({"research/ball.md": "---\norphan:\n---\n\n# Ball\n"}).build()
    assert not built.warnings
    built.write({"research/ball.md": None}).build()
    assert built.warnings == [
        "index.md:5: WARNING: there is no page 'research/ball' to show [cv.gallery]"
    ]
