//! Blocks of prose, as pandoc reads them from Markdown: headings in order, links that lead somewhere,
//! pictures that are there.
//!
//! Pandoc's JSON is a tree of elements `{"t": kind, "c": content}`.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::formula;
use super::markup::attribute;
use super::picture::{NoPicture, Picture};
use super::warning::Flaw;

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
    /// Takes the headings of a cell in. Those in the author's HTML become text: they would have no
    /// place in the order.
    pub fn add(&mut self, blocks: &mut [Value]) {
        for block in blocks {
            walk(block, &mut |element| match element["t"].as_str() {
                Some("Header") => self.place(element),
                Some("RawBlock") if is_heading_tag(element) => {
                    *element = json!({ "t": "Plain", "c": [] });
                }
                _ => {}
            });
        }
    }

    fn place(&mut self, header: &mut Value) {
        let written = header["c"][0].as_u64().unwrap_or(1);
        self.open.retain(|&level| level < written);
        self.open.push(written);
        let level = (self.open.len() as u64 + 1).min(6);
        let text = plain_text(&header["c"][2]);
        let id = self.free_id(&slug(&text));
        header["c"][0] = level.into();
        header["c"][1] = json!([id, [], []]);
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
    pub fn connect_links(&self, blocks: &mut [Value]) {
        for block in blocks {
            walk(block, &mut |element| {
                let Some(target) = element["c"][2][0].as_str().and_then(|to| to.strip_prefix('#'))
                else {
                    return;
                };
                if element["t"] != "Link" {
                    return;
                }
                let id = slug(target);
                if self.ids.contains(&id) {
                    element["c"][2][0] = format!("#{id}").into();
                } else {
                    let text = element["c"][1].take();
                    *element = json!({ "t": "Span", "c": [["", [], []], text] });
                }
            });
        }
    }
}

/// Whether an element is a tag such as `<h2>` or `</h2>`.
fn is_heading_tag(raw: &Value) -> bool {
    let html = raw["c"][1].as_str().unwrap_or_default().trim_start_matches(['<', '/']);
    let mut characters = html.chars();
    matches!(characters.next(), Some('h' | 'H')) && matches!(characters.next(), Some('1'..='6'))
}

/// Takes the heading out that a cell begins with, for the page has it as its title.
pub fn take_title(blocks: &mut Vec<Value>) -> Option<String> {
    let first = blocks.first()?;
    if first["t"] != "Header" || first["c"][0] != 1 {
        return None;
    }
    let title = plain_text(&first["c"][2]);
    blocks.remove(0);
    Some(title)
}

/// Puts the content of each picture in place of its address, and a word where there is none.
pub fn embed_pictures(
    blocks: &mut [Value],
    find: impl Fn(&str) -> Result<Picture, NoPicture>,
    warn: &mut dyn FnMut(Flaw),
) {
    for block in blocks {
        walk(block, &mut |element| {
            if let Some(image) = image_of_html(element) {
                *element = image;
            }
            if element["t"] != "Image" {
                return;
            }
            let alt = plain_text(&element["c"][1]);
            let address = element["c"][2][0].as_str().unwrap_or_default();
            match find(address) {
                Ok(picture) => {
                    if alt.trim().is_empty() {
                        warn(Flaw::NoDescription);
                        element["c"][1] = json!([{ "t": "Str", "c": NO_DESCRIPTION }]);
                    }
                    element["c"][2] = json!([picture.address(), ""]);
                }
                Err(why) => {
                    *element =
                        json!({ "t": "Emph", "c": [{ "t": "Str", "c": format!("[{why}]") }] });
                    warn(Flaw::NoPicture(why));
                }
            }
        });
    }
}

/// What stands in place of a picture's description where there is none.
pub const NO_DESCRIPTION: &str = "Picture without a description";

/// Gives pandoc's element for an `<img …>` that the author wrote in HTML.
fn image_of_html(element: &Value) -> Option<Value> {
    let html = element["c"][1].as_str()?.trim();
    let is_raw = element["t"] == "RawInline" || element["t"] == "RawBlock";
    if !is_raw || !html.starts_with("<img ") || html.matches('<').count() > 1 {
        return None;
    }
    let of = |name| attribute(html, "img", name);
    let width = of("width").map(|width| json!(["width", width]));
    let attributes: Vec<Value> = width.into_iter().collect();
    let alt = json!([{ "t": "Str", "c": of("alt").unwrap_or_default() }]);
    let image = json!({ "t": "Image", "c": [["", [], attributes], alt, [of("src")?, ""]] });
    match element["t"] == "RawBlock" {
        true => Some(json!({ "t": "Para", "c": [image] })),
        false => Some(image),
    }
}

/// Has formulas say which of their bars and brackets belong together, and tables have columns as wide
/// as what they hold; pandoc makes those of a table with a long line equal.
pub fn tidy(blocks: &mut [Value]) {
    for block in blocks {
        walk(block, &mut |element| match element["t"].as_str() {
            Some("Math") => {
                let source = element["c"][1].as_str().unwrap_or_default();
                element["c"][1] = formula::with_pairs(source).into();
            }
            Some("Table") => {
                for column in element["c"][2].as_array_mut().into_iter().flatten() {
                    column[1] = json!({ "t": "ColWidthDefault" });
                }
            }
            _ => {}
        });
    }
}

