"""An academic CV as a Sphinx project."""
