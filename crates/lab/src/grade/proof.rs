//! A check that proves its result: its last expression is shown together with a secret of this run.
//!
//! The secret is drawn anew for every check of every hand-in, and stands in that check alone. Whatever a
//! submission prints before it, by a thread it left behind or in a cell of its own, cannot hold it. The
//! types are named by paths that start at the crates' roots, so that no `Question`, `f64` or `println!`
//! of the submission's is taken for the true one.

use anyhow::{Context, Result};
use backprop_protocol::evcxr::{BEGIN_CONTENT, END_CONTENT};
use backprop_protocol::mime::GRADED;
use backprop_report::files;
use syn::parse::Parser;
use syn::spanned::Spanned;
use syn::{Block, Stmt};

/// Draws a secret.
pub fn draw() -> Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).context("no random numbers")?;
    Ok(files::hex(&bytes))
}

/// Gives a check's source that shows its last expression, a `Question` or a number of points, with the
/// secret. A check that ends in a statement shows that it came to its end.
///
/// # Errors
/// A source that is not Rust.
pub fn with_proof(source: &str, secret: &str) -> Result<String> {
    let statements = Block::parse_within.parse_str(source).context("no Rust that can be read")?;
    let Some(Stmt::Expr(last, None)) = statements.last() else {
        let ends = source.trim_end().is_empty() || source.trim_end().ends_with([';', '}']);
        let semicolon = if ends { "" } else { ";" };
        return Ok(format!("{source}{semicolon}\n{}", show(secret, "\"null\"")));
    };
    let range = last.span().byte_range();
    let (before, value) = (&source[..range.start], &source[range]);
    Ok(format!(
        "{before}{{\n{TOLD}\n    let graded = {{ {value} }};\n    let told = BackpropGraded::told(&graded);\n    \
         {}\n    graded\n}}",
        show(secret, "told")
    ))
}

fn show(secret: &str, value: &str) -> String {
    format!(
        r#"::std::println!("{BEGIN_CONTENT}{GRADED}\n{{{{\"secret\":\"{secret}\",\"value\":{{}}}}}}\n{END_CONTENT}", {value});"#
    )
}

/// What a check may end in, and how it is told: a question, a number, nothing.
const TOLD: &str = r#"    trait BackpropGraded { fn told(&self) -> ::std::string::String; }
    impl BackpropGraded for ::backprop::Question {
        fn told(&self) -> ::std::string::String { ::backprop::Question::to_json(self) }
    }
    impl BackpropGraded for () {
        fn told(&self) -> ::std::string::String { ::std::string::String::from("null") }
    }
    macro_rules! backprop_graded { ($($number:ty),*) => { $(
        impl BackpropGraded for $number {
            fn told(&self) -> ::std::string::String {
                let points = *self as ::core::primitive::f64;
                if points.is_finite() { ::std::format!("{points:?}") } else { ::std::string::String::from("0") }
            }
        }
    )* } }
    backprop_graded!(::core::primitive::f64, ::core::primitive::f32, ::core::primitive::i32,
        ::core::primitive::u32, ::core::primitive::i64, ::core::primitive::u64, ::core::primitive::usize);"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_expression_is_proved_and_all_before_it_stays() {
        let source = "let a: i32 = 1; // σ\n// a comment\nQuestion::new(\"a\")\n    .holds(1.0, \"b\", a > 0, \"\")\n";
        let proved = with_proof(source, "s3cret").unwrap();
        assert!(proved.starts_with("let a: i32 = 1; // σ\n// a comment\n{"), "{proved}");
        assert!(proved.contains(
            "let graded = { Question::new(\"a\")\n    .holds(1.0, \"b\", a > 0, \"\") };"
        ));
        assert!(proved.contains(r#"{{\"secret\":\"s3cret\",\"value\":{}}}"#), "{proved}");
    }

    #[test]
    fn a_check_of_statements_is_proved_at_its_end() {
        for source in ["assert!(true);", "for i in 0..3 { assert!(i < 3); }\nlet a = 1;"] {
            let proved = with_proof(source, "x").unwrap();
            assert!(proved.starts_with(source), "{proved}");
            assert!(proved.ends_with("\"null\");"), "{proved}");
            assert!(Block::parse_within.parse_str(&proved).is_ok(), "{proved}");
        }
    }

    #[test]
    fn what_is_no_rust_is_refused() {
        assert!(with_proof("let a = ;", "x").is_err());
    }

    #[test]
    fn secrets_differ() {
        assert_ne!(draw().unwrap(), draw().unwrap());
    }
}
