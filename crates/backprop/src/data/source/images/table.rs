//! Tables as spreadsheets save them: with commas, semicolons or tabs between fields, in UTF-8 or UTF-16.

use csv::{Position, ReaderBuilder, Trim};

/// A line that is not blank.
pub(super) struct Line {
    /// Its number in the file, from 1.
    pub(super) number: usize,
    /// Its fields, without quotes, and without blanks at their ends.
    pub(super) fields: Vec<String>,
    /// Its fields as one text, for messages.
    pub(super) text: String,
}

/// What is wrong with a line: its number, what was expected, what stands there.
pub(super) type Complaint = (usize, String, String);

/// What a line may be divided by.
const DELIMITERS: [u8; 3] = *b",;\t";

/// The text of a file, without the mark at its beginning by which some programs say how it is written.
pub(super) fn decode(bytes: &[u8]) -> Result<String, Complaint> {
    let wide = |join: fn([u8; 2]) -> u16| {
        let units = bytes[2..].chunks_exact(2).map(|pair| join([pair[0], pair[1]]));
        char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    match bytes {
        [0xff, 0xfe, ..] => Ok(wide(u16::from_le_bytes)),
        [0xfe, 0xff, ..] => Ok(wide(u16::from_be_bytes)),
        [0xef, 0xbb, 0xbf, rest @ ..] | rest => match std::str::from_utf8(rest) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => {
                let place = error.valid_up_to();
                let line = 1 + rest[..place].iter().filter(|&&byte| byte == b'\n').count();
                let expected = "text in UTF-8 (Excel saves it as \"CSV UTF-8\")".to_owned();
                Err((line, expected, format!("the byte {:02x}", rest[place])))
            }
        },
    }
}

/// Divides a text into its lines and these into fields, by the delimiter that a first line `sep=;` names, or
/// else that by which the header is a right one.
pub(super) fn lines(text: &str, is_header: &dyn Fn(&[String]) -> bool) -> Vec<Line> {
    let first = text.lines().next().unwrap_or("");
    if let Some(&[delimiter]) = first.trim_end().strip_prefix("sep=").map(str::as_bytes) {
        let mut lines = divide(text, delimiter);
        lines.retain(|line| line.number > 1);
        return lines;
    }
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
    let is_right = |&delimiter: &u8| {
        divide(header, delimiter).first().is_some_and(|line| is_header(&line.fields))
    };
    divide(text, DELIMITERS.into_iter().find(is_right).unwrap_or(DELIMITERS[0]))
}

fn divide(text: &str, delimiter: u8) -> Vec<Line> {
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .from_reader(text.as_bytes());
    let (mut number, mut counted) = (1, 0);
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record.expect("text is UTF-8, and lines may have any number of fields");
        // The reader's place is where it began to look, before lines that are blank.
        let start = record.position().map_or(0, Position::byte) as usize;
        let start = start + blank(&text[start..]);
        number += text[counted..start].matches('\n').count();
        counted = start;
        if record.iter().any(|field| !field.is_empty()) {
            let fields: Vec<String> = record.iter().map(str::to_owned).collect();
            let text = fields.join(&char::from(delimiter).to_string());
            lines.push(Line { number, fields, text });
        }
    }
    lines
}

/// How many bytes of line ends a text begins with.
fn blank(text: &str) -> usize {
    text.len() - text.trim_start_matches(['\r', '\n']).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(usize, String)> {
        let is_header = |fields: &[String]| fields.contains(&"path".to_owned());
        lines(text, &is_header)
            .into_iter()
            .map(|line| (line.number, line.fields.join("|")))
            .collect()
    }

    fn expected(lines: &[(usize, &str)]) -> Vec<(usize, String)> {
        lines.iter().map(|&(number, text)| (number, text.to_owned())).collect()
    }

    #[test]
    fn the_delimiter_is_the_one_that_gives_the_columns() {
        let both = expected(&[(1, "path|class"), (2, "a,b.png|x")]);
        assert_eq!(read("path;class\na,b.png;x\n"), both);
        assert_eq!(read("path\tclass\na,b.png\tx"), both);
        assert_eq!(read("path,class\n\"a,b.png\",x"), both);
        assert_eq!(
            read("sep=;\r\npath;class\r\na,b.png;x"),
            expected(&[(2, "path|class"), (3, "a,b.png|x")])
        );
    }

    #[test]
    fn lines_keep_their_numbers_where_others_are_blank() {
        let text = "\n path , class \r\n\r\n\r\na,\"b\nc\"\n,\nd,e";
        assert_eq!(read(text), expected(&[(2, "path|class"), (5, "a|b\nc"), (8, "d|e")]));
        assert!(read("").is_empty() && read("\n\n").is_empty());
    }

    #[test]
    fn utf_16_and_marks_at_the_beginning_are_understood_and_other_bytes_placed() {
        let wide: Vec<u8> = "päth".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&[&[0xff, 0xfe], &wide[..]].concat()).unwrap(), "päth");
        let wide: Vec<u8> = "päth".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decode(&[&[0xfe, 0xff], &wide[..]].concat()).unwrap(), "päth");
        assert_eq!(decode("\u{feff}path".as_bytes()).unwrap(), "path");
        let (line, expected, found) = decode(b"path,class\nM\xfcller.png,a").unwrap_err();
        assert_eq!((line, found.as_str()), (2, "the byte fc"));
        assert!(expected.contains("CSV UTF-8"), "{expected}");
    }
}
