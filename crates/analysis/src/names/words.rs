//! The words of a documentation that are told: its first paragraph.

/// Gives the first paragraph, as one line, with the words of its links alone.
pub fn first_paragraph(docs: &str) -> String {
    let lines = docs.trim().lines().take_while(|line| !line.trim().is_empty());
    let paragraph = lines.map(str::trim).collect::<Vec<_>>().join(" ");
    without_links(&paragraph)
}

/// Turns `[words](address)`, `[words][name]` and `[words]` into the words.
fn without_links(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('[') {
        let Some(length) = rest[start..].find(']') else { break };
        let after = &rest[start + length + 1..];
        let closing = match after.chars().next() {
            Some('(') => after.find(')'),
            Some('[') => after.find(']'),
            _ if rest[start..].starts_with("[`") => None,
            _ => {
                // Brackets of mathematics.
                words.push_str(&rest[..start + 1]);
                rest = &rest[start + 1..];
                continue;
            }
        };
        words.push_str(&rest[..start]);
        words.push_str(&rest[start + 1..start + length]);
        rest = &after[closing.map_or(0, |end| end + 1)..];
    }
    words + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_is_told_in_its_words() {
        let docs =
            "Sums [`Data`] of\n[a page](https://a.b/c) in [0, 1], as [`Loss`][loss].\n\nMore.";
        assert_eq!(first_paragraph(docs), "Sums `Data` of a page in [0, 1], as `Loss`.");
        assert_eq!(first_paragraph(""), "");
    }
}
