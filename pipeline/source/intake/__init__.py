"""A saved page or text dump becomes a source text and new rows of the registry.

``page`` reads lines, ``chrome`` takes the website away, ``masthead`` finds title and date, ``groups`` finds the
lists of signatories, ``signatories`` parses their lines, ``body`` writes Markdown, ``writing`` the source text and
the registry.
"""

from pipeline.source.intake.importing import Imported, import_page
from pipeline.source.intake.lines import Dropped
from pipeline.source.intake.writing import RegistryRow, extended_registry

__all__ = ["Dropped", "Imported", "RegistryRow", "extended_registry", "import_page"]
