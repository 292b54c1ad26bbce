//! What an execution left below a cell, taken apart.

use serde_json::Value;

use super::markup::{attribute, element_text, escape};
use super::motion::Motion;
use super::picture::{NoPicture, Picture};
use super::prose::{self, Element, Node, markdown, reader};
use super::warning::{Flaw, size};
use super::{sanitize, terminal};
use crate::notebook::text;

/// The most of an output that a page shows, in bytes.
const MOST_TEXT: usize = 100_000;
const MOST_HTML: usize = 5_000_000;
const MOST_PICTURE: usize = 20_000_000;

/// An output, as the pages show it.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// What was printed: the stream's name and the text, with a terminal's colours.
    Stream {
        name: String,
        text: String,
    },
    /// An error: its name, and the traceback with a terminal's colours.
    Error {
        name: String,
        traceback: String,
    },
    Figure(Figure),
    /// HTML, Markdown or formulas, read.
    Prose(Vec<Node>),
    Text(String),
    /// What stands in place of an output that cannot be shown.
    Missing(String),
}

/// What an output needs to be taken apart.
pub struct Surroundings<'a> {
    /// Finds a picture by its address.
    pub find: &'a dyn Fn(&str) -> Result<Picture, NoPicture>,
    /// Takes in what is not shown as it is.
    pub warn: &'a mut dyn FnMut(Flaw),
}

/// A picture with the words that go with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub picture: Picture,
    /// Says what the picture shows; empty where nobody did.
    pub alt: String,
    pub caption: String,
    pub motion: Option<Motion>,
}

impl Output {
    /// Takes an output apart; none if it shows nothing.
    pub fn of(output: &Value, around: &mut Surroundings) -> Option<Output> {
        let warn = &mut *around.warn;
        match output["output_type"].as_str().unwrap_or_default() {
            "stream" => {
                let name = output["name"].as_str().unwrap_or("stdout").to_owned();
                let text = terminal::shown(&text(&output["text"])?);
                Some(Output::Stream { name, text: shorten(text, warn) })
            }
            "error" => {
                let name = output["ename"].as_str().unwrap_or("Error").to_owned();
                let lines = output["traceback"].as_array().into_iter().flatten();
                let lines: Vec<&str> = lines.filter_map(Value::as_str).collect();
                let traceback = match lines.is_empty() {
                    true => output["evalue"].as_str().unwrap_or_default().to_owned(),
                    false => lines.join("\n"),
                };
                Some(Output::Error { name, traceback: shorten(traceback, warn) })
            }
            "execute_result" | "display_data" | "update_display_data" => {
                Output::of_bundle(&output["data"], around)
            }
            other => Some(missing(other, warn)),
        }
    }

    /// Chooses among the renditions of one result, in the order in which JupyterLab prefers them; but a
    /// figure that has the same picture beside it is shown as that.
    fn of_bundle(data: &Value, around: &mut Surroundings) -> Option<Output> {
        let rendition = |mime: &str| data.get(mime).and_then(text);
        let plain = rendition("text/plain").unwrap_or_default();
        let html = rendition("text/html");
        let picture = PICTURES
            .into_iter()
            .find_map(|mime| Some(Picture::of_rendition(mime, &rendition(mime)?)));
        if let Some(picture) = &picture
            && html.as_deref().is_some_and(is_figure)
        {
            return Some(of_picture(picture.clone(), html.as_deref(), plain, around.warn));
        }
        if let Some(html) = &html
            && let Some(output) = of_html(html, &plain, around)
        {
            return Some(output);
        }
        if let Some(markdown) = rendition("text/markdown") {
            let nodes = markdown::read(&shorten(markdown, around.warn), around.warn);
            return Some(of_nodes(nodes, around));
        }
        if let Some(latex) = rendition("text/latex") {
            let nodes = reader::read(&escape(&shorten(latex, around.warn)), around.warn);
            return Some(Output::Prose(vec![Node::Element(Element::new("p", nodes))]));
        }
        if let Some(picture) = picture {
            return Some(of_picture(picture, None, plain, around.warn));
        }
        if let Some(json) = data.get("application/json") {
            let text = serde_json::to_string_pretty(json).unwrap_or_default();
            return Some(Output::Text(shorten(text, around.warn)));
        }
        let unknown = unknown_kinds(data);
        if plain.is_empty() {
            return (!unknown.is_empty()).then(|| missing(&unknown, around.warn));
        }
        if !unknown.is_empty() {
            (around.warn)(Flaw::OutputKind(unknown));
        }
        Some(Output::Text(shorten(terminal::shown(&plain), around.warn)))
    }
}

