//! Text in HTML and out of it.

/// Gives a text as it stands in HTML, between tags or in an attribute's quotes.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // HTML has no place for other control characters.
            control if control.is_control() && !"\n\t".contains(control) => {}
            other => escaped.push(other),
        }
    }
    escaped
}

/// Gives the text that HTML shows, without its tags.
pub fn text_of(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        rest = &after[length_of_tag(after).min(after.len())..];
    }
    text.push_str(rest);
    unescape(&text)
}

/// Gives the text within the first element of that name; none if there is no such element.
pub fn element_text(html: &str, name: &str) -> Option<String> {
    let (_, after) = html.split_once(&format!("<{name}"))?;
    let content = &after[length_of_tag(after).min(after.len())..];
    Some(text_of(content.split_once(&format!("</{name}>"))?.0).trim().to_owned())
}

/// Gives an attribute of the first tag of that name, as the sanitiser or pandoc writes it.
pub fn attribute(html: &str, tag: &str, name: &str) -> Option<String> {
    let (_, after) = html.split_once(&format!("<{tag}"))?;
    let tag = &after[..length_of_tag(after).min(after.len())];
    let beginning = format!("{name}=\"");
    let at = tag
        .match_indices(&beginning)
        .find(|(at, _)| *at == 0 || tag.as_bytes()[at - 1].is_ascii_whitespace())?;
    let value = &tag[at.0 + beginning.len()..];
    Some(unescape(value.split_once('"')?.0))
}

/// Puts something in place of each tag of that name, as the sanitiser writes them.
pub fn replace_tags(html: &str, name: &str, with: impl Fn(&str) -> String) -> String {
    let beginning = format!("<{name}");
    let mut replaced = String::new();
    let mut rest = html;
    while let Some(at) = rest.find(&beginning) {
        replaced.push_str(&rest[..at]);
        let tag = &rest[at..];
        let end = 1 + length_of_tag(&tag[1..]);
        replaced.push_str(&with(&tag[..end]));
        rest = &tag[end..];
    }
    replaced + rest
}

/// Counts the bytes up to and with the `>` that ends a tag, past those in quotes.
fn length_of_tag(after: &str) -> usize {
    let mut quoted = false;
    let end = after.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b'>' && !quoted
    });
    end.map_or(after.len(), |end| end + 1)
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&nbsp;", "\u{a0}")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_goes_into_html_and_comes_out_of_it() {
        let text = "a < b & \"c\" > d\n\te";
        assert_eq!(text_of(&escape(text)), text);
        assert_eq!(escape("bell\u{7} escape\u{1b}[0m"), "bell escape[0m");
        assert_eq!(text_of("<p title=\"1 > 0\">a<br>b &amp;lt;</p>"), "ab &lt;");
    }

    #[test]
    fn elements_and_attributes_are_found() {
        let html = "<figure><img data-alt=\"no\" alt=\"a &quot;b&quot; > c\" src=\"data:x\">\n\
                    <figcaption>one <b>two</b></figcaption></figure>";
        assert_eq!(attribute(html, "img", "alt").as_deref(), Some("a \"b\" > c"));
        assert_eq!(attribute(html, "img", "width"), None);
        assert_eq!(element_text(html, "figcaption").as_deref(), Some("one two"));
        assert_eq!(element_text(html, "caption"), None);
    }
}
