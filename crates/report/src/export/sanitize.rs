//! HTML that others wrote, made harmless: no scripts, no styles that leave their cell, nothing that a
//! browser would load, every tag closed.

use std::borrow::Cow;
use std::collections::HashSet;

use ammonia::Builder;

use super::markup::{self, attribute};
use super::prose::NO_DESCRIPTION;

/// Tags of formulas, as pandoc writes them. `annotation-xml` may hold HTML, and is not among them.
const MATH: [&str; 30] = [
    "math",
    "semantics",
    "annotation",
    "mrow",
    "mi",
    "mo",
    "mn",
    "mtext",
    "mspace",
    "ms",
    "msub",
    "msup",
    "msubsup",
    "munder",
    "mover",
    "munderover",
    "mmultiscripts",
    "mprescripts",
    "none",
    "mfrac",
    "msqrt",
    "mroot",
    "mtable",
    "mtr",
    "mtd",
    "mstyle",
    "mpadded",
    "mphantom",
    "menclose",
    "merror",
];

const MATH_ATTRIBUTES: [&str; 24] = [
    "xmlns",
    "display",
    "encoding",
    "mathvariant",
    "stretchy",
    "fence",
    "separator",
    "form",
    "accent",
    "accentunder",
    "lspace",
    "rspace",
    "width",
    "height",
    "depth",
    "minsize",
    "maxsize",
    "linethickness",
    "columnalign",
    "columnspacing",
    "rowspacing",
    "displaystyle",
    "scriptlevel",
    "notation",
];

/// Tags that would change the page's outline.
const OUTLINE: [&str; 14] = [
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "footer", "nav", "aside", "article", "hgroup",
    "map", "area",
];

/// Styles that move nothing out of its place and leave colours to the page.
const STYLES: [&str; 6] =
    ["text-align", "vertical-align", "font-weight", "font-style", "text-decoration", "width"];

/// Makes an output's HTML harmless.
pub fn output(html: &str) -> String {
    complete_images(&builder().rm_tags(OUTLINE).clean(html).to_string())
}

/// Makes harmless what pandoc made of a cell of Markdown, which may hold HTML of the author's.
pub fn prose(html: &str) -> String {
    let mut builder = builder();
    builder.add_tags(MATH);
    for tag in MATH {
        builder.add_tag_attributes(tag, MATH_ATTRIBUTES);
    }
    // Pandoc's tokens of code, formulas that it could not read, and footnotes.
    for tag in ["pre", "code", "span", "div", "section", "a"] {
        builder.add_tag_attributes(tag, ["class"]);
    }
    builder.add_tags(["label", "font", "big"]);
    builder.add_tag_attributes("details", ["open"]);
    for heading in ["h1", "h2", "h3", "h4", "h5", "h6"] {
        builder.add_tag_attributes(heading, ["id"]);
    }
    complete_images(&builder.clean(html).to_string())
}

/// Gives each image a description, and says where one is missing because it is not within the page.
fn complete_images(html: &str) -> String {
    markup::replace_tags(html, "img", |tag| {
        let alt = attribute(tag, "img", "alt").filter(|alt| !alt.trim().is_empty());
        match (attribute(tag, "img", "src"), alt) {
            (Some(_), Some(_)) => tag.to_owned(),
            (Some(address), None) => {
                format!("<img alt=\"{NO_DESCRIPTION}\" src=\"{}\">", markup::escape(&address))
            }
            (None, alt) => {
                let alt = alt.unwrap_or_else(|| NO_DESCRIPTION.to_owned());
                format!("<em>[{}; it lies elsewhere and is not loaded]</em>", markup::escape(&alt))
            }
        }
    })
}

fn builder() -> Builder<'static> {
    let mut builder = Builder::default();
    builder
        .add_tags(["tfoot", "section"])
        .rm_tags(["map", "area"])
        .add_generic_attributes(["style"])
        .filter_style_properties(HashSet::from(STYLES))
        .add_url_schemes(["data"])
        .attribute_filter(|tag, name, value| match (tag, name) {
            (_, "src") => is_embedded_picture(value).then_some(Cow::Borrowed(value)),
            ("a", "href") => (!is_data(value)).then_some(Cow::Borrowed(value)),
            (_, "href" | "cite") => None,
            _ => Some(Cow::Borrowed(value)),
        });
    builder
}

