"""The entry types and fields of BibTeX and biblatex, and what each type cannot do without.

Sources: ``btxdoc`` (Patashnik 1988) for BibTeX; the biblatex manual, sections 2.1 and 2.2, for
biblatex's types, fields and aliases; pybtex's ``unsrt`` style for what must not be missing.
"""


def words(text: str) -> frozenset[str]:
    """The set of the words in *text*."""
    return frozenset(text.split())


#: Every type that is understood -> the type of pybtex's styles that shows it.
TYPES = {
    "article": "article",
    "artwork": "misc",
    "audio": "misc",
    "bookinbook": "incollection",
    "book": "book",
    "booklet": "booklet",
    "collection": "book",
    "commentary": "misc",
    "conference": "inproceedings",
    "dataset": "dataset",
    "electronic": "online",
    "image": "misc",
    "inbook": "inbook",
    "incollection": "incollection",
    "inproceedings": "inproceedings",
    "inreference": "incollection",
    "jurisdiction": "misc",
    "legal": "misc",
    "legislation": "misc",
    "letter": "misc",
    "manual": "manual",
    "mastersthesis": "mastersthesis",
    "misc": "misc",
    "movie": "misc",
    "music": "misc",
    "mvbook": "book",
    "mvcollection": "book",
    "mvproceedings": "proceedings",
    "mvreference": "book",
    "online": "online",
    "patent": "patent",
    "performance": "misc",
    "periodical": "proceedings",
    "phdthesis": "phdthesis",
    "presentation": "misc",
    "proceedings": "proceedings",
    "reference": "book",
    "report": "techreport",
    "review": "article",
    "software": "software",
    "standard": "misc",
    "suppbook": "incollection",
    "suppcollection": "incollection",
    "suppperiodical": "article",
    "techreport": "techreport",
    "thesis": "phdthesis",
    "unpublished": "unpublished",
    "video": "misc",
    "www": "online",
}
#: Types that are not works: containers of fields, and sets of entries.
CONTAINERS = frozenset({"xdata", "set"})

#: Types that people expect to exist, and what to write.
INSTEAD = {
    "bachelorsthesis": "thesis",
    "blog": "online",
    "chapter": "incollection",
    "doctoralthesis": "phdthesis",
    "inconference": "inproceedings",
    "journal": "article",
    "lecture": "presentation",
    "masterthesis": "mastersthesis",
    "paper": "article",
    "poster": "presentation",
    "preprint": "online",
    "slides": "presentation",
    "talk": "presentation",
    "webpage": "online",
    "website": "online",
    "workshop": "inproceedings",
}

#: biblatex's name of a field -> BibTeX's, which pybtex's styles use.
FIELD_ALIASES = {
    "journaltitle": "journal",
    "location": "address",
    "annotation": "annote",
    "archiveprefix": "eprinttype",
    "primaryclass": "eprintclass",
    "hyphenation": "langid",
}

#: Fields that hold lists of names.
NAMES = words(
    "author editor editora editorb editorc translator annotator commentator introduction foreword "
    "afterword bookauthor holder shortauthor shorteditor namea nameb namec"
)
#: Fields that hold the address of something that belongs to the work.
LINKS = ("pdf", "code", "slides", "poster", "video", "website")
#: Fields whose text is not TeX.
VERBATIM = words(
    "url doi eprint file pdf code slides video poster website openreview writeup project isbn issn "
    "isan ismn isrn iswc orcid biburl bdsk-url-1 bdsk-url-2 crossref xref xdata ids keywords"
)

