use std::io;
use std::path::PathBuf;

/// What can go wrong, with what was expected, what was found and where.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
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
}

impl Error {
    /// An error of the system, at a path.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Error {
        let path = path.into();
        move |source| Error::File { path, source }
    }
}
