//! Formulas in LaTeX, written so that pandoc reads them: macros carried out across cells (`macros`), what
//! pandoc does not know in words that it does (`rewriting`), bars in pairs (`pairs`).

use std::collections::HashMap;

pub use self::pairs::{spaced_for_typst, with_pairs};
use super::prose::Formula;
use super::warning::Flaw;

mod macros;
mod pairs;
mod rewriting;
mod tokens;

/// What earlier formulas of a notebook defined.
#[derive(Default)]
pub struct Definitions {
    macros: macros::Macros,
    /// The number that a label stands for.
    tags: HashMap<String, String>,
}

impl Definitions {
    /// Carries a formula's macros out and takes in those that it defines. Returns whether anything is
    /// left to show.
    pub fn prepare(&mut self, formula: &mut Formula) -> bool {
        let Some(expanded) = self.macros.expand(&formula.source) else { return true };
        let rewritten = rewriting::rewrite(&expanded, &mut self.tags);
        formula.tex = with_pairs(&rewritten);
        !formula.tex.trim().is_empty()
    }

    /// Puts the numbers of equations in place of references; tells `warn` of those that lead nowhere.
    pub fn resolve(&self, formula: &mut Formula, warn: &mut dyn FnMut(Flaw)) {
        formula.tex = rewriting::resolve(&formula.tex, &self.tags, warn);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(sources: &[&str]) -> (Vec<String>, Vec<String>) {
        let mut definitions = Definitions::default();
        let mut formulas: Vec<Formula> = sources
            .iter()
            .map(|source| Formula {
                source: (*source).to_owned(),
                tex: (*source).to_owned(),
                display: false,
            })
            .collect();
        formulas.retain_mut(|formula| definitions.prepare(formula));
        let mut warnings = Vec::new();
        for formula in &mut formulas {
            definitions.resolve(formula, &mut |flaw| warnings.push(flaw.to_string()));
        }
        (formulas.into_iter().map(|formula| formula.tex).collect(), warnings)
    }

    #[test]
    fn macros_hold_from_where_they_are_defined() {
        let (formulas, _) = prepared(&[
            "\\newcommand{\\R}{\\mathbb{R}} \\newcommand{\\vect}[1]{\\mathbf{#1}}",
            "\\vect{x} \\in \\R^n",
            "\\def\\a#1#2{#2 #1} \\a{b}c",
            "\\DeclareMathOperator*{\\softmax}{softmax} \\softmax(z)",
            "\\newcommand{\\norm}[2][2]{\\| #2 \\|_{#1}} \\norm{x} + \\norm[1]{y}",
            "\\renewcommand\\R{R} \\R",
        ]);
        let expected = [
            "\\mathbf{x} \\in \\mathbb{R}^n",
            "c b",
            "\\operatorname*{softmax}(z)",
            "\\lVert  x \\rVert _{2} + \\lVert  y \\rVert _{1}",
            "R",
        ];
        let formulas: Vec<&str> = formulas.iter().map(|it| it.trim()).collect();
        assert_eq!(formulas, expected);
    }

    #[test]
    fn macros_without_an_end_stay_as_they_are_written() {
        let endless = "\\def\\a{\\a\\a}\\a";
        assert_eq!(prepared(&[endless]).0, [endless]);
    }

    #[test]
    fn what_pandoc_does_not_know_is_said_in_words_that_it_knows() {
        let cases = [
            ("a = b \\tag{1}", "a = b \\qquad \\text{(1)}"),
            ("a \\tag*{x}", "a \\qquad \\text{x}"),
            ("\\textcolor{red}{x} + \\color{blue}{y} z", "{x} + {y} z"),
            ("a = b \\\\ c = d", "\\begin{gathered}a = b \\\\ c = d\\end{gathered}"),
            ("a % of it\n= b", "a \n= b"),
            ("95\\%", "95\\%"),
            ("\\ce{2 H2O -> X^2+}", "{2 \\mathrm{H}_{2}\\mathrm{O} \\rightarrow \\mathrm{X}^{2+}}"),
            (
                "\\begin{equation}\\label{a} x \\nonumber \\end{equation}",
                "\\begin{equation} x  \\end{equation}",
            ),
        ];
        for (source, expected) in cases {
            assert_eq!(prepared(&[source]).0, [expected], "{source}");
        }
    }

    #[test]
    fn references_give_the_number_of_what_they_mean() {
        let (formulas, warnings) = prepared(&["\\eqref{a}", "x \\label{a} \\tag{7}", "\\ref{b}"]);
        assert_eq!(formulas, ["\\text{(7)}", "x  \\qquad \\text{(7)}", "\\text{???}"]);
        assert_eq!(warnings.len(), 1);
    }
}
