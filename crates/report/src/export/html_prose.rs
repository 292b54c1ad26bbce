//! A tree of prose as HTML. `sanitize` sees what is written here before it gets to a page.

use super::document::Rendered;
use super::markup::escape;
use super::prose::{Element, Formula, Image, NO_DESCRIPTION, Node, code_of};

/// Elements without an end.
const VOID: [&str; 5] = ["br", "col", "hr", "img", "wbr"];

/// Writes nodes.
pub fn markup_of(nodes: &[Node], rendered: &Rendered) -> String {
    nodes.iter().map(|node| of_node(node, rendered)).collect()
}

fn of_node(node: &Node, rendered: &Rendered) -> String {
    match node {
        Node::Text(text) => escape(text),
        Node::Element(element) => of_element(element, rendered),
        Node::Formula(formula) => of_formula(formula, rendered),
        Node::Image(image) => of_image(image),
        Node::Note(note) => format!("<em>[{}]</em>", escape(note)),
    }
}

fn of_element(element: &Element, rendered: &Rendered) -> String {
    if element.name == "pre"
        && let Some((language, code)) = code_of(element)
    {
        return coloured(&language, &code, rendered);
    }
    let name = &element.name;
    let attributes = element.attributes.iter();
    let attributes: String = attributes
        .map(|(name, value)| format!(" {}=\"{}\"", escape(name), escape(value)))
        .collect();
    if VOID.contains(&name.as_str()) {
        return format!("<{name}{attributes}>");
    }
    // A table's rows have no place but in it; what a browser adds is left to it.
    format!("<{name}{attributes}>{}</{name}>", markup_of(&element.children, rendered))
}

/// Gives code as pandoc coloured it.
pub fn coloured(language: &str, code: &str, rendered: &Rendered) -> String {
    match rendered.code.get(&(language.to_owned(), code.to_owned())) {
        Some(html) => without_line_links(html),
        None => format!("<pre><code>{}</code></pre>", escape(code)),
    }
}

/// Takes the empty link out that pandoc puts before each line of code.
fn without_line_links(html: &str) -> String {
    let mut parts = html.split("<a href=\"#cb");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + part.split_once("aria-hidden=\"true\" tabindex=\"-1\"></a>").map_or(part, |it| it.1)
    })
}

fn of_formula(formula: &Formula, rendered: &Rendered) -> String {
    match rendered.mathml.get(&(formula.tex.clone(), formula.display)) {
        Some(mathml) => mathml.clone(),
        None => format!("<span class=\"math\">{}</span>", escape(&formula.source)),
    }
}

fn of_image(image: &Image) -> String {
    let alt = if image.alt.is_empty() { NO_DESCRIPTION } else { &image.alt };
    let width = image.width.as_deref().filter(|width| {
        width.trim_end_matches(['%', 'p', 'x']).bytes().all(|byte| byte.is_ascii_digit())
    });
    let width = width.map(|width| format!(" width=\"{}\"", width.trim_end_matches("px")));
    format!(
        "<img alt=\"{}\" src=\"{}\"{}>",
        escape(alt),
        escape(&image.picture.address()),
        width.unwrap_or_default()
    )
}
