//! HTML that others wrote, read into a tree of what a page shows: no scripts, no styles that leave their
//! cell, nothing that a browser would load. What cannot be shown is named in its place.

use std::rc::Rc;

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, QualName, local_name, ns, parse_fragment};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

use super::super::warning::Flaw;
use super::delimiters::{self, Stretch};
use super::tree::{Element, Formula, Image, Node};
use super::{svg, tables};

/// Elements within elements beyond this depth are shown as their text: Typst goes no deeper.
const DEEPEST: usize = 40;

/// Elements that are left out with all that is in them, as JupyterLab does.
const WITHOUT_CONTENT: [&str; 6] = ["script", "style", "head", "title", "template", "datalist"];

/// Elements that neither a page nor paper can show.
const NOT_SHOWN: [&str; 14] = [
    "audio", "canvas", "embed", "frame", "iframe", "input", "map", "meter", "object", "portal",
    "progress", "select", "textarea", "video",
];

/// Elements that the pages know.
const SHOWN: [&str; 80] = [
    "a",
    "abbr",
    "acronym",
    "address",
    "article",
    "aside",
    "b",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "label",
    "li",
    "main",
    "mark",
    "menu",
    "nav",
    "ol",
    "output",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
    "font",
    "rp",
    "rt",
    "ruby",
];

/// Reads HTML; tells `warn` what is not shown.
pub fn read(html: &str, warn: &mut dyn FnMut(Flaw)) -> Vec<Node> {
    let context = QualName::new(None, ns!(html), local_name!("div"));
    let dom = parse_fragment(RcDom::default(), ParseOpts::default(), context, Vec::new(), false)
        .one(html);
    if dom.errors.borrow().iter().any(|error| error.starts_with("Saw EOF in state")) {
        warn(Flaw::OpenTag);
    }
    let root = dom.document.children.borrow().first().cloned();
    let mut reader = Reader { warn: &mut *warn, is_code: false };
    let mut nodes = root.map(|root| reader.children(&root, 0)).unwrap_or_default();
    tables::bound(&mut nodes, warn);
    nodes
}

struct Reader<'a> {
    warn: &'a mut dyn FnMut(Flaw),
    /// Within code, where a dollar sign is nothing but that.
    is_code: bool,
}

impl Reader<'_> {
    fn children(&mut self, parent: &Handle, depth: usize) -> Vec<Node> {
        let mut nodes: Vec<Node> = Vec::new();
        for child in parent.children.borrow().iter() {
            for node in self.node(child, depth) {
                match (nodes.last_mut(), node) {
                    (Some(Node::Text(text)), Node::Text(more)) => text.push_str(&more),
                    (_, node) => nodes.push(node),
                }
            }
        }
        if self.is_code { nodes } else { with_formulas(nodes) }
    }

    fn node(&mut self, node: &Handle, depth: usize) -> Vec<Node> {
        match &node.data {
            NodeData::Text { contents } => vec![Node::Text(contents.borrow().to_string())],
            NodeData::Element { name, attrs, .. } => {
                let attributes: Vec<(String, String)> = attrs
                    .borrow()
                    .iter()
                    .map(|it| (it.name.local.to_string(), it.value.to_string()))
                    .collect();
                let name = name.local.to_string();
                self.element(node, Element { name, attributes, children: Vec::new() }, depth)
            }
            _ => Vec::new(),
        }
    }

    fn element(&mut self, node: &Handle, mut element: Element, depth: usize) -> Vec<Node> {
        if element.name == "svg" {
            return vec![self.drawing(node)];
        }
        if WITHOUT_CONTENT.contains(&element.name.as_str()) {
            if element.name == "script" && is_code(&element) {
                (self.warn)(Flaw::Script);
            }
            return Vec::new();
        }
        if let Some(sign) = tick_box(&element) {
            return vec![Node::Text(sign.to_owned())];
        }
        if NOT_SHOWN.contains(&element.name.as_str()) {
            (self.warn)(Flaw::Element(element.name.clone()));
            let inner = self.children(node, depth + 1);
            return [vec![Node::Note(not_shown(&element.name))], inner].concat();
        }
        let was_code = self.is_code;
        self.is_code |= element.is(&["pre", "code"]);
        element.children = match depth < DEEPEST {
            true => self.children(node, depth + 1),
            false => vec![Node::Text(text_of(node))],
        };
        self.is_code = was_code;
        if depth >= DEEPEST || !SHOWN.contains(&element.name.as_str()) {
            return element.children;
        }
        element.attributes = kept_attributes(&element);
        vec![Node::Element(element)]
    }

    fn drawing(&mut self, node: &Handle) -> Node {
        let svg = svg::written(node);
        if svg.lost_html {
            (self.warn)(Flaw::Element("foreignObject".to_owned()));
        }
        if svg.title.is_none() {
            (self.warn)(Flaw::NoDescription);
        }
        let alt = svg.title.unwrap_or_default();
        Node::Image(Image { picture: svg.picture, alt, width: None })
    }
}

