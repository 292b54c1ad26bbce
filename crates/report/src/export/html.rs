//! The document as one HTML page that loads nothing.

use std::fmt::Write;

use super::document::{Body, Code, Document, Part, Rendered};
use super::html_prose::{coloured, markup_of};
use super::markup::{escape, replace_tags};
use super::motion::Motion;
use super::output::{Figure, Output};
use super::page::{Exported, Page};
use super::prose::{Heading, NO_DESCRIPTION, Node};
use super::warning::Warning;
use super::{ansi, sanitize};

const TEMPLATE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");

/// Writes the page.
pub fn write(document: &Document, page: &Page) -> Exported {
    let html = fill_template(&[
        ("{{policy}}", &policy(document)),
        ("{{title}}", &escape(&document.title)),
        ("{{style}}", STYLE),
        ("{{facts}}", &facts(&page.header.facts)),
        ("{{warnings}}", &notes(&document.warnings)),
        ("{{contents}}", &contents(&document.headings)),
        ("{{cells}}", &cells(&document.parts, &document.rendered)),
    ]);
    Exported { content: html.into_bytes(), warnings: document.warnings.clone() }
}

/// Puts the parts of the page into its frame. They are never searched for another's place.
fn fill_template(parts: &[(&str, &str)]) -> String {
    let mut page = String::new();
    let mut rest = TEMPLATE;
    while let Some(at) = rest.find("{{") {
        page.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find("}}").map_or(rest.len(), |end| end + 2);
        let value = parts.iter().find(|(name, _)| *name == &rest[..end]);
        page.push_str(value.map_or("", |(_, value)| value));
        rest = &rest[end..];
    }
    page + rest
}

/// Gives what the page may do: show what it holds, and run the lab's own scripts.
fn policy(document: &Document) -> String {
    let mut hashes: Vec<String> = motions(document).map(Motion::hash).collect();
    hashes.dedup();
    let scripts = if hashes.is_empty() { "'none'".to_owned() } else { hashes.join(" ") };
    format!(
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src {scripts}; \
         base-uri 'none'; form-action 'none'"
    )
}

fn motions(document: &Document) -> impl Iterator<Item = &Motion> {
    document.parts.iter().filter_map(|part| match &part.body {
        Body::Output(Output::Figure(figure)) => figure.motion.as_ref(),
        _ => None,
    })
}

fn facts(facts: &[(String, String)]) -> String {
    let lines = facts.iter().map(|(name, what)| {
        format!("<div><dt>{}</dt><dd>{}</dd></div>\n", escape(name), escape(what))
    });
    lines.collect()
}

fn notes(warnings: &[Warning]) -> String {
    if warnings.is_empty() {
        return String::new();
    }
    let lines = warnings.iter().map(|Warning { place, what }| {
        let place = place.iter().map(|place| {
            let name = escape(&place.to_string());
            format!("<a href=\"#cell.{}\">{name}</a>: ", place.number)
        });
        format!("<li>{}{}</li>\n", place.collect::<String>(), escape(&what.to_string()))
    });
    format!(
        "<div class=\"notes\" role=\"note\">\n<p>To know about this page:</p>\n<ul>\n{}</ul>\n</div>",
        lines.collect::<String>()
    )
}

/// Lists the headings, each list within the line of the heading above it.
fn contents(headings: &[Heading]) -> String {
    if headings.is_empty() {
        return String::new();
    }
    let mut html = String::from(
        "<nav aria-labelledby=\"page.contents\">\n<p id=\"page.contents\">Contents</p>",
    );
    let mut depth = 1;
    for Heading { level, id, text } in headings {
        match *level > depth {
            true => html.push_str("\n<ol>\n"),
            false => html.push_str("</li>\n"),
        }
        for _ in *level..depth {
            html.push_str("</ol>\n</li>\n");
        }
        depth = *level;
        // Writing into a string cannot fail.
        let _ = write!(html, "<li><a href=\"#{id}\">{}</a>", escape(text));
    }
    for _ in 1..depth {
        html.push_str("</li>\n</ol>\n");
    }
    html + "</nav>"
}

