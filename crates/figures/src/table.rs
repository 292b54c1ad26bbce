//! Tables: rows of words and numbers under a header.

use crate::parts::bundle::{Content, bundle, emit};
use crate::parts::text::{escape, one_line};

/// A table with a header, for results side by side.
///
/// Columns of numbers are set right, others left; [`align`](Table::align) says otherwise.
///
/// ```
/// use backprop_figures::Table;
///
/// let table = Table::new(&["network", "loss"]).row(&["784-30-10", "0.213"]).row(&["784-10", "0.27"]);
/// assert_eq!(table.text(), "\
/// network     loss
/// ---------  -----
/// 784-30-10  0.213
/// 784-10      0.27");
/// ```
#[derive(Clone, Debug)]
#[must_use = "a table is shown by ending a cell with it"]
pub struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    align: Option<Vec<Align>>,
    caption: String,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Align {
    Left,
    Center,
    Right,
}

impl Table {
    /// Starts a table with its header, one cell per column.
    pub fn new(header: &[&str]) -> Self {
        Table { header: cells(header), rows: Vec::new(), align: None, caption: String::new() }
    }

    /// Adds a row; cells that are missing stay empty, and the table says so when there are too many.
    pub fn row(mut self, cells_of_row: &[&str]) -> Self {
        self.rows.push(cells(cells_of_row));
        self
    }

    /// Sets the columns left, centred or right: a letter `l`, `c` or `r` for each.
    pub fn align(mut self, columns: &str) -> Self {
        let letters = columns.chars().map(|letter| match letter {
            'r' => Align::Right,
            'c' => Align::Center,
            _ => Align::Left,
        });
        self.align = Some(letters.collect());
        self
    }

    /// Sets the caption: what the numbers are and where they come from.
    pub fn caption(mut self, caption: &str) -> Self {
        self.caption = one_line(caption);
        self
    }

    /// Gives the table as HTML.
    pub fn html(&self) -> String {
        let caption = match self.full_caption() {
            caption if caption.is_empty() => String::new(),
            caption => format!("<caption>{}</caption>\n", escape(&caption)),
        };
        let rows: String = self.rows.iter().map(|row| self.html_row(row, "td")).collect();
        format!(
            "<table>\n{caption}<thead>\n{}</thead>\n<tbody>\n{rows}</tbody>\n</table>",
            self.html_row(&self.header, "th")
        )
    }

    fn html_row(&self, row: &[String], tag: &str) -> String {
        let scope = if tag == "th" { r#" scope="col""# } else { "" };
        let cell = |column: usize| {
            let align = match self.alignment(column) {
                Align::Left => "left",
                Align::Center => "center",
                Align::Right => "right",
            };
            let text = escape(row.get(column).map_or("", String::as_str));
            format!(r#"<{tag}{scope} style="text-align:{align}">{text}</{tag}>"#)
        };
        let cells: String = (0..self.columns()).map(cell).collect();
        format!("<tr>{cells}</tr>\n")
    }

    /// Gives the table as text in aligned columns.
    pub fn text(&self) -> String {
        let widths: Vec<usize> = (0..self.columns()).map(|column| self.width(column)).collect();
        let line = |row: &[String]| {
            let cells = widths.iter().enumerate().map(|(column, &width)| {
                let text = row.get(column).map_or("", String::as_str);
                match self.alignment(column) {
                    Align::Left => format!("{text:<width$}"),
                    Align::Center => format!("{text:^width$}"),
                    Align::Right => format!("{text:>width$}"),
                }
            });
            cells.collect::<Vec<_>>().join("  ").trim_end().to_string()
        };
        let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
        let mut lines = vec![line(&self.header), rule.join("  ")];
        lines.extend(self.rows.iter().map(|row| line(row)));
        let caption = self.full_caption();
        if !caption.is_empty() {
            lines.push(caption);
        }
        lines.join("\n")
    }

    /// Gives what [`evcxr_display`](Table::evcxr_display) writes: HTML and text as one result.
    pub fn bundle(&self) -> String {
        bundle(&[
            Content { mime: "text/html", text: self.html() },
            Content { mime: "text/plain", text: self.text() },
        ])
    }

    /// Shows the table as the result of a notebook cell; the kernel calls it.
    pub fn evcxr_display(&self) {
        emit(&self.bundle());
    }

    /// Gives the columns that are shown: all that the header or a row has.
    fn columns(&self) -> usize {
        let rows = self.rows.iter().map(Vec::len);
        rows.chain([self.header.len()]).max().unwrap_or(0)
    }

    fn column(&self, column: usize) -> impl Iterator<Item = &String> {
        self.rows.iter().filter_map(move |row| row.get(column))
    }

    /// Gives the width of a column in characters.
    fn width(&self, column: usize) -> usize {
        let cells = self.column(column).chain(self.header.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    }

    fn alignment(&self, column: usize) -> Align {
        if let Some(align) = &self.align {
            return align.get(column).copied().unwrap_or(Align::Left);
        }
        let mut filled = self.column(column).filter(|cell| !cell.is_empty()).peekable();
        let numbers = filled.peek().is_some() && filled.all(|cell| is_number(cell));
        if numbers { Align::Right } else { Align::Left }
    }

    /// Gives the caption, and a remark where the rows and the header do not fit each other.
    fn full_caption(&self) -> String {
        let expected = self.header.len();
        let odd = |(_, row): &(usize, &Vec<String>)| row.len() != expected;
        let remark = self.rows.iter().enumerate().find(odd).map(|(index, row)| {
            format!("Row {} has {} cells, the header {expected}.", index + 1, row.len())
        });
        let parts = [Some(self.caption.clone()).filter(|text| !text.is_empty()), remark];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

impl showata::Showable for Table {
    fn to_content_info(&self) -> anyhow::Result<showata::ContentInfo> {
        Ok(showata::ContentInfo { mime_type: "text/html".to_string(), content: self.html() })
    }

    fn evcxr_display(&self) {
        Table::evcxr_display(self);
    }
}

fn cells(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| one_line(text)).collect()
}

/// Whether a cell reads as a number, with a sign, thousands, an exponent, a tolerance or a percentage.
fn is_number(cell: &str) -> bool {
    let plain = cell.trim_start_matches(['-', '−', '+', '±', '<', '>', '≈', ' ']);
    // A minus further on belongs to an exponent, or the cell is a name such as 784-30-10.
    let plain = plain.replace("e-", "e").replace("e−", "e");
    plain.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && plain.chars().all(|c| c.is_ascii_digit() || " .,%±+e×⁻⁰¹²³⁴⁵⁶⁷⁸⁹".contains(c))
}
