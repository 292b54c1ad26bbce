//! Names as systems write them: a Mac writes ü as two characters, Windows divides paths by back-slashes.

use backprop_protocol::foreign::is_foreign;
use std::path::{Path, PathBuf};
use unicode_normalization::UnicodeNormalization;

/// What files that hold an image are named.
const ENDINGS: [&str; 5] = ["png", "jpg", "jpeg", "jpe", "jfif"];

/// What files of images are named that cannot be read.
const OTHER_ENDINGS: [&str; 11] =
    ["bmp", "gif", "tif", "tiff", "webp", "dcm", "dicom", "heic", "avif", "jp2", "npy"];

/// A name in one spelling, whatever system wrote it.
pub(super) fn composed(name: &str) -> String {
    name.trim().nfc().collect()
}

/// The name of a file or folder.
pub(super) fn of(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Whether a file or folder was put there by a person.
pub(super) fn is_content(path: &Path) -> bool {
    !is_foreign(&of(path))
}

/// Whether a file is named as an image that can be read.
pub(super) fn is_image(path: &Path) -> bool {
    ENDINGS.contains(&ending(path).as_str())
}

/// Whether a file is named as an image of another format.
pub(super) fn is_other_image(path: &Path) -> bool {
    OTHER_ENDINGS.contains(&ending(path).as_str())
}

fn ending(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_lowercase()
}

/// The file that a path below a folder leads to, as it stands or as another system would write it.
pub(super) fn file(folder: &Path, path: &str) -> Option<PathBuf> {
    let slashes = path.replace('\\', "/");
    let spellings = [
        path.to_owned(),
        slashes.clone(),
        slashes.nfc().collect::<String>(),
        slashes.nfd().collect::<String>(),
    ];
    spellings.iter().map(|path| folder.join(path)).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use tempfile::TempDir;

    #[test]
    fn a_path_is_found_in_the_spelling_of_another_system() {
        let folder = TempDir::new().unwrap();
        let composed = folder.path().join("mit Lücke");
        fs::create_dir(&composed).unwrap();
        fs::write(composed.join("U\u{308}bung.png"), "").unwrap();
        fs::write(composed.join("a\\b.png"), "").unwrap();
        fs::write(composed.join("1.png"), "").unwrap();
        let finds = |path: &str| file(folder.path(), path).is_some();
        assert!(finds("mit Lücke/1.png") && finds("mit Lücke\\1.png"));
        assert!(finds("mit Lu\u{308}cke\\1.png"), "decomposed");
        assert!(finds("mit Lücke/a\\b.png"), "a back-slash that is in the name");
        assert!(!finds("mit Lücke") && !finds("mit Lücke/2.png") && !finds(""));
    }

    #[test]
    fn endings_count_in_any_case() {
        assert!(
            ["a.PNG", "a.jpeg", "a.Jpg", "a.b.jfif"].iter().all(|name| is_image(Path::new(name)))
        );
        assert!(!["png", "a.png.txt", "a.bmp"].iter().any(|name| is_image(Path::new(name))));
        assert!(is_other_image(Path::new("a.TIFF")) && !is_other_image(Path::new("a.txt")));
    }
}
