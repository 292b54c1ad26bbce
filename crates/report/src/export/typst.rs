//! A tree of prose in the markup of Typst. All that a notebook says stands in strings, so that none of it
//! is run.

use std::collections::HashMap;

use super::gaps::{quote, short_lines, with_gaps};
use super::prose::{Element, Formula, Image, NO_DESCRIPTION, Node, code_of, plain_text};
use super::typst_table::{self, alignment};

/// What formulas are in Typst's markup: by their LaTeX, and whether they are displayed.
pub type Formulas = HashMap<(String, bool), String>;

/// Writes nodes.
pub struct Writer<'a> {
    pub formulas: &'a Formulas,
    /// Gives the name of a picture's file; none where there is none.
    pub store: &'a mut dyn FnMut(&Image) -> Option<String>,
}

impl Writer<'_> {
    /// Writes nodes as paragraphs and other blocks.
    pub fn blocks(&mut self, nodes: &[Node]) -> String {
        let mut written = String::new();
        let mut line = Line::default();
        for node in nodes {
            match node {
                Node::Element(element) if element.is_block() => {
                    line.end(&mut written);
                    written.push_str(&self.block(element));
                    written.push_str("\n\n");
                }
                _ => self.inline(node, &mut line),
            }
        }
        line.end(&mut written);
        written.trim_end().to_owned()
    }

    fn block(&mut self, element: &Element) -> String {
        let inner = |writer: &mut Self| writer.blocks(&element.children);
        let written = match element.name.as_str() {
            "ul" | "menu" | "dir" => self.list("list", String::new(), element),
            "ol" => {
                let start = element.attribute("start").and_then(|it| it.trim().parse::<u32>().ok());
                let start = start.map(|start| format!("start: {start}, ")).unwrap_or_default();
                self.list("enum", start, element)
            }
            "blockquote" => format!("#quote(block: true)[{}];", inner(self)),
            "pre" => code_block(element),
            "table" => typst_table::written(element, &mut |nodes| self.blocks(nodes)),
            "hr" => "#horizontalrule;".to_owned(),
            "summary" | "dt" | "legend" => format!("#strong[{}];", inner(self)),
            "dd" => format!("#pad(left: 1.5em)[{}];", inner(self)),
            "figcaption" => format!("#small-print[{}];", inner(self)),
            "details" => format!("#unfolded[{}];", inner(self)),
            "div" if element.attribute("class").is_some_and(|class| class.contains("alert")) => {
                format!("#alert-box[{}];", inner(self))
            }
            _ => match element.heading_level() {
                Some(level) => self.heading(level, element),
                None => inner(self),
            },
        };
        match alignment(element).filter(|_| element.name != "table") {
            Some(side) => format!("#align({side})[{written}];"),
            None => written,
        }
    }

    fn heading(&mut self, level: u64, element: &Element) -> String {
        let level = level.saturating_sub(1).max(1);
        let label = element.attribute("id").map(|id| format!("#label({})", quote(id)));
        let words = self.line(&element.children);
        format!("#heading(level: {level})[{words}]{}", label.unwrap_or_default())
    }

    fn list(&mut self, kind: &str, start: String, element: &Element) -> String {
        let mut items = String::new();
        for child in &element.children {
            let written = match child {
                Node::Text(text) if text.trim().is_empty() => continue,
                Node::Element(item) if item.name == "li" => self.blocks(&item.children),
                other => self.blocks(std::slice::from_ref(other)),
            };
            items.push_str(&format!("[{written}], "));
        }
        format!("#{kind}({start}{items});")
    }

    /// Writes nodes as one line of text, as in a heading or within another element.
    pub fn line(&mut self, nodes: &[Node]) -> String {
        let mut line = Line::default();
        nodes.iter().for_each(|node| self.inline(node, &mut line));
        line.text.trim_end().to_owned()
    }

    fn inline(&mut self, node: &Node, line: &mut Line) {
        match node {
            Node::Text(text) => line.add_text(text),
            Node::Formula(formula) => {
                line.add(&self.formula(formula));
                line.takes_blank = !formula.display;
            }
            Node::Image(image) => line.add(&self.image(image)),
            Node::Note(note) => line.add(&format!("#emph({});", quote(&format!("[{note}]")))),
            Node::Element(element) => self.inline_element(element, line),
        }
    }

    fn inline_element(&mut self, element: &Element, line: &mut Line) {
        let (before, after) = match element.name.as_str() {
            "br" => return line.break_here(),
            "wbr" => return line.add("#\"\\u{200b}\";"),
            "code" | "samp" | "kbd" | "tt" => {
                let code = format!("#raw({});", quote(&plain_text(&element.children)));
                return line.add(&code);
            }
            "sup" | "sub" => {
                if let Some(raised) = raised(element) {
                    return line.add(&format!("#{};", quote(&raised)));
                }
                (if element.name == "sup" { "#super[" } else { "#sub[" }, "];")
            }
            "em" | "i" | "cite" | "dfn" | "var" => ("#emph[", "];"),
            "strong" | "b" => ("#strong[", "];"),
            "del" | "s" | "strike" => ("#strike[", "];"),
            "ins" | "u" => ("#underline[", "];"),
            "mark" => ("#highlight[", "];"),
            "small" => ("#text(size: 0.85em)[", "];"),
            "big" => ("#text(size: 1.15em)[", "];"),
            "q" => ("#\"“\";", "#\"”\";"),
            "a" => {
                let Some(target) = element.attribute("href").and_then(target) else {
                    return self.all(&element.children, line);
                };
                line.add(&format!("#link({target})["));
                self.all(&element.children, line);
                return line.add("];");
            }
            _ if element.is_block() => {
                let written = self.block(element);
                return line.add(&format!("\n\n{written}\n\n"));
            }
            _ => return self.all(&element.children, line),
        };
        line.add(before);
        self.all(&element.children, line);
        line.add(after);
    }

    fn all(&mut self, nodes: &[Node], line: &mut Line) {
        nodes.iter().for_each(|node| self.inline(node, line));
    }

    /// Puts a formula into a call that tells its source, for those who listen.
    fn formula(&self, formula: &Formula) -> String {
        match self.formulas.get(&(formula.tex.clone(), formula.display)) {
            Some(typst) => format!("#formula({})[{typst}];", quote(&formula.source)),
            None => format!("#raw({});", quote(&formula.source)),
        }
    }

    /// Each picture is called for on a line of its own, by which Typst names one that it cannot read.
    fn image(&mut self, image: &Image) -> String {
        let alt = if image.alt.is_empty() { NO_DESCRIPTION } else { &image.alt };
        let Some(name) = (self.store)(image) else { return format!("#emph({});", quote(alt)) };
        let width = image.width.as_deref().and_then(width).map(|it| format!(", width: {it}"));
        let width = width.unwrap_or_default();
        format!("#box(\nimage({}, alt: {}{width})\n);", quote(&name), quote(alt))
    }
}