/// Whether an address holds its content itself; browsers pass over white space in its beginning.
fn is_data(address: &str) -> bool {
    let begins = address.chars().filter(|c| !c.is_whitespace() && !c.is_control());
    begins.take("data:".len()).collect::<String>().eq_ignore_ascii_case("data:")
}

/// Whether an address is a picture's content itself.
fn is_embedded_picture(address: &str) -> bool {
    ["png", "jpeg", "gif", "webp", "svg+xml"]
        .iter()
        .any(|kind| address.starts_with(&format!("data:image/{kind};base64,")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOT_LOADED: &str =
        "<em>[Picture without a description; it lies elsewhere and is not loaded]</em>";

    #[test]
    fn what_could_run_load_or_leave_its_cell_is_taken_out() {
        let cases = [
            ("<script>alert(1)</script>a", "a"),
            ("<img src=x onerror=alert(1)>", NOT_LOADED),
            ("<svg><script>alert(1)</script></svg>b", "b"),
            ("<svg onload=alert(1)>", ""),
            ("<iframe src=\"https://a.org\"></iframe>", ""),
            (
                "<img src=\"https://a.org/a.png\" alt=\"a > b\">",
                "<em>[a &gt; b; it lies elsewhere and is not loaded]</em>",
            ),
            ("<img src=\"data:text/html;base64,AAAA\">", NOT_LOADED),
            ("<a href=\"javascript:alert(1)\">a</a>", "<a rel=\"noopener noreferrer\">a</a>"),
            ("<a href=\"data:text/html,a\">a</a>", "<a rel=\"noopener noreferrer\">a</a>"),
            ("<a href=\" DATA:text/html,a\">a</a>", "<a rel=\"noopener noreferrer\">a</a>"),
            ("<a href=\"da\tta:text/html,a\">a</a>", "<a rel=\"noopener noreferrer\">a</a>"),
            (
                "<img src=\"data:image/png;base64,AAAA\" alt=\"\">",
                "<img alt=\"Picture without a description\" src=\"data:image/png;base64,AAAA\">",
            ),
            ("<link rel=\"stylesheet\" href=\"https://a.org/a.css\">", ""),
            ("<style>body { display: none }</style>", ""),
            ("<form action=\"https://a.org\"><button>a</button></form>", "a"),
            (
                "<p style=\"position:fixed;text-align:right\">a</p>",
                "<p style=\"text-align:right\">a</p>",
            ),
            (
                "<p style=\"text-align:right;background:url(https://a.org)\">a",
                "<p style=\"text-align:right\">a</p>",
            ),
            ("<h1>a</h1>", "a"),
            ("</div></main><b>a", "<b>a</b>"),
            ("<div id=\"cell-1\" class=\"notes\">a", "<div>a</div>"),
            (
                "<math><annotation-xml encoding=\"text/html\"><script>1</script></annotation-xml></math>",
                "",
            ),
            ("<base href=\"https://a.org\"><meta http-equiv=refresh content=0>", ""),
            (
                "<!-- a --><table><tr><td colspan=2>a",
                "<table><tbody><tr><td colspan=\"2\">a</td></tr></tbody></table>",
            ),
        ];
        for (html, expected) in cases {
            assert_eq!(output(html), expected, "{html}");
        }
    }

    #[test]
    fn formulas_and_code_of_prose_stay_as_pandoc_wrote_them() {
        let formula = "<p><math display=\"block\" xmlns=\"http://www.w3.org/1998/Math/MathML\">\
            <semantics><mrow><msubsup><mo>∑</mo><mi>i</mi><mi>n</mi></msubsup><mfrac><mn>1</mn>\
            <mn>2</mn></mfrac><mtext mathvariant=\"normal\">a</mtext></mrow>\
            <annotation encoding=\"application/x-tex\">\\sum_i^n \\frac 1 2 &lt; a</annotation>\
            </semantics></math></p>";
        let code = "<h2 id=\"a\">A</h2><pre class=\"sourceCode rust\"><code class=\"sourceCode rust\">\
            <span class=\"kw\">let</span> a</code></pre>";
        for html in [formula, code] {
            assert_eq!(prose(html), html);
        }
        assert_eq!(prose("<h2 onclick=\"a()\">A</h2><script>a()</script>"), "<h2>A</h2>");
    }
}
