//! Where in a cell something is wrong: found for panics, put into better words for compile errors.

/// The file that evcxr compiles, as a panic in it is reported.
const GENERATED: &str = "src/lib.rs:";

/// The cell as its user sees it, and as evcxr compiled it.
pub struct Source<'a> {
    pub count: usize,
    pub code: &'a str,
    pub generated: &'a str,
}

/// Gives the lines of a traceback that say where a panic at `location` was.
pub fn place(location: &str, source: &Source) -> Vec<String> {
    let Some(place) = location.strip_prefix(GENERATED) else {
        return vec![format!("  at {}", shortened(location))];
    };
    let number = place.split(':').next().and_then(|number| number.parse().ok());
    match number.and_then(|number| cell_line(number, source)) {
        Some((number, line)) => {
            vec![format!("  in cell [{}], line {number}:", source.count), format!("    {line}")]
        }
        None => vec![format!("  in what cell [{}] or an earlier one defined", source.count)],
    }
}

/// Names the cell in a line of evcxr's report on a compile error as its front end does, without the place
/// behind it, which is always the first, and in colours that a front end's themes know.
pub fn mended(line: &str, count: usize) -> String {
    let line = themed(line);
    let Some((before, after)) = line.split_once("command_") else { return line };
    let is_of_place = |letter: char| letter.is_ascii_digit() || letter == ':';
    format!("{before}cell [{count}]{}", after.trim_start_matches(is_of_place))
}

/// Replaces colours of the 256, of which some are unreadable on each background.
fn themed(line: &str) -> String {
    let mut pieces = line.split("\x1b[38;5;");
    let mut themed = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (color, text) = piece.split_once('m').unwrap_or(("", piece));
        themed.push_str(&match color.parse::<u8>() {
            Ok(232..) | Err(_) => "\x1b[39m".to_owned(), // greys: the text's own colour
            Ok(color) => format!("\x1b[{}m", 31 + color % 6),
        });
        themed.push_str(text);
    }
    themed
}

/// Leaves out of a path what is one machine's own: where the crate, or Rust itself, lies.
fn shortened(location: &str) -> &str {
    for root in ["/crates/", "/library/"] {
        if let Some(at) = location.find(root) {
            return &location[at + root.len()..];
        }
    }
    location
}

/// Finds the cell's line that became line `number` of the generated code, both counted from 1.
fn cell_line<'a>(number: usize, source: &Source<'a>) -> Option<(usize, &'a str)> {
    let generated: Vec<&str> = source.generated.lines().map(str::trim).collect();
    let cell: Vec<&str> = source.code.lines().map(str::trim).collect();
    let wanted = *generated.get(number.checked_sub(1)?)?;
    // evcxr copies lines as they are, but cuts them between statements and wraps the last expression.
    let is_the_same = |line: &str| line == wanted;
    let is_cut = |line: &str| !wanted.is_empty() && line.contains(wanted);
    let is_wrapped = |line: &str| line.len() > 1 && wanted.contains(line);
    let candidates: [&dyn Fn(&str) -> bool; 3] = [&is_the_same, &is_cut, &is_wrapped];
    let found = candidates.iter().find_map(|is_it| {
        let all = (0..cell.len()).filter(|&at| is_it(cell[at]));
        all.max_by_key(|&at| lines_in_common(&cell[..at], &generated[..number - 1]))
    })?;
    Some((found + 1, cell[found]))
}

/// Counts the lines at the ends of two texts that are the same.
fn lines_in_common(one: &[&str], other: &[&str]) -> usize {
    one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(number: usize, code: &str, generated: &str) -> Option<usize> {
        cell_line(number, &Source { count: 1, code, generated }).map(|(number, _)| number)
    }

    #[test]
    fn a_line_is_found_by_its_text_and_then_by_those_before_it() {
        let code = "let a = f();\ncheck(a);\nlet b = g();\n  check(a);\n";
        let generated = format!("#![allow(x)]\nfn run() {{\n{code}}}\n");
        for line in 1..=4 {
            assert_eq!(found(line + 2, code, &generated), Some(line));
        }
        assert_eq!(found(1, code, &generated), None);
        assert_eq!(found(99, code, &generated), None);
    }

    #[test]
    fn a_line_is_found_that_was_cut_or_wrapped() {
        let code = "let a = 1; panic!(\"oh\");\nvalues[7]";
        let generated = "let a = 1;\npanic!(\"oh\");\nshow(&(values[7]));";
        assert_eq!(found(2, code, generated), Some(1));
        assert_eq!(found(3, code, generated), Some(2));
    }

    #[test]
    fn a_report_names_the_cell_in_colours_of_the_theme() {
        let line = "\x1b[38;5;246m[\x1b[0m command_12:1:1 \x1b[38;5;54m]\x1b[0m";
        assert_eq!(mended(line, 7), "\x1b[39m[\x1b[0m cell [7] \x1b[31m]\x1b[0m");
        assert_eq!(mended("no colours", 7), "no colours");
    }

    #[test]
    fn a_place_elsewhere_is_named_without_the_machines_own_folders() {
        let source = Source { count: 2, code: "", generated: "" };
        let crate_ = "/home/x/.cache/snapshots/1/crates/backprop/src/data/dataset.rs:51:9";
        assert_eq!(place(crate_, &source), ["  at backprop/src/data/dataset.rs:51:9"]);
        let std = "/rustc/59807616e/library/core/src/option.rs:1:2";
        assert_eq!(place(std, &source), ["  at core/src/option.rs:1:2"]);
        assert_eq!(
            place("src/lib.rs:1:2", &source),
            ["  in what cell [2] or an earlier one defined"]
        );
    }
}
