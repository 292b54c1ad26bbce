//! Figures and tables of times that a run took: their numbers do not come again.

use super::times::TIME;
use super::units::{is_rate, is_unit, names_time};

/// How an axis of times that the run took is labelled, such as "time (ms)".
const RUN_TIME: &str = "time (";
/// How one is labelled on which the time of the matter itself goes on, such as "inversion time t (s)".
const PHYSICAL_TIME: &str = " time t (";

/// Whether a figure is of times that the run took.
pub fn shows_run_times(text: &str) -> bool {
    let labels = text.split_once(" plot of ").and_then(|(_, rest)| rest.split_once(" from "));
    let has_axis = labels.is_some_and(|(labels, _)| labels.split(" over ").any(is_of_times));
    (text.contains(RUN_TIME) || has_axis) && !text.contains(PHYSICAL_TIME)
}

/// Gives a table, whose header is underlined column by column, with its times made alike.
pub fn without_columns_of_times(text: &str) -> String {
    let lines: Vec<Vec<char>> = text.lines().map(|line| line.chars().collect()).collect();
    let Some(columns) = lines.get(1).and_then(|rule| columns(rule)) else { return text.to_owned() };
    let is_of_times = |&(start, end): &(usize, usize)| {
        let name: String = lines[0].iter().take(end).skip(start).collect();
        is_of_times(name.trim())
    };
    let hidden: Vec<(usize, usize)> = columns.iter().copied().filter(is_of_times).collect();
    if hidden.is_empty() {
        return text.to_owned();
    }
    let row = |(at, line): (usize, &Vec<char>)| {
        if at < 2 || !is_row(line, &columns) {
            line.iter().collect()
        } else {
            without(line, &hidden)
        }
    };
    lines.iter().enumerate().map(row).collect::<Vec<String>>().join("\n")
}

/// Whether a name, with its unit, is that of times that a run took: `time (s)`, `s per epoch`, `images/s`.
fn is_of_times(name: &str) -> bool {
    let mut words = name.split_whitespace();
    let is_time = |word: &str| is_rate(word.trim_matches(['(', ')'])) || in_brackets(word);
    let is_physical = name.contains(" t (");
    let begins = words.clone().next().is_some_and(is_unit);
    (begins || names_time(name) || words.any(is_time)) && !is_physical
}

/// Whether a word is a unit in brackets, as in `duration (s)`.
fn in_brackets(word: &str) -> bool {
    let word = word.strip_prefix('(').and_then(|word| word.strip_suffix(')'));
    word.is_some_and(is_unit)
}

/// Reads the columns off the line below a header: `----  ---`.
fn columns(rule: &[char]) -> Option<Vec<(usize, usize)>> {
    if !rule.contains(&'-') || rule.iter().any(|c| !matches!(c, '-' | ' ')) {
        return None;
    }
    let mut columns: Vec<(usize, usize)> = Vec::new();
    for (at, _) in rule.iter().enumerate().filter(|(_, c)| **c == '-') {
        match columns.last_mut() {
            Some((_, end)) if *end == at => *end += 1,
            _ => columns.push((at, at + 1)),
        }
    }
    Some(columns)
}

/// Whether a line keeps to the columns; a caption does not.
fn is_row(line: &[char], columns: &[(usize, usize)]) -> bool {
    let is_inside = |at: usize| columns.iter().any(|&(start, end)| (start..end).contains(&at));
    line.iter().enumerate().all(|(at, &c)| c == ' ' || is_inside(at))
}

/// Puts a mark into the place of cells.
fn without(line: &[char], hidden: &[(usize, usize)]) -> String {
    let is_hidden = |at: usize| hidden.iter().any(|&(start, end)| (start..end).contains(&at));
    let mut text = String::new();
    for (at, &c) in line.iter().enumerate() {
        match (is_hidden(at), hidden.iter().any(|&(start, _)| start == at)) {
            (true, true) => text.push_str(TIME),
            (true, false) => {}
            (false, _) => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_times_is_hidden_and_no_other() {
        let table = |time: &str, loss: &str| {
            format!(
                "net  s per epoch  loss\n---  -----------  ----\na    {time:>11}  {loss}\nSeed 0, {time}."
            )
        };
        let hidden = without_columns_of_times(&table("0.038", "0.25"));
        assert_eq!(
            hidden,
            "net  s per epoch  loss\n---  -----------  ----\na    ⏱  0.25\nSeed 0, 0.038."
        );
        let other = "net  accuracy\n---  --------\na        0.91";
        assert_eq!(without_columns_of_times(other), other);
        assert_eq!(without_columns_of_times("a\n- b"), "a\n- b");
    }

    #[test]
    fn a_name_with_its_unit_says_what_is_of_times() {
        for name in ["time (ms)", "duration (s)", "(s)", "seconds", "s", "images/s", "elapsed"] {
            assert!(is_of_times(name), "{name}");
        }
        for name in ["inversion time t (s)", "loss", "time step", "sigmoid", "epochs", ""] {
            assert!(!is_of_times(name), "{name}");
        }
    }

    #[test]
    fn a_figure_with_an_axis_of_times_is_of_times() {
        let figure = |y: &str| format!("Line plot of {y} over epoch from 1 to 3: line rises.");
        for name in ["time (ms)", "seconds", "duration (s)"] {
            assert!(shows_run_times(&figure(name)), "{name}");
        }
        for name in ["loss", "signal over inversion time t (s)"] {
            assert!(!shows_run_times(&figure(name)), "{name}");
        }
    }
}