/// Kinds of pictures among renditions, the best first.
const PICTURES: [&str; 5] = ["image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp"];

/// Gives what stands for an output of a kind that cannot be shown.
fn missing(kind: &str, warn: &mut dyn FnMut(Flaw)) -> Output {
    let flaw = Flaw::OutputKind(kind.to_owned());
    let note = flaw.to_string();
    warn(flaw);
    Output::Missing(note)
}

/// Names the renditions that no page can show.
fn unknown_kinds(data: &Value) -> String {
    let kinds = data.as_object().into_iter().flatten().map(|(mime, _)| mime.as_str());
    let unknown: Vec<&str> =
        kinds.filter(|mime| !["text/plain", "text/html"].contains(mime)).collect();
    unknown.join(", ")
}

fn of_picture(
    picture: Picture,
    html: Option<&str>,
    plain: String,
    warn: &mut dyn FnMut(Flaw),
) -> Output {
    if picture.base64.len() > MOST_PICTURE {
        warn(Flaw::LargePicture(picture.base64.len()));
        return Output::Text(shorten(plain, warn));
    }
    let figure = Figure::new(picture, html, &plain);
    if figure.alt.is_empty() {
        warn(Flaw::NoDescription);
    }
    Output::Figure(figure)
}

/// Reads an output's HTML; none if nothing of it is shown, as of that which only runs a script.
fn of_html(html: &str, plain: &str, around: &mut Surroundings) -> Option<Output> {
    if html.len() > MOST_HTML {
        (around.warn)(Flaw::LargeHtml(html.len()));
        return Some(Output::Text(shorten(plain.to_owned(), around.warn)));
    }
    let nodes = reader::read(html, around.warn);
    has_content(&nodes).then(|| of_nodes(nodes, around))
}

fn has_content(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| match node {
        Node::Text(text) => !text.trim().is_empty(),
        Node::Element(element) => {
            element.is(&["img", "hr", "table"]) || has_content(&element.children)
        }
        _ => true,
    })
}

fn of_nodes(mut nodes: Vec<Node>, around: &mut Surroundings) -> Output {
    prose::without_headings(&mut nodes);
    prose::embed_pictures(&mut nodes, around.find, around.warn);
    Output::Prose(nodes)
}

impl Figure {
    /// Puts a picture and its words together: those of its HTML, else the plain text of its bundle.
    fn new(picture: Picture, html: Option<&str>, plain: &str) -> Figure {
        let clean = html.map(sanitize::output).unwrap_or_default();
        // Such as "<Figure size 640x480 with 1 Axes>", which says nothing.
        let gist = if plain.trim_start().starts_with('<') { "" } else { plain.trim() };
        Figure {
            picture,
            alt: attribute(&clean, "img", "alt").unwrap_or_else(|| gist.to_owned()),
            caption: element_text(&clean, "figcaption").unwrap_or_default(),
            motion: html.and_then(Motion::find),
        }
    }
}

/// Whether HTML shows the same picture as the rest of its bundle, with words around it.
fn is_figure(html: &str) -> bool {
    html.starts_with("<figure") || html.starts_with("<div data-sliders=")
}

