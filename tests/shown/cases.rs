//! Notebooks as people hand them in, each with the faults that were seen in one.

use super::*;

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn e01_attachments_with_blanks_and_umlauts_are_shown() {
    let shown = of_case("E01/e01.ipynb");
    assert_eq!(shown.said, "");
    assert_eq!(shown.page.matches("src=\"data:image/png;base64,").count(), 3);
    assert_eq!(shown.pictures_in_pdf().unwrap_or(3), 3);
}

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn e03_align_without_dollars_is_a_formula() {
    let shown = of_case("E03/e03.ipynb");
    assert_eq!(shown.said, "");
    assert_eq!(shown.page.matches("<math display=\"block\"").count(), 1);
    assert!(!shown.page_text().contains("\\begin{align}"));
}

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn e04_blanks_and_parentheses_are_formulas_and_blank_lines_are_told() {
    let shown = of_case("E04/e04.ipynb");
    let expected = "cell 3 (id c11): a formula that begins with $$ does not end";
    assert_eq!(shown.said.matches(expected).count(), 2, "{}", shown.said);
    assert_eq!(shown.said.lines().count(), 2, "{}", shown.said);
    // As JupyterLab has it, "$5 and $" is a formula, too.
    assert_eq!(shown.page.matches("<math ").count(), 5);
    assert!(!shown.page_text().contains("\\("));
}

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn e05_macros_hold_in_later_cells() {
    let shown = of_case("E05/e05.ipynb");
    assert_eq!(shown.said, "");
    assert_eq!(shown.page.matches("<math ").count(), 1);
}

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn e06_tags_references_line_breaks_and_colours_are_formulas() {
    let shown = of_case("E06/e06.ipynb");
    assert_eq!(shown.page.matches("<math ").count(), 5);
    assert!(!shown.page.contains("class=\"math\""));
    let hint =
        "the reference eq:1 leads to no equation with a number; write \\tag{1} beside its \\label";
    assert!(shown.said.lines().all(|line| line.ends_with(hint)), "{}", shown.said);
}

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn e08_html_of_any_kind_is_in_page_and_pdf() {
    let shown = of_case("E08/e08.ipynb");
    assert_eq!(shown.said, "");
    let words = [
        "Finding: the sigmoid saturates.",
        "Derivation",
        "Use the chain rule.",
        "Table 1: losses",
        "layers",
        "0.21",
        "A paragraph of my discussion in HTML.",
    ];
    assert_holds(&shown, &words);
    assert!(shown.page.contains("Use the <strong>chain rule</strong>."));
}

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn e09_powers_stay_powers_and_lines_are_broken() {
    let shown = of_case("E09/e09.ipynb");
    assert_eq!(shown.said, "");
    assert!(
        shown.page.contains("10<sup>-3</sup>, with 2<sup>10</sup> steps and H<sub>2</sub>O.<br>")
    );
    if let Some(text) = &shown.pdf_text {
        assert!(text.contains("10⁻³, with 2¹⁰ steps and H₂O."), "{text}");
    }
}

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn e11_drawings_within_html_are_shown_and_a_video_is_named() {
    let shown = of_case("E11/e11.ipynb");
    assert!(shown.page.contains("data:image/svg+xml;base64,"));
    assert!(shown.page.contains("data:image/png;base64,"));
    assert!(
        shown.said.contains("cell 4 (id c39): an element <video> cannot be shown"),
        "{}",
        shown.said
    );
    assert_holds(&shown, &["[an element <video> that a page cannot show]"]);
    if let Some(text) = &shown.pdf_text {
        assert!(text.contains("loss"), "the words of the drawing: {text}");
    }
}

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn e14_pictures_are_what_their_bytes_say() {
    let shown = of_case("E14/e14.ipynb");
    assert_eq!(shown.said, "");
    for (kind, count) in [("png", 2), ("webp", 1), ("jpeg", 1)] {
        let address = format!("src=\"data:image/{kind};base64,");
        assert_eq!(shown.page.matches(&address).count(), count, "{kind}");
    }
    assert_eq!(shown.pictures_in_pdf().unwrap_or(4), 4);
}

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn e15_signs_without_a_font_are_named_with_their_cells() {
    let shown = of_case("E15/e15.ipynb");
    assert_holds(&shown, &["Ελληνικά, кириллица, ő ű."]);
    // A machine may have the fonts.
    if shown.said.contains("U+1F389") {
        for cell in ["cell 1 (id c51)", "cell 3 (id c53)"] {
            let line = shown.said.lines().find(|line| line.contains(cell)).unwrap_or_default();
            assert!(line.contains("🎉 (U+1F389)"), "{}", shown.said);
        }
    }
    if shown.said.contains("U+4F60") {
        let line = shown.said.lines().find(|line| line.contains("cell 2 (id c52)")).unwrap();
        for sign in ["你 (U+4F60)", "好 (U+597D)", "李 (U+674E)", "明 (U+660E)"] {
            assert!(line.contains(sign), "{line}");
        }
    }
}

#[test]
fn e17_what_json_does_not_have_is_named() {
    let nan = exports::refused("E17/e17.ipynb");
    assert!(nan.contains("NaN is no number that JSON has") && nan.contains("line 21"), "{nan}");
    let mark = exports::refused("E17/e17-bom.ipynb");
    assert!(mark.contains("it begins with a byte order mark"), "{mark}");
}

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn e18_long_words_stay_within_the_margins() {
    let shown = of_case("E18/e18.ipynb");
    assert_eq!(shown.said, "");
    if let Some(right) = shown.right_edge_of_pdf() {
        // A4 is 595 points wide, its margin 62.
        assert!(right < 535.0, "a word ends at {right}");
    }
    if let Some(text) = &shown.pdf_text {
        let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        for (letter, count) in [("b", 220), ("A", 300), ("#", 240), ("c", 200)] {
            assert!(compact.contains(&(letter.repeat(count) + "-END")), "{letter}");
        }
    }
}

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn e19_front_matter_and_raw_cells_cost_no_title() {
    let shown = of_case("E19/e19.ipynb");
    assert_eq!(shown.said, "");
    assert!(shown.page.contains("<title>Report</title>"));
    assert_holds(&shown, &["author: A. Student", "\\newpage", "Text."]);
}
