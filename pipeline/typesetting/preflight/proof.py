"""What a preflight is asked, and what it answers: expectations, faults, facts."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from pipeline.typesetting.leaflet import Edition

MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of a page in points of PDF's user space: left and bottom are the smaller numbers."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def mm(self) -> tuple[float, float, float, float]:
        """Left, bottom, right and top in millimetres, to a hundredth."""
        return (_mm(self.left), _mm(self.bottom), _mm(self.right), _mm(self.top))

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height in millimetres, to a hundredth."""
        return (_mm(self.right - self.left), _mm(self.top - self.bottom))

    def holds(self, other: Box, slack_pt: float = 0.05) -> bool:
        """Whether the other box lies inside this one.

        >>> Box(0, 0, 10, 10).holds(Box(0, 2, 10, 9)), Box(0, 0, 10, 10).holds(Box(-1, 2, 10, 9))
        (True, False)
        """
        return (
            other.left >= self.left - slack_pt
            and other.bottom >= self.bottom - slack_pt
            and other.right <= self.right + slack_pt
            and other.top <= self.top + slack_pt
        )

    def meets(self, other: Box) -> bool:
        """Whether the two have more than an edge in common."""
        return (
            self.left < other.right and other.left < self.right and self.bottom < other.top and other.bottom < self.top
        )

    def within(self, other: Box) -> Box:
        """What of this box lies inside the other; a box of no size where nothing does."""
        left, bottom = max(self.left, other.left), max(self.bottom, other.bottom)
        return Box(left, bottom, max(left, min(self.right, other.right)), max(bottom, min(self.top, other.top)))

    @property
    def area(self) -> float:
        """In square points."""
        return (self.right - self.left) * (self.top - self.bottom)


@dataclass(frozen=True, slots=True)
class Expected:
    """What is known of a leaflet beforehand. A field left empty is not asked, and the proof says so."""

    families: tuple[str, ...] = ()
    """Font families that may be inside, as CSS names them: ``Noto Naskh Arabic``."""
    segments: tuple[str, ...] = ()
    """The plain text of every segment that must be there and be seen."""
    pages: int | None = None
    """Pages of the PDF: of an imposed one, sides of sheets."""
    sheets: int | None = None
    """Sheets of paper, printed on both sides."""
    trim_mm: tuple[float, float] | None = None
    """Width and height of every page once it is cut."""
    smallest_pt: float | None = None
    """No letter is set smaller."""
    qr: tuple[str, ...] = ()
    """Texts of QR codes that a telephone must be able to read."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a PDF: what, how to mend it, and the page, counted from 1 (0: the whole file)."""

    code: str
    message: str
    hint: str = ""
    page: int = 0


@dataclass(frozen=True, slots=True)
class Font:
    """A font that the pages name: without its subset's prefix, and whether it is inside and only in part."""

    name: str
    embedded: bool
    subset: bool


@dataclass(frozen=True, slots=True)
class PageFacts:
    """One page: its boxes (left, bottom, right, top) in mm from the lower left corner, and its ink."""

    media_mm: tuple[float, float, float, float]
    bleed_mm: tuple[float, float, float, float]
    trim_mm: tuple[float, float, float, float]
    coverage: float
    """Black that would cover the trimmed page as much as its ink does, in % of its area."""
    inked_mm: tuple[float, float, float, float] | None
    """The smallest box round all ink; None of an empty page."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a validator said of the file, and which one in which version."""

    standard: str
    passed: bool
    validator: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a PDF is, whether that is right or wrong."""

    edition: Edition
    pages: int = 0
    sheets: int = 0
    page_facts: tuple[PageFacts, ...] = ()
    fonts: tuple[Font, ...] = ()
    smallest_pt: float | None = None
    """The smallest size of a letter; None without letters."""
    smallest_sign_pt: float | None = None
    """The smallest size of any other sign, such as a footnote's number."""
    qr: tuple[str, ...] = ()
    output_intent: str = ""
    """The printing condition that the file names, such as ``FOGRA51``; empty without one."""
    claims: tuple[str, ...] = ()
    """The standards that the file itself says it follows: ``PDF/UA-1``."""
    verdicts: tuple[Verdict, ...] = ()
    tools: tuple[str, ...] = ()
    """Who looked, in which version."""
    asked: tuple[str, ...] = ()
    """Codes of the rules that were asked."""
    skipped: tuple[str, ...] = ()
    """Codes of the rules of this edition that were not, because nobody said what to expect."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The answer: every fault in the order of the rules, and the facts."""

    diagnostics: tuple[Fault, ...]
    facts: Facts

    @property
    def passed(self) -> bool:
        """Whether no rule that was asked complained."""
        return not self.diagnostics

    def as_dict(self) -> dict[str, object]:
        """The proof for machines: plain values, lengths in mm, type in pt, coverage in %."""
        return {"passed": self.passed, "faults": [asdict(each) for each in self.diagnostics], **asdict(self.facts)}


def _mm(points: float) -> float:
    return round(points / MM, 2) + 0.0
