//! What a student does not get to see: where it stands in a notebook, and what stands there instead.
//!
//! | cells | between the lines | stands | a student's copy has instead |
//! |---|---|---|---|
//! | code | `// BEGIN SOLUTION`, `// END SOLUTION` | a solution | a panic that says "not answered yet" |
//! | others | `<!-- BEGIN SOLUTION -->`, `<!-- END SOLUTION -->` | a solution | *Your answer here.* |
//! | code | `// BEGIN HIDDEN TESTS`, `// END HIDDEN TESTS` | a hidden test | nothing |

use anyhow::{Context, Result, bail};

use crate::notebook::Notebook;

/// The lines around what is not for students, and the line that takes its place.
struct Markers {
    /// The words of both lines, behind BEGIN and END.
    words: &'static str,
    begin: &'static str,
    end: &'static str,
    stub: Option<&'static str>,
}

const IN_CODE: Markers = Markers {
    words: "SOLUTION",
    begin: "// BEGIN SOLUTION",
    end: "// END SOLUTION",
    stub: Some(STUB),
};

const IN_PROSE: Markers = Markers {
    words: "SOLUTION",
    begin: "<!-- BEGIN SOLUTION -->",
    end: "<!-- END SOLUTION -->",
    stub: Some(STUB_IN_PROSE),
};

const HIDDEN_TESTS: Markers = Markers {
    words: "HIDDEN TESTS",
    begin: "// BEGIN HIDDEN TESTS",
    end: "// END HIDDEN TESTS",
    stub: None,
};

/// What the panic of a stub says.
pub const NOT_ANSWERED: &str = "This question is not answered yet.";

/// What stands for an answer in code that a student has yet to write.
pub const STUB: &str = "panic!(\"This question is not answered yet.\");";
/// What stands for an answer in prose.
pub const STUB_IN_PROSE: &str = "*Your answer here.*";

/// Puts stubs in place of a notebook's solutions, and takes out what was attached to a solution.
///
/// # Errors
/// Markers that are nested, lack their counterpart, or share their line with something else: the
/// cell, counted from 1, and the line in it. So no slip of the pen gives a solution away.
pub fn replace_by_stubs(notebook: &mut Notebook) -> Result<()> {
    for (number, cell) in (1..).zip(&mut notebook.cells) {
        let markers = if cell.is_code() { &IN_CODE } else { &IN_PROSE };
        let source = markers
            .replace_in(&cell.source)
            .with_context(|| format!("cell {number} (id {})", cell.id()))?;
        if source != cell.source {
            cell.source = source;
            cell.keep_named_attachments();
        }
    }
    Ok(())
}

/// Takes a notebook's hidden tests out.
///
/// # Errors
/// As of [`replace_by_stubs`].
pub fn remove_hidden_tests(notebook: &mut Notebook) -> Result<()> {
    for (number, cell) in (1..).zip(&mut notebook.cells).filter(|(_, cell)| cell.is_code()) {
        cell.source = without_hidden_tests(&cell.source)
            .with_context(|| format!("cell {number} (id {})", cell.id()))?;
    }
    Ok(())
}

/// Gives a code cell's source without its hidden tests.
pub fn without_hidden_tests(source: &str) -> Result<String> {
    let without = HIDDEN_TESTS.replace_in(source)?;
    // The line before a hidden test at the end is the last one now.
    Ok(if without == source { without } else { without.trim_end().to_owned() })
}

