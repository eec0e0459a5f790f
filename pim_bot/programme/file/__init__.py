"""The hub's own file format for an edition: what a person writes by hand and an import reads.

``read_edition`` reads a whole edition. A *supplement* (channels, guardians, activities, people) is read against the
edition that is present: ``opened`` tells which one that is, so that the caller can fetch it. All problems of a file are
raised at once as ``BrokenProgrammeFile``. The format is told in ``docs/programme-file.md``.
"""

from pim_bot.programme.file.reader import ProgrammeFile, opened, read_edition
from pim_bot.programme.file.supplement import supplemented

__all__ = ["ProgrammeFile", "opened", "read_edition", "supplemented"]
