//! What a check of a notebook found.

/// One line of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub name: &'static str,
    pub passed: bool,
    /// What was found, or what is wrong.
    pub found: String,
}

impl Item {
    pub fn passed(name: &'static str, found: impl Into<String>) -> Item {
        Item { name, passed: true, found: found.into() }
    }

    pub fn failed(name: &'static str, found: impl Into<String>) -> Item {
        Item { name, passed: false, found: found.into() }
    }

    /// Gives the line with its mark.
    pub fn line(&self) -> String {
        let mark = if self.passed { "✓" } else { "✗" };
        format!("{mark} {}: {}", self.name, self.found)
    }
}
