//! A figure with sliders: its picture stands where no script runs, and moves where one does.

use crate::figure::Figure;
use crate::parts::bundle::{Content, bundle};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A slider below a figure.
pub struct Slider {
    /// What it changes.
    pub name: String,
    /// The value at its left end.
    pub low: f64,
    /// The value at its right end.
    pub high: f64,
    /// From one value to the next; `None` where every number between `low` and `high` is a value.
    pub step: Option<f64>,
    /// Where it stands at first, as in the picture.
    pub value: f64,
}

/// What makes a figure move.
pub struct Motion {
    /// The sliders, row by row.
    pub rows: Vec<Vec<Slider>>,
    /// A function of `data` and of the picture's parts. It gives a function of the sliders' values,
    /// which moves the parts and returns what the picture shows then, and each value in words; or it
    /// gives nothing, where the browser lacks what it needs.
    pub script: &'static str,
    /// What the function is given.
    pub data: Value,
}

/// Sets the sliders up: a function of what `html` below hands to it.
const SCRIPT: &str = include_str!("sliders.js");

/// Gives a figure as HTML: its picture, and the script that sets sliders below it.
///
/// Nothing is fetched, and nothing is an attribute that sanitisers of notebooks drop.
pub fn html(figure: &Figure, motion: &Motion) -> String {
    let picture = figure.html();
    // The same figure shown twice has the same id: the script sets each of its places up once.
    let id = format!("{:x}", Sha256::digest(picture.as_bytes()))[..16].to_owned();
    let rows = motion.rows.iter().map(|row| row.iter().map(Slider::json).collect());
    let settings = json!({ "id": id, "rows": rows.collect::<Vec<Value>>(), "data": motion.data });
    // In a script no "<" of a text may begin a tag.
    let settings = settings.to_string().replace('<', "\\u003c");
    let [sliders, script] = [SCRIPT, motion.script].map(|it| it.trim().trim_end_matches(';'));
    format!(
        "<div data-sliders=\"{id}\">\n{picture}\n</div>\n<script>\n({sliders})({settings}, {script});\n</script>"
    )
}

/// Gives what the kernel takes as a result: the moving figure as HTML, and the picture beside it.
pub fn renditions(figure: &Figure, html: String) -> String {
    bundle(&[
        Content { mime: "text/html", text: html },
        Content { mime: "image/svg+xml", text: figure.svg() },
        Content { mime: "text/plain", text: figure.text() },
    ])
}

impl Slider {
    fn json(&self) -> Value {
        let step = self.step.map_or("any".into(), Value::from);
        json!({
            "name": self.name, "min": self.low, "max": self.high, "step": step, "value": self.value
        })
    }
}