/// Says what cannot be shown.
pub fn not_shown(name: &str) -> String {
    format!("an element <{name}> that a page cannot show")
}

/// Whether a script would run; JSON for a widget does not.
fn is_code(script: &Element) -> bool {
    script.attribute("type").is_none_or(|kind| !kind.contains("json"))
}

/// Gives the sign for a box that is ticked or not.
fn tick_box(element: &Element) -> Option<&'static str> {
    let is_box = element.name == "input" && element.attribute("type") == Some("checkbox");
    is_box.then(|| if element.attribute("checked").is_some() { "☒" } else { "☐" })
}

/// Gives the attributes that a page may have.
fn kept_attributes(element: &Element) -> Vec<(String, String)> {
    let keeps = |name: &str| match element.name.as_str() {
        "a" => ["href"].contains(&name),
        "img" => ["src", "alt", "width"].contains(&name),
        "ol" => ["start", "type"].contains(&name),
        "td" | "th" => ["colspan", "rowspan", "align", "scope"].contains(&name),
        "details" => name == "open",
        "code" | "pre" => name == "class",
        "div" => name == "class" || name == "align",
        "p" => name == "align",
        _ => false,
    };
    let is_kept = |(name, value): &&(String, String)| {
        (keeps(name) && (name != "href" || is_link(value))) || name == "style" || name == "title"
    };
    let mut kept: Vec<(String, String)> =
        element.attributes.iter().filter(is_kept).cloned().collect();
    if element.name == "div" {
        // Of its classes a page knows those of a box to be seen; others are the page's own.
        let class = element.attribute("class").unwrap_or_default();
        let is_alert = class.split_whitespace().any(|name| name == "alert");
        kept.retain(|(name, _)| name != "class");
        kept.extend(is_alert.then(|| ("class".to_owned(), "alert".to_owned())));
    }
    kept
}

/// Whether an address leads somewhere, and runs or holds nothing itself.
fn is_link(address: &str) -> bool {
    let compact: String =
        address.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let scheme = compact.split(['/', '?', '#']).next().and_then(|it| it.split_once(':'));
    let known = ["http", "https", "mailto", "ftp", "tel"];
    scheme.is_none_or(|(scheme, _)| known.contains(&scheme.to_ascii_lowercase().as_str()))
}

fn with_formulas(nodes: Vec<Node>) -> Vec<Node> {
    let split = |node| match node {
        Node::Text(text) => delimiters::split(&text).into_iter().map(of_stretch).collect(),
        other => vec![other],
    };
    nodes.into_iter().flat_map(split).collect()
}

fn of_stretch(stretch: Stretch) -> Node {
    match stretch {
        Stretch::Text(text) => Node::Text(text),
        Stretch::Formula { tex, display } => {
            Node::Formula(Formula { source: tex.clone(), tex, display })
        }
    }
}

/// Gives the text within a node, without a limit to its depth.
fn text_of(node: &Handle) -> String {
    let mut text = String::new();
    let mut open = vec![Rc::clone(node)];
    while let Some(node) = open.pop() {
        match &node.data {
            NodeData::Text { contents } => text.push_str(&contents.borrow()),
            NodeData::Element { name, .. } if WITHOUT_CONTENT.contains(&&*name.local) => {}
            _ => open.extend(node.children.borrow().iter().rev().cloned()),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(html: &str) -> (Vec<Node>, Vec<String>) {
        let mut warnings = Vec::new();
        let nodes = read(html, &mut |flaw| warnings.push(flaw.to_string()));
        (nodes, warnings)
    }

    #[test]
    fn what_cannot_be_shown_is_named_in_its_place() {
        let (nodes, warnings) = told("a<video src=x>fallback</video>");
        let note = Node::Note("an element <video> that a page cannot show".into());
        assert_eq!(nodes, [Node::Text("a".into()), note, Node::Text("fallback".into())]);
        assert_eq!(warnings, ["an element <video> cannot be shown"]);
        assert_eq!(told("<script>a()</script>").1.len(), 1);
        assert!(
            told("<script type=\"application/json\">1</script><style>a{}</style>").1.is_empty()
        );
    }

    #[test]
    fn what_an_open_tag_or_comment_swallows_is_told() {
        for html in ["a <!-- b", "a <div title='b c", "a <b"] {
            assert_eq!(told(html).1.len(), 1, "{html}");
        }
        assert!(told("a <div><b>c <!-- d -->").1.is_empty());
    }

    #[test]
    fn deep_nesting_becomes_text() {
        let (nodes, _) = told(&("<div>".repeat(5000) + "deep"));
        assert!(super::super::tree::plain_text(&nodes).contains("deep"));
    }

    #[test]
    fn formulas_are_found_outside_of_code() {
        let (nodes, _) = told("$x$ <code>$y$</code>");
        assert!(matches!(&nodes[0], Node::Formula(formula) if formula.tex == "x"));
        assert!(
            matches!(&nodes[2], Node::Element(code) if code.children == [Node::Text("$y$".into())])
        );
    }
}
