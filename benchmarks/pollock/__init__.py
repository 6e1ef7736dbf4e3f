"""Files with faults against their clean versions: how often a reader is right, says that something is off, or is wrong in silence.

    python -m benchmarks.pollock FOLDER            the figures of this project, bare DuckDB and pandas side by side
    python -m benchmarks.pollock FOLDER --list     and every file on which one of them is silently wrong
    python -m benchmarks.pollock FOLDER --all      all of the benchmark's files instead of some of each kind

FOLDER is a checkout of the Pollock benchmark (github.com/HPI-Information-Systems/Pollock), which is not part of this project: below
it, every folder with `csv/`, `clean/` and `parameters/` is measured. Its generated files hold one fault each, at every row and column
that it could stand in (672 files lack one separator, 756 have one too many); of each such family 30 files spread evenly are read, of
the others all, so that 22 + 4 x 30 generated and 97 real files make 239.

What is counted
- **as the clean file says**: one of the tables read has the clean file's names and its rows, in its order, every cell the same.
- **rejected or noted**: it is not, and the reader says so: the file is refused; or the only cells that differ are empty ones whose
  text the reader lists as left out; or what is said of the file holds something that is not said of its clean version read by the
  same reader. Notes that both get (units, words for missing cells) say nothing of the fault.
- **silently wrong**: it is not, and nothing is said.

When two cells are the same (`cells.same`): texts whatever blanks surround or divide them; numbers, truth values and times by value,
since readers give columns types ($74.69 may be 74.69, and 007 may be 7); an empty cell and a usual word for one, such as NULL. A day
must be read in an order that its whole column allows. Names are compared without case; a reader numbers repeated ones (a, a_1, a 2);
where the clean file has no name, any will do, and where the file has no header, names are not compared, nor is a line of names that
only the clean file has. Rows and trailing columns in which
nothing stands are not compared.

Each reader is given the path and nothing else: this project's `load`, DuckDB's `read_csv`, and pandas with its Python engine, which
guesses the separator, and the first of UTF-8 and Windows' encoding that decodes. What pandas warns of counts as said.
"""
