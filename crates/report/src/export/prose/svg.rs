//! A drawing within HTML, written down as a picture: elements and attributes that draw, nothing that
//! runs or loads.

use base64::prelude::{BASE64_STANDARD, Engine};
use markup5ever_rcdom::{Handle, NodeData};

use super::super::markup::escape;
use super::super::picture::Picture;

/// Elements that draw.
const ELEMENTS: [&str; 47] = [
    "svg",
    "g",
    "defs",
    "symbol",
    "use",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "textPath",
    "title",
    "desc",
    "image",
    "clipPath",
    "mask",
    "pattern",
    "marker",
    "linearGradient",
    "radialGradient",
    "stop",
    "style",
    "switch",
    "filter",
    "feBlend",
    "feColorMatrix",
    "feComponentTransfer",
    "feComposite",
    "feFlood",
    "feFuncA",
    "feFuncB",
    "feFuncG",
    "feFuncR",
    "feGaussianBlur",
    "feMerge",
    "feMergeNode",
    "feOffset",
    "feTile",
    "feTurbulence",
    "feMorphology",
    "feDropShadow",
    "metadata",
    "feConvolveMatrix",
];

/// Drawings within drawings beyond this depth are left out.
const DEEPEST: usize = 100;

/// A drawing as a picture.
pub struct Drawing {
    pub picture: Picture,
    /// What it says that it shows.
    pub title: Option<String>,
    /// Whether it held HTML, which a picture cannot show.
    pub lost_html: bool,
}

/// Writes a drawing down.
pub fn written(svg: &Handle) -> Drawing {
    let mut writer = Writer { xml: String::new(), title: None, lost_html: false };
    writer.element(svg, 0);
    let picture =
        Picture { mime: "image/svg+xml".to_owned(), base64: BASE64_STANDARD.encode(writer.xml) };
    Drawing { picture, title: writer.title, lost_html: writer.lost_html }
}

struct Writer {
    xml: String,
    title: Option<String>,
    lost_html: bool,
}

impl Writer {
    fn element(&mut self, node: &Handle, depth: usize) {
        let NodeData::Element { name, attrs, .. } = &node.data else { return };
        let name: &str = &name.local;
        self.lost_html |= name == "foreignObject";
        // A link draws nothing itself.
        let name = if name == "a" { "g" } else { name };
        if !ELEMENTS.contains(&name) || depth > DEEPEST {
            return;
        }
        self.xml.push_str(&format!("<{name}"));
        if depth == 0 {
            self.xml.push_str(" xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"");
        }
        for attribute in attrs.borrow().iter() {
            let local: &str = &attribute.name.local;
            let value: &str = &attribute.value;
            if local == "aria-label" && depth == 0 {
                self.title = Some(value.to_owned());
            }
            if is_kept(local, value) {
                let local = if local == "href" { "xlink:href" } else { local };
                self.xml.push_str(&format!(" {local}=\"{}\"", escape(value)));
            }
        }
        self.xml.push('>');
        for child in node.children.borrow().iter() {
            match &child.data {
                NodeData::Text { contents } => self.text(name, &contents.borrow(), depth),
                _ => self.element(child, depth + 1),
            }
        }
        self.xml.push_str(&format!("</{name}>"));
    }

    fn text(&mut self, parent: &str, text: &str, depth: usize) {
        if parent == "title" && depth == 1 {
            self.title = Some(text.trim().to_owned());
        }
        // A sheet of styles may load others, and fonts.
        let loads = parent == "style"
            && (text.contains("url(") || text.contains('@') || text.contains('\\'));
        if !loads {
            self.xml.push_str(&escape(text));
        }
    }
}

/// Whether an attribute draws, and neither runs nor loads something.
fn is_kept(name: &str, value: &str) -> bool {
    let compact: String = value.chars().filter(|c| !c.is_whitespace()).collect();
    let compact = compact.to_ascii_lowercase();
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    match name {
        "href" => {
            compact.starts_with('#')
                || compact.starts_with("data:image/png;base64,")
                || compact.starts_with("data:image/jpeg;base64,")
        }
        _ if !is_name || name.starts_with("on") || name == "xmlns" || name == "base" => false,
        _ => {
            let outside = compact.matches("url(").count()
                != compact.matches("url(#").count()
                    + compact.matches("url('#").count()
                    + compact.matches("url(\"#").count();
            !outside && !compact.contains("javascript:") && !compact.contains('\\')
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::reader;
    use super::super::tree::Node;

    fn drawing(html: &str) -> String {
        let nodes = reader::read(html, &mut |_| {});
        let Some(Node::Image(image)) = nodes.first() else { panic!("{nodes:?}") };
        String::from_utf8(image.picture.file().unwrap().0).unwrap()
    }

    #[test]
    fn a_drawing_keeps_what_draws_and_loses_what_runs_or_loads() {
        let svg = drawing(
            "<svg viewBox='0 0 9 9' onload='a()'><script>a()</script><rect width=3 fill='url(#g)' \
             style='fill:url(https://a.org)'/><image href='https://a.org/a.png'></image>\
             <a href='javascript:a()'><text>kept</text></a><text>1 &lt; 2</text></svg>",
        );
        assert_eq!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
             viewBox=\"0 0 9 9\"><rect width=\"3\" fill=\"url(#g)\"></rect><image></image>\
             <g><text>kept</text></g><text>1 &lt; 2</text></svg>"
        );
    }
}
