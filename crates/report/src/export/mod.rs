//! A notebook as a document: one HTML page that needs nothing else, or a PDF.
//!
//! `document` reads a notebook into parts: prose, code and outputs, in order. `prose` reads Markdown and
//! HTML into a tree, `output` takes the outputs apart, `formula` readies formulas for pandoc. `html` and
//! `pdf` write the parts down, `html_prose` and `typst` the tree. What others wrote comes through
//! `prose::reader` and `sanitize` before it gets to a page; scripts never do, but for the lab's own
//! (`motion`).

pub use self::exporter::Exporter;
pub use self::header::Header;
pub use self::markup::escape;
pub use self::page::{Exported, Page, View};
pub use self::picture::NoPicture;
pub use self::source::{FileKind, Source, folder_of};
pub use self::warning::{Flaw, Place, Warning};

mod ansi;
mod document;
mod exporter;
mod formula;
mod gaps;
mod header;
mod html;
mod html_prose;
mod markup;
mod motion;
mod output;
mod page;
mod pandoc;
mod pdf;
mod picture;
mod prose;
mod sanitize;
mod source;
mod terminal;
mod typst;
mod typst_table;
mod warning;
