//! No word of a notebook vanishes, whatever stands around it.

use super::*;

/// Ways to write words, each with places for them.
const FRAMES: [&str; 40] = [
    "# {}\n\n{}",
    "{} **{}** *{}* ~~{}~~ `{}`",
    "- {}\n  - {}\n\n    {}",
    "3. {}\n4. {}",
    "> {}\n>> {}",
    "| {} | {} |\n|---|--:|\n| {} | {} |\n{}",
    "{}\n| {} | {} |\n|---|---|\n| {} | {} |",
    "```rust\n{} {}\n```",
    "```\n{}\n```\n{}",
    "    {}\n\n{}",
    "[{}](https://example.org) {}",
    "- [ ] {}\n- [x] {}",
    "{}<br>{}<br/>{}",
    "<div>{}</div>",
    "<div>\n\n**{}** {}\n\n</div>",
    "<details><summary>{}</summary>\n\n{}\n\n</details>",
    "<center>{}</center> {}",
    "<table><caption>{}</caption><tr><th>{}<td>{}<tr><td colspan=2>{}</table>",
    "<table><tr><td rowspan=3>{}</td><td>{}</td></tr><tr><td>{}</td></tr></table>",
    "<table>{}<tr><td>{}</table>",
    "<ul>{}<li>{}</ul><ol><li>{}</ol>",
    "<dl><dt>{}<dd>{}</dl>",
    "<p align=right>{}<p>{}",
    "<blockquote>{}</blockquote>",
    "<pre>{}\n<b>{}</b></pre>",
    "<sup>{}</sup> <sub>{}</sub> <u>{}</u> <mark>{}</mark> <kbd>{}</kbd> <small>{}</small>",
    "<span style='color:red'>{}</span> <font color=red>{}</font> <big>{}</big>",
    "<figure>{}<figcaption>{}</figcaption></figure>",
    "<div class='alert alert-info'>{}</div>",
    "<foo>{}</foo> <my-tag>{}</my-tag> <button>{}</button> <label>{}</label>",
    "<video>{}</video> <audio>{}</audio> <object>{}</object> <progress>{}</progress>",
    "<textarea>{}</textarea> <select><option>{}</select>",
    "<iframe>{}</iframe>",
    "<script>{}</script>",
    "<h1>{}</h1> <h6>{}</h6> <hr> {}",
    "<ruby>{}<rt>{}</rt></ruby> <q>{}</q> <abbr title=x>{}</abbr>",
    "<fieldset><legend>{}</legend>{}</fieldset> <section>{}</section> <main>{}</main>",
    "$x$ {} $$y$$ {}\n\n\\begin{align} a \\end{align}\n\n{}",
    "{}[^1]\n\n[^1]: the note {}",
    "---\ntitle: {}\n---\n\n{}\n===\n\n{}\n---",
];

/// Each word of a cell is in the page and in the PDF, or its cell is among the warnings: for frames within
/// frames, in Markdown and among the outputs.
#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn no_word_vanishes() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let mut words: Vec<Vec<String>> = Vec::new();
    let mut cells = Vec::new();
    for number in 0..240 {
        let mut source = FRAMES[number % FRAMES.len()].to_owned();
        if number >= FRAMES.len() {
            let inner = FRAMES[random(FRAMES.len())];
            // What stands behind the fence of a block of code is its language, and no text.
            let inner = match random(2) {
                _ if inner.contains("```") => format!("\n\n{inner}\n\n"),
                0 => inner.replace('\n', " "),
                _ => inner.to_owned(),
            };
            source = source.replacen("{}", &inner, 1);
        }
        let mut of_cell = Vec::new();
        while source.contains("{}") {
            let name = match of_cell.len() % 2 {
                0 => format!("wa{number}x{}", of_cell.len()),
                _ => format!("{}.{number}7", 70 + of_cell.len()),
            };
            source = source.replacen("{}", &name, 1);
            of_cell.push(name);
        }
        words.push(of_cell);
        cells.push(match number % 4 {
            0 | 1 => markdown(&source),
            2 => executed(1, "()", &[output(json!({"text/html": source}))]),
            _ => executed(1, "()", &[output(json!({"text/markdown": source}))]),
        });
    }
    let shown = of_cells(&cells);
    assert!(!shown.said.contains("this part cannot be set"), "{}", shown.said);
    let page = shown.page_text();
    let mut lost = Vec::new();
    for (number, words) in (1..).zip(&words) {
        let is_told = shown.said.contains(&format!("cell {number} (id cell-{})", number - 1));
        for word in words.iter().filter(|_| !is_told) {
            let pdf = shown.pdf_text.as_deref().unwrap_or(word);
            if !page.contains(word) || !exports::is_within(word, pdf) {
                lost.push(format!("{word} of {}", cells[number - 1]));
            }
        }
    }
    assert!(lost.is_empty(), "{} lost: {}", lost.len(), lost.join("\n"));
}