FIELDS = NAMES | words(
    """
    abstract acmid acknowledgement addendum address adsnote adsurl afterword annotation annote
    arxiv arxivid articleno archiveprefix archive award bibsource biburl bookpagination booksubtitle
    booktitle booktitleaddon category chapter code collaboration comment confdate conference
    copyright country crossref data dataset date day demo doi doi-url edition editoratype
    editorbtype editorctype editortype eid eissn entryset entrysubtype eprint eprintclass eprinttype
    eventdate eventlocation eventtitle eventtitleaddon execute file funding gender github groups
    highlight howpublished hal_id hal_version html hyphenation ids image impact indextitle
    institution internal-note isan isbn ismn isrn issn issue issuedate issuesubtitle issuetitle
    issuetitleaddon iswc journal journaliso journalsubtitle journaltitle journaltitleaddon key
    keyword keywords label lang langid langidopts language library license lista listb listc listd
    liste listf location mainsubtitle maintitle maintitleaddon month mrclass mrnumber mrreviewer
    nameaddon note number numpages openreview options orcid organization origdate origlanguage
    origlocation origpublisher origtitle owner pages pagetotal pagination part pdf place pmcid pmid
    poster presort preview primaryclass priority project pubmed publisher pubstate qualityassured
    ranking read reference related relatedoptions relatedstring relatedtype repository reprinttitle
    rights school series shelf shorthand shorthandintro shortjournal shortseries shorttitle
    shortyear size slides software sortkey sortname sortshorthand sorttitle sortyear status
    subtitle supplement tags thesis timestamp title titleaddon topic tldr type university url
    urldate urlyear usera userb userc userd usere userf venue verba verbb verbc version video
    volume volumes website writeup xdata xref year zblnumber openaccess data-availability
    date-added date-modified creationdate modificationdate last-updated bdsk-url-1 bdsk-url-2
    bdsk-file-1 bdsk-file-2 added-at interhash intrahash citation_key selected abbr altmetric
    dimensions google_scholar_id fjournal coden zbl reportnumber blog
    additional_info bibtex_show inspirehep_id
    """
)

#: pybtex's type -> what its style cannot do without; alternatives are joined by ``|``.
REQUIRED = {
    "article": ("author", "title", "journal", "year"),
    "book": ("author|editor", "title", "publisher", "year"),
    "booklet": ("title",),
    "dataset": ("title",),
    "inbook": ("author|editor", "title", "publisher", "year"),
    "incollection": ("author", "title", "booktitle", "year"),
    "inproceedings": ("author", "title", "booktitle", "year"),
    "manual": ("title",),
    "mastersthesis": ("author", "title", "school", "year"),
    "misc": ("title",),
    "online": ("title",),
    "patent": ("title",),
    "phdthesis": ("author", "title", "school", "year"),
    "proceedings": ("title", "year"),
    "software": ("title",),
    "techreport": ("author", "title", "institution", "year"),
    "unpublished": ("author", "title"),
}

#: A field of the left may stand for that of the key.
STANDS_FOR = {
    "year": ("date",),
    "journal": ("journaltitle", "issuetitle"),
    "school": ("institution", "university"),
    "institution": ("school", "organization"),
    "booktitle": ("maintitle", "eventtitle"),
}
#: States of publication in which there is no year yet.
YEARLESS = frozenset({"forthcoming", "inpress", "inpreparation", "submitted"})

#: biblatex's words for states and kinds, as a reader sees them.
WORDS = {
    "bathesis": "Bachelor's thesis",
    "candthesis": "Candidate thesis",
    "mathesis": "Master's thesis",
    "phdthesis": "PhD thesis",
    "techreport": "Technical Report",
    "resreport": "Research Report",
    "software": "Computer software",
    "datacd": "Data CD",
    "audiocd": "Audio CD",
    "forthcoming": "Forthcoming",
    "inpreparation": "In preparation",
    "inpress": "In press",
    "prepublished": "Preprint",
    "submitted": "Submitted",
    "patent": "Patent",
    "patentus": "U.S. patent",
    "patenteu": "European patent",
    "patentde": "German patent",
    "patentfr": "French patent",
    "patentuk": "British patent",
    "patreq": "Patent request",
}


def required(entry_type: str, *, has_booktitle: bool = False) -> tuple[str, ...]:
    """What an entry of this type cannot do without, in the names of BibTeX."""
    shown = shown_as(entry_type, has_booktitle=has_booktitle)
    if entry_type in {"collection", "mvcollection", "reference", "mvreference", "periodical"}:
        return ("editor|author|organization", "title", "year") if shown == "book" else (
            "title",
            "year",
        )  # fmt: skip
    return REQUIRED[shown]


def shown_as(entry_type: str, *, has_booktitle: bool = False) -> str:
    """The type of pybtex's styles for a known *entry_type*."""
    # In BibTeX the title of @inbook is the book's, in biblatex the part's, with a booktitle.
    if entry_type == "inbook" and has_booktitle:
        return "incollection"
    return TYPES[entry_type]
