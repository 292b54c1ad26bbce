//! The only scripts that may run in a page: the sliders of the crate's `Explore` and `VennDiagram`.
//!
//! An output is not asked to say that its script is the lab's. Its settings are read as JSON, and the
//! page gets the scripts of this checkout with them; any other script has been taken out before.

use serde_json::Value;
use sha2::{Digest, Sha256};

/// Sets sliders below a figure.
const SLIDERS: &str = include_str!("../../../figures/src/sliders/sliders.js");

/// What the sliders of each kind of figure move.
const BEHAVIOURS: [&str; 2] = [
    include_str!("../../../backprop/src/notebook/explore/explore.js"),
    include_str!("../../../backprop/src/notebook/venn_diagram/venn_diagram.js"),
];

/// What makes a figure move: the id by which the script finds it, and the script.
#[derive(Clone, Debug, PartialEq)]
pub struct Motion {
    pub id: String,
    pub script: String,
}

impl Motion {
    /// Finds the script in an output's HTML; none if that is no output of this crate's version.
    pub fn find(html: &str) -> Option<Motion> {
        let sliders = body(SLIDERS);
        let (_, call) = html.split_once(&format!("<script>\n({sliders})("))?;
        BEHAVIOURS.map(body).into_iter().find_map(|behaviour| {
            let (settings, _) = call.split_once(&format!(", {behaviour});\n</script>"))?;
            let settings: Value = serde_json::from_str(settings).ok()?;
            let id =
                settings["id"].as_str().filter(|id| id.chars().all(|c| c.is_ascii_hexdigit()))?;
            // In a script no "<" of a text may begin a tag.
            let json = settings.to_string().replace('<', "\\u003c");
            Some(Motion {
                id: id.to_owned(),
                script: format!("\n({sliders})({json}, {behaviour});\n"),
            })
        })
    }

    /// Gives the hash by which the page's policy lets the script run.
    pub fn hash(&self) -> String {
        use base64::Engine;
        let hash = Sha256::digest(self.script.as_bytes());
        format!("'sha256-{}'", base64::prelude::BASE64_STANDARD.encode(hash))
    }
}

fn body(script: &str) -> &str {
    script.trim().trim_end_matches(';')
}
