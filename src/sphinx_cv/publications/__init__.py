"""Publications: one ``refs.bib``, read through sphinxcontrib-bibtex."""
