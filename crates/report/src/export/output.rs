//! What an execution left below a cell, taken apart.

use serde_json::Value;

use super::markup::{attribute, element_text};
use super::motion::Motion;
use super::picture::Picture;
use super::sanitize;
use super::warning::{Flaw, size};
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
    /// HTML, made harmless.
    Html(String),
    Text(String),
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
    /// Takes an output apart; none if it shows nothing. What it is too large for is told to `warn`.
    pub fn of(output: &Value, warn: &mut dyn FnMut(Flaw)) -> Option<Output> {
        match output["output_type"].as_str()? {
            "stream" => {
                let name = output["name"].as_str().unwrap_or("stdout").to_owned();
                let text = overwrite_lines(&text(&output["text"])?);
                Some(Output::Stream { name, text: shorten(text, warn) })
            }
            "error" => {
                let name = output["ename"].as_str().unwrap_or("Error").to_owned();
                let lines: Vec<&str> =
                    output["traceback"].as_array()?.iter().filter_map(Value::as_str).collect();
                let traceback = match lines.is_empty() {
                    true => output["evalue"].as_str().unwrap_or_default().to_owned(),
                    false => lines.join("\n"),
                };
                Some(Output::Error { name, traceback: shorten(traceback, warn) })
            }
            _ => Output::of_bundle(&output["data"], warn),
        }
    }

    /// Chooses among the renditions of one result: a figure, else HTML, else text.
    fn of_bundle(data: &Value, warn: &mut dyn FnMut(Flaw)) -> Option<Output> {
        let rendition = |mime: &str| data.get(mime).and_then(text);
        let plain = rendition("text/plain").unwrap_or_default();
        let html = rendition("text/html");
        let picture = ["image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp"]
            .into_iter()
            .find_map(|mime| Some(Picture::of_rendition(mime, &rendition(mime)?)));
        if let Some(picture) = picture
            && html.as_deref().is_none_or(is_figure)
        {
            if picture.base64.len() > MOST_PICTURE {
                warn(Flaw::LargePicture(picture.base64.len()));
                return Some(Output::Text(shorten(plain, warn)));
            }
            let figure = Figure::new(picture, html.as_deref(), &plain);
            if figure.alt.is_empty() {
                warn(Flaw::NoDescription);
            }
            return Some(Output::Figure(figure));
        }
        match html {
            Some(html) if html.len() > MOST_HTML => {
                warn(Flaw::LargeHtml(html.len()));
                Some(Output::Text(shorten(plain, warn)))
            }
            Some(html) => {
                if html.to_ascii_lowercase().contains("<script") {
                    warn(Flaw::Script);
                }
                Some(Output::Html(sanitize::output(&html)))
            }
            None if plain.is_empty() => None,
            None => Some(Output::Text(shorten(plain, warn))),
        }
    }
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

/// Carries out what a carriage return does in a terminal: the line begins anew.
fn overwrite_lines(text: &str) -> String {
    let lines = text.split_inclusive('\n').map(|line| {
        let end = line.trim_end_matches(['\r', '\n']).len();
        let begin = line[..end].rfind('\r').map_or(0, |at| at + 1);
        line[begin..].replace('\r', "")
    });
    lines.collect()
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
        let taken = Output::of(&output, &mut |warning| warnings.push(warning.to_string()));
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
        assert_eq!(output, Some(Output::Html("<b>a</b>".into())));
        assert_eq!(warnings, ["a script of unknown origin is taken out of an output"]);
        assert_eq!(of_data(json!({ "text/plain": "4" })).0, Some(Output::Text("4".into())));
        assert_eq!(of_data(json!({})).0, None);
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
