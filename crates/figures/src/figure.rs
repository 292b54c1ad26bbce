//! A figure that is drawn: its SVG, the words that stand for it, and where they go.

use crate::error::SaveError;
use crate::parts::bundle::{Content, bundle, emit};
use crate::parts::palette::{ALERT, INK};
use crate::parts::svg::{Font, MARGIN, PLAIN, Svg, WIDTH};
use crate::parts::text::{escape, one_line, wrap};
use backprop_protocol::files::write_whole;
use base64::prelude::{BASE64_STANDARD, Engine};
use std::path::Path;

/// A drawn figure: an SVG with a title, a description in words and a caption.
///
/// It is the value of a notebook cell that ends in it: the kernel calls
/// [`evcxr_display`](Figure::evcxr_display) and shows the picture; a screen reader reads
/// [`alt`](Figure::alt), a text-only front end shows [`text`](Figure::text).
#[derive(Clone, Debug)]
#[must_use = "a figure is shown by ending a cell with it, or kept by `save`"]
pub struct Figure {
    title: String,
    drawing: Svg,
    /// In pixels at full size.
    height: f64,
    alt: String,
    caption: String,
}

/// The words around a drawing that every kind of figure has.
#[derive(Clone, Debug)]
pub struct Words {
    /// The title, above the drawing.
    pub title: String,
    /// The caption, below it.
    pub caption: String,
    /// The user's own description, instead of the one made from the numbers.
    pub alt: Option<String>,
}

impl Words {
    /// Begins with the title alone.
    pub fn new(title: &str) -> Self {
        Words { title: one_line(title), caption: String::new(), alt: None }
    }

    /// Finishes a drawing: `gist` says in words what it shows.
    pub fn figure(&self, drawing: Svg, height: f64, gist: &str) -> Figure {
        let alt = self.alt.clone().unwrap_or_else(|| match self.title.as_str() {
            "" => gist.to_string(),
            title if title.ends_with(['.', '?', '!']) => format!("{title} {gist}"),
            title => format!("{title}. {gist}"),
        });
        let (title, caption) = (self.title.clone(), self.caption.clone());
        Figure { title, drawing, height, alt, caption }
    }

    /// Draws what keeps the figure from being drawn, in place of the figure.
    pub fn message(&self, problems: &[String]) -> Figure {
        let mut svg = Svg::new(WIDTH);
        let mut y = svg.heading(&self.title) + 18.0;
        svg.text(MARGIN, y, "This figure cannot be drawn:", &Font { color: ALERT, ..PLAIN });
        for problem in problems {
            for line in wrap(problem, PLAIN.size, WIDTH - 2.0 * MARGIN) {
                y += 18.0;
                svg.text(MARGIN, y, &line, &Font { color: INK, ..PLAIN });
            }
        }
        let gist = format!("This figure cannot be drawn: {}.", problems.join("; "));
        // A description of the user's own would hide what went wrong.
        Words { alt: None, ..self.clone() }.figure(svg, y + MARGIN, &gist)
    }
}

impl Figure {
    /// Gives the drawing as an SVG document, with title and description.
    pub fn svg(&self) -> String {
        self.drawing.document(self.height, &self.title, &self.alt)
    }

    /// Says in words and numbers what the drawing shows.
    pub fn alt(&self) -> String {
        self.alt.clone()
    }

    /// Gives the caption, empty where there is none.
    pub fn caption(&self) -> String {
        self.caption.clone()
    }

    /// Sets the caption: data set, seed, what to look at.
    pub fn with_caption(mut self, caption: &str) -> Self {
        self.caption = one_line(caption);
        self
    }

    /// Sets another figure below this one: one picture, whose words are those of both.
    pub fn above(mut self, other: &Figure) -> Self {
        self.drawing.place_below(self.height, &other.drawing);
        self.height += other.height;
        self.alt = joined(&self.alt, &other.alt);
        self.caption = joined(&self.caption, &other.caption);
        self
    }

    /// Gives the figure as HTML: a `<figure>` with the picture, its alt text and the caption.
    ///
    /// The picture is an `<img>` that carries its SVG: sanitisers of notebooks that are not
    /// trusted let it through, and nothing in it can meet the names and styles of the page.
    pub fn html(&self) -> String {
        let alt = escape(&self.alt);
        let data = BASE64_STANDARD.encode(self.svg());
        let caption = match self.caption.as_str() {
            "" => String::new(),
            caption => format!("\n<figcaption>{}</figcaption>", escape(caption)),
        };
        format!(
            r#"<figure style="margin:0.5em 0">
<img alt="{alt}" src="data:image/svg+xml;base64,{data}" style="max-width:100%;height:auto">{caption}
</figure>"#
        )
    }

    /// Gives the figure as text: the alt text and the caption.
    pub fn text(&self) -> String {
        match self.caption.as_str() {
            "" => self.alt.clone(),
            caption => format!("{}\n{caption}", self.alt),
        }
    }

    /// Writes the SVG to a file, as a whole or not at all.
    ///
    /// # Errors
    /// With the file and the reason, for example a folder that does not exist.
    pub fn save(&self, path: &str) -> Result<(), SaveError> {
        let path = Path::new(path);
        write_whole(path, self.svg().as_bytes()).map_err(SaveError::file(path))
    }

    /// Gives what [`evcxr_display`](Figure::evcxr_display) writes: HTML, SVG and text as one result.
    pub fn bundle(&self) -> String {
        bundle(&self.contents())
    }

    /// The renditions of the figure, by MIME type.
    pub fn contents(&self) -> [Content; 3] {
        [
            Content { mime: "text/html", text: self.html() },
            Content { mime: "image/svg+xml", text: self.svg() },
            Content { mime: "text/plain", text: self.text() },
        ]
    }

    /// Shows the figure as the result of a notebook cell; the kernel calls it.
    pub fn evcxr_display(&self) {
        emit(&self.bundle());
    }
}

/// Two texts as one; each may be empty.
fn joined(first: &str, second: &str) -> String {
    let texts: Vec<&str> = [first, second].into_iter().filter(|text| !text.is_empty()).collect();
    texts.join(" ")
}

impl showata::Showable for Figure {
    fn to_content_info(&self) -> anyhow::Result<showata::ContentInfo> {
        Ok(showata::ContentInfo { mime_type: "text/html".to_string(), content: self.html() })
    }

    fn evcxr_display(&self) {
        Figure::evcxr_display(self);
    }
}
