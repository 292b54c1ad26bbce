//! What MathJax knows and pandoc does not, said in commands that both know.

use std::collections::HashMap;

use super::super::warning::Flaw;
use super::tokens::{take_argument, take_group, take_token};

/// Writes a formula for pandoc; notes which number a label stands for.
pub fn rewrite(source: &str, tags: &mut HashMap<String, String>) -> String {
    let mut written = String::new();
    let mut rest = source;
    let mut label = None;
    let mut tag = None;
    let (mut depth, mut has_lines) = (0, false);
    while !rest.is_empty() {
        let token = take_token(&mut rest);
        match token {
            "{" | r"\begin" => depth += 1,
            "}" | r"\end" => depth -= 1,
            r"\\" if depth == 0 => has_lines = true,
            _ => {}
        }
        match token {
            r"\tag" => {
                let star = rest.strip_prefix('*');
                rest = star.unwrap_or(rest);
                let name = take_argument(&mut rest).unwrap_or_default();
                let shown = if star.is_some() { name.to_owned() } else { format!("({name})") };
                written.push_str(&format!(r"\qquad \text{{{shown}}}"));
                tag = Some(name.to_owned());
            }
            r"\label" => label = take_argument(&mut rest).map(str::to_owned),
            r"\nonumber" | r"\notag" => {}
            r"\require" => drop(take_argument(&mut rest)),
            r"\color" => drop(take_argument(&mut rest)),
            r"\textcolor" => drop(take_argument(&mut rest)),
            r"\ce" => {
                let formula = take_argument(&mut rest).unwrap_or_default();
                written.push_str(&format!("{{{}}}", chemistry(formula)));
            }
            r"\text" | r"\mbox" | r"\textrm" if rest.starts_with('{') => {
                written.push_str(token);
                written.push_str(take_group(&mut rest));
            }
            _ => written.push_str(token),
        }
        if token == r"\\" || rest.is_empty() {
            if let (Some(label), Some(tag)) = (&label, &tag) {
                tags.insert(label.clone(), tag.clone());
            }
            if token == r"\\" {
                (label, tag) = (None, None);
            }
        }
    }
    match has_lines && !written.contains('&') {
        true => format!(r"\begin{{gathered}}{written}\end{{gathered}}"),
        false => written,
    }
}

/// Puts numbers in place of references.
pub fn resolve(source: &str, tags: &HashMap<String, String>, warn: &mut dyn FnMut(Flaw)) -> String {
    if !source.contains("ref") {
        return source.to_owned();
    }
    let mut written = String::new();
    let mut rest = source;
    while !rest.is_empty() {
        let token = take_token(&mut rest);
        if token != r"\ref" && token != r"\eqref" {
            written.push_str(token);
            continue;
        }
        let label = take_argument(&mut rest).unwrap_or_default();
        let number = tags.get(label).map_or("???", String::as_str);
        if number == "???" {
            warn(Flaw::Reference(label.to_owned()));
        }
        let shown = if token == r"\eqref" { format!("({number})") } else { number.to_owned() };
        written.push_str(&format!(r"\text{{{shown}}}"));
    }
    written
}

/// Writes a chemical formula such as `2 H2O` or `SO4^2-`.
fn chemistry(formula: &str) -> String {
    let mut written = String::new();
    let mut rest = formula;
    while let Some(next) = rest.chars().next() {
        let run = |rest: &str, is: fn(char) -> bool| rest.find(|c| !is(c)).unwrap_or(rest.len());
        let after_element = written.ends_with([')', ']', '}']);
        let length = match next {
            'a'..='z' | 'A'..='Z' => run(rest, |c| c.is_ascii_alphabetic()),
            '0'..='9' => run(rest, |c| c.is_ascii_digit()),
            '^' if !rest.starts_with("^{") => {
                1 + run(&rest[1..], |c| c.is_ascii_digit() || c == '+' || c == '-')
            }
            '-' if rest.starts_with("->") => 2,
            _ => next.len_utf8(),
        };
        let (part, after) = rest.split_at(length);
        written.push_str(&match next {
            'a'..='z' | 'A'..='Z' => format!(r"\mathrm{{{part}}}"),
            '0'..='9' if after_element => format!("_{{{part}}}"),
            '^' if length > 1 => format!("^{{{}}}", &part[1..]),
            '-' if length == 2 => r"\rightarrow".to_owned(),
            _ => part.to_owned(),
        });
        rest = after;
    }
    written
}
