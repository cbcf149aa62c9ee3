"""Mathematics: TeX parsed once, native in the page, typeset in the PDF, spoken."""
