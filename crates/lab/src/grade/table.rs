//! Tables as text: CSV that a spreadsheet reads and does not run.

use anyhow::Result;
use csv::{QuoteStyle, Terminator, WriterBuilder};

use super::result::Graded;

/// Gives the class's points as CSV: a line for each student, a column for each question and the total.
pub fn grades(results: &[Graded], rows: &[Row]) -> Result<String> {
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
    let mut lines = vec![head.map(str::to_owned).into_iter().chain(ids).collect()];
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
        lines.push(first.into_iter().chain(points).collect());
    }
    written(lines)
}

/// Gives the lines that a person has to fill in with marks, in the form in which marks are read.
pub fn to_mark(results: &[Graded]) -> Result<String> {
    let mut lines: Vec<Vec<String>> =
        vec![["student", "question", "points", "comment"].map(str::to_owned).into()];
    for graded in results {
        for question in graded.questions.iter().filter(|question| question.is_open) {
            lines.push(vec![graded.student.clone(), question.id.clone(), "".into(), "".into()]);
        }
    }
    written(lines)
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

/// Gives the lines as CSV. The mark at its beginning tells Excel that it is UTF-8, and quotes keep a text
/// whole where a spreadsheet splits lines at semicolons.
fn written(lines: Vec<Vec<String>>) -> Result<String> {
    let mut writer = WriterBuilder::new();
    writer.terminator(Terminator::CRLF).quote_style(QuoteStyle::NonNumeric);
    let mut writer = writer.from_writer("\u{feff}".as_bytes().to_vec());
    for line in lines {
        writer.write_record(line.into_iter().map(as_text))?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

/// Puts an apostrophe before what a spreadsheet would run as a formula, and before another apostrophe.
fn as_text(cell: String) -> String {
    let is_number = cell.parse::<f64>().is_ok();
    let needs_one = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']) && !is_number;
    if needs_one { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use super::super::sheet;
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        let cases = [
            ("Zoë", "Zoë"),
            ("-1.5", "-1.5"),
            ("=cmd()", "'=cmd()"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+1+1", "'+1+1"),
            ("'t Hooft", "''t Hooft"),
        ];
        for (text, expected) in cases {
            assert_eq!(as_text(text.into()), expected);
        }
    }

    /// Case G16: Excel opens it by a double click, wherever it splits a line.
    #[test]
    fn what_is_written_says_its_encoding_and_quotes_every_text() -> Result<()> {
        let lines = [["student", "points"], ["a;=cmd", "4.5"], ["Zoë", ""]];
        let lines = lines.map(|line| line.map(str::to_owned).into());
        let text = written(lines.into())?;
        assert_eq!(text, "\u{feff}\"student\",\"points\"\r\n\"a;=cmd\",4.5\r\n\"Zoë\",\"\"\r\n");
        Ok(())
    }

    #[test]
    fn what_was_written_is_read_again() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("a.csv");
        let cells = ["'=cmd()", "two\nlines", "a \"b\", c"];
        let lines = [["x", "y", "z"], cells].map(|line| line.map(str::to_owned).into());
        std::fs::write(&path, written(lines.into())?)?;
        let read = sheet::read(&path, ["z", "x", "y"])?;
        assert_eq!(read[0].cells, [cells[2], cells[0], cells[1]].map(str::to_owned));
        Ok(())
    }
}