/// A line that is being written.
#[derive(Default)]
struct Line {
    text: String,
    /// Whether it ends in something that a blank may follow.
    takes_blank: bool,
    /// The gaps in its long words.
    gaps: usize,
}

impl Line {
    fn add(&mut self, typst: &str) {
        self.text.push_str(typst);
        self.takes_blank = true;
    }

    /// Adds a text, each stretch of white space as one blank, and none at the beginning of a line.
    fn add_text(&mut self, text: &str) {
        let mut words = String::new();
        for character in text.chars() {
            let is_blank = character.is_ascii_whitespace();
            if !is_blank {
                words.push(character);
            } else if self.takes_blank && !words.ends_with(' ') {
                words.push(' ');
            }
            self.takes_blank = !is_blank;
        }
        if !words.is_empty() {
            self.text.push_str(&with_gaps(&words, &mut self.gaps));
        }
    }

    fn break_here(&mut self) {
        self.text.push_str("#linebreak();");
        self.takes_blank = false;
    }

    fn end(&mut self, written: &mut String) {
        if !self.text.is_empty() {
            written.push_str(&self.text);
            written.push_str("\n\n");
        }
        *self = Line::default();
    }
}

/// Gives a `pre` as a block of code.
fn code_block(pre: &Element) -> String {
    let (language, code) =
        code_of(pre).unwrap_or_else(|| (String::new(), plain_text(&pre.children)));
    raw_block(&language, &code)
}

