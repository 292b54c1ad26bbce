//! What a page shows of Markdown and HTML: a tree of elements, texts, formulas and pictures.

use super::super::picture::Picture;

/// A part of the tree.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    Text(String),
    Element(Element),
    Formula(Formula),
    Image(Image),
    /// What stands in place of something that cannot be shown.
    Note(String),
}

/// An element of HTML, by the name that HTML gives it.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Node>,
}

/// A formula in LaTeX.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    /// As it is written.
    pub source: String,
    /// With its macros carried out, as pandoc can read it.
    pub tex: String,
    pub display: bool,
}

/// A picture with its words.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    pub picture: Picture,
    pub alt: String,
    /// As HTML says it, such as "300" or "50%".
    pub width: Option<String>,
}

impl Element {
    pub fn new(name: &str, children: Vec<Node>) -> Element {
        Element { name: name.to_owned(), attributes: Vec::new(), children }
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    pub fn set(&mut self, name: &str, value: &str) {
        self.attributes.retain(|(it, _)| it != name);
        self.attributes.push((name.to_owned(), value.to_owned()));
    }

    /// Whether it is one of some names.
    pub fn is(&self, names: &[&str]) -> bool {
        names.contains(&self.name.as_str())
    }

    /// The level of a heading.
    pub fn heading_level(&self) -> Option<u64> {
        let level = self.name.strip_prefix('h')?.parse().ok()?;
        (1..=6).contains(&level).then_some(level)
    }

    /// Whether it stands on lines of its own.
    pub fn is_block(&self) -> bool {
        BLOCKS.contains(&self.name.as_str())
    }
}

/// Elements that stand on lines of their own.
const BLOCKS: [&str; 36] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "ul",
    "legend",
    "dir",
];

/// Calls `visit` for each node of a tree, those within an element after it.
pub fn walk(nodes: &mut [Node], visit: &mut impl FnMut(&mut Node)) {
    for node in nodes {
        visit(node);
        if let Node::Element(element) = node {
            walk(&mut element.children, visit);
        }
    }
}

/// Gives the formulas of a tree.
pub fn formulas(nodes: &[Node]) -> Vec<&Formula> {
    let mut found = Vec::new();
    for node in nodes {
        match node {
            Node::Formula(formula) => found.push(formula),
            Node::Element(element) => found.extend(formulas(&element.children)),
            _ => {}
        }
    }
    found
}

/// Gives the text of some nodes, without what is only looks.
pub fn plain_text(nodes: &[Node]) -> String {
    let of = |node: &Node| match node {
        Node::Text(text) => text.clone(),
        Node::Element(element) if element.name == "br" => " ".to_owned(),
        Node::Element(element) => plain_text(&element.children),
        Node::Formula(formula) => formula.source.clone(),
        Node::Image(image) => image.alt.clone(),
        Node::Note(note) => format!("[{note}]"),
    };
    nodes.iter().map(of).collect()
}

/// Gives a text with each stretch of white space as one blank.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
