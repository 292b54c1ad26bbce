//! Prose, read into a tree: headings in order, links that lead somewhere, pictures that are there.
//!
//! `markdown` reads cells, with `extraction` for their formulas; `reader` reads HTML, that of outputs too,
//! with `delimiters` for formulas and `svg` for drawings. All of them give the nodes of `tree`.

use std::collections::HashSet;

use self::tree::walk;
pub use self::tree::{Element, Formula, Image, Node, formulas, one_line, plain_text};
use super::picture::{NoPicture, Picture};
use super::warning::Flaw;

#[cfg(test)]
mod corpus;
mod delimiters;
mod extraction;
pub mod markdown;
pub mod reader;
mod svg;
pub mod tables;
mod tree;

/// A heading, as the table of contents lists it.
#[derive(Clone, Debug, PartialEq)]
pub struct Heading {
    /// 2 for a section, 3 for one within it, and so on; 1 is the page's title.
    pub level: u64,
    pub id: String,
    pub text: String,
}

/// Gives each heading a level that skips none, and an id of its own.
#[derive(Default)]
pub struct Outline {
    pub headings: Vec<Heading>,
    /// The author's levels that the current heading is within.
    open: Vec<u64>,
    ids: HashSet<String>,
}

impl Outline {
    /// Takes the headings of a cell in.
    pub fn add(&mut self, nodes: &mut [Node]) {
        walk(nodes, &mut |node| {
            if let Node::Element(element) = node
                && let Some(level) = element.heading_level()
            {
                self.place(element, level);
            }
        });
    }

    fn place(&mut self, header: &mut Element, written: u64) {
        self.open.retain(|&level| level < written);
        self.open.push(written);
        let level = (self.open.len() as u64 + 1).min(6);
        let text = one_line(&plain_text(&header.children));
        let id = self.free_id(&slug(&text));
        header.name = format!("h{level}");
        header.attributes = vec![("id".to_owned(), id.clone())];
        self.headings.push(Heading { level, id, text });
    }

    fn free_id(&mut self, slug: &str) -> String {
        let numbered = (2..).map(|number| format!("{slug}-{number}"));
        let mut candidates = std::iter::once(slug.to_owned()).chain(numbered);
        let id = candidates.find(|id| !self.ids.contains(id)).expect("numbers do not end");
        self.ids.insert(id.clone());
        id
    }

    /// Points links within the notebook to the headings that they mean, and takes the others out.
    pub fn connect_links(&self, nodes: &mut [Node]) {
        walk(nodes, &mut |node| {
            let Node::Element(link) = node else { return };
            let Some(target) = link.attribute("href").and_then(|to| to.strip_prefix('#')) else {
                return;
            };
            let id = slug(&super::picture::decode_percent(target));
            if self.ids.contains(&id) {
                link.set("href", &format!("#{id}"));
            } else {
                link.name = "span".to_owned();
                link.attributes.clear();
            }
        });
    }
}

/// Takes the heading out that a cell begins with, for the page has it as its title.
pub fn take_title(nodes: &mut Vec<Node>) -> Option<String> {
    let is_blank = |node: &Node| matches!(node, Node::Text(text) if text.trim().is_empty());
    let first = nodes.iter().position(|node| !is_blank(node))?;
    let title = first_title(&nodes[first..=first])?;
    nodes.remove(first);
    Some(title)
}

/// Gives the text of the first heading of the first level.
pub fn first_title(nodes: &[Node]) -> Option<String> {
    nodes.iter().find_map(|node| match node {
        Node::Element(element) if element.name == "h1" => {
            Some(one_line(&plain_text(&element.children)))
        }
        _ => None,
    })
}

/// Makes the headings of an output bold lines: they would have no place in the page's order.
pub fn without_headings(nodes: &mut [Node]) {
    walk(nodes, &mut |node| {
        if let Node::Element(element) = node
            && element.heading_level().is_some()
        {
            let children = std::mem::take(&mut element.children);
            *element = Element::new("p", vec![Node::Element(Element::new("strong", children))]);
        }
    });
}

/// Puts the content of each picture in place of its address, and a word where there is none.
pub fn embed_pictures(
    nodes: &mut [Node],
    find: impl Fn(&str) -> Result<Picture, NoPicture>,
    warn: &mut dyn FnMut(Flaw),
) {
    walk(nodes, &mut |node| {
        let Node::Element(element) = node else { return };
        if element.name != "img" {
            return;
        }
        let alt = one_line(element.attribute("alt").unwrap_or_default());
        let width =
            element.attribute("width").map(str::to_owned).or_else(|| width_of_style(element));
        *node = match find(element.attribute("src").unwrap_or_default().trim()) {
            Ok(picture) => {
                if alt.is_empty() {
                    warn(Flaw::NoDescription);
                }
                Node::Image(Image { picture, alt, width })
            }
            Err(why) => {
                let words = if alt.is_empty() { String::new() } else { format!("{alt}: ") };
                let note = Node::Note(format!("{words}{why}"));
                warn(Flaw::NoPicture(why));
                note
            }
        };
    });
}

fn width_of_style(element: &Element) -> Option<String> {
    let style = element.attribute("style")?;
    let mut entries = style.split(';').filter_map(|entry| entry.split_once(':'));
    let width = entries.find(|(name, _)| name.trim().eq_ignore_ascii_case("width"))?.1;
    Some(width.trim().to_owned())
}