/// Leaves the middle out of a text that is too long.
fn shorten(text: String, warn: &mut dyn FnMut(Flaw)) -> String {
    if text.len() <= MOST_TEXT {
        return text;
    }
    let head = text.floor_char_boundary(MOST_TEXT * 4 / 5);
    let tail = text.ceil_char_boundary(text.len() - MOST_TEXT / 5);
    let left_out = tail - head;
    warn(Flaw::Shortened { left_out, of: text.len() });
    format!("{}\n… {} left out …\n{}", &text[..head], size(left_out), &text[tail..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn taken(output: Value) -> (Option<Output>, Vec<String>) {
        let mut warnings = Vec::new();
        let find = |address: &str| Err(NoPicture::OnTheNetwork(address.to_owned()));
        let warn = &mut |warning: Flaw| warnings.push(warning.to_string());
        let taken = Output::of(&output, &mut Surroundings { find: &find, warn });
        (taken, warnings)
    }

    fn of_data(data: Value) -> (Option<Output>, Vec<String>) {
        taken(json!({ "output_type": "display_data", "data": data, "metadata": {} }))
    }

    #[test]
    fn a_figure_of_the_crate_keeps_its_words() {
        let html = "<figure style=\"margin:0\">\n<img alt=\"Loss falls &lt; 1.\" src=\"data:image/svg+xml;base64,AA\">\n\
                    <figcaption>Seed 0.</figcaption>\n</figure>";
        let (output, warnings) = of_data(json!({
            "text/html": html, "image/svg+xml": "<svg/>", "text/plain": "Loss falls < 1.\nSeed 0.",
        }));
        let Some(Output::Figure(figure)) = output else { panic!("{output:?}") };
        assert_eq!((figure.alt.as_str(), figure.caption.as_str()), ("Loss falls < 1.", "Seed 0."));
        assert_eq!(figure.picture.file(), Some((b"<svg/>".to_vec(), "svg")));
        assert!(warnings.is_empty() && figure.motion.is_none());
    }

    #[test]
    fn a_picture_without_words_is_told() {
        let (output, warnings) =
            of_data(json!({ "image/png": "AAAA\n", "text/plain": "<Figure size 640x480>" }));
        let Some(Output::Figure(figure)) = output else { panic!("{output:?}") };
        assert_eq!(figure.picture.address(), "data:image/png;base64,AAAA");
        assert_eq!(figure.alt, "");
        assert_eq!(warnings, ["a picture has no description (alt text)"]);
    }

    #[test]
    fn html_is_preferred_to_text_and_loses_its_scripts() {
        let (output, warnings) = of_data(
            json!({ "text/html": ["<b>a</b>", "<script>b()</script>"], "text/plain": "a" }),
        );
        let bold = Node::Element(Element::new("b", vec![Node::Text("a".into())]));
        assert_eq!(output, Some(Output::Prose(vec![bold])));
        assert_eq!(warnings, ["a script of unknown origin is taken out of an output"]);
        assert_eq!(of_data(json!({ "text/plain": "4" })).0, Some(Output::Text("4".into())));
        assert_eq!(of_data(json!({})).0, None);
    }

    #[test]
    fn renditions_of_any_kind_are_shown_or_named() {
        let formula = |output: &Option<Output>| match output {
            Some(Output::Prose(nodes)) => prose::formulas(nodes).len(),
            _ => panic!("{output:?}"),
        };
        let (output, _) =
            of_data(json!({ "text/latex": "$\\displaystyle x < 2$", "text/plain": "x" }));
        assert_eq!(formula(&output), 1);
        let (output, _) = of_data(json!({ "text/markdown": "**a** $x$", "text/plain": "a" }));
        assert_eq!(formula(&output), 1);
        let (output, _) = of_data(json!({ "application/json": { "a": [1] } }));
        assert_eq!(output, Some(Output::Text("{\n  \"a\": [\n    1\n  ]\n}".into())));
        let widget = "application/vnd.jupyter.widget-view+json";
        let (output, warnings) = of_data(json!({ widget: {}, "text/plain": "IntSlider(value=1)" }));
        assert_eq!(output, Some(Output::Text("IntSlider(value=1)".into())));
        assert_eq!(warnings, [format!("an output of the kind {widget} cannot be shown")]);
        let (output, warnings) = of_data(json!({ "application/pdf": "AAAA" }));
        assert!(matches!(output, Some(Output::Missing(_))) && warnings.len() == 1);
        let (output, warnings) =
            of_data(json!({ "text/html": "<script>a()</script>", "text/plain": "a" }));
        assert_eq!((output, warnings.len()), (Some(Output::Text("a".into())), 1));
        let (output, warnings) = taken(json!({ "output_type": "clear" }));
        assert!(matches!(output, Some(Output::Missing(_))) && warnings.len() == 1);
    }

    #[test]
    fn a_progress_bar_shows_its_last_state() {
        let stream =
            json!({ "output_type": "stream", "name": "stderr", "text": ["1 %\r2 %\r\n", "a\r"] });
        let expected = Output::Stream { name: "stderr".into(), text: "2 %\na".into() };
        assert_eq!(taken(stream).0, Some(expected));
    }

    #[test]
    fn of_what_is_too_long_the_middle_is_left_out_and_told() {
        let text = "ä".repeat(25_000_000);
        let (output, warnings) = taken(json!({ "output_type": "stream", "text": text }));
        let Some(Output::Stream { text, .. }) = output else { panic!("no stream") };
        assert!(text.len() < 110_000 && text.contains("\n… 49.9 MB left out …\n"));
        assert_eq!(warnings, ["49.9 MB of an output of 50.0 MB are left out"]);
    }
}
