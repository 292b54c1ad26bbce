//! What can go wrong.

use backprop_figures::SaveError;
use std::io;
use std::path::PathBuf;

/// What can go wrong, with what was expected, what was found and where.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("{}: {reason}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system said. It is no `source`: the text tells it, and chains would tell it twice.
        reason: io::Error,
    },
    /// A file does not hold what its format demands.
    #[error("{}: at byte {offset}: expected {expected}, found {found}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// Where in the file, in bytes of the uncompressed content.
        offset: u64,
        /// What the format demands there.
        expected: String,
        /// What stands there.
        found: String,
    },
    /// A line of a text file does not hold what its format demands.
    #[error("{}: line {line}: expected {expected}, found {found}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What the format demands there.
        expected: String,
        /// What stands there.
        found: String,
    },
    /// A file is no image that can be read.
    #[error("{}: expected a PNG or JPEG image, found: {reason}", path.display())]
    Image {
        /// The file.
        path: PathBuf,
        /// What its decoder said.
        reason: String,
    },
    /// A folder does not hold the images of a training set and of a test set.
    #[error(
        "{}: expected images to train and to test with, in a subfolder for each class or listed in \
         manifest.csv; found none for either or both", folder.display()
    )]
    NoImages {
        /// The folder.
        folder: PathBuf,
    },
    /// A folder is not laid out as one with data is expected to be.
    #[error("{}: expected {expected}, found {found}", folder.display())]
    Layout {
        /// The folder.
        folder: PathBuf,
        /// What is expected in it.
        expected: String,
        /// What is there.
        found: String,
    },
    /// A data set was asked for that is not at hand.
    #[error("{wanted} is not at hand; looked in: {}. {mend}", searched.join(", "))]
    NoData {
        /// The data set.
        wanted: &'static str,
        /// The places that were searched, in order.
        searched: Vec<String>,
        /// What would help.
        mend: &'static str,
    },
    /// The stroke templates of the built-in digits are broken, which an edit of them can cause.
    #[error("data/digits/strokes.json: {0}")]
    Strokes(String),
    /// Two shapes or counts that belong together do not fit.
    #[error("{what}: expected {expected}, found {found}")]
    Shape {
        /// What has a shape.
        what: &'static str,
        /// The shape that fits.
        expected: String,
        /// The shape that was given.
        found: String,
    },
    /// A setting has a value that makes no sense.
    #[error("{what}: expected {expected}, found {found}")]
    Setting {
        /// The setting.
        what: &'static str,
        /// The values that make sense.
        expected: String,
        /// The value that was given.
        found: String,
    },
    /// A results file holds something else than what it was opened for.
    #[error(
        "{}: holds other results: {}. The file is left as it is; choose another path, or move it away",
        path.display(),
        differences.join("; ")
    )]
    OtherResults {
        /// The results file.
        path: PathBuf,
        /// Each setting that differs, with what was expected and what was found.
        differences: Vec<String>,
    },
}

impl From<SaveError> for Error {
    fn from(error: SaveError) -> Error {
        Error::File { path: error.path, reason: error.reason }
    }
}

impl Error {
    /// An error of the system, at a path.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Error {
        let path = path.into();
        move |reason| Error::File { path, reason }
    }
}