/// Gives each formula to `keep`, and takes those out for which it says no.
pub fn each_formula(nodes: &mut [Node], keep: &mut dyn FnMut(&mut Formula) -> bool) {
    walk(nodes, &mut |node| {
        if let Node::Formula(formula) = node
            && !keep(formula)
        {
            *node = Node::Text(String::new());
        }
    });
}

/// Gives the blocks of code: the language of each, and its text.
pub fn code(nodes: &[Node]) -> Vec<(String, String)> {
    let of = |node: &Node| match node {
        Node::Element(element) if element.name == "pre" => code_of(element).into_iter().collect(),
        Node::Element(element) => code(&element.children),
        _ => Vec::new(),
    };
    nodes.iter().flat_map(of).collect()
}

/// Gives the language and the text of a `pre` that holds nothing but text, or code that does.
pub fn code_of(pre: &Element) -> Option<(String, String)> {
    let (class, text) = match pre.children.as_slice() {
        [Node::Text(text)] => ("", text),
        [Node::Element(code)] if code.name == "code" => match code.children.as_slice() {
            [Node::Text(text)] => (code.attribute("class").unwrap_or_default(), text),
            _ => return None,
        },
        _ => return None,
    };
    let mut classes = class.split_whitespace();
    let language = classes.find_map(|name| name.strip_prefix("language-")).unwrap_or_default();
    Some((language.to_owned(), text.trim_end_matches('\n').to_owned()))
}

/// Gives the languages of code that JupyterLab draws.
pub fn diagrams(nodes: &[Node]) -> Vec<String> {
    let languages = code(nodes).into_iter().map(|(language, _)| language);
    languages.filter(|language| language == "mermaid").collect()
}

/// What stands in place of a picture's description where there is none.
pub const NO_DESCRIPTION: &str = "Picture without a description";

/// Gives a heading's text as it stands in an address.
fn slug(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    match words.collect::<Vec<_>>().join("-").to_lowercase() {
        slug if slug.is_empty() => "section".to_owned(),
        slug => slug,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> Vec<Node> {
        markdown::read(source, &mut |_| {})
    }

    #[test]
    fn headings_skip_no_level_and_have_ids_of_their_own() {
        let mut nodes = read("## A\n#### B, b!\n#### A\n### C\n## A\n# ⚠\n## D");
        let mut outline = Outline::default();
        outline.add(&mut nodes);
        let found: Vec<(u64, &str)> =
            outline.headings.iter().map(|heading| (heading.level, heading.id.as_str())).collect();
        let expected =
            [(2, "a"), (3, "b-b"), (3, "a-2"), (3, "c"), (2, "a-3"), (2, "section"), (3, "d")];
        assert_eq!(found, expected);
        let Node::Element(second) = &nodes[2] else { panic!("{nodes:?}") };
        assert_eq!((second.name.as_str(), second.attribute("id")), ("h3", Some("b-b")));
    }

    #[test]
    fn links_lead_to_headings_or_are_text() {
        let mut outline = Outline::default();
        outline.add(&mut read("## Forward pass"));
        let mut nodes = read("[there](#Forward-pass) [there](#nowhere) [there](02-next.ipynb)");
        outline.connect_links(&mut nodes);
        let Node::Element(paragraph) = &nodes[0] else { panic!("{nodes:?}") };
        let links: Vec<(&str, Option<&str>)> = paragraph
            .children
            .iter()
            .filter_map(|node| match node {
                Node::Element(link) => Some((link.name.as_str(), link.attribute("href"))),
                _ => None,
            })
            .collect();
        let expected = [("a", Some("#forward-pass")), ("span", None), ("a", Some("02-next.ipynb"))];
        assert_eq!(links, expected);
    }

    #[test]
    fn pictures_are_embedded_and_those_that_are_not_there_are_told() {
        let mut nodes =
            read("![A](a.png) ![](a.png) ![B](b.png) <img src='a.png' alt='A' width=30>");
        let find = |address: &str| match address {
            "a.png" => Ok(Picture { mime: "image/png".into(), base64: "AA".into() }),
            _ => Err(NoPicture::AttachmentMissing(address.to_owned())),
        };
        let mut warnings = Vec::new();
        embed_pictures(&mut nodes, find, &mut |warning| warnings.push(warning.to_string()));
        let Node::Element(paragraph) = &nodes[0] else { panic!("{nodes:?}") };
        let widths: Vec<Option<&str>> = paragraph
            .children
            .iter()
            .filter_map(|node| match node {
                Node::Image(image) => Some(image.width.as_deref()),
                _ => None,
            })
            .collect();
        assert_eq!(widths, [None, None, Some("30")]);
        assert!(plain_text(&nodes).contains("[B: the attachment b.png is missing]"));
        let expected =
            ["a picture has no description (alt text)", "the attachment b.png is missing"];
        assert_eq!(warnings, expected);
    }

    #[test]
    fn a_title_is_the_heading_that_begins_the_notebook() {
        let mut nodes = read("# One\n\n## Two");
        assert_eq!(take_title(&mut nodes).as_deref(), Some("One"));
        assert_eq!(take_title(&mut nodes), None);
        assert_eq!(first_title(&read("text\n\n# One")).as_deref(), Some("One"));
    }
}