/// Gives the formulas of a tree.
pub fn formulas(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(values) => values.iter().flat_map(formulas).collect(),
        Value::Object(element) if element["t"] == "Math" => vec![value],
        Value::Object(element) => element.get("c").map(formulas).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// Calls `visit` for each element of a tree, those within an element after it.
pub fn walk(value: &mut Value, visit: &mut impl FnMut(&mut Value)) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| walk(value, visit)),
        Value::Object(_) => {
            visit(value);
            if let Some(content) = value.get_mut("c") {
                walk(content, visit);
            }
        }
        _ => {}
    }
}

/// Gives the text of some elements, without what is only looks.
pub fn plain_text(value: &Value) -> String {
    match value {
        Value::Array(values) => values.iter().map(plain_text).collect(),
        Value::Object(element) => match element["t"].as_str().unwrap_or_default() {
            "Str" => element["c"].as_str().unwrap_or_default().to_owned(),
            "Space" | "SoftBreak" | "LineBreak" => " ".to_owned(),
            "Math" | "Code" => element["c"][1].as_str().unwrap_or_default().to_owned(),
            "Quoted" => format!("“{}”", plain_text(&element["c"][1])),
            "RawInline" | "RawBlock" | "Note" => String::new(),
            _ => element.get("c").map(plain_text).unwrap_or_default(),
        },
        _ => String::new(),
    }
}

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

    fn words(text: &str) -> Value {
        json!([{ "t": "Str", "c": text }])
    }

    fn heading(level: u64, text: &str) -> Value {
        json!({ "t": "Header", "c": [level, ["x", [], []], words(text)] })
    }

    fn link(target: &str) -> Value {
        json!({ "t": "Link", "c": [["", [], []], words("there"), [target, ""]] })
    }

    #[test]
    fn headings_skip_no_level_and_have_ids_of_their_own() {
        let levels = [(2, "A"), (4, "B, b!"), (4, "A"), (3, "C"), (2, "A"), (1, "⚠"), (2, "D")];
        let mut blocks: Vec<Value> = levels.iter().map(|(l, text)| heading(*l, text)).collect();
        let mut outline = Outline::default();
        outline.add(&mut blocks);
        let found: Vec<(u64, &str)> =
            outline.headings.iter().map(|heading| (heading.level, heading.id.as_str())).collect();
        let expected =
            [(2, "a"), (3, "b-b"), (3, "a-2"), (3, "c"), (2, "a-3"), (2, "section"), (3, "d")];
        assert_eq!(found, expected);
        assert_eq!(blocks[1]["c"][0], 3);
        assert_eq!(blocks[1]["c"][1][0], "b-b");
    }

    #[test]
    fn links_lead_to_headings_or_are_text() {
        let mut outline = Outline::default();
        outline.add(&mut [heading(2, "Forward pass")]);
        let mut links = [link("#Forward-pass"), link("#nowhere"), link("02-next.ipynb")];
        outline.connect_links(&mut links);
        assert_eq!(links[0]["c"][2][0], "#forward-pass");
        assert_eq!((&links[1]["t"], plain_text(&links[1])), (&json!("Span"), "there".into()));
        assert_eq!(links[2], link("02-next.ipynb"));
    }

    #[test]
    fn pictures_are_embedded_and_those_that_are_not_there_are_told() {
        let image = |alt: &str, address: &str| json!({ "t": "Image", "c": [["", [], []], words(alt), [address, ""]] });
        let html = json!({ "t": "RawInline", "c": ["html", "<img src=\"a.png\" alt=\"A\" width=\"30\">"] });
        let mut blocks = [image("A", "a.png"), image("", "a.png"), image("B", "b.png"), html];
        let find = |address: &str| match address {
            "a.png" => Ok(Picture { mime: "image/png".into(), base64: "AA".into() }),
            _ => Err(NoPicture::AttachmentMissing(address.to_owned())),
        };
        let mut warnings = Vec::new();
        embed_pictures(&mut blocks, find, &mut |warning| warnings.push(warning.to_string()));
        assert_eq!(blocks[0], image("A", "data:image/png;base64,AA"));
        assert_eq!(plain_text(&blocks[1]), NO_DESCRIPTION);
        assert_eq!(plain_text(&blocks[2]), "[the attachment b.png is missing]");
        assert_eq!(blocks[3]["c"][0][2], json!([["width", "30"]]));
        let expected =
            ["a picture has no description (alt text)", "the attachment b.png is missing"];
        assert_eq!(warnings, expected);
    }

    #[test]
    fn formulas_are_paired_and_columns_are_as_wide_as_needed() {
        let math = json!({ "t": "Math", "c": [{ "t": "InlineMath" }, "|a|"] });
        let column = |width: Value| json!([{ "t": "AlignDefault" }, width]);
        let table = |width| json!({ "t": "Table", "c": [0, 0, [column(width)], [math.clone()]] });
        let mut blocks = [table(json!({ "t": "ColWidth", "c": 0.33 }))];
        tidy(&mut blocks);
        assert_eq!(blocks[0]["c"][2][0][1], json!({ "t": "ColWidthDefault" }));
        assert_eq!(blocks[0]["c"][3][0]["c"][1], "\\left|a\\right|");
    }

    #[test]
    fn a_title_is_the_heading_that_begins_the_notebook() {
        let mut blocks = vec![heading(1, "One"), heading(2, "Two")];
        assert_eq!(take_title(&mut blocks).as_deref(), Some("One"));
        assert_eq!((take_title(&mut blocks), blocks.len()), (None, 1));
    }
}
