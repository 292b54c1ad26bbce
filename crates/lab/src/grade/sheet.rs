//! Tables that people fill in with a spreadsheet: marks and extensions, read strictly.

use std::path::Path;

use anyhow::{Context, Result, bail};
use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// A line of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Line<const N: usize> {
    /// Where it stands in the file, counted from 1.
    pub number: u64,
    pub cells: [String; N],
}

/// Reads a table with a line of names above, and gives for each line the values of `columns`.
///
/// What Excel saves is understood: UTF-8, UTF-16 and Windows-1252, a first line `sep=;`, and cells apart by
/// commas, semicolons or tabs.
///
/// # Errors
/// A file that cannot be read or lacks one of the columns, and every line with more cells than there are
/// columns, as a decimal comma makes them: all of them at once, with their numbers.
pub fn read<const N: usize>(path: &Path, columns: [&str; N]) -> Result<Vec<Line<N>>> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let text = decoded(&bytes);
    let (told, text, skipped) = match text.strip_prefix("sep=") {
        Some(rest) => (rest.chars().next(), rest.split_once('\n').map_or("", |(_, rest)| rest), 1),
        None => (None, text.as_str(), 0),
    };
    let delimiter = told.or_else(|| delimiter_of(text)).unwrap_or(',');
    let delimiter = u8::try_from(delimiter).unwrap_or(b',');
    let mut reader =
        ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let head = reader.headers()?.clone();
    let places = places(path, &head, columns)?;
    let (mut lines, mut faults) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = record.with_context(|| format!("cannot understand {}", path.display()))?;
        let number = record.position().map_or(0, csv::Position::line) + skipped;
        let is_blank = |cell: &str| cell.trim().is_empty();
        if record.iter().all(is_blank) {
            continue;
        }
        if record.iter().skip(head.len()).any(|cell| !is_blank(cell)) {
            faults.push(too_many(path, number, &record, head.len()));
        }
        let cells = places.map(|place| value(record.get(place).unwrap_or_default()));
        lines.push(Line { number, cells });
    }
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    Ok(lines)
}

fn too_many(path: &Path, number: u64, record: &StringRecord, columns: usize) -> String {
    format!(
        "{}, line {number}: expected {columns} cells, found {}: {}; write 4.5, or put a cell with a \
         comma between quotes",
        path.display(),
        record.len(),
        record.iter().collect::<Vec<_>>().join(" | ")
    )
}

fn places<const N: usize>(
    path: &Path,
    head: &StringRecord,
    columns: [&str; N],
) -> Result<[usize; N]> {
    let mut places = [0; N];
    for (place, name) in places.iter_mut().zip(columns) {
        let found = head.iter().position(|title| title.trim().eq_ignore_ascii_case(name));
        let Some(found) = found else {
            bail!(
                "{}: expected the columns {}, found {}",
                path.display(),
                columns.join(", "),
                head.iter().collect::<Vec<_>>().join(", ")
            );
        };
        *place = found;
    }
    Ok(places)
}

/// Gives a file's text by its byte order mark, else as UTF-8 where it is, else as Windows writes it; with line
/// ends of one kind, for csv counts lines by them.
fn decoded(bytes: &[u8]) -> String {
    let encoding = match (Encoding::for_bom(bytes), std::str::from_utf8(bytes)) {
        (Some((encoding, _)), _) => encoding,
        (None, Ok(_)) => UTF_8,
        (None, Err(_)) => WINDOWS_1252,
    };
    encoding.decode(bytes).0.replace("\r\n", "\n")
}

/// Gives what stands between the names of the columns.
fn delimiter_of(text: &str) -> Option<char> {
    let first = text.lines().next()?;
    [';', '\t', ','].into_iter().find(|delimiter| first.contains(*delimiter))
}

/// Gives a cell without the apostrophe that keeps a spreadsheet from running it.
fn value(cell: &str) -> String {
    let cell = cell.trim();
    cell.strip_prefix('\'').unwrap_or(cell).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_bytes<const N: usize>(bytes: &[u8], columns: [&str; N]) -> Result<Vec<Line<N>>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("marks.csv");
        std::fs::write(&path, bytes)?;
        read(&path, columns)
    }

    /// Case G14: what Excel writes by its menu.
    #[test]
    fn a_spreadsheets_table_is_read_however_it_was_saved() -> Result<()> {
        let table = "student;points\r\n'=a ;4,5\r\n;\r\nMüller Jörg\r\n";
        let utf_16 = |text: &str| -> Vec<u8> {
            let units = std::iter::once('\u{feff}').chain(text.chars());
            units.flat_map(|letter| (letter as u16).to_le_bytes()).collect()
        };
        let windows: Vec<u8> = table.chars().map(|letter| letter as u8).collect();
        let files = [
            table.as_bytes().to_vec(),
            format!("\u{feff}{table}").into_bytes(),
            windows,
            utf_16(table),
            utf_16(&table.replace(';', "\t")),
            table.replace(';', "\t").into_bytes(),
            format!("sep=;\r\n{table}").into_bytes(),
        ];
        for (number, file) in files.iter().enumerate() {
            let lines = read_bytes(file, ["student", "points"])?;
            let cells: Vec<[&str; 2]> =
                lines.iter().map(|line| line.cells.each_ref().map(String::as_str)).collect();
            assert_eq!(cells, [["=a", "4,5"], ["Müller Jörg", ""]], "file {number}");
            let first = if file.starts_with(b"sep=") { 3 } else { 2 };
            assert_eq!([lines[0].number, lines[1].number], [first, first + 2], "file {number}");
        }
        Ok(())
    }

    /// Case G13a.
    #[test]
    fn every_line_with_too_many_cells_is_told() {
        let table = b"student,question,points,comment\nada,w,4,5,well argued\nbob,w,4,good,,\n\
                      cy,w,4,good, but short\ndan,w,4,\"good, but short\"\n";
        let columns = ["student", "question", "points", "comment"];
        let error = read_bytes(table, columns).unwrap_err().to_string();
        let lines: Vec<&str> = error.lines().collect();
        assert_eq!(lines.len(), 2, "{error}");
        assert!(lines[0].contains("marks.csv, line 2: expected 4 cells, found 5: ada | w | 4 | 5"));
        assert!(lines[1].contains("line 4: "), "{error}");
    }

    #[test]
    fn a_missing_column_is_told_with_those_that_are_there() {
        let error = read_bytes(b"x,y\n1,2\n", ["x", "w"]).unwrap_err().to_string();
        assert!(error.ends_with("expected the columns x, w, found x, y"), "{error}");
    }
}
