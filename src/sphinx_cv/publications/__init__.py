"""Publications: ``refs.bib`` as the one place where a paper is written down."""