/// Writes the cells, each with its parts. Their ids have a dot, which no heading's id has.
fn cells(parts: &[Part], rendered: &Rendered) -> String {
    let mut html = String::new();
    let mut open = None;
    for part in parts {
        if open != Some(part.cell) {
            html.push_str(if open.is_some() { "</div>\n" } else { "" });
            let _ = writeln!(html, "<div class=\"cell\" id=\"cell.{}\">", part.cell);
            open = Some(part.cell);
        }
        html.push_str(&match &part.body {
            Body::Prose(nodes) => of_prose(nodes, rendered),
            Body::Code(code) => folded(code, rendered),
            Body::Output(output) => of_output(output, rendered),
        });
        html.push('\n');
    }
    html + if open.is_some() { "</div>" } else { "" }
}

fn of_prose(nodes: &[Node], rendered: &Rendered) -> String {
    with_scrolling_parts(sanitize::prose(&markup_of(nodes, rendered)).trim())
}

fn folded(code: &Code, rendered: &Rendered) -> String {
    let open = if code.is_folded { "" } else { " open" };
    let count = code.count.map(|count| format!(" [{count}]")).unwrap_or_default();
    let html = coloured("rust", code.source.trim_end(), rendered);
    let html = sanitize::prose(&html);
    format!("<details class=\"code\"{open}><summary>Code{count}</summary>\n{html}\n</details>")
}

fn of_output(output: &Output, rendered: &Rendered) -> String {
    match output {
        Output::Stream { name, text } => {
            let class = if name == "stderr" { "stream stderr" } else { "stream" };
            format!("<pre class=\"{class}\">{}</pre>", ansi::to_html(text.trim_end()))
        }
        Output::Error { name, traceback } => format!(
            "<div class=\"error\">\n<p>Error: {}</p>\n<pre>{}</pre>\n</div>",
            escape(name),
            ansi::to_html(traceback.trim_end())
        ),
        Output::Figure(figure) => of_figure(figure),
        Output::Prose(nodes) => {
            format!("<div class=\"html\">\n{}\n</div>", of_prose(nodes, rendered))
        }
        Output::Text(text) => {
            format!("<pre class=\"result\">{}</pre>", ansi::to_html(text.trim_end()))
        }
        Output::Missing(note) => format!("<p><em>[{}]</em></p>", escape(note)),
    }
}

/// Lets tables and formulas that are wider than a narrow page be moved, by the keyboard too.
fn with_scrolling_parts(html: &str) -> String {
    let block = "<math display=\"block\"";
    let html =
        replace_tags(html, "math", |tag| tag.replace(block, &format!("{block} tabindex=\"0\"")));
    let opened =
        replace_tags(&html, "table", |tag| format!("<div class=\"table\" tabindex=\"0\">\n{tag}"));
    opened.replace("</table>", "</table>\n</div>")
}

fn of_figure(figure: &Figure) -> String {
    let alt = if figure.alt.is_empty() { NO_DESCRIPTION } else { &figure.alt };
    let caption = match figure.caption.as_str() {
        "" => String::new(),
        caption => format!("\n<figcaption>{}</figcaption>", escape(caption)),
    };
    let html = format!(
        "<figure>\n<img alt=\"{}\" src=\"{}\">{caption}\n</figure>",
        escape(alt),
        escape(&figure.picture.address())
    );
    match &figure.motion {
        Some(Motion { id, script }) => {
            format!("<div data-sliders=\"{id}\">\n{html}\n</div>\n<script>{script}</script>")
        }
        None => html,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contents_nest_as_the_headings_do() {
        let heading = |level, id: &str| Heading { level, id: id.into(), text: format!("<{id}>") };
        let headings =
            [heading(2, "a"), heading(3, "b"), heading(4, "c"), heading(2, "d"), heading(3, "e")];
        insta::assert_snapshot!(contents(&headings), @r##"
        <nav aria-labelledby="page.contents">
        <p id="page.contents">Contents</p>
        <ol>
        <li><a href="#a">&lt;a&gt;</a>
        <ol>
        <li><a href="#b">&lt;b&gt;</a>
        <ol>
        <li><a href="#c">&lt;c&gt;</a></li>
        </ol>
        </li>
        </ol>
        </li>
        <li><a href="#d">&lt;d&gt;</a>
        <ol>
        <li><a href="#e">&lt;e&gt;</a></li>
        </ol>
        </li>
        </ol>
        </nav>
        "##);
        assert_eq!(contents(&[]), "");
    }

    #[test]
    fn what_a_notebook_says_never_fills_another_place_of_the_page() {
        let page = fill_template(&[("{{title}}", "{{cells}}"), ("{{cells}}", "ONCE")]);
        assert_eq!(page.matches("ONCE").count(), 1);
        assert!(page.contains("<title>{{cells}}</title>"));
    }
}
