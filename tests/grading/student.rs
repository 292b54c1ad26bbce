//! What a student of a made-up class did, and what it must come to.

/// What a student did to the released notebook whose answers are all right.
pub enum Edit {
    /// Writes this into a cell.
    Write(&'static str, &'static str),
    /// Adds a code cell before another.
    Add(&'static str, &'static str),
    /// Leaves all answers as they were released.
    AnswerNothing,
    Delete(&'static str),
    Duplicate(&'static str),
    /// Moves a cell to the end.
    Move(&'static str),
    Points(&'static str, u32),
}

/// How a hand-in arrives.
pub enum Form {
    Notebook(&'static [Edit]),
    /// The same in an archive of `cargo lab submit`.
    Archive(&'static [Edit]),
    /// Bytes that are no notebook of the lab.
    Text(&'static str),
    /// An archive with a right notebook, and one entry more.
    ArchiveWith(Entry),
    /// An archive of another kind.
    Foreign,
}

#[derive(Clone, Copy)]
pub enum Entry {
    File(&'static str),
    /// A link to this file.
    Link(&'static str),
}

pub struct Student {
    pub name: &'static str,
    pub form: Form,
    /// The points of the three questions; none where the hand-in is not graded.
    pub points: Option<[f64; 3]>,
    /// A part of what the result says: a message, a finding or a problem.
    pub says: &'static str,
}

pub const fn student(
    name: &'static str,
    edits: &'static [Edit],
    points: [f64; 3],
    says: &'static str,
) -> Student {
    Student { name, form: Form::Notebook(edits), points: Some(points), says }
}

pub const fn refused(name: &'static str, form: Form, says: &'static str) -> Student {
    Student { name, form, points: None, says }
}
