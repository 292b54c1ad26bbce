//! Files that systems and programs leave beside what people put into a folder.

/// What is known by its whole name, in lower case.
const KNOWN: [&str; 9] = [
    "__macosx",
    "thumbs.db",
    "ehthumbs.db",
    "desktop.ini",
    "icon\r",
    "$recycle.bin",
    "system volume information",
    "lost+found",
    "@eadir",
];

/// Whether a file or a folder of this name was put there by a system or a program and is no content:
/// hidden ones (`.ipynb_checkpoints`, `.DS_Store`, `._a.png` of a Mac), locks of an office program
/// (`~$marks.csv`), and what Windows and file servers keep in folders.
pub fn is_foreign(name: &str) -> bool {
    let is_known = KNOWN.contains(&name.to_lowercase().as_str());
    name.starts_with('.') || name.starts_with("~$") || is_known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_systems_leave_is_told_from_what_people_put_there() {
        let foreign = [
            ".ipynb_checkpoints",
            "._small.ipynb",
            ".DS_Store",
            "__MACOSX",
            "Thumbs.db",
            "thumbs.DB",
            "desktop.ini",
            "Icon\r",
            "~$marks.csv",
            "@eaDir",
            ".git",
            ".~lock.marks.csv#",
        ];
        assert_eq!(foreign.map(is_foreign), [true; 12]);
        let own = ["small.ipynb", "_ada", "~ada", "icon", "a.DS_Store", "0", "MACOSX", "$1"];
        assert_eq!(own.map(is_foreign), [false; 8]);
    }
}
