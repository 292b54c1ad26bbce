//! What is missing on the machine: looked for in all places first, then told at once.

use anyhow::{Result, bail};

/// What has been missed so far, each with what to do about it.
#[derive(Default)]
pub struct Missing {
    told: Vec<String>,
}

impl Missing {
    /// Gives what was found, or notes why it was not.
    pub fn note<T>(&mut self, found: Result<T>) -> Option<T> {
        found.map_err(|error| self.told.push(format!("{error:#}"))).ok()
    }

    /// Fails if anything is missing, with all of it.
    pub fn tell(&self) -> Result<()> {
        match self.told.as_slice() {
            [] => Ok(()),
            [one] => bail!("{one}"),
            several => bail!(
                "{} things are missing on this machine, and nothing has been done yet:\n\n{}",
                several.len(),
                several.join("\n\n")
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::anyhow;

    #[test]
    fn all_that_is_missing_is_told_at_once() {
        let mut missing = Missing::default();
        assert_eq!(missing.note(Ok(7)), Some(7));
        missing.tell().unwrap();
        assert_eq!(missing.note::<i32>(Err(anyhow!("no Python"))), None);
        assert_eq!(missing.tell().unwrap_err().to_string(), "no Python");
        missing.note::<i32>(Err(anyhow!("no linker")));
        let text = missing.tell().unwrap_err().to_string();
        assert!(text.starts_with("2 things are missing"), "{text}");
        assert!(text.ends_with(":\n\nno Python\n\nno linker"), "{text}");
    }
}
