"""Every fact of the CV is on its page, in the order and the wording of the CV."""

import pytest

FACTS = {
    "index": ["Joe Benton", "joe.benton127@gmail.com"],
    "cv/education": [
        "Education",
        "D.Phil. in Statistics",
        "Department of Statistics, University of Oxford",
        "2021 – 2023 (Expected)",
        "Thesis title: Generative Modelling: Theory and Applications, "
        "supervised by Arnaud Doucet and George Deligiannidis",
        "B.A. with M.Math. in Mathematics",
        "Trinity College, University of Cambridge",
        "2017 – 2021",
        "Graduated with a Distinction (6th out of c. 250 in year)",
        "Thesis title: Activated Random Walks, supervised by Perla Sousi",
    ],
    "cv/experience": [
        "Work experience",
        "Machine Learning Researcher",
        "Redwood Research",
        "Winter 2022 – 2023",
        "Developed and studied causality and fine-tuning based interpretability methods, with "
        "applications to mechanistic anomaly detection. Supervised a month-long intern project "
        "aiming to automate interpretability techniques.",
        "Research Intern",
        "Alignment Research Center",
        "Spring 2023",
        "Worked on formalizing heuristic arguments, finding efficient heuristic estimators for "
        "sparse covariance propagation.",
        "Research Assistant",
        "Center for Human-Compatible Artificial Intelligence, UC Berkeley",
        "Summer 2021",
        "Built on the PAIRED algorithm for unsupervised environment design to incorporate human "
        "feedback with the aim of speeding up and simplifying the training process. "
        "Supervised by Michael Dennis.",
        "Research Assistant",
        "DPMMS, University of Cambridge",
        "Summer 2020",
        "Adapted methods from algebraic geometry for the calculation of characteristic numbers "
        "to produce more direct computations of intersection numbers on the projective plane "
        "and torus. Supervised by Dhruv Ranganathan.",
    ],
    "cv/volunteering": [
        "Volunteering",
        "Research Mentor",
        "Supervised Program for Alignment Research",
        "February 2022 – Present",
        "Mentored a student research project on decoding sparse feature representations for "
        "neural network interpretability.",
        "Strategic Advisor",
        "AI Safety Hub",
        "March 2022 – Present",
        "Advised an AI safety outreach and mentoring organization, and managed their AI Safety "
        "Fundamentals program.",
        "Trustee, Cofounder",
        "Raise: A Celebration of Giving",
        "February 2018 – Present",
        "Trustee and co-founder of Raise, a student charity initiative raising over £460,000 for "
        "the Against Malaria Foundation.",
    ],
    "cv/awards": [
        "Awards",
        "International Mathematics Olympiad (1 Gold – 7th out of 615, 3 Silver)",
        "2014 – 2017",
        "International Olympiad in Informatics (1 Gold – 6th out of 304, 1 Silver, 1 Bronze)",
        "2015 – 2017",
        "Romanian Masters in Mathematics (3 Gold – Best record of any competitor)",
        "2015 – 2017",
    ],
    "cv/publications": [
        "Publications",
        "Error Bounds for Flow Matching Methods.",
        "Joe Benton, George Deligiannidis, Arnaud Doucet.",
        "arXiv preprint, arXiv:2305.16860",
        "From Denoising Diffusions to Denoising Markov Models.",
        "Joe Benton, Yuyang Shi, Valentin De Bortoli, George Deligiannidis, Arnaud Doucet.",
        "arXiv preprint, arXiv:2211.03595",
        "Alpha-divergence Variational Inference Meets Importance Weighted Auto-Encoders: "
        "Methodology and Asymptotics.",
        "Kamélia Daudel, Joe Benton*, Yuyang Shi*, Arnaud Doucet.",
        "arXiv preprint, arXiv:2210.06226",
        "Polysemanticity and Capacity in Neural Networks.",
        "Adam Scherlis, Kshitij Sachan, Adam S. Jermyn, Joe Benton, Buck Shlegeris.",
        "arXiv preprint, arXiv:2210.01892",
        "A Continuous Time Framework for Discrete Denoising Models.",
        "Andrew Campbell, Joe Benton, Valentin De Bortoli, Tom Rainforth, George Deligiannidis, "
        "Arnaud Doucet.",
        "Advances in Neural Information Processing Systems, 2022",
    ],
    "cv/reviewing": [
        "Reviewing",
        "TMLR, ICML 2023 Workshop Frontiers4LCD, Cooperative AI Foundation",
    ],
}


@pytest.mark.parametrize("docname", FACTS)
def test_every_fact_is_on_its_page_in_order(site, docname) -> None:
    text = " ".join(site.soup(f"{docname}.html").select_one("article").get_text().split())
    position = 0
    for fact in FACTS[docname]:
        found = text.find(fact, position)
        assert found >= 0, f"{fact!r} is not on {docname} after {text[:position][-60:]!r}"
        position = found + len(fact)


def test_the_phone_and_the_address_are_private(site) -> None:
    """Those of the source, which the tests of the site look for everywhere."""
    assert ":private: phone, address\n" in (site.root / "docs" / "index.md").read_text("utf-8")


def test_the_owner_is_in_bold_in_every_paper(site) -> None:
    items = site.soup("cv/publications.html").select(".cv-publications > li")
    assert [[strong.text for strong in item.select("strong")] for item in items] == [
        ["Joe Benton"]
    ] * 5


def test_papers_link_to_their_archive(site) -> None:
    items = site.soup("cv/publications.html").select(".cv-publications > li")
    links = [item.select_one("a[href^='https://arxiv.org/abs/']")["href"] for item in items]
    assert [link.rsplit("/", 1)[1] for link in links] == [
        "2305.16860", "2211.03595", "2210.06226", "2210.01892", "2205.14987",
    ]  # fmt: skip


def test_no_stray_markup_is_left(site) -> None:
    for docname in FACTS:
        text = site.soup(f"{docname}.html").select_one("article").get_text()
        for markup in ("**", ":::", "\\*", "---", "{cv"):
            assert markup not in text, f"{markup!r} on {docname}"


def test_the_front_page_leads_everywhere(site) -> None:
    links = {a["href"].split("#")[0] for a in site.soup("index.html").select("article a[href]")}
    assert {f"{docname}.html" for docname in FACTS if docname != "index"} <= links
    assert "research/index.html" in links
