//! A table of names: lines of text, sorted, so that it is searched as it lies and never taken apart.

/// The names of std, made by `std/generate.py`.
pub const STD: &str = include_str!("../../std/std.tsv");
/// The owner of the names that need no `use`.
pub const PRELUDE: &str = "std::prelude::v1";
/// The owner of what cells define.
pub const CELLS: &str = "crate";

/// A line of a table: a name, and what is to be told of it.
///
/// Its columns are separated by tabs: `owner`, `name`, `kind`, `path`, `signature`, `words`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row<'a> {
    /// The module, type or trait whose member it is.
    pub owner: &'a str,
    /// The name.
    pub name: &'a str,
    /// What it is: `fn`, `struct`, `method`, `field` and so on; `impl` names a trait of the owner's.
    pub kind: &'a str,
    /// Where its own members stand, if it has any.
    pub path: &'a str,
    /// Its declaration.
    pub signature: &'a str,
    /// Its documentation; for std the page that holds it.
    pub words: &'a str,
}

impl<'a> Row<'a> {
    /// Reads a line.
    pub fn read(line: &'a str) -> Option<Row<'a>> {
        let mut columns = line.split('\t');
        let mut next = || columns.next();
        let (owner, name, kind) = (next()?, next()?, next()?);
        Some(Row { owner, name, kind, path: next()?, signature: next()?, words: next()? })
    }

    /// Gives the line.
    pub fn line(&self) -> String {
        let columns = [self.owner, self.name, self.kind, self.path, self.signature, self.words];
        columns.map(|column| column.replace(['\t', '\n'], " ")).join("\t")
    }

    /// Says whether it is a module or a type, which has names behind two colons.
    pub fn has_members(&self) -> bool {
        !self.path.is_empty() && self.kind != "impl"
    }
}

/// Gives the rows of a table that belong to an owner.
pub fn members<'a>(table: &'a str, owner: &str) -> impl Iterator<Item = Row<'a>> {
    let start = format!("{owner}\t");
    let lines = table[first_line(table, &start)..].lines();
    lines.take_while(move |line| line.starts_with(&start)).filter_map(Row::read)
}

/// Finds where the first line begins that does not come before a text.
fn first_line(table: &str, text: &str) -> usize {
    let bytes = table.as_bytes();
    let (mut low, mut high) = (0, bytes.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start =
            bytes[..middle].iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
        let end = bytes[middle..].iter().position(|&byte| byte == b'\n');
        let end = end.map_or(bytes.len(), |end| middle + end + 1);
        if &bytes[start..end] < text.as_bytes() {
            low = end;
        } else {
            high = start;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str =
        "a\tx\tfn\t\tfn x()\t\na::b\ty\tfn\t\tfn y()\t\nab\tv\tfn\t\t\t\nab\tw\tfn\t\t\t\n";

    #[test]
    fn an_owners_members_are_found() {
        let names = |owner| members(TABLE, owner).map(|row| row.name).collect::<Vec<_>>();
        assert_eq!(names("a"), ["x"]);
        assert_eq!(names("a::b"), ["y"]);
        assert_eq!(names("ab"), ["v", "w"]);
        assert_eq!(names("b"), [""; 0]);
        assert_eq!(names(""), [""; 0]);
        assert_eq!(members("", "a").next(), None);
    }

    #[test]
    fn a_row_is_what_its_line_says() {
        let row =
            Row { owner: "a", name: "b", kind: "fn", path: "", signature: "c", words: "d\te\nf" };
        assert_eq!(Row::read(&row.line()), Some(Row { words: "d e f", ..row }));
        assert_eq!(Row::read("a\tb"), None);
    }
}
