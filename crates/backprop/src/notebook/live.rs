//! A figure that changes while its cell runs, where the kernel can show that.

use backprop_figures::Figure;
use backprop_figures::parts::bundle::emit;
use backprop_protocol::{evcxr, mime, variable};
use serde_json::{Map, Value, json};
use std::process;
use std::time::{SystemTime, UNIX_EPOCH};

/// A place in a cell's output; each figure shown there takes the place of the one before.
pub(super) struct Live {
    id: String,
}

impl Live {
    /// Opens a place, if the kernel has such.
    pub(super) fn open() -> Option<Live> {
        std::env::var_os(variable::DISPLAY)?;
        // No counter: a static would start anew in each cell.
        let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        Some(Live { id: format!("{}-{time}", process::id()) })
    }

    /// Shows a figure at once.
    pub(super) fn show(&self, figure: &Figure) {
        emit(&self.block(figure));
    }

    fn block(&self, figure: &Figure) -> String {
        let data: Map<String, Value> = figure
            .contents()
            .into_iter()
            .map(|content| (content.mime.to_owned(), content.text.into()))
            .collect();
        let display = json!({ "id": self.id, "data": data });
        evcxr::content(mime::DISPLAY, &display.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use backprop_figures::Curves;

    #[test]
    fn a_block_is_one_line_of_json_with_every_rendition() {
        let live = Live { id: "7".to_owned() };
        let block = live.block(&Curves::new("a \"title\"").series("y", &[1.0, 2.0]).draw());
        let lines: Vec<&str> = block.lines().collect();
        assert_eq!(lines.len(), 3, "{block}");
        let display: Value = serde_json::from_str(lines[1]).unwrap();
        assert_eq!(display["id"], "7");
        for mime in ["text/html", "image/svg+xml", "text/plain"] {
            assert!(
                display["data"][mime].as_str().is_some_and(|text| text.contains("title")),
                "{mime}"
            );
        }
    }
}
