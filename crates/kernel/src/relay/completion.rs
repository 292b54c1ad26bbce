//! What completion inserts: evcxr names a method by its label, such as `new(…)`, and JupyterLab takes that
//! for the text.

use serde_json::Value;

/// Gives the content of a complete_reply in which each match inserts itself.
pub fn mended(content: &Value) -> Value {
    let mut mended = content.clone();
    let items = mended.pointer_mut("/metadata/_jupyter_types_experimental");
    let matches = content["matches"].as_array();
    if let (Some(Value::Array(items)), Some(matches)) = (items, matches) {
        for (item, text) in items.iter_mut().zip(matches) {
            item["text"] = text.clone();
        }
    }
    mended
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_match_inserts_itself() {
        let reply = json!({"matches": ["new"], "cursor_start": 0,
            "metadata": {"_jupyter_types_experimental": [{"text": "new(…)", "type": "function"}]}});
        let expected = json!({"matches": ["new"], "cursor_start": 0,
            "metadata": {"_jupyter_types_experimental": [{"text": "new", "type": "function"}]}});
        assert_eq!(mended(&reply), expected);
        assert_eq!(mended(&json!({"matches": []})), json!({"matches": []}));
    }
}
