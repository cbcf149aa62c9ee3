"""What the pages of ``docs/research`` show: a module a page, each with the interface of `study`."""