impl Markers {
    /// Puts the stub, as far indented as the marker, in place of each part between the markers.
    fn replace_in(&self, source: &str) -> Result<String> {
        let Markers { words, begin, end, stub } = self;
        let (begins, ends) = (format!("BEGIN {words}"), format!("END {words}"));
        let mut kept = String::new();
        let mut begun = None;
        for (number, line) in (1..).zip(source.split_inclusive('\n')) {
            let text = line.trim();
            if text == *begin {
                if let Some(earlier) = begun.replace(number) {
                    bail!(
                        "line {number}: `{begin}` within the part that begins so in line {earlier}"
                    );
                }
                kept.extend(stub.map(|stub| line.trim_end().replace(begin, stub)));
            } else if text == *end {
                if begun.take().is_none() {
                    bail!("line {number}: `{end}` without `{begin}` before it");
                }
                if stub.is_some() {
                    kept.push_str(&line[line.trim_end().len()..]);
                }
            } else if text.contains(&begins) || text.contains(&ends) {
                bail!(
                    "line {number}: expected `{begin}` or `{end}` and nothing else, found `{text}`"
                );
            } else if begun.is_none() {
                kept.push_str(line);
            }
        }
        match begun {
            Some(line) => bail!("line {line}: `{begin}` without `{end}` after it"),
            None => Ok(kept),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stub_takes_the_place_of_each_solution_with_its_indentation() {
        let source = "fn slope(z: f32) -> f32 {\n    // BEGIN SOLUTION\n    let a = sigmoid(z);\n    \
                      a * (1.0 - a)\n    // END SOLUTION\n}\n\
                      // BEGIN SOLUTION\nslope(0.0)\n// END SOLUTION\n";
        insta::assert_snapshot!(IN_CODE.replace_in(source).unwrap(), @r#"
        fn slope(z: f32) -> f32 {
            panic!("This question is not answered yet.");
        }
        panic!("This question is not answered yet.");
        "#);
        assert!(STUB.contains(NOT_ANSWERED));
        let at_the_end = IN_CODE.replace_in("// BEGIN SOLUTION\n1\n// END SOLUTION").unwrap();
        assert_eq!(at_the_end, "panic!(\"This question is not answered yet.\");");
        let prose = "Because\n\n<!-- BEGIN SOLUTION -->\nσ′ ≤ 1/4.\n<!-- END SOLUTION -->\n\nso.";
        assert_eq!(IN_PROSE.replace_in(prose).unwrap(), "Because\n\n*Your answer here.*\n\nso.");
    }

    #[test]
    fn hidden_tests_leave_no_line_behind() {
        let source = "Question::new(\"a\")\n    .holds(1.0, \"seen\", true, \"\")\n    \
                      // BEGIN HIDDEN TESTS\n    .holds(2.0, \"hidden\", true, \"\")\n    \
                      // END HIDDEN TESTS\n";
        let visible = without_hidden_tests(source).unwrap();
        assert_eq!(visible, "Question::new(\"a\")\n    .holds(1.0, \"seen\", true, \"\")");
        assert_eq!(without_hidden_tests("a\n").unwrap(), "a\n");
        let all = "// BEGIN HIDDEN TESTS\nassert!(true);\n// END HIDDEN TESTS";
        assert_eq!(without_hidden_tests(all).unwrap(), "");
        let open = without_hidden_tests("// BEGIN HIDDEN TESTS\n").unwrap_err().to_string();
        assert!(open.contains("without `// END HIDDEN TESTS` after it"), "{open}");
    }

    #[test]
    fn a_source_without_solutions_stays_as_it_is() {
        for source in ["", "\n", "let a: i32 = 1;", "let a: i32 = 1;\r\n\n  // the solution\n"] {
            assert_eq!(IN_CODE.replace_in(source).unwrap(), source);
        }
    }

    #[test]
    fn markers_out_of_order_are_refused_with_their_line() {
        let cases = [
            (
                "// BEGIN SOLUTION\n1",
                "line 1: `// BEGIN SOLUTION` without `// END SOLUTION` after it",
            ),
            (
                "1\n// END SOLUTION",
                "line 2: `// END SOLUTION` without `// BEGIN SOLUTION` before it",
            ),
            (
                "// BEGIN SOLUTION\n\n// BEGIN SOLUTION\n// END SOLUTION\n// END SOLUTION",
                "line 3: `// BEGIN SOLUTION` within the part that begins so in line 1",
            ),
            (
                "//BEGIN SOLUTION\n1\n// END SOLUTION",
                "line 1: expected `// BEGIN SOLUTION` or `// END SOLUTION` and nothing else, found \
                 `//BEGIN SOLUTION`",
            ),
            (
                "// BEGIN SOLUTION\n1 // END SOLUTION",
                "line 2: expected `// BEGIN SOLUTION` or `// END SOLUTION` and nothing else, found \
                 `1 // END SOLUTION`",
            ),
        ];
        for (source, expected) in cases {
            assert_eq!(IN_CODE.replace_in(source).unwrap_err().to_string(), expected);
        }
        let of_code = IN_PROSE.replace_in("// BEGIN SOLUTION\n1\n// END SOLUTION");
        assert!(of_code.unwrap_err().to_string().starts_with("line 1: expected `<!-- BEGIN"));
    }
}