/// Gives a block of code in its language.
pub fn raw_block(language: &str, code: &str) -> String {
    let language = match language.is_empty() {
        true => String::new(),
        false => format!(", lang: {}", quote(language)),
    };
    format!("#raw({}, block: true{language});", quote(&short_lines(code.trim_end_matches('\n'))))
}

/// Gives digits and signs as those that Unicode has for indices, so that 10⁻³ stays 10⁻³ where a text is
/// copied or read aloud; none where others are among them.
fn raised(element: &Element) -> Option<String> {
    let [Node::Text(text)] = element.children.as_slice() else { return None };
    let (plain, indices) = match element.name.as_str() {
        "sup" => ("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ"),
        _ => ("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎"),
    };
    let index = |character| {
        let at = plain.chars().position(|it| it == character)?;
        indices.chars().nth(at)
    };
    text.trim().chars().map(index).collect()
}

/// Gives what a link leads to: a heading, or an address on the network.
fn target(href: &str) -> Option<String> {
    if let Some(id) = href.strip_prefix('#') {
        return Some(format!("label({})", quote(id)));
    }
    let schemes = ["http://", "https://", "mailto:"];
    let lower = href.to_ascii_lowercase();
    schemes.iter().any(|scheme| lower.starts_with(scheme)).then(|| quote(href))
}

/// Gives a width in HTML, such as "300", "300px" or "50%", within that of the page.
fn width(width: &str) -> Option<String> {
    let width = width.trim();
    if let Some(share) = width.strip_suffix('%') {
        let share: f64 = share.trim().parse().ok()?;
        return (1.0..=100.0).contains(&share).then(|| format!("{share}%"));
    }
    let points = width.trim_end_matches("px").trim().parse::<f64>().ok()? * 0.75;
    (points >= 1.0).then(|| format!("{}pt", points.min(470.0)))
}

#[cfg(test)]
mod tests {
    use super::super::prose::{markdown, reader};
    use super::*;

    fn written(nodes: &[Node]) -> String {
        let formulas = Formulas::from([(("x".to_owned(), false), "$x$".to_owned())]);
        Writer { formulas: &formulas, store: &mut |_| Some("a.png".to_owned()) }.blocks(nodes)
    }

    #[test]
    fn prose_becomes_markup_that_runs_nothing() {
        let cases = [
            ("a *b* #pagebreak()", "#\"a \";#emph[#\"b\";];#\" #pagebreak()\";"),
            (
                "10<sup>-3</sup><br> x<sub>i</sub>",
                "#\"10\";#\"⁻³\";#linebreak();#\"x\";#sub[#\"i\";];",
            ),
            ("$x$ and $y$", "#formula(\"x\")[$x$];#\" and \";#raw(\"y\");"),
            ("- a\n- b", "#list([#\"a\";], [#\"b\";], );"),
            ("3. a", "#enum(start: 3, [#\"a\";], );"),
            (
                "[a](https://a.org) [b](javascript:c)",
                "#link(\"https://a.org\")[#\"a\";];#\" \";#\"b\";",
            ),
            ("    code \"x\"", "#raw(\"code \\\"x\\\"\", block: true);"),
        ];
        for (source, expected) in cases {
            assert_eq!(written(&markdown::read(source, &mut |_| {})), expected, "{source}");
        }
        let html = "<div class='alert alert-info'>a</div><details><summary>b</summary>c</details>";
        assert_eq!(
            written(&reader::read(html, &mut |_| {})),
            "#alert-box[#\"a\";];\n\n#unfolded[#strong[#\"b\";];\n\n#\"c\";];"
        );
    }
}
