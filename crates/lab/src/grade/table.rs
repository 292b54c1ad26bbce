//! Tables as text: CSV that a spreadsheet reads and does not run.

use std::path::Path;

use anyhow::{Context, Result, bail};

use super::result::Graded;

/// Gives the class's points as CSV: a line for each student, a column for each question and the total.
pub fn grades(results: &[Graded], rows: &[Row]) -> String {
    let mut columns: Vec<(&str, &str)> = Vec::new();
    for graded in results {
        for question in &graded.questions {
            let column = (graded.notebook.as_str(), question.id.as_str());
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
    }
    let ids = columns.iter().map(|(_, id)| (*id).to_owned());
    let head = ["student", "points", "maximum", "to mark", "extra", "late", "notes"];
    let mut lines = vec![line(head.iter().map(|&name| name.to_owned()).chain(ids))];
    for row in rows {
        let points = columns.iter().map(|(notebook, id)| {
            let of_student = results.iter().filter(|graded| graded.student == row.student);
            let mut questions = of_student
                .filter(|graded| graded.notebook == *notebook)
                .flat_map(|graded| &graded.questions);
            let question = questions.find(|question| question.id == *id);
            question.map_or(String::new(), |question| match question.is_open {
                true => String::new(),
                false => number(question.points),
            })
        });
        let first = [
            row.student.clone(),
            number(row.points),
            number(row.maximum),
            number(row.open),
            number(row.extra),
            row.late.clone(),
            row.notes.clone(),
        ];
        lines.push(line(first.into_iter().chain(points)));
    }
    lines.concat()
}

/// Gives the lines that a person has to fill in with marks, in the form in which marks are read.
pub fn to_mark(results: &[Graded]) -> String {
    let head = ["student", "question", "points", "comment"].map(str::to_owned);
    let mut lines = vec![line(head.into_iter())];
    for graded in results {
        for question in graded.questions.iter().filter(|question| question.is_open) {
            let cells = [graded.student.clone(), question.id.clone(), String::new(), String::new()];
            lines.push(line(cells.into_iter()));
        }
    }
    lines.concat()
}

/// A student's line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    pub student: String,
    pub points: f64,
    pub maximum: f64,
    /// Points that a person has yet to give.
    pub open: f64,
    pub extra: f64,
    pub late: String,
    pub notes: String,
}

fn number(value: f64) -> String {
    let rounded = (value * 1000.0).round() / 1000.0;
    rounded.to_string()
}

fn line(cells: impl Iterator<Item = String>) -> String {
    cells.map(|cell| quoted(&cell)).collect::<Vec<_>>().join(",") + "\r\n"
}

/// Gives a cell's text: quoted where need be, and with an apostrophe before what would be a formula.
fn quoted(text: &str) -> String {
    let is_number = text.parse::<f64>().is_ok();
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number;
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    match text.contains([',', '"', '\n', '\r', '\'', ';']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}

/// Reads a CSV file with a line of names above, and gives for each line the values of `columns`. Where
/// people write a comma in numbers, spreadsheets put semicolons between cells.
///
/// # Errors
/// A file that cannot be read or lacks one of the columns.
pub fn read<const N: usize>(path: &Path, columns: [&str; N]) -> Result<Vec<[String; N]>> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default();
    let separator = if first.contains(';') { ';' } else { ',' };
    let mut lines = parse(text, separator).into_iter();
    let head = lines.next().unwrap_or_default();
    let mut places = [0; N];
    for (place, name) in places.iter_mut().zip(columns) {
        let found = head.iter().position(|title| title.trim() == name);
        let Some(found) = found else {
            bail!(
                "{}: expected the columns {}, found {}",
                path.display(),
                columns.join(", "),
                head.join(", ")
            );
        };
        *place = found;
    }
    let values = |line: Vec<String>| {
        places.map(|place| {
            let value = line.get(place).map(|value| value.trim()).unwrap_or_default();
            value.strip_prefix('\'').unwrap_or(value).to_owned()
        })
    };
    Ok(lines.filter(|line| line.iter().any(|cell| !cell.trim().is_empty())).map(values).collect())
}

fn parse(text: &str, separator: char) -> Vec<Vec<String>> {
    let (mut lines, mut line, mut cell, mut is_quoted) =
        (Vec::new(), Vec::new(), String::new(), false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' => is_quoted = !is_quoted,
            letter if letter == separator && !is_quoted => line.push(std::mem::take(&mut cell)),
            '\n' if !is_quoted => {
                line.push(std::mem::take(&mut cell));
                lines.push(std::mem::take(&mut line));
            }
            '\r' if !is_quoted => {}
            letter => cell.push(letter),
        }
    }
    if !cell.is_empty() || !line.is_empty() {
        line.push(cell);
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        let cases = [
            ("Zoë", "Zoë"),
            ("-1.5", "-1.5"),
            ("=cmd()", "\"'=cmd()\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("+1+1", "\"'+1+1\""),
            ("a,\"b\"", "\"a,\"\"b\"\"\""),
        ];
        for (text, expected) in cases {
            assert_eq!(quoted(text), expected);
        }
    }

    #[test]
    fn what_was_written_is_read_again() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("a.csv");
        let cells = ["=cmd()", "two\nlines", "a \"b\", c"];
        let head = line(["x", "y", "z"].iter().map(|&name| name.to_owned()));
        std::fs::write(&path, head + &line(cells.iter().map(|&cell| cell.to_owned())))?;
        assert_eq!(
            read(&path, ["z", "x", "y"])?,
            [[cells[2], cells[0], cells[1]].map(str::to_owned)]
        );
        let error = read(&path, ["w"]).unwrap_err().to_string();
        assert!(error.contains("expected the columns w, found x, y, z"), "{error}");
        Ok(())
    }
}
