//! The snippets of tests/markdown, read here and, as recorded there, by JupyterLab.

use serde_json::Value;

use super::super::document::Rendered;
use super::super::html_prose::markup_of;
use super::super::sanitize;
use super::{Element, Node, formulas, markdown, reader};

const SNIPPETS: &str = include_str!("../../../../../tests/markdown/snippets.txt");
const READINGS: &str = include_str!("../../../../../tests/markdown/readings.json");

/// What JupyterLab leaves out without a word, and we name in its place.
const NAMED_HERE: [&str; 1] = ["frame and video"];

/// Gives each snippet's name and its cells.
fn snippets() -> Vec<(&'static str, Vec<&'static str>)> {
    let parts = format!("\n{SNIPPETS}").leak().split("\n=== ").skip(1);
    let snippets = parts.map(|part| {
        let (name, cells) = part.split_once('\n').unwrap_or((part, ""));
        let cells =
            cells.split("--- next cell\n").map(|cell| cell.strip_suffix('\n').unwrap_or(cell));
        (name, cells.collect())
    });
    snippets.collect()
}

fn read(source: &str) -> Vec<Node> {
    markdown::read(source, &mut |_| {})
}

/// Writes a tree as `tree` of tests/markdown/oracle.mjs does.
fn written(nodes: &[Node]) -> String {
    nodes.iter().map(of_node).collect()
}

fn of_node(node: &Node) -> String {
    match node {
        Node::Text(text) => {
            let mut line = String::new();
            for character in text.chars() {
                match character {
                    ' ' | '\t' | '\r' | '\n' if line.ends_with(' ') => {}
                    ' ' | '\t' | '\r' | '\n' => line.push(' '),
                    other => line.push(other),
                }
            }
            line
        }
        Node::Formula(formula) if formula.display => "⟨display⟩".to_owned(),
        Node::Formula(_) => "⟨inline⟩".to_owned(),
        Node::Element(element) => of_element(element),
        Node::Image(_) | Node::Note(_) => "[note]".to_owned(),
    }
}

fn of_element(element: &Element) -> String {
    let name = match element.name.as_str() {
        "i" => "em",
        "b" => "strong",
        "s" | "strike" => "del",
        name => name,
    };
    let of = |name| element.attribute(name).unwrap_or_default();
    let decoded = |address: &str| super::super::picture::decode_percent(address);
    let said = match name {
        "br" | "hr" => return format!("<{name}>"),
        "img" => return format!("<img {}|{}>", decoded(of("src")), of("alt")),
        "a" if !of("href").is_empty() => format!(" {}", decoded(of("href"))),
        "ol" if !["", "1"].contains(&of("start")) => format!(" {}", of("start")),
        "td" | "th" => ["colspan", "rowspan"]
            .into_iter()
            .filter(|span| !of(span).is_empty())
            .map(|span| format!(" {span}={}", of(span)))
            .collect(),
        _ => String::new(),
    };
    let inner = match name {
        "pre" => {
            let text = super::plain_text(&element.children);
            text.strip_suffix('\n').unwrap_or(&text).to_owned()
        }
        _ => written(&element.children),
    };
    match name {
        "span" | "font" | "tbody" => inner,
        _ => format!("<{name}{said}>{inner}</{name}>"),
    }
}

/// Takes out white space beside the tags of blocks, where it shows nowhere.
fn tidy(text: &str) -> String {
    let mut tidied = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        let name = tag[1..].trim_start_matches('/');
        let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
        let is_block = Element::new(name, Vec::new()).is_block()
            || ["br", "caption", "td", "tfoot", "th", "thead", "tr"].contains(&name);
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        tidied.push_str(before);
        if is_block {
            tidied.truncate(tidied.trim_end_matches(' ').len());
        }
        tidied.push_str(&tag[..end]);
        rest = &tag[end..];
        if is_block {
            rest = rest.trim_start_matches(' ');
        }
    }
    (tidied + rest).trim().to_owned()
}

#[test]
fn every_snippet_reads_as_in_jupyterlab() {
    let readings: Value = serde_json::from_str(READINGS).unwrap();
    let snippets = snippets();
    assert!(snippets.len() >= 200 && readings.as_object().unwrap().len() == snippets.len());
    let mut wrong = Vec::new();
    for (name, cells) in &snippets {
        let expected = &readings[name];
        let nodes: Vec<Vec<Node>> = cells.iter().map(|cell| read(cell)).collect();
        let trees: Vec<String> = nodes.iter().map(|nodes| tidy(&written(nodes))).collect();
        let found: Vec<(&str, bool)> = nodes
            .iter()
            .flat_map(|nodes| formulas(nodes))
            .map(|formula| (formula.source.as_str(), formula.display))
            .collect();
        let expected_formulas: Vec<(&str, bool)> = expected["formulas"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| (it["tex"].as_str().unwrap(), it["display"].as_bool().unwrap()))
            .collect();
        let expected_trees: Vec<&str> =
            expected["tree"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
        let is_right = trees == expected_trees && found == expected_formulas;
        if !is_right && !NAMED_HERE.contains(name) {
            wrong.push(format!(
                "{name}\n  {expected_trees:?}\n  {trees:?}\n  {expected_formulas:?}\n  {found:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), snippets.len(), wrong.join("\n"));
}

/// What a page's HTML says is what the tree says: nothing is lost where it is written and made harmless.
#[test]
fn a_page_has_the_structure_that_was_read() {
    for (name, cells) in snippets() {
        for cell in cells {
            let nodes = read(cell);
            let html = sanitize::prose(&markup_of(&nodes, &Rendered::default()));
            let is_plain = formulas(&nodes).is_empty() && !html.contains("<em>[");
            // Pictures are put in before a page is written, and a dollar sign may stand alone.
            if is_plain && !html.contains('$') && !written(&nodes).contains("<img") {
                assert_eq!(
                    tidy(&written(&reader::read(&html, &mut |_| {}))),
                    tidy(&written(&nodes)),
                    "{name}"
                );
            }
            assert_eq!(
                html.matches("<span class=\"math\">").count(),
                formulas(&nodes).len(),
                "{name}"
            );
        }
    }
}
