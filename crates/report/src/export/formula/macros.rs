//! `\newcommand` and its like: what a formula defines holds in those after it, as in JupyterLab.

use std::collections::HashMap;

use super::tokens::{take_argument, take_option, take_token};

/// The most that macros may make of a formula, and the most of them that are carried out for one.
const LONGEST: usize = 20_000;
const MOST: usize = 500;

/// Macros by their names, such as `\R`.
#[derive(Default)]
pub struct Macros {
    by_name: HashMap<String, Macro>,
}

#[derive(Clone)]
struct Macro {
    arguments: usize,
    /// The first argument, where it is not given in brackets.
    default: Option<String>,
    body: String,
}

impl Macros {
    /// Carries macros out and takes definitions in; none where that has no end.
    pub fn expand(&mut self, source: &str) -> Option<String> {
        let mut written = String::new();
        let mut pending = without_comments(source);
        let mut carried_out = 0;
        loop {
            let mut rest = pending.as_str();
            let mut replaced = None;
            while !rest.is_empty() {
                let token = take_token(&mut rest);
                if self.define(token, &mut rest) {
                    continue;
                }
                let Some(found) = self.by_name.get(token) else {
                    written.push_str(token);
                    continue;
                };
                let body = found.applied(&mut rest)?;
                // A command that ends in a letter needs something between it and the next one.
                let gap = if body.ends_with(|c: char| c.is_ascii_alphabetic())
                    && rest.starts_with(|c: char| c.is_ascii_alphabetic())
                {
                    " "
                } else {
                    ""
                };
                replaced = Some(body + gap + rest);
                break;
            }
            carried_out += 1;
            match replaced {
                None => return Some(written),
                Some(next) if carried_out < MOST && next.len() + written.len() < LONGEST => {
                    pending = next;
                }
                Some(_) => return None,
            }
        }
    }

    /// Takes a definition in, if the token begins one.
    fn define(&mut self, token: &str, rest: &mut &str) -> bool {
        let after = *rest;
        let defined = match token {
            r"\newcommand" | r"\renewcommand" | r"\providecommand" => self.new_command(rest),
            r"\def" | r"\gdef" => self.def(rest),
            r"\DeclareMathOperator" => self.operator(rest),
            _ => return false,
        };
        if defined.is_none() {
            *rest = after;
        }
        defined.is_some()
    }

    fn new_command(&mut self, rest: &mut &str) -> Option<()> {
        *rest = rest.strip_prefix('*').unwrap_or(rest);
        let name = take_argument(rest)?.trim().to_owned();
        let arguments = take_option(rest).map_or(Some(0), |count| count.trim().parse().ok())?;
        let default = take_option(rest).map(str::to_owned);
        let body = take_argument(rest)?.to_owned();
        self.insert(name, Macro { arguments, default, body })
    }

    fn def(&mut self, rest: &mut &str) -> Option<()> {
        *rest = rest.trim_start();
        let name = take_token(rest).to_owned();
        let (parameters, _) = rest.split_once('{')?;
        let arguments = parameters.matches('#').count();
        *rest = &rest[parameters.len()..];
        let body = take_argument(rest)?.to_owned();
        self.insert(name, Macro { arguments, default: None, body })
    }

    fn operator(&mut self, rest: &mut &str) -> Option<()> {
        let star = rest.strip_prefix('*');
        *rest = star.unwrap_or(rest);
        let star = if star.is_some() { "*" } else { "" };
        let name = take_argument(rest)?.trim().to_owned();
        let body = format!("\\operatorname{star}{{{}}}", take_argument(rest)?);
        self.insert(name, Macro { arguments: 0, default: None, body })
    }

    fn insert(&mut self, name: String, defined: Macro) -> Option<()> {
        let is_name = name.len() > 1 && name.starts_with('\\') && defined.arguments < 10;
        is_name.then(|| {
            self.by_name.insert(name, defined);
        })
    }
}

impl Macro {
    /// Takes the arguments, and gives the body with them.
    fn applied(&self, rest: &mut &str) -> Option<String> {
        let mut arguments = Vec::new();
        if let Some(default) = &self.default {
            arguments.push(take_option(rest).unwrap_or(default).to_owned());
        }
        while arguments.len() < self.arguments {
            arguments.push(take_argument(rest)?.to_owned());
        }
        let mut body = self.body.clone();
        for (number, argument) in (1..).zip(&arguments) {
            body = body.replace(&format!("#{number}"), argument);
            if body.len() > LONGEST {
                return None;
            }
        }
        Some(body)
    }
}

/// Takes out what stands behind a percent sign, up to the end of its line.
fn without_comments(source: &str) -> String {
    let mut written = String::new();
    let mut rest = source;
    while !rest.is_empty() {
        match take_token(&mut rest) {
            "%" => rest = rest.find('\n').map_or("", |end| &rest[end..]),
            token => written.push_str(token),
        }
    }
    written
}
