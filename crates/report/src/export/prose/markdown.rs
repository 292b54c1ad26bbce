//! Cells of Markdown, read as JupyterLab reads them: CommonMark with GitHub's tables, struck words, bare
//! addresses and lists of tasks; formulas never get to the reader of Markdown.

use comrak::Options;

use super::super::warning::Flaw;
use super::tree::Node;
use super::{extraction, reader};

/// Reads a cell; tells `warn` what is not shown as it was meant.
pub fn read(source: &str, warn: &mut dyn FnMut(Flaw)) -> Vec<Node> {
    let extracted = extraction::take_formulas(source);
    let html = comrak::markdown_to_html(&extracted.text, &options());
    let nodes = reader::read(&extracted.put_back(&html), warn);
    if let Some(flaw) = open_formula(&nodes) {
        warn(flaw);
    }
    nodes
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    // HTML passes; `reader` decides what a page shows of it.
    options.render.r#unsafe = true;
    options
}

/// Finds a displayed formula that is none to JupyterLab: its braces do not match, or it was never ended,
/// most often since it holds a blank line.
fn open_formula(nodes: &[Node]) -> Option<Flaw> {
    nodes.iter().find_map(|node| match node {
        Node::Text(text) => {
            if let Some((inner, _)) = text.split_once("$$").and_then(|it| it.1.split_once("$$")) {
                return Some(Flaw::Formula(inner.trim().to_owned()));
            }
            let at = text.find("$$").or_else(|| text.find("\\begin{"))?;
            let line = text[at..].lines().next().unwrap_or_default();
            Some(Flaw::OpenFormula(line.trim().to_owned()))
        }
        Node::Element(element) if element.is(&["pre", "code"]) => None,
        Node::Element(element) => open_formula(&element.children),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tree::plain_text;
    use super::*;

    #[test]
    fn an_open_formula_is_told_and_shown_as_it_is_written() {
        let mut warnings = Vec::new();
        let nodes = read("$$\n\na = b\n\n$$", &mut |flaw| warnings.push(flaw));
        read("$$\\frac{1}{2$$", &mut |flaw| warnings.push(flaw));
        let told = [Flaw::OpenFormula("$$".into()), Flaw::Formula("\\frac{1}{2".into())];
        assert_eq!(warnings, told);
        assert_eq!(plain_text(&nodes), "$$\na = b\n$$\n");
    }
}
